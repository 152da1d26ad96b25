"""Templates to HTML. The templates get one frozen view and escape all of it."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import ChoiceLoader, Environment, FileSystemLoader, PackageLoader, PrefixLoader, select_autoescape

HERE = Path(__file__).parent
STATIC = HERE / "static"

# The one inline script of GOV.UK's page template: it must run before the page is drawn, so it cannot be a file.
# The content security policy allows exactly these bytes; test_headers.py compares them with the rendered page.
INLINE_SCRIPT = (
    "document.body.className += ' js-enabled' + "
    "('noModule' in HTMLScriptElement.prototype ? ' govuk-frontend-supported' : '');"
)
INLINE_SCRIPT_HASH = "sha256-" + b64encode(hashlib.sha256(INLINE_SCRIPT.encode()).digest()).decode()


@cache
def static_version() -> str:
    """Changes when any static file does, so that browsers may keep a file for a year under its address."""
    digest = hashlib.sha256()
    for path in sorted(STATIC.rglob("*")):
        if path.is_file():
            digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


@cache
def environment() -> Environment:
    """One Jinja environment for the process: ours first, then GOV.UK's macros under their own prefix."""
    loader = ChoiceLoader(
        [
            FileSystemLoader(HERE / "templates"),
            PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")}),
        ]
    )
    made = Environment(loader=loader, autoescape=select_autoescape(["html"]), trim_blocks=True, lstrip_blocks=True)
    made.globals["static"] = lambda name: f"/static/{name}?v={static_version()}"
    return made


def render(name: str, view: Any) -> str:
    """The HTML of `templates/pages/<name>.html` for a view from `dashboard.view`."""
    return environment().get_template(f"pages/{name}.html").render(view=view, frame=view.frame)
