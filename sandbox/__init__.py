"""A whole world with no network: a Telegram Bot API server, the phones it rings, and a clock to turn.

Nothing but tests and the try-it command imports this package. It listens on loopback only.
"""
