"""Our two cookies: the session, and the browser that asked for a link. Both are gone when the browser closes."""

from __future__ import annotations

from fastapi import Request, Response

from dashboard.services import DashboardServices

SESSION = "session"
BROWSER = "browser"


def cookie_name(services: DashboardServices, name: str) -> str:
    """With the `__Host-` prefix a browser takes the cookie only over https, for this host alone, for every path."""
    return name if services.insecure_cookies else f"__Host-{name}"


def read_cookie(services: DashboardServices, request: Request, name: str) -> str:
    """The value the browser sent, or nothing."""
    return request.cookies.get(cookie_name(services, name), "")


def set_cookie(services: DashboardServices, response: Response, name: str, value: str) -> None:
    """Give the browser a value no script can read and no other site can have sent along with a form."""
    response.set_cookie(
        cookie_name(services, name),
        value,
        path="/",
        secure=not services.insecure_cookies,
        httponly=True,
        samesite="lax",
    )


def drop_cookie(services: DashboardServices, response: Response, name: str) -> None:
    """Tell the browser to forget a value."""
    response.delete_cookie(
        cookie_name(services, name), path="/", secure=not services.insecure_cookies, httponly=True, samesite="lax"
    )
