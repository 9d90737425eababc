"""The closed list of what a release can name: groups of fields of a person's file, each in plain words.

A scope is shared whole or not at all. No note has a scope, privileged or not, and neither has a real address, an assessment
or a code of exploitation: what is not on this list cannot be named, ticked or sent. Apps that keep a scope's content give
it through a collector, registered when they start; a scope without one is not offered.

A new scope is an entry here, a question of the packet kind `package` (waymark.disclosures.formats.kinds) and a migration of
the database's own list; tests hold the three together.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from waymark.disclosures.formats.kinds import PACKAGE, label_of


@dataclass(frozen=True)
class Scope:
    """One group of fields, in the words of the worker's screen and of the survivor's."""

    code: str
    en: str
    es: str

    def words(self, language: str) -> str:
        return self.es if language == "es" else self.en


@dataclass(frozen=True)
class Asked:
    """What a collector is given: whose file, the keys that are open, who asks and on which day."""

    person: Any
    vault: Any = field(repr=False)
    by: Any
    on: dt.date


Collect = Callable[[Asked], str]

SCOPES: tuple[Scope, ...] = (
    Scope("person.name", "The name you want to be called by", "El nombre con el que quiere que le llamen"),
    Scope("person.legal_name", "Your name on papers", "Su nombre en los documentos"),
    Scope("person.born", "Your date of birth", "Su fecha de nacimiento"),
    Scope("person.languages", "Your languages", "Los idiomas que habla"),
    Scope("person.contact", "Safe ways and times to reach you", "Formas y horas seguras de comunicarse con usted"),
    Scope("person.address", "Your mailing address, not where you are", "Su dirección postal, no el lugar donde está"),
    Scope("person.household", "How many people are with you", "Cuántas personas están con usted"),
    Scope("case.asked_for", "What you asked us for", "Lo que usted nos pidió"),
    Scope("case.worker", "Who works with you here", "Quién trabaja con usted aquí"),
    Scope("care.needs", "What you need", "Lo que usted necesita"),
    Scope("care.goals", "Your goals and next steps", "Sus metas y los próximos pasos"),
    Scope("care.services", "Which services you got here", "Qué servicios recibió aquí"),
    Scope("referral.request", "What you ask them for", "Lo que usted les pide"),
    Scope("relief.legal", "Your legal applications and their dates", "Sus trámites legales y sus fechas"),
)
CODES: tuple[str, ...] = tuple(scope.code for scope in SCOPES)
_BY_CODE = {scope.code: scope for scope in SCOPES}
_collectors: dict[str, Collect] = {}


def register_scope(code: str, collect: Collect) -> None:
    """Say who gives a scope's content. Called by an app when it starts, once for each scope."""
    if code not in _BY_CODE:
        raise ValueError(f"{code} is not on the list of scopes.")
    _collectors[code] = collect


def offered() -> tuple[Scope, ...]:
    """The scopes that somebody gives content for, in the list's order."""
    return tuple(scope for scope in SCOPES if scope.code in _collectors)


def collector_of(code: str) -> Collect | None:
    return _collectors.get(code)


def scope_of(code: str) -> Scope:
    return _BY_CODE[code]


def labels_of(codes: Sequence[str]) -> list[str]:
    """Scopes in the words of the worker's pages, and of the recipient's, in the list's order."""
    known = [code for code in CODES if code in codes]
    return [label_of(PACKAGE.code, code) for code in [*known, *(code for code in codes if code not in known)]]


def words_of(codes: list[str] | tuple[str, ...], language: str = "en") -> list[str]:
    """Scopes in words, in the list's order; a code that the list lost is shown as it is."""
    known = [scope.words(language) for scope in SCOPES if scope.code in codes]
    return known + [code for code in codes if code not in _BY_CODE]
