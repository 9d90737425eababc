"""From the first question to the end: asked, signed, sent, read there, stopped; and what the ledger says of it."""

from __future__ import annotations

import datetime as dt
import re
import uuid
from typing import Any

import pytest
import time_machine
from django.db import DatabaseError
from django.utils import timezone
from tests.factories.consent import sent_package, signed_release, terms_for
from tests.factories.people import opened_case
from tests.waymark.consent.conftest import Two
from tests.waymark.consent.test_rules import refused

from waymark.audit.models import Event
from waymark.consent.actions.ending import end_releases, remind_of_ends
from waymark.consent.actions.packages import CHANGED, send_package, tell_aloud
from waymark.consent.actions.releases import draft_release, drop_draft, revoke_release, sign_release
from waymark.consent.models import Disclosure, Package, Release
from waymark.disclosures.models import InboxPacket, OutboxPacket, Permit, Receipt
from waymark.people.actions.merging import merge_person
from waymark.people.policies import Refused

State = Release.State


def of(two: Two) -> str:
    return f"/sharing/people/{two.person.pk}/"


def answers(two: Two, **changes: Any) -> dict[str, Any]:
    """What worker and survivor tick on the guided screen."""
    return {
        "step": "read",
        "can_talk": "yes",
        "language": "es",
        "interpreter": "phone",
        "interpreter_number": "4711",
        "interpreter_is_right": "on",
        "recipient": str(two.there.agency.pk),
        "recipient_person": "Cy",
        "purpose": "housing",
        "scopes": ["person.name", "person.languages"],
        "last_day": (timezone.localdate() + dt.timedelta(days=30)).isoformat(),
        "alternatives": ["wait"],
        "signer": str(two.person.pk),
        "answer": "yes",
        **changes,
    }


def test_before_the_yes_nothing_is_written_and_no_step_loses_what_was_typed(two: Two) -> None:
    here, new = two.here, of(two) + "new/"
    assert "Can you talk freely now?" in here.get(new)
    events = Event.objects.count()
    stopped = here.client.send(new, answers(two, step="talk", can_talk="no"))
    assert stopped.status_code == 302
    terms = here.client.send(new, answers(two, step="talk"))
    assert "What is shared" in terms.content.decode()
    bad = here.client.send(new, answers(two, step="terms", scopes=[], last_day="13/45/2026"))
    assert bad.status_code == 422
    text = bad.content.decode()
    assert "13/45/2026" in text
    assert 'value="4711"' in text
    # Their own page: their language, what is kept back too, and answers of one size; nothing of their file.
    page = here.client.send(new, answers(two, step="terms"))
    text = page.content.decode()
    assert "¿Quiere que compartamos esto con Landing House (invented)?" in text
    assert "Puede decir que no. Recibirá de nosotros la misma ayuda." in text
    assert "not yet checked by a speaker" in text
    assert "Marisol" not in text
    assert two.person.code not in re.sub(r'value="[^"]*"', "", text).replace(f"/people/{two.person.pk}/", "")
    buttons = re.findall(r'<button class="([^"]+)" name="answer" value="(\w+)"', text)
    assert [value for _, value in buttons] == ["no", "later", "yes"]
    assert len({classes for classes, _ in buttons}) == 1
    for answer in ("no", "later"):
        assert here.client.send(new, answers(two, answer=answer)).status_code == 302
    with here.person.acting():
        assert not Release.objects.exists()
    assert Event.objects.count() == events


def test_an_interpreter_has_a_number_and_is_none_of_those_who_must_not(two: Two) -> None:
    bad = two.here.client.send(of(two) + "new/", answers(two, step="talk", interpreter_number="", interpreter_is_right=""))
    assert bad.status_code == 422
    assert "Write the interpreter’s number" in bad.content.decode()
    assert "use another interpreter" in bad.content.decode()


