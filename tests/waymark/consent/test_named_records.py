"""Two services, this need: single records named with the person on the screen, packed, read there, and told truthfully."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
import uuid
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone
from tests.factories.consent import sent_package, signed_release, terms_for
from tests.factories.people import opened_case
from tests.waymark.consent.conftest import Two
from tests.waymark.consent.test_sharing import answers, end_releases_of, of
from tests.waymark.consent.test_terms import read_there

from waymark.care.actions.plan import add_need, add_step, end_part, set_goal
from waymark.care.actions.services import record_service, void_service
from waymark.care.models import Goal, Need, Service, Step
from waymark.cases.actions.legal import keep_legal
from waymark.cases.formats.legal import Legal
from waymark.cases.models import Case, LegalRelief
from waymark.consent.actions.ledger import write_line
from waymark.consent.actions.packages import collected, collected_under, tell_aloud
from waymark.consent.actions.releases import draft_release, sign_release
from waymark.consent.formats.scopes import record_code
from waymark.consent.formats.terms import RELEASE
from waymark.consent.models import Disclosure, Package, Release, ReleaseRecord
from waymark.consent.policies import NOT_THERE
from waymark.consent.selectors.releases import packages_of
from waymark.disclosures.actions import deliver_packet, freeze_packet
from waymark.disclosures.models import InboxPacket, OutboxPacket
from waymark.disclosures.policies import Refused as SlotRefused
from waymark.pages.templatetags.pages import day
from waymark.people.actions.merging import merge_person
from waymark.people.policies import Refused

NEEDS = ("A room before Friday", "A lawyer for her papers", "Shoes for the winter")
SCOPES = ("person.name", "care.needs", "care.services", "relief.legal")
TODAY = timezone.localdate


@dataclass
class Filled:
    """Two agencies, and a file with needs, a goal with steps, services and legal matters in it."""

    two: Two
    case: Case
    needs: list[Need]
    goal: Goal
    steps: list[Step]
    services: list[Service]
    legal: list[LegalRelief]

    def need(self, text: str) -> Need:
        return add_need(
            vault=self.vault, person=self.two.person, case=self.case.pk, domain="safety", text=text, due_on=None,
            on=TODAY(), by=self.two.by,
        )  # fmt: skip

    def step(self, text: str) -> Step:
        return add_step(vault=self.vault, goal=self.goal, text=text, who="worker", due_on=None, by=self.two.by)

    def service(self, on: dt.date) -> Service:
        values = {"state": "provided", "on": on, "minutes": None, "units": 1, "household": 1}
        return record_service(
            vault=self.vault, person=self.two.person, case=self.case.pk, code="case_work", values=values, note="",
            by=self.two.by,
        )  # fmt: skip

    def matter(self, kind: str) -> LegalRelief:
        legal = Legal(kind, "asked", "2026-05-01")
        return keep_legal(vault=self.vault, case=self.case, legal=legal, row=None, by=self.two.by)

    def end(self, part: Need) -> None:
        end_part(vault=self.vault, part=part, state="dropped", why="It was a mistake", by=self.two.by)

    @property
    def vault(self) -> Any:
        return self.two.here.person.vault()

    def signed(self, **changes: Any) -> Release:
        return signed_release(self.two.here.person, self.two.person, self.two.there.agency, **{"scopes": SCOPES, **changes})

    def send(self, release: Release, codes: tuple[str, ...] = SCOPES) -> OutboxPacket:
        return sent_package(self.two.here.person, release, codes=codes)


@pytest.fixture
def filled(two: Two) -> Filled:
    with two.here.person.acting():
        file = Filled(two, Case.objects.select_related("person").get(), [], Goal(), [], [], [])
        file.needs = [file.need(text) for text in NEEDS]
        file.goal = set_goal(vault=file.vault, need=file.needs[0], text="A place of her own", due_on=None, by=two.by)
        file.steps = [file.step(text) for text in ("Call the landlord", "See the room")]
        file.services = [file.service(dt.date(2026, 3, day)) for day in (2, 9, 16)]
        file.legal = [file.matter(kind) for kind in ("t_visa", "compensation")]
    return file


def pks(*rows: Any) -> list[uuid.UUID]:
    return [row.pk for row in rows]


def test_what_is_read_there_is_exactly_what_was_named(filled: Filled) -> None:
    """Built by the action, opened on the recipient's side; what comes later never goes, and what ended does not."""
    two = filled.two
    with two.here.person.acting():
        named = {
            "care.needs": pks(filled.needs[0], filled.needs[2]),
            "care.services": pks(filled.services[1]),
            "care.goals": pks(filled.goal, filled.steps[0]),
        }
        release = filled.signed(scopes=[*SCOPES, "care.goals"], records=named)
        filled.need("Something that was said later")
        filled.step("A step of later")
        filled.service(dt.date(2026, 3, 23))
        filled.matter("continued_presence")
        packet = filled.send(release, codes=(*SCOPES, "care.goals"))
        line = Disclosure.objects.get()
        assert set(line.records) == {record_code(scope, pk) for scope, ids in named.items() for pk in ids}
        assert "A room" not in str([line.records, line.fields, packet.fields])
        (sent,) = packages_of(release)
        assert "Needs (only 2, named one by one)" in sent.parts
    read = read_there(two)
    assert read["care.needs"].splitlines() == [NEEDS[0], NEEDS[2]]
    assert re.fullmatch(r"March 9, 2026: [^\n]+", read["care.services"])
    assert read["care.goals"].splitlines() == ["A place of her own", "- Call the landlord"]
    assert len(read["relief.legal"].splitlines()) == 3, "what is shared whole grows as before"
    assert "needs (only 2, named one by one)" in read[RELEASE]
    with two.here.person.acting():
        # One of them ends, and a service turns out to be a mistake: nothing of it goes any more, and the rest does.
        filled.end(filled.needs[2])
        void_service(vault=filled.vault, service=filled.services[1], by=two.by)
        filled.send(release, codes=("person.name", "care.needs"))
        with pytest.raises(Refused, match="single records"):
            filled.send(release, codes=("care.services",))
    again = read_there(two)
    assert again["care.needs"] == NEEDS[0]
    assert "care.services" not in again
    shown = two.here.get(f"/sharing/{release.pk}/send/")
    assert "1 of the named is not in the file any more and does not go" in shown
    assert NEEDS[1] not in shown
    assert "Something that was said later" not in shown
    # What is empty has no box to tick, with which nothing would leave at all.
    boxes = re.findall(r'name="codes" value="([^"]+)"', shown)
    assert "care.services" not in boxes
    assert "care.needs" in boxes


