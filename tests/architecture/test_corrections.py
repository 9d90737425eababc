"""Every address at which something sealed is corrected says that it is a correction, and is tried with a locked vault.

A form that stood empty because the vault was locked would empty what it corrects, when it is sent with the vault open again
(`sealed_form`). So a view that reads an open vault and begins a form with something is a correction, or it is said here why
an empty form does no harm.
"""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from tests.plugins.places import Address, addresses
from tests.waymark.diversion.test_journeys import CORRECTIONS as OF_DIVERSION
from tests.waymark.web.test_corrections import CORRECTIONS

NEW = "writes something new"
IN_THE_OPEN = "what stands in its form is not sealed"
NO_CORRECTION = {
    "assistance:pay": IN_THE_OPEN,
    "cases:legal_new": NEW,
    "cases:new_from": NEW,
    "cases:plan": IN_THE_OPEN,
    "consent:again": NEW,
    "consent:new": NEW,
    "consent:send": "chooses what goes; nothing is written over",
    "diversion:docket_outcome": IN_THE_OPEN,
    "diversion:session_detail": IN_THE_OPEN,
    "obligations:incident_new": NEW,
    "obligations:statement_new": NEW,
    "referrals:ask_room": NEW,
    "referrals:letter_new": NEW,
    "referrals:refer": NEW,
    "reports:correct": "certifies a count beside the one before; without a vault nothing is certified",
}


@cache
def functions_of(file: Path) -> dict[str, ast.FunctionDef]:
    return {one.name: one for one in ast.parse(file.read_text()).body if isinstance(one, ast.FunctionDef)}


def around(name: str, functions: dict[str, ast.FunctionDef], known: set[str]) -> Iterator[ast.AST]:
    """The nodes of a function and of those of its own module that it names."""
    if name not in functions or name in known:
        return
    known.add(name)
    for node in ast.walk(functions[name]):
        yield node
        if isinstance(node, ast.Name):
            yield from around(node.id, functions, known)


def says(address: Address) -> set[str]:
    """The names and the keywords with which the view of an address works."""
    view = inspect.unwrap(address.view)
    file = inspect.getsourcefile(view)
    if file is None or "src/waymark" not in file:
        return set()
    nodes = list(around(view.__name__, functions_of(Path(file)), set()))
    names = {node.id for node in nodes if isinstance(node, ast.Name)}
    return names | {f"{node.arg}=" for node in nodes if isinstance(node, ast.keyword)}


def test_every_correction_is_one_and_is_tried_with_a_locked_vault() -> None:
    found = {address.key: says(address) for address in addresses()}
    corrections = {key for key, words in found.items() if "is_correction=" in words}
    beginning = {key for key, words in found.items() if {"initial=", "vault_in"} <= words}
    tried = {*CORRECTIONS, *OF_DIVERSION}
    assert sorted(tried - corrections) == [], "these say no longer that they correct what is sealed"
    assert sorted((corrections | beginning) - tried - NO_CORRECTION.keys()) == [], "try them, or say why they are none"
    assert sorted(NO_CORRECTION.keys() - (corrections | beginning)) == [], "these are asked about no more"
