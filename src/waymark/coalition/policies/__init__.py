"""Who may do what to the region and to the coalition's common work. The only place where that is decided."""

from waymark.accounts.policies import Refused
from waymark.coalition.policies.region import (
    is_set_up_code,
    may_edit_notices,
    may_set_up,
    must_edit_notices,
    must_set_up,
    set_up_code,
)

__all__ = [
    "Refused",
    "is_set_up_code",
    "may_edit_notices",
    "may_set_up",
    "must_edit_notices",
    "must_set_up",
    "set_up_code",
]