def test_the_line_cannot_be_written_for_more_than_is_named_and_then_nothing_leaves(filled: Filled) -> None:
    """Past the action: a packet with everything in it, under a release that names two needs of three."""
    two = filled.two
    with two.here.person.acting():
        release = filled.signed(scopes=["care.needs"], records={"care.needs": pks(filled.needs[0], filled.needs[2])})
        whole = collected(["care.needs"], person=two.person, vault=filled.vault, by=two.by)
        packet = freeze_packet(
            vault=filled.vault, page=uuid.uuid4(), recipient=two.there.agency, kind="package",
            values=whole, permit=release.permit, by=two.by,
        )  # fmt: skip

        def line(*needs: Need) -> Disclosure:
            return write_line(
                by=two.by, person=two.person, basis="release", method="package", fields=["care.needs"],
                recipient=two.there.agency, content_hash=hashlib.sha256(packet.sealed or b"").digest(), release=release,
                records=[record_code("care.needs", need.pk) for need in needs],
            )  # fmt: skip

        for wanted in ((), filled.needs, filled.needs[1:2]):
            with pytest.raises(DatabaseError, match="other_record"), transaction.atomic():
                line(*wanted)
        # Judged once more at the crossing, by what its line says: by then one of the needs has ended.
        right = line(filled.needs[0], filled.needs[2])
        Package.objects.create(agency=two.here.agency, release=release, disclosure=right, packet=packet)
        filled.end(filled.needs[2])
        with pytest.raises(SlotRefused) as refused:
            deliver_packet(packet=packet.pk, by=two.by)
        assert "other_record" in f"{refused.value.code} {refused.value}"
    with two.there.person.acting():
        assert not InboxPacket.objects.exists()


