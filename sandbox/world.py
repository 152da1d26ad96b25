"""The whole state of the sandbox: who there is, what their phones show, what waits for the bot.

Everything here runs on the server's own event loop; another thread must hand its work over to that loop.
"""

import asyncio
from collections import deque
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from sandbox.clock import Clock, SystemClock, monotonic
from sandbox.events import Events
from sandbox.faults import Faults
from sandbox.files import Files
from sandbox.limits import Limits
from sandbox.phones import Phone
from sandbox.refusals import Json, PersonRefusal, bad_request, blocked, deactivated, never_started
from sandbox.shapes import Bot, Person, ShownMessage, as_message
from sandbox.updates import Update, UpdateQueue

TOKEN = "7000000001:SANDBOX-token-of-an-invented-bot-000000"  # noqa: S105 opens nothing but this sandbox
FIRST_PERSON_ID = 900_000_001


@dataclass(frozen=True)
class Accepted:
    """One call that put something on a phone or changed it: what tests count at the receiver."""

    method: str
    chat_id: int
    message_id: int
    text: str
    at: datetime
    monotonic_s: float


class World:
    """One bot and everybody who may talk to it."""

    def __init__(
        self,
        token: str = TOKEN,
        clock: Clock | None = None,
        *,
        bot_name: str = "Keep in Touch",
        username: str = "keepintouch_sandbox_bot",
        first_update_id: int = 500_000_001,
    ) -> None:
        self.token = token
        self.clock: Clock = clock or SystemClock()
        self.bot = Bot(int(token.partition(":")[0]), bot_name, username)
        self.phones: dict[int, Phone] = {}
        self.events = Events()
        self.faults = Faults()
        self.files = Files()
        self.limits = Limits(self.clock)
        self.updates = UpdateQueue(self.clock, first_update_id)
        self.journal: list[Accepted] = []
        self.unknown_methods: list[str] = []
        self.calls: deque[tuple[str, int | None, float]] = deque(maxlen=100_000)
        self.callbacks: dict[str, tuple[int, datetime]] = {}
        self.closing = asyncio.Event()
        self._next_message_id = 1
        self._next_person_id = FIRST_PERSON_ID

    def add_person(
        self,
        name: str,
        *,
        person_id: int | None = None,
        last_name: str = "",
        username: str = "",
        about: str = "",
        role: str = "",
        started: bool = False,
    ) -> Phone:
        """A new phone; the bot cannot write to it until its owner has pressed start or said something."""
        chosen = self._next_person_id if person_id is None else person_id
        if chosen in self.phones or not name.strip():
            raise PersonRefusal("a person needs a name and an id nobody else has")
        self._next_person_id = max(self._next_person_id, chosen + 1)
        phone = Phone(Person(chosen, name.strip(), last_name, username, about, role), started=started)
        self.phones[chosen] = phone
        self.events.tell("people", chosen)
        return phone

    def phone(self, person_id: int) -> Phone:
        """The phone of somebody the person side names."""
        if person_id not in self.phones:
            raise PersonRefusal(f"there is nobody with id {person_id}")
        return self.phones[person_id]

    def named(self, name: str) -> Phone:
        """The first person so named."""
        for phone in self.phones.values():
            if phone.person.name == name:
                return phone
        raise PersonRefusal(f"there is nobody named {name}")

    def known_chat(self, chat_id: int) -> Phone:
        """A chat the bot names, or Telegram's "chat not found"."""
        if chat_id not in self.phones:
            raise bad_request("chat not found")
        return self.phones[chat_id]

    def open_chat(self, chat_id: int) -> Phone:
        """A chat the bot may write to now; otherwise Telegram's 403."""
        phone = self.known_chat(chat_id)
        if phone.deactivated:
            raise deactivated()
        if phone.blocked:
            raise blocked()
        if not phone.started:
            raise never_started()
        return phone

    def show(self, phone: Phone, message: ShownMessage) -> ShownMessage:
        """Puts a message on the phone."""
        phone.messages.append(message)
        phone.action = ""
        self.events.tell("message", phone.person.id, message_id=message.id, from_bot=message.from_bot)
        return message

    def next_message_id(self) -> int:
        """Ids grow over all the bot's private chats together, as at Telegram."""
        self._next_message_id += 1
        return self._next_message_id - 1

    def accepted(self, method: str, message: ShownMessage) -> None:
        """Writes down what has reached a phone."""
        now = self.clock.now()
        self.journal.append(Accepted(method, message.chat_id, message.id, message.text, now, monotonic()))

    def message_json(self, message: ShownMessage) -> Json:
        """The Message object for a shown message."""
        return as_message(message, self.phones[message.chat_id].person, self.bot)

    def ring(self, kind: str, payload: Json, chat_id: int) -> Update | None:
        """Makes an update from something a person did."""
        return self.updates.add(kind, payload, chat_id)

    def arrange(self, batch: list[Update]) -> list[Update]:
        """A batch about to be handed out, with the faults for duplicates and order applied."""
        arranged: list[Update] = []
        for update in batch:
            arranged.append(update)
            if self.faults.on_update("duplicate_update", update.chat_id):
                arranged.append(update)
        if any(self.faults.waits("out_of_order", update.chat_id) for update in batch):
            if len({update.id for update in batch}) < 2:
                return []
            any(self.faults.on_update("out_of_order", update.chat_id) for update in batch)
            arranged.reverse()
        return arranged

    def callback_id(self, person_id: int) -> str:
        """A new id for a press, answerable for a while."""
        number = len(self.callbacks) + 1
        digits = str(int(sha256(f"{self.bot.id}:{person_id}:{number}".encode()).hexdigest()[:15], 16))
        self.callbacks[digits] = (person_id, self.clock.now())
        return digits

    def chat_instance(self, person_id: int) -> str:
        """The same for every press in one chat."""
        return str(int.from_bytes(sha256(f"{self.bot.id}/{person_id}".encode()).digest()[:8], "big", signed=True))
