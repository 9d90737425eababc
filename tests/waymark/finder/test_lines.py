"""All help lines on one page: what is dialed is what is said."""

from __future__ import annotations

import pytest
from django.test import Client

from waymark.coalition.models import Region
from waymark.directory.actions.reference_data import load_help_lines


@pytest.mark.django_db
def test_relay_is_dialed_and_the_line_is_asked_for() -> None:
    load_help_lines()
    Region.objects.create(pk=1, name="Example County", languages=["en", "es", "ar"], is_demo=False)

    page = " ".join(Client().get("/en/lines/").content.decode().split())

    assert "dial 711, then ask for 1-888-373-7888" in page
    assert 'href="tel:711"' in page
    assert "ask for 711" not in page
