# Two stages: the first has the tools and fetches what uv.lock names, by hash; the second has only the result.
FROM python:3.11-slim AS build

ENV UV_COMPILE_BYTECODE=1 \
    UV_LINK_MODE=copy \
    UV_PROJECT_ENVIRONMENT=/opt/keepintouch \
    UV_PYTHON_DOWNLOADS=never
RUN pip install --no-cache-dir --disable-pip-version-check --root-user-action=ignore uv==0.13.9
WORKDIR /src
COPY pyproject.toml uv.lock ./
RUN uv sync --frozen --no-dev --no-install-project
COPY README.md LICENSE ./
COPY bot bot
COPY handlers handlers
COPY casework casework
COPY rules rules
COPY content content
COPY storage storage
COPY dashboard dashboard
RUN uv sync --frozen --no-dev --no-editable

FROM python:3.11-slim

RUN groupadd --system --gid 10001 keepintouch \
    && useradd --system --uid 10001 --gid keepintouch --home-dir /var/lib/keepintouch --shell /usr/sbin/nologin keepintouch \
    && install -d -m 0700 -o keepintouch -g keepintouch /var/lib/keepintouch
COPY --from=build /opt/keepintouch /opt/keepintouch

# No token, key or secret is in the image. The database and the key live outside it; nothing else is ever written.
ENV PATH=/opt/keepintouch/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    KEEPINTOUCH_DATABASE_URL=sqlite:////var/lib/keepintouch/keepintouch.db \
    KEEPINTOUCH_MASTER_KEY_FILE=/var/lib/keepintouch/master.key \
    KEEPINTOUCH_HOST=0.0.0.0
WORKDIR /var/lib/keepintouch
USER 10001:10001
VOLUME /var/lib/keepintouch
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=8s --start-period=20s --retries=3 CMD ["keepintouch", "health"]
ENTRYPOINT ["keepintouch"]
CMD ["run"]
