"""Reading: menus, pages, and a question in one's own words. Works for anyone; nothing is kept of a guest."""

from __future__ import annotations

from casework import talking, wordings
from casework.caller import Person
from content import finder, guidance
from content.guidance import Audience, Need, Page, UnknownPage
from content.message import Button, Message
from content.words import label, words
from handlers import first
from handlers.turn import Turn
from rules.access import Role
from rules.choice import chosen

# "hello", "hi there bot": no question in it, and the first words are the answer.
GREETING_WORDS = 3
FEW_PAGES = 8


def menu(turn: Turn) -> None:
    """The list of pages for care leavers or for carers."""
    turn.change(menu_for(_audience(turn, turn.data[0] if turn.data else "")))


def menu_for(audience: Audience) -> Message:
    """Every need that there are pages for; while the pages are few, the pages themselves."""
    heading = words("guidance.menu_carer" if audience is Audience.CARER else "guidance.menu")
    if len(guidance.pages(audience)) <= FEW_PAGES:
        return Message(heading, (*_page_buttons(guidance.pages(audience)), _ways_home()))
    buttons = [
        Button(label(f"guidance.need.button.{need}"), f"need:{need}:{audience}") for need in guidance.needs(audience)
    ]
    return Message(heading, (*((button,) for button in buttons), _ways_home()))


def need(turn: Turn) -> None:
    """The pages about one need."""
    wanted = chosen(Need, turn.data[0]) if turn.data else None
    audience = _audience(turn, turn.data[1] if len(turn.data) > 1 else "")
    if wanted is None:
        turn.change(menu_for(audience))
        return
    found = tuple(page for page in guidance.pages(audience) if page.need is wanted)
    heading = words("guidance.need_heading", need=label(f"guidance.need.button.{wanted}"))
    back = (Button(label("guidance.button.back"), f"menu:{audience}"), first.help_button())
    turn.change(Message(heading, (*_page_buttons(found), back)))


def _page_buttons(found: tuple[Page, ...]) -> tuple[tuple[Button, ...], ...]:
    return tuple((Button(page.menu, f"page:{page.topic}"),) for page in found)


def _ways_home() -> tuple[Button, ...]:
    return (Button(label("first.button.home"), "home"), first.help_button())


def page(turn: Turn) -> None:
    """The short answer of a page."""
    found = _page(turn)
    if found is None:
        turn.change(_gone(turn))
        return
    text = guidance.short_answer(found, turn.today, turn.office.pack)
    more = tuple(
        (Button(section.heading, f"part:{found.topic}:{index}"),) for index, section in enumerate(found.sections)
    )
    turn.change(Message(text, (*more, _ways_on(turn, found))))


def part(turn: Turn) -> None:
    """One section of a page."""
    found = _page(turn)
    index = turn.number(1)
    if found is None or not 0 <= index < len(found.sections):
        turn.change(_gone(turn))
        return
    text = guidance.section_answer(found, index, turn.today, turn.office.pack)
    back = Button(label("guidance.button.short"), f"page:{found.topic}")
    turn.change(Message(text, ((back, Button(label("guidance.button.back"), "menu")),)))


def _page(turn: Turn) -> Page | None:
    try:
        return guidance.page(turn.data[0])
    except (UnknownPage, IndexError):
        return None


def _gone(turn: Turn) -> Message:
    known = menu_for(_audience(turn, ""))
    return Message(words("guidance.not_found"), known.rows)


def _ways_on(turn: Turn, found: Page) -> tuple[Button, ...]:
    back = Button(label("guidance.button.back"), "menu")
    if turn.person is None or turn.caller.is_staff:
        return (back,)
    return (Button(label("guidance.button.ask_adviser"), f"about:{found.topic}"), back)


def _audience(turn: Turn, asked_for: str) -> Audience:
    named = chosen(Audience, asked_for)
    if named is not None:
        return named
    return Audience.CARER if turn.caller.role is Role.CARER else Audience.CARE_LEAVER


def ask_about_page(turn: Turn) -> None:
    """Tell the adviser that they would like help with this page."""
    found = _page(turn)
    if turn.person is None or found is None:
        turn.change(_gone(turn))
        return
    talking.keep_question(turn.desk, turn.person, found.title)
    send_question(turn)


def send_question(turn: Turn) -> None:
    """Give the adviser the question that was just asked."""
    if turn.person is None or not talking.send_question(turn.desk, turn.person):
        turn.say(Message(words("sorry.old_button"), first.greeting(turn).rows))
        return
    turn.say(Message(_asked_words(turn, turn.person)))
    turn.clear_buttons()


def _asked_words(turn: Turn, person: Person) -> str:
    """Who gets the question, and when: nobody reads it before they are at work."""
    adviser, office = wordings.adviser_name(turn.desk, person), turn.office
    if wordings.at_work(turn.desk):
        return words("guidance.asked_at_work", adviser=adviser)
    return words(
        "guidance.asked_out_of_hours",
        adviser=adviser,
        back_at=wordings.back_at(turn.desk),
        council=office.council,
        duty_number=office.duty_number,
        hours=office.duty_hours,
    )


def answer_question(turn: Turn) -> None:
    """A question in their own words: the nearest pages, honestly not sure, and who does know."""
    audience = _audience(turn, "")
    nearest = finder.nearest(turn.text, audience)
    if not nearest and turn.person is None and len(turn.text.split()) <= GREETING_WORDS:
        turn.say(first.greeting(turn))
        return
    rows: list[tuple[Button, ...]] = [(Button(found.menu, f"page:{found.topic}"),) for found in nearest]
    if turn.person is not None:
        talking.keep_question(turn.desk, turn.person, turn.text)
        rows.append((Button(label("unsure.button.ask_adviser"), "send"),))
    rows.append((Button(label("unsure.button.all_topics"), f"menu:{audience}"), first.help_button()))
    turn.say(Message(_unsure_words(turn, nearest), tuple(rows)))


def _unsure_words(turn: Turn, nearest: list[Page]) -> str:
    which = ("unsure.nothing", "unsure.nearest_one", "unsure.nearest_two")[len(nearest)]
    titles = dict(zip(("first", "second"), (found.title for found in nearest), strict=False))
    if turn.person is not None:
        return words(f"{which}_joined", adviser=wordings.adviser_name(turn.desk, turn.person), **titles)
    if not nearest:
        office = turn.office
        return words(which, council=office.council, duty_number=office.duty_number, hours=office.duty_hours)
    return words(which, **titles)
