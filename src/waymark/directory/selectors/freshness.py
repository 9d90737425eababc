"""Documents are never older than the rows: who meets a mark makes them anew, before anybody reads.

Writers call `refresh` inside their own transaction. Whoever writes by hand leaves marks, and the next reader refreshes. One
lock serializes makers: marks are deleted first and the rows read afterwards, so a change that commits in between keeps
its mark. Readers of unmarked documents wait for nobody.
"""

from __future__ import annotations

import json
import re
import uuid
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from typing import Any

from django.db import connection, transaction

from waymark.directory.formats.hsds_json import Json
from waymark.directory.models import Need
from waymark.directory.selectors.documents import full_documents, list_documents, rows_of
from waymark.directory.selectors.words import stems

LOCK = 7_314_001
BATCH = 200
POSTCODE = re.compile(r"\b\d{5}\b|\b[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}\b")
WORDS_KEPT = 3000

_SERVICE = """
INSERT INTO directory_servicedocument (service_id, name, status, organization_id, terms, taxonomies, needs, languages,
    police_contact, listed, "full", words, vector, changed_at)
VALUES (%s, %s, %s, %s, %s::uuid[], %s::uuid[], %s, %s, %s, %s, %s, %s,
    setweight(to_tsvector('simple', %s), 'A') || setweight(to_tsvector('simple', %s), 'B')
    || setweight(to_tsvector('simple', %s), 'C') || setweight(to_tsvector('simple', %s), 'D'), clock_timestamp())
ON CONFLICT (service_id) DO UPDATE SET name = EXCLUDED.name, status = EXCLUDED.status,
    organization_id = EXCLUDED.organization_id, terms = EXCLUDED.terms, taxonomies = EXCLUDED.taxonomies,
    needs = EXCLUDED.needs, languages = EXCLUDED.languages, police_contact = EXCLUDED.police_contact,
    listed = EXCLUDED.listed, "full" = EXCLUDED."full", words = EXCLUDED.words, vector = EXCLUDED.vector,
    changed_at = CASE WHEN directory_servicedocument."full" = EXCLUDED."full" THEN directory_servicedocument.changed_at
                 ELSE EXCLUDED.changed_at END
"""
_VISIT = """
INSERT INTO directory_visitdocument (visit_id, service_id, organization_id, name, terms, taxonomies, is_confidential,
    latitude, longitude, postcodes, listed, "full", changed_at)
VALUES (%s, %s, %s, %s, %s::uuid[], %s::uuid[], %s, %s, %s, %s, %s, %s, clock_timestamp())
ON CONFLICT (visit_id) DO UPDATE SET service_id = EXCLUDED.service_id, organization_id = EXCLUDED.organization_id,
    name = EXCLUDED.name, terms = EXCLUDED.terms, taxonomies = EXCLUDED.taxonomies,
    is_confidential = EXCLUDED.is_confidential, latitude = EXCLUDED.latitude, longitude = EXCLUDED.longitude,
    postcodes = EXCLUDED.postcodes, listed = EXCLUDED.listed, "full" = EXCLUDED."full",
    changed_at = CASE WHEN directory_visitdocument."full" = EXCLUDED."full" THEN directory_visitdocument.changed_at
                 ELSE EXCLUDED.changed_at END
"""
_COUNT_WORDS = """
INSERT INTO directory_searchword AS w (word, services) SELECT * FROM unnest(%s::text[], %s::int[])
ON CONFLICT (word) DO UPDATE SET services = w.services + EXCLUDED.services
"""


def dump(document: Json) -> str:
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))


def refresh(progress: Callable[[int], None] | None = None) -> int:
    """Make every marked document anew; gives how many services that were. Safe to call inside any transaction."""
    done = 0
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        while True:
            cursor.execute(
                "WITH picked AS (SELECT DISTINCT service_id FROM directory_stalemark WHERE service_id IS NOT NULL LIMIT %s)"
                " DELETE FROM directory_stalemark m USING picked WHERE m.service_id = picked.service_id"
                " RETURNING m.service_id",
                [BATCH],
            )
            marked = list({row[0] for row in cursor.fetchall()})
            if not marked:
                return done
            _make(cursor, marked)
            done += len(marked)
            if progress:
                progress(done)


def is_stale() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM directory_stalemark WHERE service_id IS NOT NULL)")
        return bool(cursor.fetchone()[0])


def ensure_fresh() -> None:
    """Before documents are read by a query that cannot tell by itself whether marks are visible."""
    if is_stale():
        refresh()


