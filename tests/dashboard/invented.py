"""Invented people for pages that are drawn without a database."""

from __future__ import annotations

from dashboard.view import (
    NEVER,
    NOTHING_DUE,
    Action,
    CaseloadPage,
    CaseloadRow,
    Choice,
    Column,
    Event,
    Fact,
    Frame,
    Health,
    IncidentCard,
    LogContactPage,
    MessagePage,
    PersonPage,
    Problem,
    SignInPage,
    SpendLinkPage,
    Step,
    Tag,
    Total,
    When,
)

OUT = Frame(council="Brackwater Council")
JO = Frame(council="Brackwater Council", who="Jo Marsh", role="Adviser", current="people")
ASHA = Frame(council="Brackwater Council", who="Asha Bell", role="Manager", current="people")

OVER = Tag("Past 8 weeks", "red")
QUIET = Tag("Gone quiet", "orange")
WELL = Tag("In touch", "green")
PAUSED = Tag("Paused", "grey")
NOT_JOINED = Tag("Not joined", "blue")
UNREACHED = Tag("Cannot reach", "purple")


def _log(name: str) -> Action:
    return Action("Log a contact", "/people/p1/contact", f"with {name}")


ROWS = (
    CaseloadRow(
        "/people/p1",
        "Sam T.",
        "Jo Marsh",
        When("9 September", "10 weeks ago", "2026-09-09T14:00:00Z"),
        When("2 November", "19 days ago", "2026-11-02T19:42:00Z"),
        When("4 November", "17 days ago", "2026-11-04T18:00:00Z"),
        17,
        OVER,
        "Two nudges, not answered. Telegram delivers. Usually answers within a day.",
        Action("Acknowledge", "/incidents/i1/acknowledge", "missing contact with Sam T.", post=True),
    ),
    CaseloadRow(
        "/people/p2",
        "Precious Okonjo-Wetherby",
        "Jo Marsh",
        When("1 November", "20 days ago", "2026-11-01T14:00:00Z"),
        When("7 November", "14 days ago", "2026-11-07T19:42:00Z"),
        When("27 December", "in 5 weeks", "2026-12-27T09:00:00Z"),
        0,
        QUIET,
        "Asked on 14 November and nudged on 17 November, not answered.",
        _log("Precious Okonjo-Wetherby"),
    ),
    CaseloadRow(
        "/people/p3",
        "Dee",
        "Lee Amari",
        When("15 October", "5 weeks ago", "2026-10-15T14:00:00Z"),
        NEVER,
        When("10 December", "in 3 weeks", "2026-12-10T09:00:00Z"),
        0,
        UNREACHED,
        "Telegram says the bot is blocked since 3 November. Silence is not being counted.",
        _log("Dee"),
    ),
    CaseloadRow(
        "/people/p4",
        "Kit R.",
        "Lee Amari",
        When("Yesterday", "", "2026-11-20T14:00:00Z"),
        When("Today", "", "2026-11-21T08:42:00Z"),
        When("15 January", "in 8 weeks", "2027-01-15T09:00:00Z"),
        0,
        WELL,
        "Answered today: Good.",
        _log("Kit R."),
    ),
    CaseloadRow(
        "/people/p5",
        "Ali",
        "Jo Marsh",
        NEVER,
        NEVER,
        NOTHING_DUE,
        0,
        NOT_JOINED,
        "Invited on 18 November, not joined yet.",
        _log("Ali"),
    ),
    CaseloadRow(
        "/people/p6",
        "Morgan <b>F.</b>",
        "Jo Marsh",
        When("12 November", "9 days ago", "2026-11-12T14:00:00Z"),
        When("10 November", "11 days ago", "2026-11-10T14:00:00Z"),
        When("1 December", "in 10 days", "2026-12-01T09:00:00Z"),
        0,
        PAUSED,
        "Paused by Morgan until 1 December.",
        _log("Morgan F."),
    ),
)

COLUMNS = (
    Column("Name"),
    Column("State"),
    Column("Days over", "/people?order=over", "descending"),
    Column("Last contact", "/people?order=contact"),
    Column("Last reply", "/people?order=reply"),
    Column("Next due", "/people?order=due"),
    Column("Why"),
    Column("Action"),
)

CASELOAD = CaseloadPage(
    frame=JO,
    heading="Your people",
    totals=(
        Total("everyone", 24, "/people", current=True),
        Total("past 8 weeks", 5, "/people?state=over"),
        Total("gone quiet", 3, "/people?state=quiet"),
        Total("with an open incident", 4, "/people?state=incident"),
        Total("paused", 1, "/people?state=paused"),
        Total("not joined", 2, "/people?state=not_joined"),
    ),
    states=(Choice("", "Everyone", True), Choice("over", "Past 8 weeks"), Choice("quiet", "Gone quiet")),
    advisers=(),
    sorts=(Choice("over", "Days over", True), Choice("contact", "Last contact")),
    columns=COLUMNS,
    rows=ROWS,
    showing="24 people, most days over first",
    clear_href="",
    previous_href="",
    next_href="/people?page=2",
    page_words="Page 1 of 4",
    health=Health(0, 1, "3 seconds", all_well=False),
)