def test_what_cannot_be_named_is_refused_before_anything_is_written(filled: Filled) -> None:
    two = filled.two
    other = opened_case(two.here.person, name="Lea Invented", age_band="25-59")
    with two.here.person.acting():
        vault = filled.vault
        theirs = add_need(
            vault=vault,
            person=other.person,
            case=other.pk,
            domain="safety",
            text="Hers",
            due_on=None,
            on=TODAY(),
            by=two.by,
        )
        ended = filled.need("Over")
        filled.end(ended)
        for records, says in (
            ({"care.needs": pks(theirs)}, NOT_THERE),
            ({"care.needs": pks(ended)}, NOT_THERE),
            ({"care.needs": pks(filled.needs[0], filled.services[0])}, NOT_THERE),
            ({"care.needs": [uuid.uuid4()]}, NOT_THERE),
            ({"case.asked_for": pks(other)}, "Name at least one"),
            ({"person.name": pks(filled.needs[0])}, NOT_THERE),
            ({"care.needs": []}, "Name at least one"),
        ):
            terms = terms_for(two.there.agency, scopes=SCOPES, records=records)
            with pytest.raises(Refused, match=re.escape(says)):
                draft_release(vault=vault, person=two.person, terms=terms, by=two.by)
        asked = terms_for(two.there.agency, scopes=("case.asked_for",), records={"case.asked_for": pks(other)})
        with pytest.raises(Refused, match=re.escape(NOT_THERE)):
            draft_release(vault=vault, person=two.person, terms=asked, by=two.by)
        assert not Release.objects.exists()
        assert not ReleaseRecord.objects.exists()


def test_what_is_told_aloud_names_its_records_too(filled: Filled) -> None:
    two = filled.two
    with two.here.person.acting():
        release = filled.signed(records={"care.needs": pks(filled.needs[1])})
        line = tell_aloud(vault=filled.vault, release=release, codes=["care.needs", "person.name"], by=two.by)
        assert line.records == [record_code("care.needs", filled.needs[1].pk)]
    # Nothing of the file stands on that page, so it says by which day they know what they may tell.
    written = day(timezone.localdate(filled.needs[1].made_at))
    assert f"Needs (only 1, named one by one): of {written}</label>" in two.here.get(f"/sharing/{release.pk}/tell/")
    with two.here.person.acting():
        filled.end(filled.needs[1])
        with pytest.raises(Refused, match="single records"):
            tell_aloud(vault=filled.vault, release=release, codes=["care.needs"], by=two.by)
    assert "Needs (only 1, named one by one)" in two.here.get(f"/sharing/{release.pk}/")


def test_an_extension_names_its_own_and_ends_the_one_before_only_when_it_says_as_much(filled: Filled) -> None:
    two = filled.two

    def extended(before: Release, **changes: Any) -> Release:
        terms = terms_for(two.there.agency, days=60, **{"scopes": ("person.name", "care.needs"), **changes})
        draft = draft_release(vault=filled.vault, person=two.person, terms=terms, by=two.by, follows=before)
        sign_release(vault=filled.vault, release=draft, evidence="seen", place="", by=two.by)
        before.refresh_from_db()
        return draft

    with two.here.person.acting():
        named = {"care.needs": pks(*filled.needs[:2])}
        first = filled.signed(scopes=("person.name", "care.needs"), records=named)
        extended(first, records={"care.needs": pks(filled.needs[0])})
        assert first.state == "active", "the new one says less: both stand"
        second = extended(first, records=named)
        assert first.state == "superseded"
        assert collected_under(second, vault=filled.vault, by=two.by).values["care.needs"].splitlines() == list(NEEDS[:2])
        second.refresh_from_db()
        # On the screen it begins with what was named, and a whole group is never ticked beforehand.
        at = f"/sharing/{second.pk}/again/"
        page = records_page(filled, at)
        assert checked(page) == {"only", *(str(need.pk) for need in filled.needs[:2])}
        done = two.here.client.send(at, answers(two, step="read", scopes=["person.name", "care.needs"]))
        assert done.status_code == 200, "what says nothing of how much is asked again, and is never all of it"
        assert Release.objects.filter(state="draft").count() == 0
        whole = extended(second)
        assert second.state == "superseded"
        extended(whole, records=named)
        assert whole.state == "active", "where all of it was shared, some of it is less"


