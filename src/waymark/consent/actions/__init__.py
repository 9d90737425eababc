"""Writing releases, and the line that comes before everything that leaves."""

from waymark.consent.actions.ledger import hash_of, record_disclosure

__all__ = ["hash_of", "record_disclosure"]
