"""Stewards see what nobody has checked yet."""

from __future__ import annotations

import pytest
from tests.factories.accounts import UserFactory
from tests.plugins.staff import SiteClient

from waymark.finder.content import law_lines, unchecked_subjects


@pytest.mark.django_db
def test_stewards_see_what_no_speaker_and_no_lawyer_has_checked() -> None:
    browser = SiteClient("staff")
    browser.force_login(UserFactory())
    page = browser.get("/words/").content.decode()
    assert "Spanish (Español)" in page
    for subject in unchecked_subjects("ar"):
        assert f"<li>{subject}</li>" in page
    assert page.count("Held back: not yet checked.") == len(law_lines("en")) > 20


def test_every_statement_of_law_has_its_section_and_day() -> None:
    for code in ("en", "es", "ar"):
        assert {law.key for law in law_lines(code)} == {law.key for law in law_lines("en")}
    for law in law_lines("en"):
        assert law.section
        assert law.as_of.isoformat() == "2026-11-22"
