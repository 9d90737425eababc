"""Keys: of users, of agencies by epoch, of records; who was compared with whom. Nothing here opens without a person."""

from waymark.vault.models.agencies import AgencyEpoch, AgencyKey, EpochSeal, Kit, MemberKey, Pin, VaultMemo
from waymark.vault.models.records import RecordHold, RecordKey, WrappedKey
from waymark.vault.models.users import UserKey

__all__ = [
    "AgencyEpoch",
    "AgencyKey",
    "EpochSeal",
    "Kit",
    "MemberKey",
    "Pin",
    "RecordHold",
    "RecordKey",
    "UserKey",
    "VaultMemo",
    "WrappedKey",
]
