"""Who may open which page of the staff site: every view, every kind of asker, and wrong methods."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse
from tests.factories import directory as rows
from tests.plugins.staff import SiteClient

URLS = "waymark.config.urls_staff"


def _address(name: str, **kwargs: Any) -> str:
    return reverse(name, urlconf=URLS, kwargs=kwargs)


@pytest.fixture
def listing(db: None) -> dict[str, Any]:
    service = rows.ServiceFactory()
    visit = rows.ServiceAtLocationFactory(service=service)
    phone = rows.PhoneFactory(service=service)
    return {"service": service, "location": visit.location, "organization": service.organization, "phone": phone}


def test_every_page_opens(steward: SiteClient, listing: dict[str, Any]) -> None:
    for name in (
        "staff_home",
        "keyboard_shortcuts",
        "directory:service_list",
        "directory:organization_list",
        "directory:location_list",
        "directory:phone_list",
        "directory:hours_list",
        "directory:stale_list",
        "directory:change_list",
        "directory:report_list",
        "directory:help_line_list",
        "directory:help_line_add",
    ):
        answer = steward.get(_address(name))
        assert answer.status_code == 200, name
    for entity in ("service", "organization", "location"):
        pk = listing[entity].pk
        for url in (
            _address(f"directory:{entity}_detail", pk=pk),
            _address("directory:listing_edit", entity=entity, pk=pk),
            _address("directory:listing_verify", entity=entity, pk=pk),
            _address("directory:listing_history", entity=entity, pk=pk),
            _address("directory:listing_add", entity=entity),
            _address("directory:translation_add", entity=entity, pk=pk),
            _address("directory:part_add", entity=entity, pk=pk, kind="phone"),
        ):
            answer = steward.get(url)
            assert answer.status_code == 200, url
    assert steward.get(_address("directory:service_hours", pk=listing["service"].pk)).status_code == 200
    assert steward.get(_address("directory:location_confidential", pk=listing["location"].pk)).status_code == 200
    assert steward.get(_address("directory:report_resolve", pk=listing["service"].pk)).status_code == 200
