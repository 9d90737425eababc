"""One service as the finder shows it: out of its public document, which has passed the serializer door.

Nothing here reads a table of places or phones: what the door holds back cannot come in by another way. Added are only the
things that the standard has no word for: the day of the last check, reports, dated alerts, translations.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from waymark.directory.formats.hours import schedules_of
from waymark.directory.formats.translations import source_hash
from waymark.directory.models import Need, ServiceAlert, ServiceDocument, Translation, Verification
from waymark.directory.selectors.reports import report_labels
from waymark.directory.selectors.search import OPEN_STATUSES

Json = dict[str, Any]
TRANSLATED = ("name", "description", "eligibility_description", "application_process", "fees_description", "alert")
CADENCE = 180


@dataclass(frozen=True)
class Phone:
    """A number and what it is for."""

    number: str
    extension: str
    kind: str
    note: str

    @property
    def href(self) -> str:
        """What a tap opens; an extension is dialed after a pause."""
        digits = "".join(sign for sign in self.number if sign.isdigit() or sign == "+")
        if self.kind == "text":
            return f"sms:{digits}"
        return f"tel:{digits},,{self.extension}" if self.extension else f"tel:{digits}"


@dataclass(frozen=True)
class Place:
    """Where to go; a confidential place has no address here, because none came through the door."""

    name: str
    address: tuple[str, ...]
    how_to_get_there: str
    access: tuple[str, ...]
    latitude: float | None
    longitude: float | None
    is_confidential: bool


@dataclass(frozen=True)
class Text:
    """A text in the page's language, or in English when there is none; what a reader must know about it."""

    text: str
    language: str
    is_checked: bool = True
    is_stale: bool = False


@dataclass
class Listing:
    """A service with all that its row, its page and the copy on the phone show."""

    id: str
    document: Json
    needs: tuple[str, ...]
    police: str
    verified_on: date | None = None
    cadence_days: int = CADENCE
    # What several visitors report; it labels a listing and sorts it last, and never hides it.
    reported: str = ""
    sorts_last: bool = False
    alerts: list[Json] = field(default_factory=list)
    translations: dict[str, dict[str, Text]] = field(default_factory=dict)

    def text(self, name: str, code: str) -> Text:
        """A field in a language."""
        own = self.translations.get(code, {}).get(name)
        if own:
            return own
        return Text(str(self.document.get(name, "")), "en")

    @property
    def organization(self) -> str:
        return str(self.document.get("organization", {}).get("name", ""))

    @property
    def sorts(self) -> list[str]:
        """What kind of service it is in the words of the standard taxonomies, for search."""
        names = [row.get("taxonomy_term", {}).get("name", "") for row in self.document.get("attributes", [])]
        return list(dict.fromkeys(str(name) for name in names if name))

    @property
    def website(self) -> str:
        """The service's own page; an imported address of any other kind is no link."""
        address = str(self.document.get("url", ""))
        return address if address.lower().startswith(("https://", "http://")) else ""

    @property
    def is_closed_for_now(self) -> bool:
        return self.document.get("status") == "temporarily closed"

    @property
    def phones(self) -> list[Phone]:
        """Numbers of the service, then of its places, then of its agency; the first is the one to call."""
        found: dict[tuple[str, str], Phone] = {}
        places = self.document.get("service_at_locations", [])
        sources = [self.document, *places, *(place.get("location", {}) for place in places)]
        sources += self.document.get("contacts", [])
        rows = [row for source in sources for row in source.get("phones", [])]
        for row in rows or self.document.get("organization", {}).get("phones", []):
            kind = _phone_kind(str(row.get("type", "")))
            extension = str(row.get("extension", "") or "")
            found.setdefault((row["number"], kind), Phone(row["number"], extension, kind, str(row.get("description", ""))))
        return sorted(found.values(), key=lambda phone: phone.kind in {"fax", "text", "tty"})

    @property
    def schedules(self) -> list[Mapping[str, Any]]:
        """The rows that decide about hours."""
        return schedules_of(self.document)

    @property
    def languages(self) -> list[str]:
        """Codes of the languages that are spoken."""
        codes = [str(row.get("code") or row.get("name", "")) for row in self.document.get("languages", [])]
        return list(dict.fromkeys(code for code in codes if code))

    @property
    def has_interpreter(self) -> bool:
        return bool(self.document.get("interpretation_services"))

    @property
    def places(self) -> list[Place]:
        return [_place(visit.get("location", {})) for visit in self.document.get("service_at_locations", [])]

    @property
    def areas(self) -> list[str]:
        """Areas that are served, by name."""
        visits = self.document.get("service_at_locations", [])
        rows = [row for source in (self.document, *visits) for row in source.get("service_areas", [])]
        return list(dict.fromkeys(str(row["name"]) for row in rows if row.get("name")))

    @property
    def ages(self) -> tuple[int | None, int | None]:
        lowest, highest = self.document.get("minimum_age"), self.document.get("maximum_age")
        return (int(lowest) if lowest is not None else None, int(highest) if highest is not None else None)

    @property
    def papers(self) -> list[str]:
        """What to bring."""
        return [str(row["document"]) for row in self.document.get("required_documents", []) if row.get("document")]

    @property
    def is_free(self) -> bool | None:
        """True when it costs nothing, False when it costs, None when nobody said."""
        options = self.document.get("cost_options", [])
        amounts = [row.get("amount") for row in options if row.get("amount") is not None]
        if amounts:
            return bool(max(amounts) == 0)
        said = " ".join([str(self.document.get("fees_description", "")), *(str(row.get("option", "")) for row in options)])
        said = said.strip().lower()
        if not said:
            return None
        return said.startswith(("free", "no fee", "no cost", "none"))

    @property
    def is_step_free(self) -> bool:
        words = " ".join(access for place in self.places for access in place.access).lower()
        return any(sign in words for sign in ("wheelchair", "step-free", "step free", "ramp", "elevator", "accessible"))

    def is_due(self, *, on: date) -> bool:
        """True when the last check is older than such a listing may be."""
        return self.verified_on is None or (on - self.verified_on).days > self.cadence_days