def test_signed_sent_read_there_and_stopped_with_one_press(two: Two) -> None:
    here, there = two.here, two.there
    asked = here.client.send(of(two) + "new/", answers(two))
    assert asked.status_code == 302
    with here.person.acting():
        draft = Release.objects.get()
    at = f"/sharing/{draft.pk}/"
    paper = here.get(at + "paper/")
    assert draft.code in paper
    assert "Yo lo decido. Nadie me presiona." in paper
    assert "Marisol" not in paper
    # No evidence, no sharing; what was typed stays.
    bad = here.client.send(at + "sign/", {"evidence": "paper", "place": "", "is_checked": "on"})
    assert bad.status_code == 422
    assert here.client.get(at + "send/").status_code == 302
    done = here.client.send(at + "sign/", {"evidence": "paper", "place": "Cabinet 2", "is_checked": "on"})
    assert done.status_code == 302
    preview = here.get(at + "send/")
    assert "Marisol Invented" in preview
    assert "Mam, Spanish" in preview
    hidden = dict(re.findall(r'name="(page|seen)" value="([^"]+)"', preview))
    sent = here.client.send(at + "send/", {**hidden, "codes": ["person.name"]})
    assert sent.status_code == 302, sent.content.decode()
    again = here.client.send(at + "send/", {**hidden, "codes": ["person.name"]})
    assert again.status_code == 302
    with here.person.acting():
        line = Disclosure.objects.get()
        assert (line.basis, line.method, line.fields) == ("release", "package", ["person.name"])
        assert Package.objects.count() == 1
    with there.person.acting():
        came = InboxPacket.objects.get()
    assert there.client.send(f"/mail/{came.pk}/open/", {}, page=f"/mail/{came.pk}/").status_code == 302
    assert "Marisol Invented" in there.get(f"/mail/{came.pk}/")
    assert "Marisol Invented" in there.get(f"/mail/{came.pk}/")
    with here.person.acting():
        # Every look is told to who sent it.
        assert Receipt.objects.count() == 3
    told = here.get(at)
    assert "looked at it 3 times" in told
    assert "¿Dejar de compartir con Landing House (invented)?" in told
    assert "Lo abrieron el" in told
    # One press, and no unlocked vault.
    here.client.send("/vault/lock/", {}, page=at)
    stopped = here.client.send(at + "stop/", {}, page=at)
    assert stopped.status_code == 302
    gone = there.get(f"/mail/{came.pk}/")
    assert "Marisol" not in gone
    assert "took this packet back" in gone
    with here.person.acting():
        release = Release.objects.get()
        assert (release.state, release.ended_why) == ("revoked", "asked")
        assert release.permit is not None
        assert release.permit.revoked_at is not None


def test_what_was_not_opened_is_gone_without_a_trace(two: Two) -> None:
    with two.here.person.acting():
        release = signed_release(two.here.person, two.person, two.there.agency)
        sent_package(two.here.person, release)
    with two.there.person.acting():
        came = InboxPacket.objects.get().pk
    with two.here.person.acting():
        done = revoke_release(release=release, by=two.by)
    assert (done.unopened, done.opened) == (1, 0)
    assert two.there.client.get(f"/mail/{came}/").status_code == 404
    with two.here.person.acting():
        assert revoke_release(release=release, by=two.by).unopened == 0
        with pytest.raises(Refused, match="They stopped sharing"):
            sent_package(two.here.person, release)
        assert Disclosure.objects.count() == 1


def test_every_refusal_of_a_package_leaves_nothing(two: Two) -> None:
    with two.here.person.acting():
        release = signed_release(two.here.person, two.person, two.there.agency)
        vault = two.here.person.vault()
        for codes, seen, says in (
            (["person.born"], None, "does not name one of these"),
            ([], None, "does not name one of these"),
            (["person.name"], "0" * 64, CHANGED),
        ):
            with pytest.raises(Refused, match=re.escape(says)):
                send_package(vault=vault, release=release, page=uuid.uuid4(), codes=codes, seen=seen or "", by=two.by)
        assert not OutboxPacket.objects.exists()
        assert not Disclosure.objects.exists()


def test_if_the_line_cannot_be_written_nothing_leaves(two: Two, monkeypatch: pytest.MonkeyPatch) -> None:
    """Fault in the ledger itself: the page fails, and neither a packet nor a byte of a copy is there."""
    with two.here.person.acting():
        release = signed_release(two.here.person, two.person, two.there.agency)

    def no_line(*_: Any, **__: Any) -> None:
        raise DatabaseError("The ledger's disk is full.")

    monkeypatch.setattr(Disclosure.objects, "create", no_line)
    with two.here.person.acting(), pytest.raises(DatabaseError):
        sent_package(two.here.person, release)
    with two.here.person.acting():
        assert not OutboxPacket.objects.exists()
    two.here.client.raise_request_exception = False
    for method in ("print", "pdf", "csv"):
        answer = two.here.client.send(
            of(two) + "copy/",
            {"outside": "own_agency", "codes": ["person.name"], "method": method, "language": "en"},
        )
        assert answer.status_code == 500
        assert b"Marisol" not in answer.content
    with two.there.person.acting():
        assert not InboxPacket.objects.exists()


def test_no_packet_from_a_file_is_without_its_release_and_line(two: Two) -> None:
    """Whoever writes past the actions meets the database: no packet without a package, none of another release."""
    with two.here.person.acting():
        release = signed_release(two.here.person, two.person, two.there.agency)
        first = sent_package(two.here.person, release)
        copied = {
            "agency_id": first.agency_id,
            "recipient_id": first.recipient_id,
            "kind": "package",
            "permit_id": first.permit_id,
            "purpose": first.purpose,
            "fields": first.fields,
            "expires_at": first.expires_at,
            "sealed_epoch": 1,
            "own_epoch": 1,
            "sealed": bytes(1100),
            "own_copy": bytes(1100),
        }
        refused(lambda: OutboxPacket.objects.create(**copied), "without a release")


def test_nothing_is_typed_under_a_release(two: Two) -> None:
    """The mail offers no page for words under a release's permit: somebody could write about another person there."""
    with two.here.person.acting():
        release = signed_release(two.here.person, two.person, two.there.agency)
    assert str(release.permit_id) not in two.here.get("/mail/new/")
    assert two.here.client.get(f"/mail/new/under/{release.permit_id}/").status_code == 404


