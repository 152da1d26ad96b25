"""What should happen: pure functions over frozen values. Standard library only; no clock, no database, no Telegram."""
