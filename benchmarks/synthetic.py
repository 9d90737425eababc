"""A synthetic directory: services of a region that does not exist, the same each time."""

from __future__ import annotations

import random
import uuid
from typing import Any

KINDS = """
    shelter housing food pantry meals clothing legal lawyer visa asylum counseling trauma therapy detox recovery
    clinic  dental vision pharmacy prenatal childcare school tutoring english job training resume wages rent
    utilities eviction  transport bus furniture laundry shower hotline advocacy court custody divorce protection
    safety escape phone money  benefits disability veterans seniors youth mentoring sports library computer
    passport translation interpreter burial
""".split()  # noqa: SIM905

FILLERS = """
    people families adults children women men county valley river north south east west open free low cost daily
    weekly  evening morning staff volunteers program center office support group plan visit call text walk
    appointment intake form  income resident language spanish hmong russian access ramp parking station line night
    weekend holiday emergency waiting
""".split()  # noqa: SIM905

POSTCODES = tuple(f"{90000 + number}" for number in range(60))


def _id(kind: str, number: int) -> uuid.UUID:
    return uuid.uuid5(uuid.NAMESPACE_URL, f"synthetic:{kind}:{number}")


def centre(number: int) -> tuple[float, float]:
    """The center of a synthetic postcode: a grid of 60 over a region of about 100 by 100 kilometers."""
    return 38.0 + (number % 10) * 0.1, -122.0 + (number // 10) * 0.2


def load(services: int) -> None:
    """Store the directory and make its documents. Call with the database empty."""
    from django.db import transaction

    from waymark.coalition.models import PostalArea, Region
    from waymark.directory import models as m
    from waymark.directory.actions.reference_data import load_needs
    from waymark.directory.selectors.freshness import refresh

    chance = random.Random(20261122)
    with transaction.atomic():
        load_needs()
        Region.objects.create(name="Synthetic County", counties=["Synthetic"], languages=["en", "es"])
        PostalArea.objects.bulk_create(
            PostalArea(code=code, latitude=centre(n)[0], longitude=centre(n)[1], source="synthetic")
            for n, code in enumerate(POSTCODES)
        )
        taxonomy = m.Taxonomy.objects.create(id=_id("taxonomy", 0), name="Kinds", description="Kinds of help")
        terms = m.TaxonomyTerm.objects.bulk_create(
            m.TaxonomyTerm(id=_id("term", n), name=kind.title(), description=kind, taxonomy=taxonomy)
            for n, kind in enumerate(KINDS)
        )
        m.Organization.objects.bulk_create(
            (
                m.Organization(id=_id("organization", n), name=f"Agency {n}", description="A synthetic agency.")
                for n in range(services // 10 + 1)
            ),
            batch_size=1000,
        )
        for start in range(0, services, 1000):
            _thousand(m, chance, terms, range(start, min(start + 1000, services)))
        refresh()


def _thousand(m: Any, chance: random.Random, terms: list[Any], numbers: range) -> None:
    rows: dict[Any, list[Any]] = {}

    def add(row: Any) -> None:
        rows.setdefault(type(row), []).append(row)

    for n in numbers:
        kinds = chance.sample(range(len(KINDS)), 2)
        words = chance.choices(FILLERS, k=80) + chance.choices([KINDS[kind] for kind in kinds], k=6)
        chance.shuffle(words)
        name = f"{KINDS[kinds[0]].title()} and {KINDS[kinds[1]]} {chance.choice(FILLERS)} {n}"
        add(
            m.Service(
                id=_id("service", n), organization_id=_id("organization", n // 10), name=name, status="active",
                description=" ".join(words).capitalize() + ".", eligibility_description="Residents of the region.",
            )
        )  # fmt: skip
        code = chance.randrange(len(POSTCODES))
        latitude, longitude = (part + chance.uniform(-0.05, 0.05) for part in centre(code))
        add(m.Location(id=_id("location", n), name=f"Place {n}", latitude=latitude, longitude=longitude))
        add(
            m.Address(
                id=_id("address", n), location_id=_id("location", n), address_1=f"{n} Synthetic Street", city="Rivermont",
                state_province="CA", postal_code=POSTCODES[code], country="US",
            )
        )  # fmt: skip
        add(m.ServiceAtLocation(id=_id("visit", n), service_id=_id("service", n), location_id=_id("location", n)))
        add(m.Phone(id=_id("phone", n), service_id=_id("service", n), number=f"916-555-01{n % 100:02d}", type="voice"))
        add(
            m.Schedule(
                id=_id("schedule", n), service_id=_id("service", n), freq="WEEKLY", byday="MO,TU,WE,TH,FR",
                opens_at="09:00", closes_at="17:00",
            )
        )  # fmt: skip
        add(
            m.Attribute(
                id=_id("attribute", n), link_id=_id("service", n), link_entity="service", taxonomy_term=terms[kinds[0]]
            )
        )
    for model, found in rows.items():
        model.objects.bulk_create(found)


def searches() -> list[str]:
    """What is searched for: one word, two words, misspelled ones."""
    pairs = [f"{one} {other}" for one, other in zip(KINDS[::3], KINDS[1::3], strict=False)]
    slips = [kind[:3] + kind[4:] for kind in KINDS if len(kind) > 6][:10]
    return [*KINDS[::2], *pairs, *slips]


def service_ids(services: int) -> list[str]:
    return [str(_id("service", n)) for n in range(0, services, max(1, services // 500))]
