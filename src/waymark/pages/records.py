"""Nothing from police record systems: what names one is refused wherever the justice side writes.

Criminal justice information (CLETS, NCIC, rap sheets) may be held only where everybody and everything was vetted for it
(CJIS Security Policy 6.0). This program is no such place, so members of the justice side cannot type it or upload it: every
form of the staff site asks here, and a file is taken from them only with their word that they looked through it. An
advocate's notes are not asked: what a survivor says of their own record is theirs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

# Names of systems, headings of their print-outs, numbers of a record behind the word that says so.
MARKERS = re.compile(
    r"\b(?:CLETS|NCIC|NLETS|CORI|JDIC|CJI|CJIS)\b"
    r"|\brap[\s-]?sheets?\b"
    r"|\bcriminal\s+(?:history|offender)\s+(?:record|information|transcript|print[\s-]?out)"
    r"|\b(?:CII|FBI|SID|UCN|OCA|ORI|MNI|PFN)\s*(?:numbers?|num|no|nr)?\s*[.:#]*\s*[A-Z]{0,2}\d{5,}"
    r"|\blaw\s+enforcement\s+sensitive\b"
    r"|\bsubject\s+of\s+record\b",
    re.IGNORECASE,
)
# So much of a file is looked at: more than any table of counts holds.
MOST_LOOKED_AT = 5 * 2**20
REFUSED = (
    "This names a police record system, or looks like an entry of one (CLETS, NCIC, a rap sheet). Nothing from there may "
    "be kept in this program. Say it without that."
)
ATTEST = "I looked through this file: it holds nothing from CLETS, NCIC or a criminal record, and names no person."

_is_bound: ContextVar[bool] = ContextVar("waymark_writer_is_of_the_justice_side", default=False)


def holds_records(text: str) -> bool:
    """Whether a text carries a marker of a police record system."""
    return MARKERS.search(text) is not None


@contextmanager
def written_by_justice(is_justice: bool) -> Iterator[None]:
    """Everything that is typed and uploaded inside is somebody's of the justice side, or nobody's."""
    mark = _is_bound.set(is_justice)
    try:
        yield
    finally:
        _is_bound.reset(mark)


def refuses_records() -> bool:
    """Whether who writes now is of the justice side."""
    return _is_bound.get()
