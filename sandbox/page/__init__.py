"""The chat page: what a person's phone shows, in a browser, beside the clock and a short guided walk."""

from sandbox.page.routes import page_routes

__all__ = ["page_routes"]
