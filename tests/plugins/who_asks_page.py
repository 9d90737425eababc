"""What the matrix of who asks saw, in words: the cells of docs/who-asks.md, and the whole page."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from tests.plugins.askers import Answer, Asker
from tests.plugins.places import Address, Owner, Place

from waymark.access.guard import access_of
from waymark.access.permissions import ROLE_SENTENCES, Role

SIGN_IN = "/sign-in/"
WHO = {"own": "who is signed in", "token": "who holds the secret in the address", "signing_in": "who owes the second step"}
MEANING = {
    "opens": "sees the page, or the form",
    "sends": "may send the form that leads here (there is no page)",
    "—": "the role lacks the feature, and is told so (403)",
    "as justice": "asked for what a court alone can have; elsewhere it is an agency of the justice side",
    "hidden": "answered as if it did not exist (404)",
    "sign in": "sent to the sign-in page",
    "closed": "answered as if it did not exist, to everybody",
    "as the advocate": "not asked again: answered like the advocate elsewhere, but for what lawyers alone keep",
    "nothing of theirs": "whoever this is has no such thing; everybody else's is hidden",
}


def sign(address: Address, place: Place, asker: Asker, method: str, answer: Answer, *, may: bool) -> str:
    """The answer for one's own object as a word. Fails when it is not what the permission of the address says."""
    access = access_of(address.view)
    what = f"{asker.name} {method} {address.key}: {answer.status}"
    assert access is not None
    assert answer.status < 500, what
    location = dict(answer.headers).get("Location", "")
    if access.kind == "signing_in" or (access.kind in {"own", "requires"} and asker.user is None):
        assert answer.status == 302 and location.startswith(SIGN_IN), what  # noqa: PT018
        return "sign in"
    if access.kind == "requires" and not may:
        assert answer.status == 403, what
        return "—"
    if place.closed:
        assert answer.status == 404, what
        return "closed"
    if asker.role in place.hidden_from and answer.status != 405:
        assert answer.status == 404, what
        return "hidden"
    if answer.status == 405:
        return "post only" if method == "GET" else "get only"
    assert answer.status not in {403, 404}, f"{what}, though the role may: name it in hidden_from with the reason"
    return "opens" if method == "GET" else "sends"


def page(addresses: Mapping[str, Address], places: Mapping[str, Place], seen: Mapping[str, Mapping[str, str]]) -> str:
    """docs/who-asks.md."""
    names = list(next(iter(seen.values())))
    lines = [
        "# Who asks for what",
        "",
        "Every address of the staff site, asked for by everybody. Written by the test that asked",
        "(`tests/architecture/test_who_asks.py`), and compared with what it sees at every run.",
        "",
        "The cell is the answer for the asker's **own** object. For an object of **another agency** or another member, and",
        "for an id that was never given, the answers were equal in status, headers, body and database work, whoever asked",
        "and by whatever method. *The asker's own typing* (the address, the form's token) is left out of the comparison.",
        "",
        "| word | means |",
        "| --- | --- |",
        *(f"| {word} | {meaning} |" for word, meaning in MEANING.items()),
        "",
        "| role | who that is |",
        "| --- | --- |",
        *(f"| {role} | {ROLE_SENTENCES[role]} |" for role in sorted(Role)),
        "",
        f"| address | object of | permission | {' | '.join(names)} |",
        f"| --- | --- | --- |{' --- |' * len(names)}",
    ]
    for key in sorted(seen, key=lambda key: addresses[key].route):
        access = access_of(addresses[key].view)
        assert access is not None
        asked = access.permission.value if access.permission else WHO.get(access.kind, "everybody")
        owner = "" if places[key].owner is Owner.NOBODY else places[key].owner.value
        cells = " | ".join(seen[key][name] for name in names)
        lines.append(f"| `/{addresses[key].route}` | {owner} | {asked} | {cells} |")
    why = [
        f"- `/{addresses[key].route}` is hidden from a {role}: {reason}"
        for key in sorted(seen)
        for role, reason in sorted(places[key].hidden_from.items())
    ]
    why += [f"- `/{addresses[key].route}` is closed: {places[key].closed}" for key in sorted(seen) if places[key].closed]
    if why:
        lines += ["", "## Hidden although the role has the feature", "", *why]
    return "\n".join(lines) + "\n"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--write-who-asks", action="store_true", help="write docs/who-asks.md from what the matrix sees")
    parser.addoption("--write-schema", action="store_true", help="write the schema file from what the migrations make")
