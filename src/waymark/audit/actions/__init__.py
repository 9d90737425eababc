"""Writing events: of acts, of reads by others than the owner, of attempts that were refused or failed; and verifying."""

from waymark.audit.actions.attempts import record_attempt
from waymark.audit.actions.backups import tell_backup, tell_restore
from waymark.audit.actions.events import must_be_within_limit, record, record_read, wait_for_the_disk
from waymark.audit.actions.verifications import verify_chain
from waymark.audit.policies import Actor

__all__ = [
    "Actor",
    "must_be_within_limit",
    "record",
    "record_attempt",
    "record_read",
    "tell_backup",
    "tell_restore",
    "verify_chain",
    "wait_for_the_disk",
]
