"""What is corrected is read first: with a locked vault there is no empty form that would empty what it corrects."""

from __future__ import annotations

import pytest
from tests.factories.people import opened_case
from tests.factories.vault import PASSPHRASE
from tests.waymark.cases.desks import desk_in
from tests.waymark.cases.test_look_histories import parts_of

FORM = '<form method="post" novalidate'
pytestmark = pytest.mark.django_db


def test_a_locked_vault_shows_no_form_of_what_it_cannot_read(cheap: None) -> None:
    """One opened while the vault was locked, and sent after it was unlocked in another tab, would have kept its blanks."""
    desk = desk_in()
    case = opened_case(desk.person, name="Rosa Invented")
    here, part = f"/cases/{case.pk}/", parts_of(case, desk, with_a_file=False)
    corrections = [
        f"/people/{case.person_id}/change/",
        f"{here}notes/{part['note']}/",
        f"{here}safety-plan/new/",
        f"{here}services/{part['service']}/",
        f"{here}legal/{part['legal']}/",
        f"{here}goals/{part['goal']}/change/",
        f"{here}steps/{part['step']}/change/",
    ]
    assert all(FORM in desk.get(url) for url in corrections)
    desk.client.send("/vault/lock/", page=here)
    for url in corrections:
        page = desk.get(url)
        assert FORM not in page, url
        assert "Unlock your vault" in page, url
    assert FORM in desk.get(f"{here}notes/new/"), "something new can be typed, and is kept"
    sent = desk.client.send(corrections[1], {"kind": "progress", "happened_on": "today", "text": "Typed."}, page=here)
    assert (sent.status_code, "Typed." in sent.content.decode()) == (422, True)
    assert desk.client.send("/vault/unlock/", {"passphrase": PASSPHRASE}).status_code == 302
    assert 'value="Rosa Invented"' in desk.get(corrections[0])
