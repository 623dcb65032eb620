"""The web page, the chat widget and its sign list, and the fact book."""

from __future__ import annotations

import mimetypes
from pathlib import Path

from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from assistant import sign_list, widget_files
from baclofen import fact_book
from baclofen.facts import BOOK

PAGE = widget_files.PAGE

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
        "connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types lit-html"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",
}

_WITHOUT_PAGE = (
    "<!doctype html><html lang=en><title>Baclofen chatbot</title><p>The chatbot answers at "
    "<code>POST /webhooks/rest/webhook</code>. If someone is in danger, call your emergency number now."
)


def routes() -> Blueprint:
    """Return the routes of the pages, the widget's files and the fact book."""
    pages = Blueprint("pages")

    @pages.route("/", methods=["GET", "HEAD"])
    async def page(_: Request) -> HTTPResponse:
        return _page("index.html")

    @pages.route("/demo", methods=["GET", "HEAD"])
    async def demo(_: Request) -> HTTPResponse:
        return _page("demo.html")

    @pages.route(r"/<name:widget[a-z0-9-]*\.js>", methods=["GET", "HEAD"])
    async def widget(request: Request, name: str) -> HTTPResponse:
        try:
            script = widget_files.file(name)
        except OSError:
            script = None
        if script is None:
            return response.text("Not found", status=404)
        if script.etag in request.headers.get("if-none-match", ""):
            return response.empty(status=304, headers=script.headers)
        return response.raw(
            script.body, headers=script.headers, content_type="text/javascript; charset=utf-8"
        )

    @pages.route("/static/<name:path>", methods=["GET", "HEAD"])
    async def static(_: Request, name: str) -> HTTPResponse:
        path = _inside(name)
        if path is None:
            return response.text("Not found", status=404)
        return await response.file(path, headers=HEADERS)

    @pages.route("/facts", methods=["GET", "HEAD"])
    async def facts(_: Request) -> HTTPResponse:
        return response.redirect(f"{BOOK}/index.html", status=301)

    @pages.route("/facts/<name:str>", methods=["GET", "HEAD"])
    async def fact_page(_: Request, name: str) -> HTTPResponse:
        page = fact_book.pages().get(name)
        if page is None:
            return response.text("Not found", status=404)
        kind = mimetypes.guess_type(name)[0] or "text/plain"
        return response.text(page, headers=HEADERS, content_type=f"{kind}; charset=utf-8")

    @pages.route("/widget-signs.js", methods=["GET", "HEAD"])
    async def signs(request: Request) -> HTTPResponse:
        return await sign_list.answer(request)

    return pages


def _inside(name: str) -> Path | None:
    """Return a file of the page's folder, None for any other name, however odd or long."""
    try:
        path = (PAGE / name).resolve()
        return path if path.is_relative_to(PAGE.resolve()) and path.is_file() else None
    except (OSError, ValueError, RuntimeError):  # longer than the disk allows, a NUL in it
        return None


def _page(name: str) -> HTTPResponse:
    try:
        return response.html(widget_files.page(name), headers=HEADERS)
    except OSError:
        return response.html(_WITHOUT_PAGE, headers=HEADERS)
