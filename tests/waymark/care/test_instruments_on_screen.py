"""Instruments, services and safety plans on the screens: what is kept, what is told to whom, and what is told to nobody."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone
from tests.factories.vault import PASSPHRASE
from tests.waymark.care.test_journey import case_of, sent
from tests.waymark.cases.desks import Desk

from waymark.audit.models import Event
from waymark.care.formats.instruments import instrument
from waymark.care.models import Assessment, SafetyPlan, Service
from waymark.consent.models import Disclosure
from waymark.notices.models import Notice
from waymark.people.policies import Refused

pytestmark = pytest.mark.django_db


def begun(desk: Desk, here: str, key: str = "phq9-1999", language: str = "en") -> str:
    return sent(desk, f"{here}instruments/new/", instrument=key, language=language)


def answers(key: str, value: str, **others: str) -> dict[str, str]:
    given = {f"item_{item.id}": value for item in instrument(key).items}
    return {**given, **{f"item_{item}": said for item, said in others.items()}, "taken_on": "today"}


def test_answers_that_meet_a_locked_vault_wait_on_the_page_and_are_saved_from_there(desk: Desk) -> None:
    here = case_of(desk, name="Rosa Invented")
    page = begun(desk, here)
    desk.client.send("/vault/lock/", page=here)
    given = answers("phq9-1999", "2")
    kept = desk.client.send(page, given, page=here)
    told = kept.content.decode()
    assert (kept.status_code, "unlock the vault in another tab" in told) == (422, True)
    # What was asked is not said: which instrument it is lies sealed.
    assert "phq" not in told.lower()
    again = dict(re.findall(r'<input type="hidden" name="((?:item_|taken_on)[^"]*)" value="([^"]*)"', told))
    assert again == given
    assert desk.client.send("/vault/unlock/", {"passphrase": PASSPHRASE}).status_code == 302
    assert "18</strong>" in desk.get(sent(desk, page, here, **again))
    # A draft stays a draft on this way too.
    draft = begun(desk, here)
    desk.client.send("/vault/lock/", page=here)
    told = desk.client.send(draft, {"item_1": "1", "taken_on": "today", "draft": "1"}, page=here).content.decode()
    assert '<input type="hidden" name="draft" value="1"' in told


def test_an_alert_is_on_the_workers_screen_and_nowhere_else(desk: Desk) -> None:
    here = case_of(desk, name="Rosa Invented")
    page = begun(desk, here)
    assert "phq" not in page.lower()
    # Already while the rest is open.
    shown = sent(desk, page, item_9="1", taken_on="today", draft="1")
    assert "hurting themselves" in desk.get(shown)
    quiet = sent(desk, page, **answers("phq9-1999", "0", **{"9": "0"}), draft="1")
    assert "hurting themselves" not in desk.get(quiet)
    sent(desk, page, **answers("phq9-1999", "1", **{"9": "2"}))
    done = desk.get(shown)
    assert "hurting themselves" in done
    assert "988" in done
    assert "10</strong> Moderate" in done
    assert "hurting themselves" in desk.get(here)
    with desk.person.acting():
        told = Event.objects.filter(object_kind="person", verb__startswith="assessment")
        assert sorted(told.values_list("verb", flat=True)) == [
            *["assessment.begun", "assessment.done"],
            *["assessment.kept"] * 2,
        ]
        # The event is the same as for answers that raise nothing, and names neither instrument nor score.
        for event in told:
            assert (list(event.fields), event.purpose) == ([], "")
        assert Notice.objects.count() == 0
        assert "phq" not in str(Assessment.objects.values()).lower()
    assert mail.outbox == []
    for page in ("/", "/cases/", "/cases/team/"):
        assert "hurting" not in desk.get(page)


def test_answers_that_are_done_are_final_and_void_ones_stay_readable(desk: Desk) -> None:
    here = case_of(desk)
    page = begun(desk, here, "gad7-2006", "es")
    assert "nervios de punta" in desk.get(page)
    missing = desk.client.send(page, {**answers("gad7-2006", "2"), "item_3": ""})
    assert missing.status_code == 422
    assert "prefer not to say" in missing.content.decode()
    row = sent(desk, page, **answers("gad7-2006", "2", **{"3": "no"}))
    shown = desk.get(row)
    assert "No total" in shown
    assert "1 left unsaid" in shown
    assert desk.client.get(page)["Location"] == row
    late = desk.client.send(page, answers("gad7-2006", "0"), page=row)
    assert late["Location"] == row
    assert "No total" in desk.get(row)
    sent(desk, f"{row}void/")
    assert "Void" in desk.get(row)
    assert desk.client.send(f"{row}void/").status_code == 422


def test_scores_over_time_are_drawn_with_their_table(desk: Desk) -> None:
    here = case_of(desk)
    for day, value in (("May 3, 2026", "3"), ("June 3, 2026", "2"), ("July 3, 2026", "1")):
        sent(desk, begun(desk, here), **{**answers("phq9-1999", value, **{"9": "0"}), "taken_on": day})
    page = desk.get(f"{here}instruments/")
    assert page.count('class="dot"') == 3
    assert "8 less than the time before" in page
    assert "Sunday, May 3, 2026" in page
    for slot in ("OHTS", "TVIT"):
        assert slot in page
    assert "Written permission of RTI International" in page
    assert "style=" not in page


@pytest.mark.parametrize("wrong", [{"instrument": "ohts-slot"}, {"instrument": "pcl5-2013", "language": "es"}, {}])
def test_an_instrument_without_free_words_is_not_asked(desk: Desk, wrong: dict[str, str]) -> None:
    here = case_of(desk)
    assert desk.client.send(f"{here}instruments/new/", {"language": "en", **wrong}).status_code == 422


def test_a_service_takes_one_choice_and_no_place(desk: Desk) -> None:
    here = case_of(desk)
    asked = set(re.findall(r'name="(\w+)"', desk.get(f"{here}services/new/"))) - {"csrfmiddlewaretoken", "q", "viewport"}
    assert asked == {"code", "state", "on", "minutes", "units", "household", "note", "another"}
    usual: dict[str, Any] = {"on": "today", "units": "1", "household": "1", "note": "", "minutes": ""}
    sent(desk, f"{here}services/new/", code="case_work", state="provided", **usual)
    sent(desk, f"{here}services/new/", code="hotline_talk", state="refused", **{**usual, "minutes": "30"})
    sent(desk, f"{here}services/new/", code="shelter_night", state="no_show", **usual)
    with desk.person.acting():
        rows = {row.code: row for row in Service.objects.all()}
    # What did not happen took no time.
    assert rows["hotline_talk"].minutes is None
    assert {row.state for row in rows.values()} == {"provided", "refused", "no_show"}
    page = desk.get(f"{here}services/?state=refused")
    assert "Crisis talk by phone" in page
    assert "Case work" not in page
    assert "Case work" in desk.get(f"{here}services/?q=planning")
    sent(
        desk, f"{here}services/{rows['case_work'].pk}/", state="provided", **{**usual, "minutes": "45", "note": "Went well"}
    )
    assert "45 minutes" in desk.get(f"{here}services/")
    sent(desk, f"{here}services/{rows['case_work'].pk}/mistake/")
    assert "Case work" not in desk.get(f"{here}services/")
    assert desk.client.get(f"{here}services/{rows['case_work'].pk}/").status_code == 404


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"code": ""}, "Choose an answer to “"),
        ({"code": "no_such"}, "Choose one of the answers to"),
        ({"on": "tomorrow"}, "has not come yet"),
        ({"on": "May 3, 2020"}, "more than a year ago"),
        ({"state": "planned", "on": "yesterday"}, "from today on"),
        ({"minutes": "1441"}, "takes a whole number from 1 to 1440"),
        ({"minutes": "-5"}, "takes a whole number from 1 to 1440"),
        ({"units": "0"}, "takes a whole number from 1 to 1000"),
        ({"household": "99"}, "takes a whole number from 1 to 30"),
        ({"code": "shelter_night", "minutes": "5"}, "counted in nights"),
        ({"note": "x" * 501}, "500"),
    ],
)
def test_a_wrong_service_is_said_beside_its_field(desk: Desk, wrong: dict[str, str], said: str) -> None:
    here = case_of(desk)
    good = {"code": "case_work", "state": "provided", "on": "today", "units": "1", "household": "1"}
    answer = desk.client.send(f"{here}services/new/", {**good, **wrong})
    assert answer.status_code == 422
    assert said in answer.content.decode()


def test_a_safety_plan_is_kept_in_versions_and_printed_in_a_safe_form(desk: Desk) -> None:
    here = case_of(desk, name="Rosa Invented")
    plan = f"{here}safety-plan/"
    assert "There is no safety plan yet" in desk.get(plan)
    empty = desk.client.send(f"{plan}new/", {"review_on": "tomorrow", "signs": "", "after": ""})
    assert empty.status_code == 422
    texts = {
        "signs": "He is quiet.",
        "people": "Rosa's sister",
        "places": "12 Nowhere Lane, the blue door",
        "word": "kettle",
    }
    sent(desk, f"{plan}new/", review_on="tomorrow", after="", **texts)
    # Two who write at the same time: the second is told, and loses nothing.
    second = desk.client.send(f"{plan}new/", {"review_on": "tomorrow", "after": "", "signs": "Other words."})
    assert second.status_code == 422
    assert "newer version meanwhile" in second.content.decode()
    assert "Other words." in second.content.decode()
    form = desk.get(f"{plan}paper/")
    assert "holds a name of theirs" in form
    assert "holds an address" in form
    for code in ("people", "places"):
        refused = desk.client.send(f"{plan}paper/", {"language": "en", "chosen": [code], "thought_of": "on"})
        assert refused.status_code == 422
        assert "would tell a finder too much" in refused.content.decode()
    unthought = desk.client.send(f"{plan}paper/", {"language": "en", "chosen": ["signs"]})
    assert unthought.status_code == 422
    with desk.person.acting():
        assert not Disclosure.objects.exists()
    paper = desk.client.send(f"{plan}paper/", {"language": "es", "chosen": ["signs", "word"], "thought_of": "on"})
    page = paper.content.decode()
    assert paper.status_code == 200
    assert "<title>Mis apuntes</title>" in page
    assert "kettle" in page
    for telling in ("Rosa", "Harbor House", "Waymark", "sister", "Nowhere", "case", "staff site", desk.user.display_name):
        assert telling not in page.replace("staff.css", ""), telling
    assert paper.headers["Cache-Control"] == "no-store"
    with desk.person.acting():
        line = Disclosure.objects.get()
        assert (line.basis, line.method, line.outside) == ("survivor_delivered", "print", "survivor")
        assert line.fields == ["safety_plan.signs", "safety_plan.word"]
        row = SafetyPlan.objects.get()
        assert row.copy == "given"
    sent(desk, f"{plan}copy/", page=plan, not_given="1")
    sent(desk, f"{plan}review/", review_on="December 24")
    sent(desk, f"{plan}new/", review_on="tomorrow", after="1", signs="He is loud.")
    page = desk.get(plan)
    assert "He is loud." in page
    assert "Version 2" in page
    with desk.person.acting():
        first = SafetyPlan.objects.get(number=1)
    old = desk.get(f"{plan}{first.pk}/")
    assert "He is quiet." in old
    assert "Superseded" in old
    assert "They want none" in old
    # Who was told of a newer version, and has read it, keeps theirs with the next press: nothing typed can only be lost.
    late = {"review_on": "tomorrow", "after": "1", "signs": "Both."}
    told = desk.client.send(f"{plan}new/", late).content.decode()
    assert "newer version meanwhile" in told
    known = re.search(r'name="after" value="(\d+)"', told)
    assert known is not None
    sent(desk, f"{plan}new/", **{**late, "after": known[1]})
    assert "Both." in desk.get(plan)
    # An error of another kind tells of no newer version, and lets nobody overwrite one.
    wrong = desk.client.send(f"{plan}new/", {**late, "review_on": "13/45/2026"}).content.decode()
    assert 'name="after" value="1"' in wrong


def test_one_of_another_case_is_as_if_it_were_not_there(desk: Desk) -> None:
    here, elsewhere = case_of(desk), case_of(desk)
    row = begun(desk, here)
    sent(desk, f"{here}safety-plan/new/", review_on="tomorrow", after="", signs="x")
    usual = {"on": "today", "units": "1", "household": "1"}
    sent(desk, f"{here}services/new/", code="case_work", state="provided", **usual)
    with desk.person.acting():
        service, plan = Service.objects.get(), SafetyPlan.objects.get()
    for url in (f"instruments/{row.split('/')[4]}/", f"services/{service.pk}/", f"safety-plan/{plan.pk}/"):
        assert desk.client.get(here + url).status_code == 200, url
        assert desk.client.get(elsewhere + url).status_code == 404, url
    assert desk.client.get(f"{elsewhere}safety-plan/paper/").status_code == 404
    assert timezone.localdate()


def test_no_line_in_the_ledger_no_paper(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """The line is written first; where the database refuses it, nothing is printed, and no copy is noted."""
    here = case_of(desk)
    sent(desk, f"{here}safety-plan/new/", review_on="tomorrow", after="", signs="Kettle.")
    monkeypatch.setattr("waymark.cases.views.safety.print_for_person", _refused)
    asked = {"language": "en", "chosen": ["signs"], "thought_of": "on"}
    answer = desk.client.send(f"{here}safety-plan/paper/", asked)
    assert answer.status_code == 422
    assert "Kettle" not in answer.content.decode()
    with desk.person.acting():
        assert SafetyPlan.objects.get().copy == ""


def _refused(**_: Any) -> None:
    raise Refused("The ledger cannot be written.")