TEAM = CaseloadPage(
    frame=ASHA,
    heading="Your team’s people",
    totals=CASELOAD.totals,
    states=CASELOAD.states,
    advisers=(Choice("", "Everyone", True), Choice("a1", "Jo Marsh"), Choice("a2", "Lee Amari")),
    sorts=CASELOAD.sorts,
    columns=COLUMNS,
    rows=ROWS,
    showing="24 people, most days over first",
    clear_href="/people",
    previous_href="",
    next_href="",
    page_words="",
    health=Health(0, 0, "nothing waiting", all_well=True),
)

ENDS = (
    Choice("spoke_ok", "We spoke and they are OK"),
    Choice("support", "We spoke and support is arranged"),
    Choice("handed", "Somebody else has it now"),
    Choice("mistake", "It was opened by mistake"),
)

PERSON = PersonPage(
    frame=JO,
    name="Sam T.",
    state=OVER,
    why="17 days past 8 weeks. Two nudges, not answered. Telegram delivers.",
    log_href="/people/p1/contact",
    facts=(
        Fact("Adviser", "Jo Marsh", "Lee Amari covers when Jo is away"),
        Fact("Check-in", "Every 2 weeks, Wednesday at 6pm", "chosen by Sam on 3 March"),
        Fact("Next check-in", "Wednesday 25 November, 6pm"),
        Fact("Last real contact", "9 September, call", "10 weeks ago"),
        Fact("Last reply", "2 November, 7.42pm", "19 days ago"),
        Fact("Keep in touch by", "4 November", "at least every 8 weeks"),
    ),
    incidents=(
        IncidentCard(
            "i1",
            "Missing contact",
            When("18 November", "3 days ago", "2026-11-18T09:00:00Z"),
            "No reply to the check-in of 4 November or its two nudges, and no contact logged since 9 September.",
            Tag("Not acknowledged", "red"),
            "/incidents/i1/acknowledge",
            "/incidents/i1/close",
            ENDS,
        ),
        IncidentCard(
            "i2",
            "Asked for a call",
            When("Today", "", "2026-11-21T09:00:00Z"),
            "Sam pressed “Ring me” at 9.02am.",
            Tag("Acknowledged", "blue"),
            "",
            "/incidents/i2/close",
            ENDS,
        ),
    ),
    steps=(
        Step(When("4 November", "", "2026-11-04T18:00:00Z"), "Check-in sent", Tag("Done", "green")),
        Step(When("7 November", "", "2026-11-07T18:00:00Z"), "First nudge to Sam", Tag("Done", "green")),
        Step(When("18 November", "", "2026-11-18T09:00:00Z"), "Jo Marsh is told", Tag("Done", "green")),
        Step(When("25 November", "in 4 days", "2026-11-25T09:00:00Z"), "Asha Bell is told", Tag("Next", "blue")),
    ),
    events=(
        Event(When("Today, 9.02am", "", "2026-11-21T09:02:00Z"), "Asked for a call", "Sam T.", kind="incident"),
        Event(When("18 November, 9am", "3 days ago", "2026-11-18T09:00:00Z"), "Jo Marsh was told", "", kind="change"),
        Event(
            When("2 November, 7.42pm", "19 days ago", "2026-11-02T19:42:00Z"),
            "Answered: Up and down",
            "Sam T.",
            "bit rubbish tbh but <i>ok</i>",
            "reply",
        ),
        Event(
            When("9 September, 3pm", "10 weeks ago", "2026-09-09T14:00:00Z"),
            "Call, spoke",
            "Jo Marsh",
            "all good, starts college monday, no credit til fri",
            "contact",
        ),
    ),
    older_href="/people/p1?before=9",
)

LOG = LogContactPage(
    frame=JO,
    name="Sam T.",
    back_href="/people/p1",
    post_href="/people/p1/contact",
    channels=(
        Choice("call", "Call", True),
        Choice("visit", "Visit"),
        Choice("text", "Text or message"),
        Choice("letter", "Letter or email"),
    ),
    outcomes=(
        Choice("spoke", "We spoke", hint="Counts as a contact"),
        Choice("tried", "Tried, no answer", hint="Written down, does not count"),
    ),
    days=(Choice("today", "Today", True), Choice("yesterday", "Yesterday"), Choice("other", "Another day")),
    day="",
    month="",
    year="",
    note="",
    problems=(Problem("outcome", "Say what happened"), Problem("on-day", "The day cannot be in the future")),
)

PAGES = {
    "caseload": ("caseload", CASELOAD),
    "team": ("caseload", TEAM),
    "person": ("person", PERSON),
    "log_contact": ("log_contact", LOG),
    "sign_in": ("sign_in", SignInPage(OUT)),
    "spend_link": ("spend_link", SpendLinkPage(OUT, "/sign-in/link/x")),
    "check": (
        "message",
        MessagePage(
            OUT,
            "Check your Telegram",
            ("If that name is right, we have sent a link to your chat.", "It works for 10 minutes."),
        ),
    ),
}
