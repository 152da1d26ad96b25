"""Serves the page's own files, and nothing else, with a policy that lets the browser load nothing from elsewhere."""

from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

FOLDER = Path(__file__).parent
MEDIA_TYPES = {".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
FILES = {path.name: path for path in sorted(FOLDER.iterdir()) if path.suffix in MEDIA_TYPES}

# connect-src 'self' keeps a hostile message from phoning out even if it ever became markup;
# form-action 'none' is safe because every action on the page is a fetch.
POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "media-src 'self'",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",
}


def _file(name: str) -> Response:
    path = FILES.get(name)
    if path is None:
        return Response("Not found", status_code=404, media_type="text/plain", headers=HEADERS)
    return FileResponse(path, media_type=MEDIA_TYPES[path.suffix], headers=HEADERS)


async def _index(request: Request) -> Response:
    return _file("index.html")


async def _asset(request: Request) -> Response:
    return _file(request.path_params["name"])


def page_routes() -> list[Route]:
    """`/` and `/page/<file>`; add them after the server's own routes, on the same origin as `/sandbox/`."""
    return [Route("/", _index, methods=["GET"]), Route("/page/{name}", _asset, methods=["GET"])]
