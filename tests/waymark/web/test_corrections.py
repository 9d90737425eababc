"""What is corrected is read first: with a locked vault there is no empty form that would empty what it corrects.

`CORRECTIONS` are the addresses of the survivor side at which something sealed is corrected; those of diversion are tried
beside its desks (tests/waymark/diversion/test_journeys.py). tests/architecture/test_corrections.py holds both to the
addresses that there are, so that a new one is tried too.
"""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from tests.factories.assistance import a_fund
from tests.factories.obligations import reporting
from tests.factories.vault import PASSPHRASE
from tests.waymark.assistance.test_pages import ASKED
from tests.waymark.cases.conftest import cheap
from tests.waymark.cases.desks import Desk
from tests.waymark.cases.test_look_histories import parts_of
from tests.waymark.obligations.test_reports import REPORT
from tests.waymark.relief.conftest import lawyers_desk
from tests.waymark.relief.steps import drafted_relief

from waymark.access.sites import staff_page
from waymark.cases.models import Case

__all__ = ["cheap"]
FORM = '<form method="post" novalidate'
# Which parts of the world stand in each address.
CORRECTIONS: dict[str, tuple[str, ...]] = {
    "assistance:change": ("request",),
    "cases:goal_change": ("case", "goal"),
    "cases:legal_change": ("case", "legal"),
    "cases:note_change": ("case", "note"),
    "cases:safety_plan_write": ("case",),
    "cases:service_correct": ("case", "service"),
    "cases:step_change": ("case", "step"),
    "obligations:report_change": ("report",),
    "people:change": ("person",),
    "relief:draft": ("relief",),
    "relief:questions": ("relief",),
    "reports:facts": ("case",),
}
pytestmark = pytest.mark.django_db


def sent(desk: Desk, url: str, typed: dict[str, Any]) -> str:
    done = desk.client.send(url, typed)
    assert done.status_code == 302, " ".join(done.content.decode().split())[:3000]
    return str(done["Location"])


def a_part_of_each(desk: Desk) -> dict[str, Any]:
    """One case with something in it that each of the forms corrects."""
    relief = drafted_relief(desk)
    with desk.person.acting():
        case = Case.objects.get()
        fund = a_fund(desk.agency, desk.user)
    reporting(desk.user)
    asked = sent(desk, staff_page("assistance:new", case.pk), {**ASKED, "fund": str(fund.pk)})
    report = sent(desk, staff_page("obligations:report_new", case.person_id), REPORT)
    sent(desk, staff_page("reports:facts", case.pk), {"gender": "female"})
    parts = {"case": case.pk, "person": case.person_id, "relief": relief.pk}
    last = {name: uuid.UUID(url.rstrip("/").rpartition("/")[2]) for name, url in (("request", asked), ("report", report))}
    return {**parts, **last, **parts_of(case, desk, with_a_file=False)}


def test_a_locked_vault_shows_no_form_of_what_it_cannot_read(cheap: None) -> None:
    """One opened while the vault was locked, and sent after it was unlocked in another tab, would have kept its blanks."""
    desk = lawyers_desk()
    part = a_part_of_each(desk)
    pages = {name: staff_page(name, *(part[of] for of in wanted)) for name, wanted in CORRECTIONS.items()}
    here = staff_page("cases:detail", part["case"])
    for name, url in pages.items():
        assert FORM in desk.get(url), name
    desk.client.send("/vault/lock/", page=here)
    for name, url in pages.items():
        page = desk.get(url)
        assert FORM not in page, name
        assert "Unlock your vault" in page, name
    assert FORM in desk.get(f"{here}notes/new/"), "something new can be typed, and is kept"
    note = pages["cases:note_change"]
    typed = desk.client.send(note, {"kind": "progress", "happened_on": "today", "text": "Typed."}, page=here)
    assert (typed.status_code, "Typed." in typed.content.decode()) == (422, True)
    assert desk.client.send("/vault/unlock/", {"passphrase": PASSPHRASE}).status_code == 302
    assert 'value="Ana Invented"' in desk.get(pages["people:change"])
    assert 'value="female" selected' in desk.get(pages["reports:facts"])
