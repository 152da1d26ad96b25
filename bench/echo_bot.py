"""What the whole service is measured against: a stock python-telegram-bot echo bot, as its guide shows it.

`python -m bench.echo_bot http://127.0.0.1:PORT`. Nothing is kept and nothing is tuned.
"""

from __future__ import annotations

import sys
from typing import Any

from telegram import Update
from telegram.ext import Application, CallbackContext, MessageHandler, filters


async def echo(update: Update, _context: CallbackContext[Any, Any, Any, Any]) -> None:
    """Say what they said."""
    if update.message is not None and update.message.text is not None:
        await update.message.reply_text(update.message.text)


def main() -> None:
    """Poll until stopped."""
    application = Application.builder().token("42:BENCH").base_url(f"{sys.argv[1]}/bot").build()
    application.add_handler(MessageHandler(filters.TEXT, echo))
    application.run_polling()


if __name__ == "__main__":
    main()
