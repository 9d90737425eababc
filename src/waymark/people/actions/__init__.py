"""Writing about people. The inner functions are parts of another app's act, which has its own event."""

from waymark.people.actions.contacts import seal_contact
from waymark.people.actions.records import change_person, fresh_code, new_person, open_person, write_row

__all__ = ["change_person", "fresh_code", "new_person", "open_person", "seal_contact", "write_row"]
