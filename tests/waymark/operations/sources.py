"""The sources' published operations, as somebody types them: the same steps for a client of the site and for a browser.

Public texts of 2014 to 2020. Every number is their owner's; what they did not publish stays empty.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.factories.accounts import AgencyFactory, UserFactory
from tests.factories.council import spoken
from tests.factories.disclosures import acting
from tests.factories.newsroom import the_council

from waymark.access.permissions import Role
from waymark.accounts.models import Agency, AgencyKind, User
from waymark.council.models import CouncilReview
from waymark.newsroom.models import PartnerCheck

# Who types, the address, what they type; gives the address that follows.
Enter = Callable[[User, str, dict[str, Any]], str]
SPEAKER = {"speaker_name": "Desk", "speaker_role": "Spokesperson", "speaker_phone": "916-555-0142"}
HEADLINE = "The numbers are those of its owner, in its owner’s words."
MEMBERS = {
    "Sacramento County Sheriff's Office": AgencyKind.LAW_ENFORCEMENT,
    "Sacramento Police Department": AgencyKind.LAW_ENFORCEMENT,
    "Rancho Cordova Police Department": AgencyKind.LAW_ENFORCEMENT,
    "Folsom Police Department": AgencyKind.LAW_ENFORCEMENT,
    "Elk Grove Police Department": AgencyKind.LAW_ENFORCEMENT,
    "Placer County District Attorney": AgencyKind.PROSECUTION,
    "FBI Sacramento field office": AgencyKind.FEDERAL,
    "Stand Up Placer": AgencyKind.VICTIM_SERVICES,
}
SHERIFF, PLACER, FBI = (name for name in MEMBERS if "Sheriff" in name or "Placer County" in name or "FBI" in name)


@dataclass(frozen=True)
class Source:
    """One operation: who led it, what its page says, who took part, and the announced numbers with their words."""

    lead: str
    operation: dict[str, Any]
    title: str
    totals: tuple[tuple[str, str, str, str], ...]
    agencies: tuple[tuple[str, str], ...] = ()
    held_back: dict[str, str] = field(default_factory=dict)


SOURCES = (
    Source(
        SHERIFF,
        {
            "name": "Operation: Hot Spots",
            "edition": "4th annual",
            "year": "2020",
            "period_words": "September to mid-November 2020",
            "settings": ["street", "hotel"],
            "source": "News release on Operation: Hot Spots 2020",
        },
        "Operation: Hot Spots 2020",
        (
            ("arrests", "not_stated", "46", "a total of 46 arrests for soliciting for prostitution and human trafficking"),
            ("juveniles_recovered", "not_stated", "1", "A juvenile recovery was also made during the stings."),
        ),
        (
            ("Sacramento Police Department", "conducted"),
            ("Rancho Cordova Police Department", "conducted"),
            ("Folsom Police Department", "conducted"),
            ("Elk Grove Police Department", "conducted"),
            ("California Department of Justice", "conducted"),
            ("Parole", "conducted"),
            ("FBI Sacramento field office", "participated"),
            ("Probation Department", "participated"),
            ("District Attorney investigators", "participated"),
        ),
    ),
    Source(
        SHERIFF,
        {"name": "Operation: Hot Spots", "year": "2019"},
        "Operation: Hot Spots 2019",
        (("arrests", "not_stated", "", ""),),
    ),
    Source(
        PLACER,
        {"name": "Placer County’s operation", "year": "2018", "period_words": "September 2018, four days"},
        "Placer County’s operation",
        (("arrests", "not_stated", "", ""),),
        (("Stand Up Placer", "advocate"),),
        {
            "label_1": "Identities of those arrested",
            "responsible_agency_1": "Placer County District Attorney",
            "window_1": "the week of September 24, 2018",
        },
    ),
    Source(
        FBI,
        {"name": "Operation Cross Country, Sacramento field office", "year": "2014", "period_words": "June 2014"},
        "Operation Cross Country, Sacramento field office",
        (
            ("juveniles_recovered", "not_stated", "9", "nine underage girls"),
            ("arrests", "exploiter", "7", "nabbed seven pimps"),
        ),
    ),
)
RUNNING_TOTAL = {
    "key": "hot_spots_arrests_to_date",
    "value": "57",
    "bound": "exact",
    "display": "number",
    "side": "not stated",
    "wording": "57 total arrests for soliciting for prostitution, loitering for prostitution and pandering",
    "source": "Web page about Sacramento Together",
    "population": "Operation: Hot Spots (series)",
    "period": "all stings to the page's date (undated)",
    "caveat": "a running total of a series and not an operation; never added to another figure",
    "series": "Operation: Hot Spots, all editions up to the day of the source",
    "counts_people": "on",
}


@dataclass(frozen=True)
class People:
    officers: dict[str, User]
    agencies: dict[str, Agency]
    editor: User
    second: User


def the_people() -> People:
    """The agencies of the coalition with a press officer each, and the coalition's two editors."""
    agencies = {name: AgencyFactory(name=name, kind=kind) for name, kind in MEMBERS.items()}
    officers = {name: UserFactory(role=Role.OFFICER.value, agency=agency) for name, agency in agencies.items()}
    return People(officers, agencies, UserFactory(role=Role.COORDINATOR.value), UserFactory())


