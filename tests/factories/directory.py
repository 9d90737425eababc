"""Rows of the directory for tests.

Invariants: numbers are fictional (555-01xx); a place is open unless `ConfidentialLocationFactory` makes it, which has no
address, coordinates or way to it, as the database demands. Every name says that it is invented.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import factory
from factory.django import DjangoModelFactory

from waymark.directory import models


class OrganizationFactory(DjangoModelFactory[models.Organization]):
    class Meta:
        model = models.Organization

    name = factory.Sequence(lambda n: f"Invented Agency {n}")
    description = "An agency that exists only in tests."
    website = "https://agency.example.org/"


class ProgramFactory(DjangoModelFactory[models.Program]):
    class Meta:
        model = models.Program

    organization = factory.SubFactory(OrganizationFactory)
    name = factory.Sequence(lambda n: f"Invented program {n}")
    description = "A program of an invented agency."


class OrganizationIdentifierFactory(DjangoModelFactory[models.OrganizationIdentifier]):
    class Meta:
        model = models.OrganizationIdentifier

    organization = factory.SubFactory(OrganizationFactory)
    identifier_scheme = "US-EIN"
    identifier_type = "EIN"
    identifier = "00-0000000"


class ServiceFactory(DjangoModelFactory[models.Service]):
    class Meta:
        model = models.Service

    organization = factory.SubFactory(OrganizationFactory)
    name = factory.Sequence(lambda n: f"Invented service {n}")
    description = "Help that exists only in tests."
    status = models.Service.Status.ACTIVE


class LocationFactory(DjangoModelFactory[models.Location]):
    class Meta:
        model = models.Location

    name = factory.Sequence(lambda n: f"Invented place {n}")
    location_type = models.Location.Kind.PHYSICAL
    latitude = 38.58
    longitude = -121.49


class ConfidentialLocationFactory(LocationFactory):
    latitude = None
    longitude = None
    is_confidential = True


class AddressFactory(DjangoModelFactory[models.Address]):
    class Meta:
        model = models.Address

    location = factory.SubFactory(LocationFactory)
    address_1 = factory.Sequence(lambda n: f"{100 + n} Invented Street")
    city = "Rivermont"
    state_province = "CA"
    postal_code = "00001"
    country = "US"


class ServiceAtLocationFactory(DjangoModelFactory[models.ServiceAtLocation]):
    class Meta:
        model = models.ServiceAtLocation

    service = factory.SubFactory(ServiceFactory)
    location = factory.SubFactory(LocationFactory)


class ContactFactory(DjangoModelFactory[models.Contact]):
    class Meta:
        model = models.Contact

    service = factory.SubFactory(ServiceFactory)
    name = "Invented Person"
    title = "Intake"
    email = "intake@agency.example.org"


class PhoneFactory(DjangoModelFactory[models.Phone]):
    class Meta:
        model = models.Phone

    service = factory.SubFactory(ServiceFactory)
    number = factory.Sequence(lambda n: f"916-555-01{n % 100:02d}")
    type = "voice"


class ScheduleFactory(DjangoModelFactory[models.Schedule]):
    class Meta:
        model = models.Schedule

    service = factory.SubFactory(ServiceFactory)
    freq = "WEEKLY"
    byday = "MO,TU,WE,TH,FR"
    opens_at = dt.time(9)
    closes_at = dt.time(17)


class LanguageFactory(DjangoModelFactory[models.Language]):
    class Meta:
        model = models.Language

    service = factory.SubFactory(ServiceFactory)
    name = "Spanish"
    code = "es"


class AccessibilityFactory(DjangoModelFactory[models.Accessibility]):
    class Meta:
        model = models.Accessibility

    location = factory.SubFactory(LocationFactory)
    description = "Ramp at the door"


class ServiceAreaFactory(DjangoModelFactory[models.ServiceArea]):
    class Meta:
        model = models.ServiceArea

    service = factory.SubFactory(ServiceFactory)
    name = "Rivermont County"


class CostOptionFactory(DjangoModelFactory[models.CostOption]):
    class Meta:
        model = models.CostOption

    service = factory.SubFactory(ServiceFactory)
    option = "Free"
    amount = 0


class RequiredDocumentFactory(DjangoModelFactory[models.RequiredDocument]):
    class Meta:
        model = models.RequiredDocument

    service = factory.SubFactory(ServiceFactory)
    document = "None"


class FundingFactory(DjangoModelFactory[models.Funding]):
    class Meta:
        model = models.Funding

    service = factory.SubFactory(ServiceFactory)
    source = "Donations"


class UnitFactory(DjangoModelFactory[models.Unit]):
    class Meta:
        model = models.Unit

    name = "bed"


class ServiceCapacityFactory(DjangoModelFactory[models.ServiceCapacity]):
    class Meta:
        model = models.ServiceCapacity

    service = factory.SubFactory(ServiceFactory)
    unit = factory.SubFactory(UnitFactory)
    available = 2
    maximum = 10
    updated = dt.datetime(2026, 11, 1, 12, tzinfo=dt.UTC)


class UrlFactory(DjangoModelFactory[models.Url]):
    class Meta:
        model = models.Url

    service = factory.SubFactory(ServiceFactory)
    label = "More"
    url = "https://agency.example.org/more"


class TaxonomyFactory(DjangoModelFactory[models.Taxonomy]):
    class Meta:
        model = models.Taxonomy

    name = factory.Sequence(lambda n: f"Invented taxonomy {n}")
    description = "A way to sort help, for tests."


class TaxonomyTermFactory(DjangoModelFactory[models.TaxonomyTerm]):
    class Meta:
        model = models.TaxonomyTerm

    taxonomy = factory.SubFactory(TaxonomyFactory)
    code = factory.Sequence(lambda n: f"T-{n}")
    name = factory.Sequence(lambda n: f"Invented kind {n}")
    description = "A kind of help."


class AttributeFactory(DjangoModelFactory[models.Attribute]):
    """Links a row (by default a new service) to a term; pass `link_id` and `link_entity` for another row."""

    class Meta:
        model = models.Attribute

    taxonomy_term = factory.SubFactory(TaxonomyTermFactory)
    link_entity = "service"
    link_id = factory.LazyFunction(lambda: ServiceFactory().pk)


class MetadataFactory(DjangoModelFactory[models.Metadata]):
    class Meta:
        model = models.Metadata

    resource_type = "service"
    resource_id = factory.LazyFunction(lambda: ServiceFactory().pk)
    last_action_date = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    last_action_type = "update"
    field_name = "name"
    previous_value = "Old name"
    replacement_value = "New name"
    updated_by = "Ann Invented"


class MetaTableDescriptionFactory(DjangoModelFactory[models.MetaTableDescription]):
    class Meta:
        model = models.MetaTableDescription

    name = "services.csv"
    language = "en"
    character_set = "UTF-8"


class NeedFactory(DjangoModelFactory[models.Need]):
    class Meta:
        model = models.Need

    slug = factory.Sequence(lambda n: f"need-{n}")
    group = "safety"
    sentence = {"en": "I need a safe place tonight", "es": "Necesito un lugar seguro esta noche"}
    short = {"en": "Safe place", "es": "Lugar seguro"}
    words = {"en": ["shelter", "bed"], "es": ["refugio", "cama"]}


class HelpLineFactory(DjangoModelFactory[models.HelpLine]):
    class Meta:
        model = models.HelpLine

    slug = factory.Sequence(lambda n: f"line-{n}")
    name = {"en": "Invented line", "es": "Línea inventada"}
    purpose = {"en": "For tests.", "es": "Para pruebas."}
    scope = models.HelpLine.Scope.LOCAL
    operator = "Invented Agency"
    source = "https://agency.example.org/line"
    verified_on = dt.date(2026, 11, 1)
    verified_by = "steward"
    review_on = dt.date(2027, 5, 1)
    state = models.HelpLine.State.SHOWN


class HelpLineChannelFactory(DjangoModelFactory[models.HelpLineChannel]):
    class Meta:
        model = models.HelpLineChannel

    help_line = factory.SubFactory(HelpLineFactory)
    kind = models.HelpLineChannel.Kind.CALL
    value = "916-555-0100"
    languages = ["en", "es"]


def full_service(**fields: Any) -> models.Service:
    """A service with one row of every kind that can hang on it, at one open place."""
    organization = OrganizationFactory()
    program = ProgramFactory(organization=organization)
    service = ServiceFactory(organization=organization, program=program, **fields)
    location = LocationFactory(organization=organization)
    AddressFactory(location=location)
    AccessibilityFactory(location=location)
    LanguageFactory(service=None, location=location)
    visit = ServiceAtLocationFactory(service=service, location=location)
    contact = ContactFactory(service=service)
    phone = PhoneFactory(service=service)
    LanguageFactory(service=None, phone=phone)
    PhoneFactory(service=None, contact=contact)
    PhoneFactory(service=None, service_at_location=visit)
    PhoneFactory(service=None, location=location)
    PhoneFactory(service=None, organization=organization)
    ContactFactory(service=None, location=location)
    ContactFactory(service=None, service_at_location=visit)
    ContactFactory(service=None, organization=organization)
    ScheduleFactory(service=service)
    ScheduleFactory(service=None, service_at_location=visit)
    ScheduleFactory(service=None, location=location)
    for made in (LanguageFactory, ServiceAreaFactory, CostOptionFactory, RequiredDocumentFactory, FundingFactory):
        made(service=service)
    FundingFactory(service=None, organization=organization)
    ServiceAreaFactory(service=None, service_at_location=visit)
    ServiceCapacityFactory(service=service)
    UrlFactory(service=service)
    UrlFactory(service=None, organization=organization)
    OrganizationIdentifierFactory(organization=organization)
    AttributeFactory(link_id=service.pk)
    AttributeFactory(link_id=location.pk, link_entity="location")
    MetadataFactory(resource_id=service.pk)
    return service
