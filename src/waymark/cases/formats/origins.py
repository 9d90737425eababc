"""What of a package or a referral has a place in the intake form. Everything else is read there and asked anew.

A safe way to reach somebody has none, on purpose: it was agreed with another agency, and this one asks again.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

# Kind of packet: which of its fields goes into which question of the intake.
PLACES: dict[str, dict[str, str]] = {
    "opaque_referral": {"needs": "asked_for"},
    "package": {
        "person.name": "name",
        "person.languages": "language",
        "case.asked_for": "asked_for",
        "referral.request": "asked_for",
    },
    "personal": {"name_to_use": "name", "language": "language", "needs": "asked_for"},
}


def takeable(kind: str, values: Mapping[str, str]) -> list[str]:
    """The fields of what came in that have a place in the intake and say something."""
    return [code for code in PLACES.get(kind, {}) if values.get(code)]


def taken_over(kind: str, values: Mapping[str, str], chosen: Collection[str]) -> dict[str, str]:
    """The intake as far as the worker chose to fill it; two fields of one place stand under each other."""
    found: dict[str, list[str]] = {}
    for code in takeable(kind, values):
        if code in chosen:
            found.setdefault(PLACES[kind][code], []).append(values[code])
    return {place: "\n".join(texts) for place, texts in found.items()}
