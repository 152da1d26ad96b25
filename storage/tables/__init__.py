"""Every table, one file per noun. Names ending in `_utc` are instants, in `_sealed` are unreadable without a key."""

from storage.tables.audit import AuditEntry, AuditHead
from storage.tables.contact import CheckIn, Contact, Incident, PersonMessage
from storage.tables.edges import Due, InboxRow, OutboxRow
from storage.tables.people import Bond, Cadence, Consent, Conversation, Invite, Person, PersonKey, Team
from storage.tables.staff import SignInAsk, SignInLink, WebSession

__all__ = [
    "AuditEntry",
    "AuditHead",
    "Bond",
    "Cadence",
    "CheckIn",
    "Consent",
    "Contact",
    "Conversation",
    "Due",
    "InboxRow",
    "Incident",
    "Invite",
    "OutboxRow",
    "Person",
    "PersonKey",
    "PersonMessage",
    "SignInAsk",
    "SignInLink",
    "Team",
    "WebSession",
]