def records_page(filled: Filled, at: str, **changes: Any) -> str:
    told = answers(filled.two, **{"step": "terms", "scopes": ["person.name", "care.needs"], **changes})
    page = filled.two.here.client.send(at, told)
    assert page.status_code == 200
    return page.content.decode()


def checked(page: str) -> set[str]:
    """What is ticked of how much is shared."""
    boxes = [box for box in re.findall(r"<input[^>]*>", page) if re.search(r'name="(extent|named)-', box)]
    return {value for box in boxes if " checked" in box for value in re.findall(r'value="([^"]+)"', box)}


def test_all_of_it_or_only_these_is_asked_and_nothing_is_ticked_for_them(filled: Filled) -> None:
    two, new = filled.two, of(filled.two) + "new/"
    page = records_page(filled, new)
    assert "All of it, or only these" in page
    assert all(text in page for text in NEEDS)
    assert checked(page) == set()
    dated = records_page(filled, new, scopes=["care.services"])
    assert dated.count("March 9, 2026: ") == 1, "a service's own day is said once"
    extent, named = "extent-care-needs", "named-care-needs"
    told: dict[str, Any] = answers(two, step="records", scopes=["person.name", "care.needs"], listed="1")
    needs = [str(need.pk) for need in filled.needs]
    for sent, says in (
        ({}, "say whether all of it is shared, or only some"),
        ({extent: "only"}, "tick at least one"),
        ({extent: "all", named: needs[:1]}, "Choose one of the two"),
        ({extent: "only", named: [needs[0], str(filled.services[0].pk)]}, "not in the file any more"),
        ({extent: "only", named: [needs[0], "x"]}, "not in the file any more"),
    ):
        bad = two.here.client.send(new, {**told, **sent})
        text = bad.content.decode()
        assert bad.status_code == 422
        assert says in text
        assert 'value="4711"' in text, "what was said on the steps before travels along"
        assert checked(text) >= {value for value in (sent.get(extent), *sent.get(named, [])) if value in {"only", *needs}}
    right = {**told, extent: "only", named: needs[:2]}
    screen = two.here.client.send(new, right).content.decode()
    assert "¿Quiere que compartamos esto" in screen
    assert "solo 2, con fecha de" in screen
    assert "Lo que se agregue después no se comparte" in screen
    assert "Lo que usted necesita: lo demás" in screen
    assert NEEDS[0] in screen
    assert NEEDS[1] in screen
    assert NEEDS[2] not in screen
    ours = {**told, "scopes": SCOPES[2:], "extent-care-services": "only", "extent-relief-legal": "only"}
    ours |= {"named-care-services": str(filled.services[0].pk), "named-relief-legal": str(filled.legal[0].pk)}
    theirs = two.here.client.send(new, ours).content.decode()
    assert set(re.findall("Case work|T visa|2026: Trabajo|Visa T: se", theirs)) == {"2026: Trabajo", "Visa T: se"}
    # Back and forth loses no tick; the vault may lock on the way, and nothing is taken for a yes meanwhile.
    back = two.here.client.send(new, {**right, "step": "read", "back": "1"}).content.decode()
    assert back.count('type="hidden" name="named-care-needs"') == 2
    again = two.here.client.send(new, {**right, "step": "terms"}).content.decode()
    assert checked(again) == {"only", *needs[:2]}
    two.here.client.send("/vault/lock/", {}, page=new)
    locked = two.here.client.send(new, {**right, "step": "read"})
    text = locked.content.decode()
    assert "listed when your vault is open" in text
    assert text.count('type="hidden" name="named-care-needs"') == 2
    assert NEEDS[0] not in text
    with two.here.person.acting():
        assert not Release.objects.exists()
    assert two.here.client.send(new, {**right, "step": "read", "answer": "no"}).status_code == 302


