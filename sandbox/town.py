"""A small invented town, and nine weeks of its life, lived through the bot itself before anyone looks.

Three care leavers, a foster carer, two advisers and a manager. When the page opens, Ash answers, Riley has gone quiet,
and Sam has a link from Jo and has not pressed Start.
"""

from datetime import time, timedelta

from rules.wallclock import local_date, utc_of
from sandbox.clock import SystemClock
from sandbox.handset import Handset
from sandbox.service_process import ServiceProcess
from sandbox.turning import Turner
from sandbox.world import World

TEAM = "Leaving Care"
HISTORY = timedelta(days=66)
MONDAY, WEDNESDAY, FRIDAY = 0, 2, 4
PEOPLE = (
    ("Sam", "Tate", "care leaver, 17, lives with foster carers"),
    ("Ash", "Lowe", "care leaver, 19, at college"),
    ("Riley", "Quinn", "care leaver, 20, has their own flat"),
    ("Pat", "Doyle", "foster carer"),
    ("Jo", "Marsh", "personal adviser"),
    ("Priya", "Nair", "personal adviser"),
    ("Dee", "Okafor", "team manager"),
)


class Town:
    """The people, their phones, and the story that brings them to today."""

    def __init__(self, world: World, service: ServiceProcess, turner: Turner) -> None:
        self._service = service
        self._turner = turner
        self._hands = {
            first: Handset(world, world.add_person(first, last_name=last, about=about)) for first, last, about in PEOPLE
        }

    def hand(self, first: str) -> Handset:
        """Someone's phone."""
        return self._hands[first]

    async def live(self) -> None:
        """From nine weeks ago until now."""
        await self._until(MONDAY, time(9, 30))
        for first, last, manager in (("Dee", "Okafor", True), ("Jo", "Marsh", False), ("Priya", "Nair", False)):
            await self._staff_joins(first, last, manager=manager)
        await self._invited("Jo", "A care leaver", "Ash")
        await self._invited("Jo", "A care leaver", "Riley")
        await self._invited("Priya", "A foster carer", "Pat")
        await self._weeks_go_by()
        await self._to_today()
        await self._meet()
        for hand in self._hands.values():
            hand.reads()

    async def meet(self) -> None:
        """Only the staff have joined, and Jo has invited Sam: the town without its history."""
        for first, last, manager in (("Dee", "Okafor", True), ("Jo", "Marsh", False), ("Priya", "Nair", False)):
            await self._staff_joins(first, last, manager=manager)
        await self._meet()

    async def _meet(self) -> None:
        """Jo gives Sam a link; Sam's phone shows START."""
        self.hand("Sam").phone.waiting_start = await self._invite("Jo", "A care leaver", "Sam")

    async def _staff_joins(self, first: str, last: str, *, manager: bool) -> None:
        said = await self._service.ask(
            do="staff", name=f"{first} {last}", team=TEAM, sign_in=first.lower(), manager=manager
        )
        await self._opens(first, said["payload"])
        await self._presses(first, "Join", "You're in")

    async def _invited(self, worker: str, role: str, first: str) -> None:
        await self._opens(first, await self._invite(worker, role, first))
        await self._presses(first, "Join", "What should we call you?")
        await self._presses(first, first, "You're in")

    async def _invite(self, worker: str, role: str, first: str) -> str:
        """A worker invites someone from the chat; the payload of the link they are given."""
        last = next(last for name, last, _ in PEOPLE if name == first)
        await self._says(worker, "/invite", "Who is the invite for?")
        await self._presses(worker, role, "What do you call them?")
        shown = await self._says(worker, f"{first} {last}", "Code to type")
        return shown.partition("?start=")[2].split()[0]

    async def _weeks_go_by(self) -> None:
        """Check-ins every other Wednesday: Ash answers them all, Riley the first two and then no more."""
        for week in range(9):
            await self._until(WEDNESDAY, time(18, 40))
            await self._answers("Ash", ("Good", "OK", "Up and down", "Good")[week % 4])
            if week < 4:
                await self._answers("Riley", ("OK", "Up and down")[week % 2])
            await self._until(FRIDAY, time(11, 15))
            if week in (1, 5):
                await self._logs("Jo", "rang ash, all fine, likes the course")
            if week == 2:
                await self._logs("Jo", "visited riley, flat is warm, looking for work")

    async def _until(self, weekday: int, at: time) -> None:
        """Turn to the next such moment in England, but not past today."""
        now = self._turner.clock.now()
        days = (weekday - local_date(now).weekday()) % 7
        moment = utc_of(local_date(now) + timedelta(days=days), at)
        if now < moment < now + self._left():
            await self._turner.turn(moment - now)

    def _left(self) -> timedelta:
        """How far the town is behind the machine's own time."""
        return SystemClock().now() - self._turner.clock.now()

    async def _answers(self, first: str, mood: str) -> None:
        """Answer a check-in that is still open on this phone, if there is one."""
        hand = self.hand(first)
        if hand.phone.labelled(mood) is None:
            return
        await self._presses(first, mood, "Want to add a line?")
        await self._presses(first, "No thanks", "Next check-in")

    async def _logs(self, worker: str, line: str) -> None:
        await self._says(worker, line, "Log for")
        await self._presses(worker, "Save", "Saved for")

    async def _to_today(self) -> None:
        """What is left until the machine's own time."""
        if (left := self._left()) > timedelta():
            await self._turner.turn(left)

    async def _opens(self, first: str, payload: str) -> None:
        mark = self.hand(first).mark()
        await self.hand(first).opens(payload)
        await self._hears(first, "If you join, we keep", mark)

    async def _says(self, first: str, text: str, reply: str) -> str:
        mark = self.hand(first).mark()
        await self.hand(first).says(text)
        return await self._hears(first, reply, mark)

    async def _presses(self, first: str, label: str, reply: str) -> str:
        mark = self.hand(first).mark()
        await self.hand(first).presses(label)
        return await self._hears(first, reply, mark)

    async def _hears(self, first: str, reply: str, mark: int) -> str:
        """Wait for the bot's words, then let a minute pass, as between two people."""
        shown = await self.hand(first).waits_for(reply, within_s=15, after=mark)
        self._turner.clock.turn(timedelta(seconds=5))
        await self._service.ask(do="settle")
        self._turner.clock.turn(timedelta(seconds=45))
        return shown.text
