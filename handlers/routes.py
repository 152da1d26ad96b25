"""Which update goes to which handler: the whole conversation on one page. The first handler that fits answers."""

from __future__ import annotations

from typing import Any

from telegram import Update
from telegram.ext import (
    Application,
    BaseHandler,
    CallbackQueryHandler,
    ChatMemberHandler,
    CommandHandler,
    MessageHandler,
    TypeHandler,
    filters,
)

from handlers import (
    check_in,
    control,
    first,
    guidance,
    help,
    joining,
    logging_contacts,
    media,
    membership,
    rhythm,
    staff,
    texts,
)
from handlers.turn import Act, Turn, handles

COMMANDS: dict[str, Act] = {
    "start": first.start,
    "help": help.help_pressed,
    "checkin": check_in.check_in_now,
    "pause": control.pause,
    "stop": control.stop,
    "mydata": control.my_data,
    "today": staff.today,
    "caseload": staff.my_caseload,
    "log": logging_contacts.log,
    "invite": staff.invite,
    "dashboard": staff.dashboard,
}

# The verb before the first colon of a button's data.
BUTTONS: dict[str, Act] = {
    "home": first.home,
    "ask": first.ask_question,
    "back": first.come_back,
    "menu": guidance.menu,
    "need": guidance.need,
    "page": guidance.page,
    "part": guidance.part,
    "about": guidance.ask_about_page,
    "send": guidance.send_question,
    "code": joining.type_code,
    "join": joining.join,
    "join_more": joining.read_more,
    "not_now": joining.not_now,
    "name": joining.keep_name,
    "checkin": check_in.check_in_now,
    "mood": check_in.mood,
    "line": check_in.write_line,
    "no_line": check_in.no_line,
    "call": check_in.call_me,
    "textme": check_in.text_me,
    "no_call": check_in.no_call,
    "fine": check_in.fine,
    "ring": check_in.ring_me,
    "often": rhythm.how_often,
    "every": rhythm.which_day,
    "day": rhythm.what_time,
    "hour": rhythm.confirm,
    "save_often": rhythm.save,
    "pause": control.pause,
    "paused": control.paused,
    "resume": control.resume,
    "stop": control.stop,
    "mydata": control.my_data,
    "help": help.help_pressed,
    "who_sees": help.who_sees,
    "safe": help.safe_for_now,
    "caseload": staff.my_caseload,
    "ack": staff.acknowledge,
    "invite": staff.invite,
    "invite_as": staff.invite_as,
    "invite_no": staff.invite_no,
    "dashboard": staff.dashboard,
    "log": logging_contacts.log,
    "logged": logging_contacts.logged,
    "undo": logging_contacts.undo,
    "note": logging_contacts.add_note,
    "draft": logging_contacts.draft_for,
    "save_log": logging_contacts.save_draft,
}

PRIVATE = filters.ChatType.PRIVATE & filters.UpdateType.MESSAGE


def pressed(turn: Turn) -> None:
    """A button: its verb says which act answers it."""
    BUTTONS.get(turn.verb, texts.old_button)(turn)


def all_handlers() -> list[BaseHandler[Any, Any, Any]]:
    """Every handler, in the order they are asked."""
    return [
        *(CommandHandler(name, handles(act), filters=PRIVATE) for name, act in COMMANDS.items()),
        CallbackQueryHandler(handles(pressed)),
        MessageHandler(PRIVATE & filters.COMMAND, handles(texts.unknown_command)),
        MessageHandler(PRIVATE & filters.TEXT, handles(texts.typed)),
        MessageHandler(PRIVATE & (filters.PHOTO | filters.Document.ALL | filters.VIDEO), handles(media.photo)),
        MessageHandler(PRIVATE & (filters.VOICE | filters.AUDIO | filters.VIDEO_NOTE), handles(media.voice)),
        MessageHandler(PRIVATE & (filters.Sticker.ALL | filters.ANIMATION), handles(media.sticker)),
        MessageHandler(filters.UpdateType.EDITED_MESSAGE & filters.ChatType.PRIVATE, handles(texts.edited)),
        MessageHandler(PRIVATE & ~filters.StatusUpdate.ALL, handles(texts.unreadable)),
        ChatMemberHandler(handles(membership.changed), ChatMemberHandler.MY_CHAT_MEMBER),
        MessageHandler(filters.ChatType.GROUPS & filters.UpdateType.MESSAGE, handles(membership.in_group)),
        TypeHandler(Update, handles(membership.nothing)),
    ]


def register(application: Application[Any, Any, Any, Any, Any, Any]) -> None:
    """Give the application every handler."""
    application.add_handlers(all_handlers())
