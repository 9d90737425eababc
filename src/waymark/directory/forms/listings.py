"""Forms of services, organizations and places, with field help in plain words."""

from __future__ import annotations

from typing import Any

from django import forms

from waymark.directory.forms.web_pages import WebPageField
from waymark.directory.models import Location, Need, Organization, Program, Service
from waymark.directory.selectors.listings import needs_in_order
from waymark.pages.offers import offer_rows
from waymark.pages.questions import RecordForm


class NeedChoices(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    """A need shown as the sentence that a person would say."""

    def label_from_instance(self, obj: Any) -> str:
        return str(obj.sentence.get("en") or obj.slug)


class ServiceForm(RecordForm):
    organization = forms.ModelChoiceField(
        Organization.objects.all(),
        label="Organization",
        required=False,
        empty_label="Choose the organization",
        help_text="Who offers this help.",
    )
    program = forms.ModelChoiceField(
        Program.objects.select_related("organization"),
        label="Program",
        required=False,
        empty_label="No program",
        help_text="Only if the organization groups its services.",
    )
    needs = NeedChoices(
        Need.objects.none(),
        label="People find it when they say",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Tick every sentence that this service answers.",
    )

    class Meta:
        model = Service
        fields = [
            "name",
            "alternate_name",
            "organization",
            "program",
            "status",
            "alert",
            "description",
            "needs",
            "eligibility_description",
            "minimum_age",
            "maximum_age",
            "police_contact",
            "application_process",
            "interpretation_services",
            "fees_description",
            "wait_time",
            "url",
            "email",
            "accreditations",
            "licenses",
        ]
        labels = {
            "name": "Name of the service",
            "alternate_name": "Other name",
            "status": "State",
            "alert": "Lasting alert",
            "description": "What help it gives",
            "eligibility_description": "Who can use it",
            "minimum_age": "Youngest age",
            "maximum_age": "Oldest age",
            "police_contact": "Contact with police",
            "application_process": "How to start",
            "interpretation_services": "Interpreters",
            "fees_description": "What it costs",
            "wait_time": "Usual wait",
            "url": "Web page",
            "email": "E-mail",
            "accreditations": "Accreditations",
            "licenses": "Licenses",
        }
        help_texts = {
            "name": "As people know it, like “Night shelter”.",
            "alternate_name": "An old name or a short name that people may search for.",
            "alert": "Shown until you remove it. For a few days, add a dated alert on the service's page instead.",
            "description": "Two or three short sentences. Write for someone who is tired and reads little.",
            "eligibility_description": "Who can come and who cannot. Say it even when everyone can.",
            "minimum_age": "In years. Leave it empty if there is no limit.",
            "maximum_age": "In years. Leave it empty if there is no limit.",
            "application_process": "Walk in, call first, or a referral? What happens at the first visit?",
            "interpretation_services": "Like “Phone interpreter for any language”.",
            "fees_description": "Write “Free” if it is free. People leave when they must guess.",
            "url": "Starts with https://. The page's name will stay in the phone's history.",
            "email": "Only an address that is read every day.",
        }
        widgets = {
            "name": forms.TextInput,
            "alternate_name": forms.TextInput,
            "alert": forms.TextInput,
            "wait_time": forms.TextInput,
            "url": forms.URLInput,
            "email": forms.EmailInput,
            "accreditations": forms.TextInput,
            "licenses": forms.TextInput,
            "police_contact": forms.RadioSelect,
            "fees_description": forms.Textarea(attrs={"rows": 2}),
            "interpretation_services": forms.Textarea(attrs={"rows": 2}),
        }
        field_classes = {"url": WebPageField}

    sections = (
        ("What it is", ("name", "alternate_name", "organization", "program", "status", "alert", "description")),
        ("How people find it", ("needs",)),
        ("Who can use it", ("eligibility_description", "minimum_age", "maximum_age", "police_contact")),
        ("How to use it", ("application_process", "interpretation_services", "fees_description", "wait_time")),
        ("Where to read more", ("url", "email", "accreditations", "licenses")),
    )
    why = {
        "police_contact": "Many people stay away from help because they fear the police. They can filter by this answer. "
        "“Not known” is honest: never promise what the organization has not said in writing.",
        "status": "A service that is closed for now stays in the list with that word, so that nobody travels for nothing.",
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_rows(self, "needs", needs_in_order())

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        youngest, oldest = data.get("minimum_age"), data.get("maximum_age")
        for name in ("minimum_age", "maximum_age"):
            age = data.get(name)
            if age is not None and not 0 <= age <= 130:
                self.add_error(name, "Enter an age in years, like 18.")
        if youngest is not None and oldest is not None and youngest > oldest:
            self.add_error("maximum_age", "The oldest age is below the youngest age. Check both.")
        return data


class OrganizationForm(RecordForm):
    class Meta:
        model = Organization
        fields = [
            "name",
            "alternate_name",
            "description",
            "website",
            "email",
            "parent_organization",
            "year_incorporated",
            "legal_status",
            "logo",
            "uri",
        ]
        labels = {
            "name": "Name of the organization",
            "alternate_name": "Other name",
            "description": "What it does",
            "website": "Web page",
            "email": "E-mail",
            "parent_organization": "Part of",
            "year_incorporated": "Founded in",
            "legal_status": "Legal form",
            "logo": "Address of the logo",
            "uri": "Permanent identifier",
        }
        help_texts = {
            "description": "Two or three short sentences.",
            "website": "Starts with https://.",
            "email": "Only an address that is read every day.",
            "parent_organization": "Only if it belongs to a larger organization in this list.",
            "year_incorporated": "A year, like 1998.",
            "legal_status": "Like “501(c)(3) non-profit” or “county agency”.",
            "logo": "For partners that take our data. Our own pages show no logos.",
            "uri": "A web address that always means this organization, if it has one.",
        }
        widgets = {
            "name": forms.TextInput,
            "alternate_name": forms.TextInput,
            "website": forms.URLInput,
            "email": forms.EmailInput,
            "legal_status": forms.TextInput,
            "logo": forms.URLInput,
            "uri": forms.TextInput,
        }
        field_classes = {"website": WebPageField}

    sections = (
        ("What it is", ("name", "alternate_name", "description", "parent_organization")),
        ("How to read more", ("website", "email")),
        ("For partners", ("year_incorporated", "legal_status", "logo", "uri")),
    )

    def clean_parent_organization(self) -> Organization | None:
        """An organization that is part of itself, however far round, would send readers in a circle."""
        parent: Organization | None = self.cleaned_data["parent_organization"]
        seen, above = set(), parent
        while above is not None and above.pk not in seen:
            if above.pk == self.instance.pk:
                raise forms.ValidationError("This would make the organization part of itself. Choose another one.")
            seen.add(above.pk)
            above = above.parent_organization
        return parent

    def clean_year_incorporated(self) -> float | None:
        year: float | None = self.cleaned_data["year_incorporated"]
        if year is not None and (year != int(year) or not 1500 <= year <= 2200):
            raise forms.ValidationError("Enter the year as 4 digits, like 1998.")
        return year


class LocationForm(RecordForm):
    class Meta:
        model = Location
        fields = [
            "name",
            "alternate_name",
            "organization",
            "location_type",
            "description",
            "transportation",
            "latitude",
            "longitude",
            "url",
            "external_identifier",
            "external_identifier_type",
        ]
        labels = {
            "name": "Name of the place",
            "alternate_name": "Other name",
            "organization": "Whose place it is",
            "location_type": "Kind",
            "description": "What to look for",
            "transportation": "How to get there",
            "latitude": "Latitude",
            "longitude": "Longitude",
            "url": "Web page",
            "external_identifier": "Number in another list",
            "external_identifier_type": "Which list",
        }
        help_texts = {
            "name": "Like “Main office” or “Church on Third Street”.",
            "description": "The door, the bell, the floor. Never what could show who goes in.",
            "transportation": "Bus lines and stops, parking.",
            "latitude": "Like 38.58. A changed point waits for a second person.",
            "longitude": "Like -121.49. A changed point waits for a second person.",
        }
        widgets = {
            "name": forms.TextInput,
            "alternate_name": forms.TextInput,
            "url": forms.URLInput,
            "external_identifier": forms.TextInput,
            "external_identifier_type": forms.TextInput,
            "location_type": forms.RadioSelect,
        }
        field_classes = {"url": WebPageField}

    sections = (
        ("What it is", ("name", "alternate_name", "organization", "location_type", "description")),
        ("How to find it", ("transportation", "latitude", "longitude", "url")),
        ("For partners", ("external_identifier", "external_identifier_type")),
    )
    why = {"latitude": "It sorts results by distance on the visitor's phone. We never ask where the visitor is."}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].required = True
        if self.instance.is_confidential:
            for name in (
                "transportation",
                "latitude",
                "longitude",
                "url",
                "external_identifier",
                "external_identifier_type",
            ):
                del self.fields[name]
            self.fields["description"].help_text = "This place is confidential. Write nothing that leads to its door."

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        latitude, longitude = data.get("latitude"), data.get("longitude")
        if latitude is not None and not -90 <= latitude <= 90:
            self.add_error("latitude", "A latitude lies between -90 and 90, like 38.58.")
        if longitude is not None and not -180 <= longitude <= 180:
            self.add_error("longitude", "A longitude lies between -180 and 180, like -121.49.")
        if "latitude" in self.fields and (latitude is None) != (longitude is None) and not self.errors:
            self.add_error("longitude", "Give both latitude and longitude, or neither.")
        return data


LISTING_FORMS: dict[str, type[ServiceForm] | type[OrganizationForm] | type[LocationForm]] = {
    "service": ServiceForm,
    "organization": OrganizationForm,
    "location": LocationForm,
}