def endorse_all() -> None:
    """The council endorses whatever waits for it; how it does so on its screens is another journey."""
    council = the_council()
    for review in CouncilReview.objects.filter(state="requested"):
        spoken(review, council, *["endorse"] * len(council))


def enter(source: Source, people: People, type_in: Enter) -> str:
    """One operation from its first form to the form that releases it. Gives the staff address of its release."""
    officer = people.officers[source.lead]
    here = type_in(officer, "/operations/new/", {**source.operation})
    for name, part in source.agencies:
        known = people.agencies.get(name)
        who = {"agency": str(known.pk)} if known else {"name": name}
        type_in(officer, f"{here}agencies/new/", {**who, "part": part})
    for measure, side, value, words in source.totals:
        type_in(officer, f"{here}totals/new/", {"measure": measure, "side": side, "value": value, "words": words})
    words = {"title": source.title, "summary": HEADLINE, "body": "As its owner published it."}
    item = type_in(officer, f"{here}publish/", {**words, **SPEAKER, **source.held_back})
    type_in(officer, f"{item}send/", {})
    return item


def release(items: list[str], people: People, type_in: Enter) -> None:
    """Partners that are named agree, the council has its say, then an editor of the coalition releases each."""
    for officer in people.officers.values():
        with acting(officer):
            checks = PartnerCheck.objects.filter(agency=officer.acting.agency, state=PartnerCheck.State.WAITING)  # type: ignore[union-attr]
            waiting = list(checks.values_list("pk", flat=True))
        for check in waiting:
            type_in(officer, f"/newsroom/checks/{check}/", {"answer": "agrees"})
    endorse_all()
    for item in items:
        type_in(people.editor, f"{item}release/", {"when": "now"})


def enter_total(people: People, type_in: Enter) -> None:
    """57 is a figure: one editor proposes it, the council reads it, the other puts it up."""
    type_in(people.second, "/newsroom/proposals/new/", RUNNING_TOTAL)
    endorse_all()
    review = CouncilReview.objects.get(kind_id="published_result")
    type_in(people.editor, f"/newsroom/proposals/{review.object_id}/put-up/", {})


def must_be_as_published(get: Callable[[str], str]) -> None:
    """What a reader finds on the public pages. `get` gives the text of a page."""
    hot = get("/results/2020/")
    for words in (
        "a total of 46 arrests for soliciting for prostitution and human trafficking",
        "“A juvenile recovery was also made during the stings.”",
        "4th annual",
        "September to mid-November 2020",
        "California Department of Justice, Elk Grove Police Department, Folsom Police Department, Parole, Rancho Cordova "
        "Police Department, Sacramento County Sheriff's Office, Sacramento Police Department",
        "District Attorney investigators, FBI Sacramento field office, Probation Department",
        "Hotels, Streets",
    ):
        assert words in hot, words
    placer = get("/results/2018/")
    assert "September 2018, four days" in placer
    assert "Arrests not published" in placer
    assert "Stand Up Placer" in placer
    cross = get("/results/2014/")
    assert "“nine underage girls”" in cross
    assert "“nabbed seven pimps”" in cross
    assert "Arrests not published" in get("/results/2019/")
    every = get("/results/")
    assert "57 total arrests" in every
    assert "running total and not an operation" in every
    for page in (hot, placer, cross, every):
        assert "103" not in page
        assert "Arrests are not convictions" in page
        assert not re.search(r"\b(?:9|7|1)\s+(?:girls|pimps|arrests|juvenile)", page)
