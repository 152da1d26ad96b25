"""Coming in and going out. What a link and a session are: casework/sign_in.py."""

from __future__ import annotations

import asyncio

from fastapi import APIRouter, Request, Response

from casework import sign_in
from dashboard.cookies import BROWSER, SESSION, drop_cookie, read_cookie, set_cookie
from dashboard.guard import Anyone
from dashboard.problems import SIGN_IN_PATH, problem_page
from dashboard.routes.answers import form_of, frame_for, page, see_other
from dashboard.services import DashboardServices, Services
from dashboard.view import MessagePage, Problem, SignInPage, SpendLinkPage
from storage.queries import Unit

router = APIRouter()

LONGEST_NAME = 100
CHECK_PATH = "/sign-in/check"
CHECK_TITLE = "Check your Telegram"
CHECK_WORDS = (
    "If that is a sign-in name, a link is on its way to that person’s chat with Keep in Touch.",
    "Open it in this browser, on this device. It works once, for 10 minutes.",
    "Is Telegram on another device? Type /dashboard to Keep in Touch there, and open the link on that device.",
)
SPENT_WORDS = (
    "It may have been used already, be over 10 minutes old, or belong to another browser.",
    "Ask for a new one. It only takes a moment.",
)


@router.get(SIGN_IN_PATH)
async def ask_for_name(_: Anyone, services: Services) -> Response:
    """The page that asks for a sign-in name."""
    return page("sign_in", SignInPage(frame_for(services)))


@router.post(SIGN_IN_PATH)
async def send_link(request: Request, _: Anyone, services: Services) -> Response:
    """Have a link sent. Answers the same, and after the same time, whether or not the name is anybody's."""
    name = (await form_of(request)).get("sign_in_name", "").strip()
    if not name or len(name) > LONGEST_NAME:
        problem = Problem("sign-in-name", "Enter your sign-in name")
        return page("sign_in", SignInPage(frame_for(services), name[:LONGEST_NAME], (problem,)), 400)
    browser = read_cookie(services, request, BROWSER) or services.new_token()
    address = request.client.host if request.client else "unknown"

    def ask(unit: Unit) -> bool:
        if sign_in.too_many_asks(unit, address):
            return False
        sign_in.ask_on_page(services.desk(unit), name, browser)
        return True

    # Side by side with the work, so that a known name, which costs a little more, takes no longer to answer.
    taken, _slept = await asyncio.gather(services.store.write(ask), asyncio.sleep(services.least_answer_s))
    if not taken:
        return problem_page(services, 429)
    answer = see_other(CHECK_PATH)
    set_cookie(services, answer, BROWSER, browser)
    return answer


@router.get(CHECK_PATH)
async def check_your_chat(_: Anyone, services: Services) -> Response:
    """The page that says where to look."""
    frame = frame_for(services)
    return page("message", MessagePage(frame, CHECK_TITLE, CHECK_WORDS, "Ask again", SIGN_IN_PATH))


@router.get("/sign-in/link/{token}")
async def show_link(token: str, request: Request, _: Anyone, services: Services) -> Response:
    """The page a link opens. It spends nothing and says nothing about the link: only its button does."""
    browser = read_cookie(services, request, BROWSER) or services.new_token()
    view = SpendLinkPage(frame_for(services), f"/sign-in/link/{token}", sign_in.page_proof(browser))
    answer = page("spend_link", view)
    set_cookie(services, answer, BROWSER, browser)
    return answer


@router.post("/sign-in/link/{token}")
async def spend_link(token: str, request: Request, _: Anyone, services: Services) -> Response:
    """Spend the link and start a session under a new id; a session this browser had before ends."""
    browser = read_cookie(services, request, BROWSER)
    proof = (await form_of(request)).get("proof", "")
    before = read_cookie(services, request, SESSION)

    def spend(unit: Unit) -> str | None:
        session_id = sign_in.spend_link(services.desk(unit), token, browser, proof)
        if session_id is not None and before:
            sign_in.end_session(unit, before)
        return session_id

    session_id = await services.store.write(spend)
    if session_id is None:
        return _no_good(services)
    answer = see_other("/people")
    set_cookie(services, answer, SESSION, session_id)
    drop_cookie(services, answer, BROWSER)
    return answer


@router.post("/sign-out")
async def sign_out(request: Request, _: Anyone, services: Services) -> Response:
    """End the session here and now. Works, and says so, whether or not there was one."""
    session_id = read_cookie(services, request, SESSION)
    if session_id:
        await services.store.write(lambda unit: sign_in.end_session(unit, session_id))
    answer = see_other("/signed-out")
    drop_cookie(services, answer, SESSION)
    return answer


@router.get("/signed-out")
async def signed_out(_: Anyone, services: Services) -> Response:
    """The page that says it is done."""
    sentences = ("You can close this page.",)
    return page("message", MessagePage(frame_for(services), "You are signed out", sentences, "Sign in", SIGN_IN_PATH))


def _no_good(services: DashboardServices) -> Response:
    title = "That link does not work here"
    return page("message", MessagePage(frame_for(services), title, SPENT_WORDS, "Ask for a link", SIGN_IN_PATH), 400)
