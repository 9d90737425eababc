"""Backups and restores, told in the platform's chain: a whole copy of everything was made, or everything was replaced.

Both happen at the command line with the owner's address, past every wall, so that somebody should be able to ask
about them. A backup's own event is not in it. The fingerprint of its dump is what an event is about: a restore leads to
the event of its backup.
"""

from __future__ import annotations

from waymark.audit.actions.events import record


def tell_backup(*, fingerprint: str) -> None:
    record(verb="backup.made", by="waymark backup", kind="backup", about=fingerprint)


def tell_restore(*, fingerprint: str) -> None:
    record(verb="backup.restored", by="waymark restore", kind="backup", about=fingerprint)