def test_the_paper_and_every_page_say_what_is_named_and_nothing_of_what_it_says(filled: Filled) -> None:
    two, new = filled.two, of(filled.two) + "new/"
    told = answers(
        two, scopes=["care.needs", "care.services", "relief.legal"], listed="1",
        **{
            "extent-care-needs": "only", "named-care-needs": [str(filled.needs[1].pk)],
            "extent-care-services": "only", "named-care-services": [str(row.pk) for row in filled.services[:2]],
            "extent-relief-legal": "all",
        },
    )  # fmt: skip
    assert two.here.client.send(new, told).status_code == 302
    with two.here.person.acting():
        draft = Release.objects.get()
        assert draft.by_record == ["care.needs", "care.services"]
        assert set(draft.records.values_list("record", flat=True)) == set(pks(filled.needs[1], *filled.services[:2]))
    at = f"/sharing/{draft.pk}/"
    paper = two.here.get(at + "paper/")
    assert "solo 2, con fecha de 2 de marzo de 2026; 9 de marzo de 2026" in paper
    assert "Sus trámites legales y sus fechas: todo, también lo que anotemos después" in paper
    assert "Qué servicios recibió aquí: lo demás" in paper
    assert not [text for text in NEEDS if text in paper]
    done = two.here.client.send(at + "sign/", {"evidence": "paper", "place": "Cabinet 2", "is_checked": "on"})
    assert done.status_code == 302
    detail = two.here.get(at)
    assert "Services received (only 2, named one by one): of" in detail
    assert "Nothing is added later" in detail
    preview = two.here.get(at + "send/")
    assert NEEDS[1] in preview
    assert NEEDS[0] not in preview
    hidden = dict(re.findall(r'name="(page|seen)" value="([^"]+)"', preview))
    sent = two.here.client.send(at + "send/", {**hidden, "codes": ["care.needs", "care.services"]})
    assert sent.status_code == 302, sent.content.decode()
    named = "Needs (only 1, named one by one)"
    for page in (of(two), f"/cases/{filled.case.pk}/", at):
        assert named in two.here.get(page), page
    # Their own list, in their language: how much went, and no word of it.
    seen = two.here.client.send(
        f"/obligations/people/{two.person.pk}/seen/", {"language": "es", "is_them": "on", "can_talk": "on"}
    ).content.decode()
    assert "Lo que usted necesita (solo 1, cada cosa por separado)" in seen
    assert not [text for text in NEEDS if text in seen]
    # A stranger to the case reads none of it.
    with two.there.person.acting():
        assert not ReleaseRecord.objects.exists()


def test_a_file_that_became_one_with_a_stricter_one_shares_no_more_than_that(filled: Filled) -> None:
    two = filled.two
    other = opened_case(two.here.person, name="Marisol I. Invented", age_band="25-59")
    with two.here.person.acting():
        theirs = add_need(
            vault=filled.vault, person=other.person, case=other.pk, domain="safety", text="Hers", due_on=None, on=TODAY(),
            by=two.by,
        )  # fmt: skip
        single = signed_release(
            two.here.person, other.person, two.there.agency, scopes=SCOPES, records={"care.needs": pks(theirs)}
        )
        whole = filled.signed(scopes=("person.name", "care.needs"))
        merge_person(vault=filled.vault, person=other.person, into=two.person, by=two.by)
        with pytest.raises(Refused, match="stricter"):
            filled.send(whole, codes=("care.needs",))
        filled.send(whole, codes=("person.name",))
        assert single.pk
    assert end_releases_of(two) == 0, "a part of it still goes, and so it goes on"
