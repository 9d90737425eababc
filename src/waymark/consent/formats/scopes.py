"""The closed list of what a release can name: groups of fields of a person's file, each in plain words.

A scope is shared whole, or only those of its records that the release names one by one. No note has a scope, privileged or
not, and neither has a real address, an assessment or a code of exploitation: what is not on this list cannot be named,
ticked or sent. Apps that keep a scope's content give it when they start, as one text or record by record; a scope that
nobody gives is not offered.

A new scope is an entry here, a question of the packet kind `package` (waymark.disclosures.formats.kinds) and a migration of
the database's own list; tests hold the three together. One of records is a branch of `consent_record_stands` as well.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from waymark.disclosures.formats.kinds import PACKAGE, label_of


@dataclass(frozen=True)
class Scope:
    """One group of fields, in the words of the worker's screen and of the survivor's."""

    code: str
    en: str
    es: str
    # Whether it is a list of records that can be named one by one.
    of_records: bool = False

    def words(self, language: str) -> str:
        return self.es if language == "es" else self.en


@dataclass(frozen=True)
class Asked:
    """What a collector is given: whose file, the keys that are open, who asks and on which day; of which records alone."""

    person: Any
    vault: Any = field(repr=False)
    by: Any
    on: dt.date
    # None asks for all of it. An empty set asks for nothing.
    only: frozenset[uuid.UUID] | None = None

    def asks_for(self, pk: uuid.UUID) -> bool:
        return self.only is None or pk in self.only


@dataclass(frozen=True)
class Item:
    """One record of a scope as the worker sees it opened: its text, and the day by which a person knows it again.

    `es` is the text for a person who reads Spanish, where it is made of our own words; what a worker typed stays as it is.
    """

    pk: uuid.UUID
    text: str = field(repr=False)
    on: dt.date
    es: str = field(default="", repr=False)


Collect = Callable[[Asked], str]
Items = Callable[[Asked], list[Item]]

SCOPES: tuple[Scope, ...] = (
    Scope("person.name", "The name you want to be called by", "El nombre con el que quiere que le llamen"),
    Scope("person.legal_name", "Your name on papers", "Su nombre en los documentos"),
    Scope("person.born", "Your date of birth", "Su fecha de nacimiento"),
    Scope("person.languages", "Your languages", "Los idiomas que habla"),
    Scope(
        "person.contact",
        "Safe ways and times to reach you",
        "Formas y horas seguras de comunicarse con usted",
        of_records=True,
    ),
    Scope(
        "person.address",
        "Your mailing address, not where you are",
        "Su dirección postal, no el lugar donde está",
        of_records=True,
    ),
    Scope("person.household", "How many people are with you", "Cuántas personas están con usted"),
    Scope("case.asked_for", "What you asked us for", "Lo que usted nos pidió", of_records=True),
    Scope("case.worker", "Who works with you here", "Quién trabaja con usted aquí"),
    Scope("care.needs", "What you need", "Lo que usted necesita", of_records=True),
    Scope("care.goals", "Your goals and next steps", "Sus metas y los próximos pasos", of_records=True),
    Scope("care.services", "Which services you got here", "Qué servicios recibió aquí", of_records=True),
    Scope("referral.request", "What you ask them for", "Lo que usted les pide", of_records=True),
    Scope("relief.legal", "Your legal applications and their dates", "Sus trámites legales y sus fechas", of_records=True),
)
CODES: tuple[str, ...] = tuple(scope.code for scope in SCOPES)
RECORD_CODES: tuple[str, ...] = tuple(scope.code for scope in SCOPES if scope.of_records)
_BY_CODE = {scope.code: scope for scope in SCOPES}
_collectors: dict[str, Collect] = {}
_items: dict[str, Items] = {}


def register_scope(code: str, collect: Collect) -> None:
    """Say who gives a scope's content. Called by an app when it starts, once for each scope."""
    if code not in _BY_CODE or code in RECORD_CODES:
        raise ValueError(f"{code} is not on the list of scopes, or consists of records.")
    _collectors[code] = collect


def register_records(code: str, items: Items) -> None:
    """Say who gives the records of a scope. Which of them go is decided here alone, whoever gives them."""
    if code not in RECORD_CODES:
        raise ValueError(f"{code} is not a scope of records.")
    _items[code] = items

    def collect(asked: Asked) -> str:
        return text_of(items_of(code, asked))

    _collectors[code] = collect


def items_of(code: str, asked: Asked) -> list[Item]:
    """The records of a scope that are asked for and say something; none for a scope that does not consist of records."""
    items = _items.get(code)
    return [item for item in items(asked) if asked.asks_for(item.pk) and item.text] if items is not None else []


def text_of(items: Iterable[Item]) -> str:
    return "\n".join(item.text for item in items)


def record_code(scope: str, pk: uuid.UUID | str) -> str:
    """How a ledger's line names one record that left."""
    return f"{scope}:{pk}"


def named_counts(records: Iterable[str]) -> dict[str, int]:
    """How many records of each scope a ledger's line names."""
    return Counter(record.partition(":")[0] for record in records)


def offered() -> tuple[Scope, ...]:
    """The scopes that somebody gives content for, in the list's order."""
    return tuple(scope for scope in SCOPES if scope.code in _collectors)


def collector_of(code: str) -> Collect | None:
    return _collectors.get(code)


def scope_of(code: str) -> Scope:
    return _BY_CODE[code]


def labels_of(codes: Sequence[str], named: Mapping[str, int] | None = None) -> list[str]:
    """Scopes in the words of the worker's pages, and of the recipient's, in the list's order.

    `named` says of which scopes only so many records are named.
    """
    known = [code for code in CODES if code in codes]
    whole = [*known, *(code for code in codes if code not in known)]
    return [_said(label_of(PACKAGE.code, code), code, named or {}, "en") for code in whole]


def words_of(codes: Sequence[str], language: str = "en", named: Mapping[str, int] | None = None) -> list[str]:
    """Scopes in words, in the list's order; a code that the list lost is shown as it is."""
    known = [_said(scope.words(language), scope.code, named or {}, language) for scope in SCOPES if scope.code in codes]
    return known + [code for code in codes if code not in _BY_CODE]


def _said(words: str, code: str, named: Mapping[str, int], language: str) -> str:
    """Behind the words of a scope of which only some records are named, how many."""
    if code not in named:
        return words
    how = "cada cosa por separado" if language == "es" else "named one by one"
    return f"{words} ({'solo' if language == 'es' else 'only'} {named[code]}, {how})"
