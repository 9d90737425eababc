"""A listing's web page is an address, typed as it stands on a leaflet; any other text became a link to nowhere."""

from __future__ import annotations

import pytest

from waymark.directory.forms.listings import LocationForm, OrganizationForm, ServiceForm
from waymark.directory.forms.parts import AccessibilityForm, UrlForm

FORMS = [
    (ServiceForm, "url"),
    (OrganizationForm, "website"),
    (LocationForm, "url"),
    (AccessibilityForm, "url"),
    (UrlForm, "url"),
]


@pytest.mark.parametrize(("form", "name"), FORMS)
@pytest.mark.parametrize("typed", ["Words", "javascript:alert(1)", "ftp://agency.example.org", "https://"])
def test_what_is_no_address_is_said_at_its_field(db: None, form: type, name: str, typed: str) -> None:
    assert form({name: typed}).errors[name] == ["Write the address of the page, like https://www.example.org."]


@pytest.mark.parametrize(("form", "name"), FORMS)
def test_a_page_may_be_typed_without_its_beginning(db: None, form: type, name: str) -> None:
    sent = form({name: "www.agency.example.org/help"})
    assert name not in sent.errors
    assert sent.cleaned_data[name] == "https://www.agency.example.org/help"
