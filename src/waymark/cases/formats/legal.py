"""Legal relief as it is sealed, with the clock of the law that runs for each kind.

A clock without a source is an empty slot: where the law gives none, a worker sets a day of their own, and nobody guesses.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from waymark.law.formats.dated_files import Clock, clock_file
from waymark.law.policies.clocks import due_on

KINDS: dict[str, str] = {
    "endorsement": "Law-enforcement endorsement for a T visa (form I-914 B)",
    "certification": "Certification for a U or T visa (form I-918 B, I-914 B)",
    "t_visa": "T visa",
    "u_visa": "U visa",
    "continued_presence": "Continued Presence",
    "compensation": "Victim compensation (CalVCB)",
    "protection_order": "Protection order",
}
STATUSES: dict[str, str] = {
    "planned": "Not asked for yet",
    "asked": "Asked for, no answer yet",
    "granted": "Granted",
    "denied": "Denied",
    "stopped": "They do not want it now",
}
# As a person hears them read in Spanish. No speaker has checked them yet.
KINDS_ES: dict[str, str] = {
    "endorsement": "Respaldo de la policía o la fiscalía para una visa T (formulario I-914 B)",
    "certification": "Certificación para una visa U o T (formulario I-918 B, I-914 B)",
    "t_visa": "Visa T",
    "u_visa": "Visa U",
    "continued_presence": "Permiso de presencia continua (Continued Presence)",
    "compensation": "Compensación para víctimas (CalVCB)",
    "protection_order": "Orden de protección",
}
STATUSES_ES: dict[str, str] = {
    "planned": "Todavía no se ha pedido",
    "asked": "Se pidió y aún no hay respuesta",
    "granted": "Concedido",
    "denied": "Negado",
    "stopped": "Usted no lo quiere ahora",
}
WAITING = frozenset({"planned", "asked"})


@dataclass(frozen=True)
class Legal:
    """One thing that is asked for. `since` is the day on which it was asked for; for compensation that of the crime."""

    kind: str
    status: str = "planned"
    since: str = field(default="", repr=False)
    in_removal: bool = field(default=False, repr=False)
    asked_of: str = field(default="", repr=False)
    reference: str = field(default="", repr=False)
    own_day: str = field(default="", repr=False)
    note: str = field(default="", repr=False)
    before: tuple[tuple[str, str], ...] = field(default=(), repr=False)

    @property
    def kind_words(self) -> str:
        return KINDS[self.kind]

    @property
    def status_words(self) -> str:
        return STATUSES[self.status]

    def clock(self) -> Clock | None:
        """The law's clock that runs now, or None: nothing was asked, it was answered, or the law gives none."""
        clocks = clock_file().clocks
        if self.kind == "endorsement" and self.status == "asked":
            return clocks["law_enforcement_endorsement"]
        if self.kind == "certification" and self.status == "asked":
            return clocks["certification_in_removal" if self.in_removal else "certification"]
        if self.kind == "compensation" and self.status == "planned":
            return clocks["victim_compensation"]
        return None

    def due_on(self) -> dt.date | None:
        """The earlier of the clock's last day and the worker's own, as long as something waits or an own day is set."""
        days = [dt.date.fromisoformat(self.own_day)] if self.own_day else []
        clock = self.clock()
        if clock is not None and self.since:
            days.append(due_on(clock.key, dt.date.fromisoformat(self.since)))
        return min(days, default=None)

    def days_before(self) -> list[tuple[str, dt.date]]:
        """Where it stood before, each with the day on which that was written."""
        return [(STATUSES[status], dt.date.fromisoformat(day)) for status, day in self.before]


def to_seal(legal: Legal) -> dict[str, Any]:
    return asdict(legal)


def read_legal(values: Mapping[str, Any]) -> Legal:
    """What was sealed; answers that were empty are not there."""
    kept = {each.name: values[each.name] for each in fields(Legal) if each.name in values}
    kept["before"] = tuple((status, day) for status, day in values.get("before", ()))
    return Legal(**kept)