def _phone_kind(kind: str) -> str:
    said = kind.strip().lower()
    if said in {"text", "sms", "textphone sms"}:
        return "text"
    if said in {"fax", "tty", "tdd", "textphone"}:
        return "fax" if said == "fax" else "tty"
    return "video" if said.startswith("video") else "voice"


def _place(place: Json) -> Place:
    addresses = place.get("addresses", [])
    lines: list[str] = []
    if addresses:
        first = next((row for row in addresses if row.get("address_type") == "physical"), addresses[0])
        region = " ".join(str(first.get(key, "")) for key in ("state_province", "postal_code")).strip()
        city = ", ".join(part for part in (str(first.get("city", "")), region) if part)
        lines = [text for text in (first.get("address_1"), first.get("address_2"), city) if text]
    return Place(
        name=str(place.get("name", "")),
        address=tuple(lines),
        how_to_get_there=str(place.get("transportation", "")),
        access=tuple(str(row["description"]) for row in place.get("accessibility", []) if row.get("description")),
        latitude=place.get("latitude"),
        longitude=place.get("longitude"),
        is_confidential=bool(place.get("confidential")),
    )


def listings(ids: Sequence[uuid.UUID | str], *, at: datetime) -> list[Listing]:
    """Listings in the order of the ids. The caller has made sure that documents are fresh (`publication_epoch`)."""
    rows = ServiceDocument.objects.filter(service_id__in=ids, status__in=OPEN_STATUSES)
    found = {str(row.service_id): _listing(row) for row in rows}
    _complete(list(found.values()), at)
    return [found[str(each)] for each in ids if str(each) in found]


def all_listings(*, at: datetime) -> list[Listing]:
    """Every listing that is open to visitors, by name."""
    rows = ServiceDocument.objects.filter(status__in=OPEN_STATUSES).order_by("name", "service_id")
    found = [_listing(row) for row in rows.iterator(chunk_size=500)]
    _complete(found, at)
    return found


def ids_for_need(slug: str) -> list[uuid.UUID]:
    """Services that answer a need, by name."""
    rows = ServiceDocument.objects.filter(needs__contains=[slug], status__in=OPEN_STATUSES).order_by("name", "service_id")
    return list(rows.values_list("service_id", flat=True))


def _listing(row: ServiceDocument) -> Listing:
    document = json.loads(row.full)
    return Listing(id=str(row.service_id), document=document, needs=tuple(row.needs), police=row.police_contact)


def _complete(found: Sequence[Listing], at: datetime) -> None:
    """Add what the standard has no word for; five queries, however many listings."""
    by_id = {listing.id: listing for listing in found}
    ids = list(by_id)
    cadences = dict(Need.objects.values_list("slug", "cadence_days"))
    for listing in found:
        listing.cadence_days = min((cadences.get(slug, CADENCE) for slug in listing.needs), default=CADENCE)
        if listing.document.get("assured_date"):
            listing.verified_on = date.fromisoformat(listing.document["assured_date"])
    checks = Verification.objects.filter(entity="service", entity_id__in=ids, field_name="")
    for entity_id, verified_on in checks.order_by("verified_on").values_list("entity_id", "verified_on"):
        by_id[str(entity_id)].verified_on = verified_on
    for service_id, label in report_labels(timezone.localdate(at), ids=ids).items():
        by_id[str(service_id)].reported = label.reason
        by_id[str(service_id)].sorts_last = label.sorts_last
    for alert in ServiceAlert.objects.filter(service_id__in=ids, starts_at__lte=at, ends_at__gt=at):
        by_id[str(alert.service_id)].alerts.append({"text": alert.text, "until": alert.ends_at.date().isoformat()})
    for row in Translation.objects.filter(entity="service", entity_id__in=ids, field_name__in=TRANSLATED):
        listing = by_id[str(row.entity_id)]
        listing.translations.setdefault(row.language, {})[row.field_name] = Text(
            text=row.text,
            language=row.language,
            is_checked=row.checked_by_speaker_on is not None,
            is_stale=row.source_hash != source_hash(str(listing.document.get(row.field_name, ""))),
        )
