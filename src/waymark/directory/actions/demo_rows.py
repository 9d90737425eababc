"""Turns the demo files into rows of the directory, every row on a lasting id."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.db import models
from django.utils import timezone

from waymark.directory.actions.reference_data import term_id
from waymark.directory.formats.demo_file import (
    demo_id,
    holidays_after,
    phone_number,
    read_file,
    read_hours,
    read_services,
    season_around,
)
from waymark.directory.formats.needs_file import read_needs
from waymark.directory.formats.translations import source_hash
from waymark.directory.models import (
    Accessibility,
    Address,
    Attribute,
    CostOption,
    Language,
    Location,
    Organization,
    Phone,
    RequiredDocument,
    Schedule,
    Service,
    ServiceAlert,
    ServiceArea,
    ServiceAtLocation,
    ServiceCapacity,
    Translation,
    Unit,
    Verification,
)

LANGUAGES = {
    "ar": "Arabic",
    "ase": "American Sign Language",
    "en": "English",
    "es": "Spanish",
    "fa": "Farsi or Dari",
    "hmn": "Hmong",
    "ko": "Korean",
    "pa": "Punjabi",
    "ru": "Russian",
    "tl": "Tagalog",
    "uk": "Ukrainian",
    "vi": "Vietnamese",
    "zh": "Chinese",
}
INTERPRETER = "Other languages with an interpreter by phone"
SOURCE = "Invented for the demo region"


class Rows:
    """All rows of the demo directory on a given day."""

    def __init__(self, today: dt.date) -> None:
        self.today = today
        self.services = read_services()
        self.places = read_file("places")["place"]
        self.organizations = read_file("organizations")["organization"]
        self.phrases = read_file("phrases")
        self.zips = {row["code"]: row for row in read_file("region")["zip"]}
        self.terms = {need.slug: [code for code, _ in need.open_eligibility] for need in read_needs()}

    def tables(self) -> Iterator[tuple[type[models.Model], Iterator[models.Model]]]:
        """Tables in the order in which they may be written."""
        yield Organization, self._organizations()
        yield Location, self._locations()
        yield Address, self._addresses()
        yield Accessibility, self._accessibility()
        yield Service, self._services()
        yield ServiceAtLocation, self._visits()
        yield ServiceArea, self._areas()
        yield Phone, self._phones()
        yield Schedule, self._schedules()
        yield Language, self._languages()
        yield CostOption, self._costs()
        yield RequiredDocument, self._documents()
        yield Unit, iter([Unit(id=demo_id("unit", "bed"), name="Beds")])
        yield ServiceCapacity, self._beds()
        yield Attribute, self._terms()
        translated = [self._id(row) for row in self.services]
        translated += [demo_id("organization", row["slug"]) for row in self.organizations]
        Translation.objects.filter(entity_id__in=translated).delete()
        yield Translation, self._translations()
        Verification.objects.filter(entity_id__in=[self._id(row) for row in self.services]).delete()
        yield Verification, self._verifications()
        ServiceAlert.objects.filter(service_id__in=[self._id(row) for row in self.services]).delete()
        yield ServiceAlert, self._alerts()

    def link_needs(self) -> None:
        """Say for each service which needs it answers."""
        link = Service.needs.through
        link.objects.filter(service_id__in=[self._id(row) for row in self.services]).delete()
        link.objects.bulk_create(
            link(service_id=self._id(row), need_id=need) for row in self.services for need in row["needs"]
        )

    def _id(self, row: dict[str, Any]) -> Any:
        return demo_id("service", row["slug"])

    def _phrase(self, row: dict[str, Any], kind: str, default: str) -> dict[str, str]:
        found: dict[str, str] = self.phrases[kind][row.get(kind, default)]
        return found

    def _texts(self, row: dict[str, Any]) -> dict[str, dict[str, str]]:
        """The texts of a service by field, each in its languages."""
        return {
            "name": row["name"],
            "description": row["about"],
            "eligibility_description": self._phrase(row, "who", "anyone"),
            "application_process": self._phrase(row, "how", "walk-in-or-call"),
            "fees_description": self._phrase(row, "cost", "free"),
        }

    def _organizations(self) -> Iterator[models.Model]:
        for row in self.organizations:
            yield Organization(
                id=demo_id("organization", row["slug"]),
                name=row["name"],
                description=row["description"]["en"],
                website=f"https://{row['slug']}.rivermont.example/",
                email=f"hello@{row['slug']}.rivermont.example",
            )

    def _locations(self) -> Iterator[models.Model]:
        for row in self.places:
            area = self.zips.get(row.get("zip", ""))
            offset = row.get("offset", [0.0, 0.0])
            yield Location(
                id=demo_id("place", row["slug"]),
                organization_id=demo_id("organization", row["organization"]),
                name=row["name"],
                is_confidential=row.get("confidential", False),
                transportation=row.get("bus", ""),
                latitude=round(area["latitude"] + offset[0], 4) if area else None,
                longitude=round(area["longitude"] + offset[1], 4) if area else None,
            )

    def _addresses(self) -> Iterator[models.Model]:
        for row in self.places:
            if "address" in row:
                yield Address(
                    id=demo_id("address", row["slug"]),
                    location_id=demo_id("place", row["slug"]),
                    address_1=row["address"],
                    city=self.zips[row["zip"]]["city"],
                    state_province="CA",
                    postal_code=row["zip"],
                    country="US",
                )

    def _accessibility(self) -> Iterator[models.Model]:
        for row in self.places:
            for number, words in enumerate(row.get("access", [])):
                yield Accessibility(
                    id=demo_id("access", f"{row['slug']}/{number}"),
                    location_id=demo_id("place", row["slug"]),
                    description=words,
                )

    def _services(self) -> Iterator[models.Model]:
        for row in self.services:
            ages = row.get("ages", [])
            checked = self.today - dt.timedelta(days=row.get("verified_days", 30))
            yield Service(
                id=self._id(row),
                organization_id=demo_id("organization", row["organization"]),
                status=row.get("status", "active"),
                interpretation_services=INTERPRETER if row.get("interpreter") else "",
                minimum_age=ages[0] if ages else None,
                maximum_age=ages[1] if len(ages) > 1 else None,
                police_contact=row["police"],
                assured_date=checked,
                last_modified=timezone.make_aware(dt.datetime.combine(checked, dt.time(12))),
                **{field: texts["en"] for field, texts in self._texts(row).items()},
            )

    def _visits(self) -> Iterator[models.Model]:
        for row in self.services:
            if "place" in row:
                yield ServiceAtLocation(
                    id=demo_id("visit", row["slug"]),
                    service_id=self._id(row),
                    location_id=demo_id("place", row["place"]),
                )

    def _areas(self) -> Iterator[models.Model]:
        """Who is served: the whole county unless a listing says less. Confidential places have only this."""
        hidden = {place["slug"] for place in self.places if place.get("confidential")}
        for row in self.services:
            if "area" in row or row.get("place") in hidden:
                yield ServiceArea(
                    id=demo_id("area", row["slug"]),
                    service_id=self._id(row),
                    name=row.get("area", "Rivermont County"),
                )

    def _phones(self) -> Iterator[models.Model]:
        for row in self.services:
            for number, text in enumerate(row["phones"]):
                kind, digits = phone_number(text)
                yield Phone(
                    id=demo_id("phone", f"{row['slug']}/{number}"), service_id=self._id(row), number=digits, type=kind
                )
        for row in self.organizations:
            kind, digits = phone_number(row["phone"])
            yield Phone(
                id=demo_id("phone", row["slug"]),
                organization_id=demo_id("organization", row["slug"]),
                number=digits,
                type=kind,
            )

    def _schedules(self) -> Iterator[models.Model]:
        for row in self.services:
            first = last = None
            if "season" in row:
                first, last = season_around(*row["season"], today=self.today)
            for number, text in enumerate(row["hours"]):
                hours = read_hours(text)
                yield Schedule(
                    id=demo_id("schedule", f"{row['slug']}/{number}"),
                    service_id=self._id(row),
                    freq=hours.freq,
                    byday=hours.byday,
                    opens_at=hours.opens_at,
                    closes_at=hours.closes_at,
                    valid_from=first,
                    valid_to=last,
                )
            if row.get("holidays"):
                for day, name in holidays_after(self.today):
                    yield Schedule(
                        id=demo_id("schedule", f"{row['slug']}/{name}"),
                        service_id=self._id(row),
                        valid_from=day,
                        valid_to=day,
                        description=name,
                        is_closed=True,
                    )

    def _languages(self) -> Iterator[models.Model]:
        for row in self.services:
            for code in row.get("languages", ["en", "es"]):
                yield Language(
                    id=demo_id("language", f"{row['slug']}/{code}"),
                    service_id=self._id(row),
                    code=code,
                    name=LANGUAGES[code],
                )

    def _costs(self) -> Iterator[models.Model]:
        for row in self.services:
            if row.get("cost", "free") in {"free", "bus-free"}:
                yield CostOption(
                    id=demo_id("cost", row["slug"]),
                    service_id=self._id(row),
                    option="Free",
                    currency="USD",
                    amount=0,
                )

    def _documents(self) -> Iterator[models.Model]:
        for row in self.services:
            for number, words in enumerate(row.get("bring", [])):
                yield RequiredDocument(
                    id=demo_id("document", f"{row['slug']}/{number}"), service_id=self._id(row), document=words
                )

    def _beds(self) -> Iterator[models.Model]:
        for row in self.services:
            if "beds" in row:
                free, beds = row["beds"]
                yield ServiceCapacity(
                    id=demo_id("capacity", row["slug"]),
                    service_id=self._id(row),
                    unit_id=demo_id("unit", "bed"),
                    available=free,
                    maximum=beds,
                    updated=timezone.make_aware(dt.datetime.combine(self.today, dt.time(6))),
                )

    def _terms(self) -> Iterator[models.Model]:
        for row in self.services:
            for code in sorted({code for need in row["needs"] for code in self.terms[need]}):
                yield Attribute(
                    id=demo_id("attribute", f"{row['slug']}/{code}"),
                    link_id=self._id(row),
                    link_entity="service",
                    link_type="taxonomy_term",
                    taxonomy_term_id=term_id(code),
                )

    def _translations(self) -> Iterator[models.Model]:
        for row in self.organizations:
            for language, text in row["description"].items():
                if language != "en":
                    yield Translation(
                        entity="organization",
                        entity_id=demo_id("organization", row["slug"]),
                        field_name="description",
                        language=language,
                        text=text,
                        source_hash=source_hash(row["description"]["en"]),
                    )
        for row in self.services:
            for field, texts in self._texts(row).items():
                for language, text in texts.items():
                    if language != "en":
                        yield Translation(
                            entity="service",
                            entity_id=self._id(row),
                            field_name=field,
                            language=language,
                            text=text,
                            source_hash=source_hash(texts["en"]),
                        )

    def _verifications(self) -> Iterator[models.Model]:
        for row in self.services:
            yield Verification(
                entity="service",
                entity_id=self._id(row),
                source=SOURCE,
                verified_on=self.today - dt.timedelta(days=row.get("verified_days", 30)),
            )

    def _alerts(self) -> Iterator[models.Model]:
        begins = timezone.make_aware(dt.datetime.combine(self.today - dt.timedelta(days=1), dt.time(12)))
        for row in self.services:
            if "alert" in row:
                yield ServiceAlert(
                    service_id=self._id(row),
                    text=row["alert"],
                    starts_at=begins,
                    ends_at=begins + dt.timedelta(days=10),
                )
