"""The small rows that belong to a listing: one short form each.

`PARTS` says for every kind of row which listing carries it, which form edits it, and whether it waits for a second person.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.db.models import Model

from waymark.directory.forms.dated import AlertForm
from waymark.directory.forms.reaching import AddressForm, LanguageForm, PhoneForm
from waymark.directory.forms.web_pages import WebPageField
from waymark.directory.models import (
    Accessibility,
    Address,
    Contact,
    CostOption,
    Funding,
    Language,
    Location,
    OrganizationIdentifier,
    Phone,
    Program,
    RequiredDocument,
    ServiceAlert,
    ServiceArea,
    ServiceAtLocation,
    ServiceCapacity,
    Unit,
    Url,
)
from waymark.pages.questions import RecordForm
from waymark.pages.typed_values import DayField


class CostOptionForm(RecordForm):
    amount = forms.FloatField(label="Amount", required=False, min_value=0, help_text="In dollars. 0 means free.")
    valid_from = DayField(label="From", required=False)
    valid_to = DayField(label="Until", required=False)

    class Meta:
        model = CostOption
        fields = ["option", "amount", "currency", "amount_description", "valid_from", "valid_to"]
        labels = {"option": "For whom", "currency": "Currency", "amount_description": "In words"}
        help_texts = {"option": "Like “Adults” or “With Medi-Cal”.", "currency": "Three letters, like USD."}
        widgets = {
            "option": forms.TextInput,
            "currency": forms.TextInput(attrs={"class": "usa-input short"}),
            "amount_description": forms.TextInput,
        }

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        if data.get("valid_from") and data.get("valid_to") and data["valid_to"] < data["valid_from"]:
            self.add_error("valid_to", "The last day comes before the first day. Check both.")
        currency = str(data.get("currency") or "").strip().upper()
        if data.get("amount") is not None and not currency:
            currency = "USD"
        if currency and (len(currency) != 3 or not currency.isalpha()):
            self.add_error("currency", "Enter the currency as three letters, like USD.")
        data["currency"] = currency
        if not any(data.get(name) not in (None, "") for name in ("option", "amount", "amount_description")):
            self.add_error(None, "Say the cost in at least one of the fields.")
        return data


class RequiredDocumentForm(RecordForm):
    document = forms.CharField(
        label="Document", max_length=300, help_text="Like “Any photo ID”. Add it only if help stops without it."
    )

    class Meta:
        model = RequiredDocument
        fields = ["document", "uri"]
        labels = {"uri": "Web page about it"}
        widgets = {"uri": forms.URLInput}

    why = {"document": "People without papers stay away when a list is too long. List only what is truly needed."}


class ContactForm(RecordForm):
    class Meta:
        model = Contact
        fields = ["title", "department", "email", "name"]
        labels = {"title": "Role", "department": "Department", "email": "E-mail", "name": "Name of the person"}
        help_texts = {
            "title": "Like “Intake worker”.",
            "name": "Shown to everyone. Leave it empty unless the person agreed. Never a person of a confidential place.",
        }
        widgets = {
            "title": forms.TextInput,
            "department": forms.TextInput,
            "email": forms.EmailInput,
            "name": forms.TextInput,
        }

    def clean(self) -> dict[str, Any]:
        if not any(self.cleaned_data.values()) and not self.errors:
            self.add_error(None, "Fill in at least one field.")
        return self.cleaned_data


class ServiceAreaForm(RecordForm):
    name = forms.CharField(label="Area", max_length=200, help_text="Like “Rivermont County” or “All of California”.")

    class Meta:
        model = ServiceArea
        fields = ["name", "description"]
        labels = {"description": "In words"}
        widgets = {"description": forms.TextInput}


class FundingForm(RecordForm):
    source = forms.CharField(label="Who pays for it", max_length=300)

    class Meta:
        model = Funding
        fields = ["source"]


class UrlForm(RecordForm):
    url = WebPageField(label="Web page", max_length=500, help_text="Starts with https://.")

    class Meta:
        model = Url
        fields = ["url", "label"]
        labels = {"label": "What it is"}
        widgets = {"label": forms.TextInput}


class ServiceAtLocationForm(RecordForm):
    location = forms.ModelChoiceField(
        Location.objects.select_related("organization"), label="Place", empty_label="Choose the place"
    )

    class Meta:
        model = ServiceAtLocation
        fields = ["location", "description"]
        labels = {"description": "What is special here"}
        help_texts = {"description": "Like “Second floor, ring twice”."}
        widgets = {"description": forms.TextInput}


class CapacityForm(RecordForm):
    unit_name = forms.CharField(label="What is counted", max_length=100, help_text="Like “beds” or “places on the list”.")
    available = forms.FloatField(label="Free now", min_value=0)
    maximum = forms.FloatField(label="Of at most", min_value=0, required=False)

    class Meta:
        model = ServiceCapacity
        fields = ["available", "maximum", "description"]
        labels = {"description": "Note"}
        widgets = {"description": forms.TextInput}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.unit_id:
            self.initial["unit_name"] = self.instance.unit.name

    sections = (("", ("unit_name", "available", "maximum", "description")),)

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        if data.get("maximum") is not None and data.get("available") is not None and data["available"] > data["maximum"]:
            self.add_error("available", "More is free than there is at most. Check both.")
        return data

    def save(self, commit: bool = True) -> Any:
        name = self.cleaned_data["unit_name"].strip()
        self.instance.unit = Unit.objects.filter(name__iexact=name).order_by("id").first() or Unit(name=name)
        return super().save(commit)


class AccessibilityForm(RecordForm):
    description = forms.CharField(label="What there is", max_length=300, help_text="Like “Ramp at the side door”.")

    class Meta:
        model = Accessibility
        fields = ["description", "details", "url"]
        labels = {"details": "More about it", "url": "Web page"}
        widgets = {"details": forms.Textarea(attrs={"rows": 2}), "url": forms.URLInput}
        field_classes = {"url": WebPageField}


class ProgramForm(RecordForm):
    name = forms.CharField(label="Name of the program", max_length=200)

    class Meta:
        model = Program
        fields = ["name", "alternate_name", "description"]
        labels = {"alternate_name": "Other name", "description": "What it does"}
        widgets = {"alternate_name": forms.TextInput}


class IdentifierForm(RecordForm):
    identifier_type = forms.CharField(label="Kind of number", max_length=100, help_text="Like “EIN”.")
    identifier = forms.CharField(label="Number", max_length=100)

    class Meta:
        model = OrganizationIdentifier
        fields = ["identifier_type", "identifier", "identifier_scheme"]
        labels = {"identifier_scheme": "Scheme"}
        widgets = {"identifier_scheme": forms.TextInput}


@dataclass(frozen=True)
class Part:
    """A kind of small row: its address, its words, its form, and what carries it."""

    model: type[Model]
    form: type[RecordForm]
    one: str
    related: str
    waits: bool = False


def _part(model: type[Model], form: type[RecordForm], one: str, related: str, *, waits: bool = False) -> Part:
    return Part(model, form, one, related, waits)


_PHONE = _part(Phone, PhoneForm, "phone", "phones", waits=True)
_CONTACT = _part(Contact, ContactForm, "contact", "contacts")
_LANGUAGE = _part(Language, LanguageForm, "language", "languages")
_FUNDING = _part(Funding, FundingForm, "funder", "funding")

PARTS: dict[str, dict[str, Part]] = {
    "service": {
        "phone": _PHONE,
        "place": _part(ServiceAtLocation, ServiceAtLocationForm, "place", "service_at_locations"),
        "language": _LANGUAGE,
        "cost": _part(CostOption, CostOptionForm, "cost", "cost_options"),
        "document": _part(RequiredDocument, RequiredDocumentForm, "document", "required_documents"),
        "area": _part(ServiceArea, ServiceAreaForm, "area", "service_areas"),
        "contact": _CONTACT,
        "alert": _part(ServiceAlert, AlertForm, "dated alert", "dated_alerts"),
        "capacity": _part(ServiceCapacity, CapacityForm, "capacity", "capacities"),
        "funder": _FUNDING,
        "page": _part(Url, UrlForm, "web page", "additional_urls"),
    },
    "organization": {
        "phone": _PHONE,
        "contact": _CONTACT,
        "program": _part(Program, ProgramForm, "program", "programs"),
        "number": _part(OrganizationIdentifier, IdentifierForm, "official number", "organization_identifiers"),
        "funder": _FUNDING,
        "page": _part(Url, UrlForm, "web page", "additional_websites"),
    },
    "location": {
        "address": _part(Address, AddressForm, "address", "addresses", waits=True),
        "phone": _PHONE,
        "language": _LANGUAGE,
        "access": _part(Accessibility, AccessibilityForm, "way in", "accessibility"),
        "contact": _CONTACT,
    },
}
