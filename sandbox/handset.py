"""A person's phone in the hand of a test."""

import asyncio

from sandbox import people_acts
from sandbox.calls import Upload
from sandbox.clock import monotonic
from sandbox.phones import Phone, as_transcript
from sandbox.refusals import PersonRefusal
from sandbox.shapes import ShownMessage
from sandbox.world import World


class Handset:
    """Says, presses, looks and waits, as its owner would."""

    def __init__(self, world: World, phone: Phone) -> None:
        self.world = world
        self.phone = phone

    @property
    def id(self) -> int:
        """The person's Telegram id, which is also the chat's."""
        return self.phone.person.id

    async def says(self, text: str) -> ShownMessage:
        """Types and sends."""
        return people_acts.says(self.world, self.phone, text)

    async def opens(self, payload: str = "") -> ShownMessage:
        """Opens the bot's link and presses START."""
        return people_acts.opens(self.world, self.phone, payload)

    async def presses(self, label: str) -> str:
        """Presses the newest button so labelled, inline first, then on the reply keyboard.

        Gives the callback query's id, the address of a link button, or the message a reply key sent.
        """
        found = self.phone.labelled(label)
        if found is not None:
            message, button = found
            outcome = people_acts.presses(self.world, self.phone, message.id, button.get("callback_data", label))
            return str(outcome.get("callback_query_id") or outcome.get("url"))
        key = self.phone.reply_key(label)
        if key is not None:
            message = await (self.shares_contact() if key.get("request_contact") else self.says(label))
            return message.text
        raise PersonRefusal(f"no button {label!r} on this screen:\n{self.transcript()}")

    async def presses_data(self, message_id: int, data: str) -> str:
        """Presses one given button."""
        return str(people_acts.presses(self.world, self.phone, message_id, data).get("callback_query_id"))

    async def edits(self, message_id: int, text: str) -> ShownMessage:
        """Edits an own message."""
        return people_acts.edits(self.world, self.phone, message_id, text)

    async def sends_photo(self, content: bytes, caption: str = "", name: str = "photo.png") -> ShownMessage:
        """Sends a picture (PNG, JPEG, GIF or WebP)."""
        upload = Upload(name, "image/png", content)
        return people_acts.sends_file(self.world, self.phone, "photo", upload, caption)

    async def sends_document(self, content: bytes, name: str, caption: str = "") -> ShownMessage:
        """Sends a file."""
        upload = Upload(name, "application/octet-stream", content)
        return people_acts.sends_file(self.world, self.phone, "document", upload, caption)

    async def sends_voice(self, content: bytes) -> ShownMessage:
        """Sends a voice note."""
        return people_acts.sends_file(self.world, self.phone, "voice", Upload("voice.oga", "audio/ogg", content))

    async def shares_contact(self, number: str = "+447700900123") -> ShownMessage:
        """Shares the own number; the default is one Ofcom keeps for drama."""
        return people_acts.shares_contact(self.world, self.phone, number)

    def blocks(self) -> None:
        """Stops and blocks the bot."""
        people_acts.blocks(self.world, self.phone)

    def unblocks(self) -> None:
        """Lets the bot write again."""
        people_acts.unblocks(self.world, self.phone)

    def deactivates(self) -> None:
        """Deletes the account."""
        people_acts.deactivates(self.world, self.phone)

    def reads(self) -> None:
        """Looks at the chat, so that nothing is unread."""
        people_acts.reads(self.world, self.phone)

    def screen(self) -> list[ShownMessage]:
        """Every message now shown, both directions, oldest first."""
        return self.phone.screen

    def from_bot(self) -> list[ShownMessage]:
        """Only what the bot sent."""
        return [message for message in self.screen() if message.from_bot]

    def last(self) -> ShownMessage:
        """The newest message shown."""
        return self.screen()[-1]

    def mark(self) -> int:
        """A place to wait from: the id of the newest message, 0 on an empty screen."""
        return self.screen()[-1].id if self.screen() else 0

    async def waits_for(self, text: str, within_s: float = 5.0, after: int = 0) -> ShownMessage:
        """The newest message of the bot that holds `text` and came after `after`; fails with the transcript."""
        ends = monotonic() + within_s
        while True:
            for message in reversed(self.from_bot()):
                if text in message.text and message.id > after:
                    return message
            if monotonic() >= ends:
                raise AssertionError(f"{text!r} did not come within {within_s} s:\n{self.transcript()}")
            await asyncio.sleep(0.005)

    async def waits_for_count(self, count: int, within_s: float = 5.0) -> list[ShownMessage]:
        """What the bot sent, once there are at least so many messages of it."""
        ends = monotonic() + within_s
        while len(self.from_bot()) < count:
            if monotonic() >= ends:
                raise AssertionError(f"fewer than {count} messages after {within_s} s:\n{self.transcript()}")
            await asyncio.sleep(0.005)
        return self.from_bot()

    def transcript(self) -> str:
        """The chat as plain text."""
        return as_transcript(self.phone, self.world.bot.name)
