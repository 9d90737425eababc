"""The pages of sharing: asking, signing, sending, stopping, and what left."""

from waymark.consent.views.asking import release_again, release_new
from waymark.consent.views.copies import copy_new
from waymark.consent.views.packages import package_send, package_tell
from waymark.consent.views.record import person_sharing, release_detail, release_list, release_stop
from waymark.consent.views.signing import release_drop, release_paper, release_sign

__all__ = [
    "copy_new",
    "package_send",
    "package_tell",
    "person_sharing",
    "release_again",
    "release_detail",
    "release_drop",
    "release_list",
    "release_new",
    "release_paper",
    "release_sign",
    "release_stop",
]
