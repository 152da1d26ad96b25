"""What a page shows, as frozen values: templates read these and nothing else.

Every string here is plain text; the templates escape it. A page function builds one of these from rows it was
allowed to read, so a template can be rendered and looked at with invented rows and no database.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Frame:
    """What surrounds every page. `who` is empty when nobody is signed in; `current` names the lit navigation item."""

    council: str
    who: str = ""
    role: str = ""
    current: str = ""


@dataclass(frozen=True, slots=True)
class Tag:
    """A GOV.UK tag. `colour` is one of its modifiers (red, orange, yellow, green, teal, blue, purple, grey)."""

    words: str
    colour: str


@dataclass(frozen=True, slots=True)
class When:
    """A moment as words: `day` ("9 September"), `ago` ("10 weeks ago"), `iso` for the machine. Empty `iso`: never."""

    day: str
    ago: str = ""
    iso: str = ""


NEVER = When(day="Never")
NOTHING_DUE = When(day="Nothing due")


@dataclass(frozen=True, slots=True)
class Choice:
    """One option of a select or a set of radios."""

    value: str
    words: str
    chosen: bool = False
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with a form: `field` is the id the error summary jumps to."""

    field: str
    words: str


@dataclass(frozen=True, slots=True)
class Action:
    """The one thing to do next. `post` makes it a form with one button that comes `back` here, else it is a link."""

    words: str
    href: str
    about: str
    post: bool = False
    back: str = ""


@dataclass(frozen=True, slots=True)
class CaseloadRow:
    """One person in the caseload table."""

    href: str
    name: str
    adviser: str
    last_contact: When
    last_reply: When
    next_due: When
    days_over: int
    state: Tag
    why: str
    action: Action


@dataclass(frozen=True, slots=True)
class Total:
    """A number that opens the list of the people it counts."""

    words: str
    number: int
    href: str
    current: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    """A column heading; with an `href` it sorts. `sorted_as` is the aria-sort word, or empty."""

    words: str
    href: str = ""
    sorted_as: str = ""
    numeric: bool = False


@dataclass(frozen=True, slots=True)
class Health:
    """How the road to and from Telegram is: set-aside updates, sends nobody can confirm, the oldest still waiting."""

    quarantined: int
    unknown_sends: int
    oldest_waiting_words: str
    all_well: bool


@dataclass(frozen=True, slots=True)
class CaseloadPage:
    """The advisers' first page."""

    frame: Frame
    heading: str
    totals: tuple[Total, ...]
    states: tuple[Choice, ...]
    advisers: tuple[Choice, ...]
    sorts: tuple[Choice, ...]
    columns: tuple[Column, ...]
    rows: tuple[CaseloadRow, ...]
    showing: str
    clear_href: str
    previous_href: str
    next_href: str
    page_words: str
    health: Health
    said: str = ""


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of a summary list."""

    name: str
    value: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class IncidentCard:
    """One open incident with what can be done about it."""

    id: str
    title: str
    opened: When
    why: str
    state: Tag
    acknowledge_href: str
    close_href: str
    outcomes: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """One dated step of the ladder."""

    when: When
    words: str
    state: Tag


@dataclass(frozen=True, slots=True)
class Event:
    """One line of the timeline, newest first. `quoted` is what the person or the adviser wrote."""

    when: When
    title: str
    by: str = ""
    quoted: str = ""
    kind: str = "change"


@dataclass(frozen=True, slots=True)
class PersonPage:
    """Everything an adviser may see about one person."""

    frame: Frame
    name: str
    state: Tag
    why: str
    log_href: str
    facts: tuple[Fact, ...]
    incidents: tuple[IncidentCard, ...]
    steps: tuple[Step, ...]
    events: tuple[Event, ...]
    older_href: str = ""
    said: str = ""
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class LogContactPage:
    """The form that records a meaningful human contact, or an attempt at one."""

    frame: Frame
    name: str
    back_href: str
    post_href: str
    channels: tuple[Choice, ...]
    outcomes: tuple[Choice, ...]
    days: tuple[Choice, ...]
    day: str
    month: str
    year: str
    note: str
    problems: tuple[Problem, ...] = ()

    def problem(self, field: str) -> str:
        """The words against one field, or nothing."""
        return next((each.words for each in self.problems if each.field == field), "")


@dataclass(frozen=True, slots=True)
class SignInPage:
    """Asks for the sign-in name an administrator gave."""

    frame: Frame
    sign_in_name: str = ""
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class SpendLinkPage:
    """The page a link opens: nothing is spent until its button is pressed."""

    frame: Frame
    post_href: str
    proof: str = ""


@dataclass(frozen=True, slots=True)
class MessagePage:
    """A page of a few sentences: check your Telegram, signed out, and every error."""

    frame: Frame
    title: str
    sentences: tuple[str, ...]
    link_words: str = ""
    link_href: str = ""