def test_a_draft_goes_without_a_trace_and_by_itself_after_a_day(two: Two) -> None:
    with two.here.person.acting():
        vault = two.here.person.vault()
        draft = draft_release(vault=vault, person=two.person, terms=terms_for(two.there.agency), by=two.by)
        drop_draft(release=draft, by=two.by)
        assert not Release.objects.exists()
        draft_release(vault=vault, person=two.person, terms=terms_for(two.there.agency), by=two.by)
    assert end_releases_of(two) == 0
    with two.here.person.acting():
        assert Release.objects.count() == 1
    with time_machine.travel(timezone.now() + dt.timedelta(hours=25)):
        assert end_releases_of(two) == 1
    with two.here.person.acting():
        assert not Release.objects.exists()
    assert "They share nothing" in two.here.get(of(two))


def end_releases_of(two: Two) -> int:
    """The job acts for the agency by the system, outside of anybody's page."""
    from waymark.access import context

    before = context._current.set(None)
    try:
        return end_releases(agency_id=two.here.agency.pk)
    finally:
        context._current.reset(before)


def test_terms_that_cannot_be_asked(two: Two) -> None:
    with two.here.person.acting():
        vault = two.here.person.vault()
        for changes in (
            {"scopes": []},
            {"scopes": ["note.privileged"]},
            {"scopes": ["person.name", "relief.nothing"]},
            {"days": 366},
            {"days": -1},
            {"alternatives": []},
            {"signer": two.here.user.pk},
            {"is_minor_alone": True},
        ):
            with pytest.raises(Refused):
                draft_release(vault=vault, person=two.person, terms=terms_for(two.there.agency, **changes), by=two.by)
        assert not Release.objects.exists()


def test_an_extension_is_a_new_release_and_stopping_it_stops_both(two: Two) -> None:
    with two.here.person.acting():
        member, vault = two.here.person, two.here.person.vault()
        first = signed_release(member, two.person, two.there.agency)
        sent_package(member, first)
        draft = draft_release(
            vault=vault, person=two.person, terms=terms_for(two.there.agency, days=60), by=two.by, follows=first
        )
        second = sign_release(vault=vault, release=draft, evidence="seen", place="", by=two.by)
        first.refresh_from_db()
        assert (first.state, first.ended_why) == ("superseded", "followed")
        with pytest.raises(Refused, match="newer release"):
            sent_package(member, first)
        sent_package(member, second)
        done = revoke_release(release=second, by=two.by)
        assert done.unopened == 2
        assert not Permit.objects.filter(revoked_at__isnull=True).exists()
    with two.there.person.acting():
        assert not InboxPacket.objects.exists()


def test_the_stricter_of_two_files_wins_when_they_become_one(two: Two) -> None:
    other = opened_case(two.here.person, name="Marisol I. Invented", age_band="25-59").person
    with two.here.person.acting():
        member, vault = two.here.person, two.here.person.vault()
        stopped = signed_release(member, other, two.there.agency)
        revoke_release(release=stopped, by=two.by)
        live = signed_release(member, two.person, two.there.agency)
        packet = sent_package(member, live)
        merge_person(vault=vault, person=other, into=two.person, by=two.by)
        with pytest.raises(Refused, match="stricter"):
            sent_package(member, live)
    assert end_releases_of(two) == 1
    with two.here.person.acting():
        live.refresh_from_db()
        packet.refresh_from_db()
        assert (live.state, live.ended_why, packet.state) == ("revoked", "merge", "recalled")
        # A release that they sign now is a new word.
        fresh = signed_release(two.here.person, two.person, two.there.agency)
        sent_package(two.here.person, fresh)


def test_a_worker_is_told_once_that_a_release_ends(two: Two) -> None:
    from waymark.access import context

    with two.here.person.acting():
        release = signed_release(two.here.person, two.person, two.there.agency, days=4)
    mark = context._current.set(None)
    try:
        with time_machine.travel(timezone.now() + dt.timedelta(hours=1)):
            assert remind_of_ends(agency_id=two.here.agency.pk) == 1
            assert remind_of_ends(agency_id=two.here.agency.pk) == 0
    finally:
        context._current.reset(mark)
    assert "A release that you keep ends soon" in two.here.get("/notices/")
    assert f"Release {release.code} ends" in two.here.get("/waiting/")
    assert "Marisol" not in two.here.get("/notices/")


def test_what_is_told_aloud_has_its_line_first(two: Two) -> None:
    with two.here.person.acting():
        release = signed_release(two.here.person, two.person, two.there.agency)
        with pytest.raises(Refused):
            tell_aloud(vault=two.here.person.vault(), release=release, codes=["person.born"], by=two.by)
    at = f"/sharing/{release.pk}/tell/"
    assert two.here.client.send(at, {"codes": []}).status_code == 422
    assert two.here.client.send(at, {"codes": ["person.name"]}).status_code == 302
    with two.here.person.acting():
        assert Disclosure.objects.get().basis == "spoken"
    assert "told aloud" in two.here.get(of(two))
