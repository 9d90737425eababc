"""What was said in confidence is in no file, no count, no copy and no search, whoever asks: only its case page shows it."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from pathlib import Path

import pytest
from django.utils import timezone
from tests.factories.care import a_service
from tests.factories.people import opened_case
from tests.waymark.cases.desks import Desk
from tests.waymark.reports.test_leaving import HMIS, TAKE_OUT

from waymark.cases.actions.notes import write_note
from waymark.cases.actions.opening import tell_notices
from waymark.consent.actions.packages import collected
from waymark.consent.formats.scopes import CODES
from waymark.reports.actions.facts import write_facts

pytestmark = pytest.mark.django_db
SECRET = "Heron by the invented river"


def _readable(content: bytes) -> str:
    """A file as text, whatever is packed in it."""
    if content[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            content = b"".join(archive.read(name) for name in archive.namelist())
    return content.decode("utf-8", "replace")


def test_a_privileged_note_is_in_no_export_report_copy_or_search(desk: Desk) -> None:
    case = opened_case(desk.person, name="Rosa Invented", facts={"born": "1990-05-04"}, asked_for="A room")
    with desk.person.acting():
        vault, today = desk.person.vault(), timezone.localdate()
        tell_notices(vault=vault, case=case, about=("limits",), language="English", by=desk.user)
        write_note(vault=vault, case=case, kind="privileged", happened_on=today, text=SECRET, by=desk.user)
    assert SECRET in desk.get(f"/cases/{case.pk}/"), "there it is"
    with desk.person.acting():
        facts = {"gender": "female", "race": "hispanic", "victimization": ["domestic"]}
        write_facts(vault=vault, case=case, values=facts, by=desk.user)
        a_service(case, desk.user, code="case_work", on=dt.date(2026, 7, 3))
        everything = collected(CODES, person=case.person, vault=vault, by=desk.user)
    assert everything
    assert SECRET not in str(everything)
    sheets = "/reports/sheets/"
    for url, told in (
        (sheets + "take-out/", TAKE_OUT),
        (sheets + "take-out/", {**TAKE_OUT, "form": "xlsx"}),
        (sheets + "hmis/", {**HMIS, "ends_on": today.isoformat()}),
    ):
        answer = desk.client.send(url, told)
        assert answer.status_code == 200, answer.content.decode()
        text = _readable(answer.content)
        assert "Heron" not in text
        assert len(text) > 100
    for url in ("/reports/count/voca/2026-07-01/", "/reports/", "/cases/", "/cases/?q=Heron", f"/people/{case.person_id}/"):
        assert "invented river" not in desk.get(url), url
    found = desk.client.send("/search/", {"q": "Heron"}, page="/search/")
    assert "invented river" not in found.content.decode()
    copy = {"outside": "own_agency", "codes": list(everything), "method": "csv", "language": "en"}
    given = desk.client.send(f"/sharing/people/{case.person_id}/copy/", copy)
    assert given.status_code == 200
    assert "Heron" not in given.content.decode()


def test_nothing_that_leaves_a_case_knows_notes() -> None:
    """What gives something out does not even import them. Courts alone ask, after a judge has read one alone."""
    source = Path(__file__).parents[3] / "src" / "waymark"
    imports = re.compile(r"import[^\n]*\b(?:Note|Addendum)\b|import \([^)]*\b(?:Note|Addendum),")
    for app in ("reports", "referrals", "consent", "care", "disclosures", "people"):
        knowing = [str(path) for path in (source / app).rglob("*.py") if imports.search(path.read_text(encoding="utf-8"))]
        assert knowing == [], knowing