def _make(cursor: Any, marked: Sequence[uuid.UUID]) -> None:
    full = {document["id"]: document for document in full_documents("service", marked)}
    listed = {document["id"]: document for document in list_documents("service", marked)}
    needs = _needs_of(cursor, marked)
    cursor.execute("SELECT words FROM directory_servicedocument WHERE service_id = ANY(%s)", [list(marked)])
    counts: Counter[str] = Counter()
    for (words,) in cursor.fetchall():
        counts.subtract(words)
    rows = []
    for key, document in full.items():
        weighted = _weighted(document, needs[uuid.UUID(key)])
        words = sorted({word for text in weighted for word in text.split()})
        counts.update(words)
        terms, taxonomies = _terms(document)
        rows.append(
            (key, document["name"], document["status"], document.get("organization_id"), terms, taxonomies,
             [need.slug for need in needs[uuid.UUID(key)]], _languages(document),
             document.get("police_contact", "unknown"), dump(listed[key]), dump(document), words, *weighted)
        )  # fmt: skip
    gone = [key for key in marked if str(key) not in full]
    cursor.execute("DELETE FROM directory_servicedocument WHERE service_id = ANY(%s)", [gone])
    cursor.executemany(_SERVICE, rows)
    _make_visits(cursor, marked, full)
    changed = {word: count for word, count in counts.items() if count}
    cursor.execute(_COUNT_WORDS, [list(changed), list(changed.values())])
    cursor.execute("DELETE FROM directory_searchword WHERE services <= 0")


def _make_visits(cursor: Any, marked: Sequence[uuid.UUID], services: dict[str, Json]) -> None:
    ids = [row["id"] for row in rows_of("service_at_location", service_id__in=marked)]
    full = {document["id"]: document for document in full_documents("service_at_location", ids)}
    rows = []
    for listed in list_documents("service_at_location", ids):
        document = full[listed["id"]]
        service = services[document["service_id"]]
        place = document.get("location", {})
        confidential = bool(place.get("confidential"))
        terms, taxonomies = _terms(service, document, place)
        latitude, longitude = place.get("latitude"), place.get("longitude")
        if latitude is None or longitude is None or abs(latitude) > 90 or abs(longitude) > 180:
            latitude = longitude = None
        rows.append(
            (document["id"], document["service_id"], service.get("organization_id"), service["name"], terms, taxonomies,
             confidential, latitude, longitude, [] if confidential else _postcodes(document, service),
             dump(listed), dump(document))
        )  # fmt: skip
    cursor.execute(
        "DELETE FROM directory_visitdocument WHERE service_id = ANY(%s) AND NOT visit_id = ANY(%s)", [list(marked), ids]
    )
    cursor.executemany(_VISIT, rows)


def _needs_of(cursor: Any, marked: Sequence[uuid.UUID]) -> dict[uuid.UUID, list[Need]]:
    known = {need.slug: need for need in Need.objects.all()}
    cursor.execute(
        "SELECT service_id, need_id FROM directory_service_needs WHERE service_id = ANY(%s) ORDER BY need_id",
        [list(marked)],
    )
    found: dict[uuid.UUID, list[Need]] = defaultdict(list)
    for service, slug in cursor.fetchall():
        found[service].append(known[slug])
    return found


def need_texts(need: Need) -> list[str]:
    """Everything that a need may be called, in all its languages."""
    texts = [*need.sentence.values(), *need.short.values()]
    for words in need.words.values():
        texts += words if isinstance(words, list) else [words]
    return [text for text in texts if isinstance(text, str)]


def _weighted(document: Json, needs: Sequence[Need]) -> tuple[str, str, str, str]:
    """The search words of a service by weight: its names, then its needs and sort, its text and agency, the rest."""
    organization = document.get("organization", {})
    terms = [attribute.get("taxonomy_term", {}).get("name", "") for attribute in document.get("attributes", [])]
    groups = (
        [document["name"], document.get("alternate_name", "")],
        [*(text for need in needs for text in need_texts(need)), *terms],
        [document.get("description", ""), document.get("eligibility_description", ""), organization.get("name", ""),
         organization.get("alternate_name", ""), document.get("program", {}).get("name", ""), document.get("alert", "")],
        [document.get("application_process", ""), document.get("fees_description", ""),
         document.get("interpretation_services", ""), organization.get("description", ""), *_place_words(document)],
    )  # fmt: skip
    return tuple(" ".join(stems(" ".join(texts))[:WORDS_KEPT]) for texts in groups)  # type: ignore[return-value]


def _place_words(document: Json) -> list[str]:
    words = [area.get("name", "") for area in document.get("service_areas", [])]
    words += [language.get("name", "") for language in document.get("languages", [])]
    for visit in document.get("service_at_locations", []):
        place = visit.get("location", {})
        words.append(place.get("name", ""))
        words += [address["city"] for address in place.get("addresses", [])]
    return words


def _terms(*documents: Json) -> tuple[list[str], list[str]]:
    terms: set[str] = set()
    taxonomies: set[str] = set()
    for document in documents:
        for attribute in document.get("attributes", []):
            if attribute.get("taxonomy_term_id"):
                terms.add(attribute["taxonomy_term_id"])
                taxonomies.add(attribute.get("taxonomy_term", {}).get("taxonomy_id") or attribute["taxonomy_term_id"])
    return sorted(terms), sorted(taxonomies)


def _languages(document: Json) -> list[str]:
    return sorted({language["code"] for language in document.get("languages", []) if language.get("code")})


def _postcodes(visit: Json, service: Json) -> list[str]:
    found = {address["postal_code"] for address in visit.get("location", {}).get("addresses", [])}
    for area in [*visit.get("service_areas", []), *service.get("service_areas", [])]:
        for key in ("name", "description", "extent"):
            found.update(POSTCODE.findall(area.get(key, "")))
    return sorted({code.split("-")[0].strip().upper() for code in found if code.strip()})
