"""Agreements: nothing is in force that somebody has not signed, and nobody signs for another agency."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, transaction
from tests.factories.accounts import AgencyFactory, UserFactory
from tests.factories.coalition import act, agreement_of, sign, told, voice

from waymark.accounts.models import Agency, User
from waymark.coalition.actions import agreement_steps as steps
from waymark.coalition.actions import agreements as actions
from waymark.coalition.models import Agreement, AgreementParty, Annex, Approval, Signatory
from waymark.coalition.policies import Refused
from waymark.coalition.policies import agreements as policies
from waymark.coalition.selectors import agreements as selectors

pytestmark = pytest.mark.django_db
VALUES: dict[str, Any] = {
    "title": "Who calls whom",
    "purpose": "Each calls the other first.",
    "starts_on": dt.date(2026, 1, 1),
    "review_on": dt.date(2027, 1, 15),
}
NOON = dt.datetime(2026, 11, 20, 20, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def noon() -> Any:
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def sheriff() -> Agency:
    return AgencyFactory(name="Invented Sheriff", short_name="Sheriff", kind="law_enforcement")


@pytest.fixture
def ona() -> User:
    return UserFactory(role="officer", agency=AgencyFactory(name="Lantern House", kind="victim_services"))


@pytest.fixture
def draft(ona: User, sheriff: Agency) -> Agreement:
    return agreement_of(ona.acting, ona.acting.agency, sheriff)  # type: ignore[arg-type,union-attr]


def out(ona: User, draft: Agreement) -> Agreement:
    made: Agreement = act(ona, steps.send_out, agreement=draft)
    return made


@pytest.mark.parametrize(
    ("role", "may"),
    [
        *(("administrator", False), ("advocate", False), ("coordinator", True), ("council", False), ("member", False)),
        *(("officer", True), ("steward", False)),
    ],
)
def test_who_drafts(role: str, may: bool) -> None:
    by = UserFactory(role=role, **({"agency": AgencyFactory(kind="other_non_profit")} if role == "council" else {}))
    assert policies.may_draft(by) is may
    if may:
        made = act(by, actions.draft_agreement, values=VALUES)
        assert (made.state, made.version, made.owner) == ("draft", 1, by.acting)
        assert told(by) == ["agreement.drafted"]
    else:
        with pytest.raises(Refused):
            act(by, actions.draft_agreement, values=VALUES)


@pytest.mark.parametrize(
    ("who", "keeps"), [("owner", True), ("colleague", True), ("party", False), ("coordinator", True), ("member", False)]
)
def test_who_keeps_an_agreement(ona: User, sheriff: Agency, draft: Agreement, who: str, keeps: bool) -> None:
    by = {
        "owner": lambda: ona,
        "colleague": lambda: UserFactory(role="officer", agency=ona.acting.agency),  # type: ignore[union-attr]
        "party": lambda: UserFactory(role="officer", agency=sheriff),
        "coordinator": lambda: UserFactory(role="coordinator"),
        "member": lambda: UserFactory(role="member", agency=ona.acting.agency),  # type: ignore[union-attr]
    }[who]()
    assert policies.may_keep_agreement(by, draft) is keeps
    if keeps:
        act(by, actions.change_draft, agreement=draft, values={"title": "Another"})
        assert told(by) == ["agreement.changed"]
    else:
        with pytest.raises(Refused):
            act(by, actions.change_draft, agreement=draft, values={"title": "Another"})
        assert policies.steps_for(by, draft) == []


@pytest.mark.parametrize(
    "values",
    [
        {"title": " "},
        {"purpose": ""},
        {"starts_on": dt.date(2026, 5, 1), "ends_on": dt.date(2026, 4, 1)},
        {"starts_on": None, "ends_on": dt.date(2026, 4, 1)},
        {"review_on": dt.date(2025, 1, 1)},
    ],
)
def test_a_draft_that_makes_no_sense_is_refused(ona: User, draft: Agreement, values: dict[str, Any]) -> None:
    with pytest.raises(Refused):
        act(ona, actions.change_draft, agreement=draft, values=values)
    assert told(ona) == []


def test_parties_signers_and_bodies_are_named_and_named_again(ona: User, sheriff: Agency) -> None:
    draft = act(ona, actions.draft_agreement, values=VALUES)
    own = ona.acting.agency  # type: ignore[union-attr]
    closed = AgencyFactory(state="closed")
    act(ona, actions.choose_parties, agreement=draft, agencies=[own, sheriff, closed])
    parties = selectors.parties_of(draft)
    assert [party.agency for party in parties] == [sheriff, own], "by kind, and no rank"
    kept = [("Ida Invented", "Director"), ("Jon Invented", "Board chair")]
    act(ona, actions.name_signers, party=parties[1], signatories=kept, approvals=[("board", "The board")])
    act(ona, actions.name_signers, party=parties[1], signatories=kept[:1], approvals=[("board", "The board")])
    act(ona, actions.name_signers, party=parties[1], signatories=kept[:1], approvals=[("board", "The board")])
    assert list(Signatory.objects.values_list("name", flat=True)) == ["Ida Invented"]
    assert Approval.objects.get().name == "The board"
    act(ona, actions.choose_parties, agreement=draft, agencies=[sheriff])
    assert not Signatory.objects.exists()
    assert told(ona) == [
        *("agreement.drafted", "agreement.parties_chosen", "agreement.signers_named", "agreement.signers_named"),
        "agreement.parties_chosen",
    ], "what changes nothing is not told"
    for bad in ({"signatories": [("", "x")], "approvals": []}, {"signatories": [], "approvals": [("king", "x")]}):
        with pytest.raises(Refused):
            act(ona, actions.name_signers, party=selectors.parties_of(draft)[0], **bad)


def test_a_draft_goes_out_only_when_it_is_complete(ona: User, sheriff: Agency) -> None:
    draft = act(ona, actions.draft_agreement, values={**VALUES, "starts_on": None, "review_on": None})
    own = ona.acting.agency  # type: ignore[union-attr]
    with pytest.raises(Refused, match="at least two parties"):
        out(ona, draft)
    act(ona, actions.choose_parties, agreement=draft, agencies=[own, sheriff])
    missing = selectors.missing_before_sending(draft, selectors.parties_of(draft))
    assert len(missing) == 4
    for party in selectors.parties_of(draft):
        act(ona, actions.name_signers, party=party, signatories=[("Pat Invented", "Head")], approvals=[])
    act(ona, actions.change_draft, agreement=draft, values=VALUES)
    assert out(ona, draft).state == "out"


def test_its_words_stand_still_once_it_is_out(ona: User, draft: Agreement) -> None:
    act(ona, actions.save_annex, agreement=draft, values={"kind": "media", "title": "Press", "text": "x", "paper_kept": ""})
    out(ona, draft)
    party = AgreementParty.objects.filter(agreement=draft).first()
    annex = Annex.objects.get()
    acts = [
        (actions.change_draft, {"agreement": draft, "values": {"title": "x"}}),
        (actions.choose_parties, {"agreement": draft, "agencies": []}),
        (actions.name_signers, {"party": party, "signatories": [], "approvals": []}),
        (actions.remove_annex, {"annex": annex}),
        (actions.discard_draft, {"agreement": draft}),
    ]
    for action, arguments in acts:
        with pytest.raises(Refused):
            act(ona, action, **arguments)
    rows = [
        lambda: Agreement.objects.filter(pk=draft.pk).update(title="Another"),
        lambda: Agreement.objects.filter(pk=draft.pk).update(ends_on=dt.date(2030, 1, 1)),
        lambda: Agreement.objects.filter(pk=draft.pk).delete(),
        lambda: AgreementParty.objects.create(agreement=draft, agency=AgencyFactory()),
        lambda: Signatory.objects.filter(party=party).update(name="Another"),
        lambda: Signatory.objects.filter(party=party).delete(),
        lambda: Approval.objects.create(party=party, kind="board", name="Late"),
        lambda: Annex.objects.update(text="Another"),
        lambda: Annex.objects.all().delete(),
    ]
    for row in rows:
        with pytest.raises(IntegrityError), transaction.atomic():
            row()


@pytest.mark.parametrize(
    ("who", "may"),
    [
        *(("officer of the party", True), ("representative of the party", True), ("deputy of the party", True)),
        *(("member of the party", False), ("officer of another", False), ("coordinator", True)),
    ],
)
def test_nobody_says_that_another_agency_has_signed(
    ona: User, sheriff: Agency, draft: Agreement, who: str, may: bool
) -> None:
    out(ona, draft)
    party = next(each for each in selectors.parties_of(draft) if each.agency == sheriff)
    member = UserFactory(role="member", agency=sheriff)
    if who.startswith("representative"):
        voice(member.acting)  # type: ignore[arg-type]
    elif who.startswith("deputy"):
        voice(UserFactory(role="member", agency=sheriff).acting, member.acting)  # type: ignore[arg-type]
    by = {
        "officer of the party": lambda: UserFactory(role="officer", agency=sheriff),
        "officer of another": lambda: ona,
        "coordinator": lambda: UserFactory(role="coordinator"),
    }.get(who, lambda: member)()
    signed = {each.pk: dt.date(2026, 11, 1) for each in party.signatories.all()}
    if may:
        act(by, steps.record_signatures, party=party, signed=signed, decided={})
        kept = Signatory.objects.get(party=party)
        assert (kept.signed_on, kept.recorded_by) == (dt.date(2026, 11, 1), by.acting)
        assert told(by) == ["agreement.signatures_recorded"] if by is not ona else True
    else:
        with pytest.raises(Refused):
            act(by, steps.record_signatures, party=party, signed=signed, decided={})
        assert Signatory.objects.get(party=party).signed_on is None


def test_in_force_takes_every_signature_and_every_approval(ona: User, sheriff: Agency, draft: Agreement) -> None:
    party = selectors.parties_of(draft)[0]
    act(ona, actions.name_signers, party=party, signatories=[("Pat", "Sheriff")], approvals=[("board", "Supervisors")])
    out(ona, draft)
    cora = UserFactory(role="coordinator")

    def says(party: AgreementParty, day: dt.date | None, state: str = "waiting", decided: dt.date | None = None) -> None:
        act(
            cora,
            steps.record_signatures,
            party=party,
            signed={each.pk: day for each in party.signatories.all()},
            decided={each.pk: (state, decided) for each in party.approvals.all()},
        )

    def refused(match: str) -> None:
        with pytest.raises(Refused, match=match):
            act(ona, steps.enter_force, agreement=draft)
        with pytest.raises(IntegrityError), transaction.atomic():
            Agreement.objects.filter(pk=draft.pk).update(state="in_force")

    yesterday = dt.date(2026, 11, 19)
    refused("has not signed")
    says(selectors.parties_of(draft)[0], yesterday, "refused", yesterday)
    says(selectors.parties_of(draft)[1], yesterday)
    refused("refused")
    says(selectors.parties_of(draft)[0], None, "approved", yesterday)
    refused("Pat has not signed")
    with pytest.raises(Refused, match="has not come yet"):
        says(selectors.parties_of(draft)[0], dt.date(2026, 11, 21), "approved", yesterday)
    says(selectors.parties_of(draft)[0], yesterday, "approved", yesterday)
    assert act(ona, steps.enter_force, agreement=draft).state == "in_force"
    with pytest.raises(IntegrityError), transaction.atomic():
        Signatory.objects.update(signed_on=None, recorded_by=None)
    with pytest.raises(Refused):
        says(selectors.parties_of(draft)[0], None)


def test_a_way_round_the_states_is_closed(ona: User, sheriff: Agency, draft: Agreement) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        agreement_of(ona.acting, sheriff, state="draft").__class__.objects.filter(pk=draft.pk).update(state="in_force")  # type: ignore[arg-type]
    for fields in ({"state": "in_force"}, {"state": "out"}, {"state": "ended", "ended_on": dt.date(2026, 1, 1)}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Agreement.objects.create(
                title="x",
                purpose="x",
                owner=ona.acting,
                starts_on=VALUES["starts_on"],
                review_on=VALUES["review_on"],
                **fields,
            )
    with pytest.raises(IntegrityError), transaction.atomic():
        Signatory.objects.filter(party__agreement=draft).update(signed_on=dt.date(2026, 1, 1), recorded_by=ona.acting)


def test_taken_back_it_is_signed_anew(ona: User, draft: Agreement) -> None:
    out(ona, draft)
    sign(draft, by=ona.acting)  # type: ignore[arg-type]
    act(ona, steps.take_back, agreement=draft)
    assert not Signatory.objects.filter(signed_on__isnull=False).exists()
    assert told(ona)[-1] == "agreement.taken_back"
    act(ona, actions.change_draft, agreement=draft, values={"title": "Another"})


def test_a_newer_version_replaces_the_older_when_it_is_in_force(ona: User, draft: Agreement) -> None:
    act(ona, actions.save_annex, agreement=draft, values={"kind": "media", "title": "Press", "text": "x", "paper_kept": ""})
    out(ona, draft)
    sign(draft, by=ona.acting)  # type: ignore[arg-type]
    old = act(ona, steps.enter_force, agreement=draft)
    with pytest.raises(IntegrityError), transaction.atomic():
        Agreement.objects.filter(pk=old.pk).update(state="superseded", ended_on=dt.date(2026, 11, 20))
    new = act(ona, steps.begin_version, agreement=old)
    with pytest.raises(Refused, match="being written already"):
        act(ona, steps.begin_version, agreement=old)
    assert (new.version, new.supersedes, new.state, new.annexes.count()) == (2, old, "draft", 1)
    assert [party.signatories.count() for party in selectors.parties_of(new)] == [1, 1]
    assert not Signatory.objects.filter(party__agreement=new, signed_on__isnull=False).exists()
    act(
        ona,
        actions.change_draft,
        agreement=new,
        values={"starts_on": VALUES["starts_on"], "review_on": VALUES["review_on"]},
    )
    out(ona, new)
    sign(new, by=ona.acting)  # type: ignore[arg-type]
    old.refresh_from_db()
    assert old.state == "in_force", "the old one runs until the new one does"
    act(ona, steps.enter_force, agreement=new)
    old.refresh_from_db()
    assert (old.state, old.ended_on) == ("superseded", dt.date(2026, 11, 20))
    assert told(ona)[-1] == "agreement.entered_force"


def test_review_renewal_and_end(ona: User, sheriff: Agency) -> None:
    agreement = agreement_of(ona.acting, ona.acting.agency, sheriff, state="in_force", ends_on=dt.date(2028, 1, 1))  # type: ignore[arg-type,union-attr]
    act(ona, steps.begin_review, agreement=agreement)
    for day in (dt.date(2026, 11, 20), dt.date(2028, 2, 1)):
        with pytest.raises(Refused):
            act(ona, steps.renew, agreement=agreement, review_on=day)
    renewed = act(ona, steps.renew, agreement=agreement, review_on=dt.date(2027, 11, 20))
    assert (renewed.state, renewed.review_on) == ("in_force", dt.date(2027, 11, 20))
    ended = act(ona, steps.end_agreement, agreement=agreement)
    assert (ended.state, ended.ended_on) == ("ended", dt.date(2026, 11, 20))
    with pytest.raises(Refused):
        act(ona, steps.begin_review, agreement=agreement)
    assert told(ona) == ["agreement.review_begun", "agreement.renewed", "agreement.ended"]


def test_one_that_ran_out_before_it_was_signed_does_not_enter_into_force(ona: User, sheriff: Agency) -> None:
    agreement = agreement_of(ona.acting, ona.acting.agency, sheriff, state="out", signed=True, ends_on=dt.date(2026, 11, 1))  # type: ignore[arg-type,union-attr]
    with pytest.raises(Refused, match="last day has passed"):
        act(ona, steps.enter_force, agreement=agreement)


def test_a_colleague_takes_over_what_the_owner_saw_through(ona: User, draft: Agreement) -> None:
    colleague = UserFactory(role="officer", agency=ona.acting.agency)  # type: ignore[union-attr]
    assert "take-over" in policies.steps_for(colleague, draft)
    assert "take-over" not in policies.steps_for(ona, draft)
    assert act(colleague, steps.take_over, agreement=draft).owner == colleague.acting
    assert told(colleague) == ["agreement.taken_over"]


def test_a_list_narrows_by_state_agency_and_review(ona: User, sheriff: Agency) -> None:
    owner, own, today = ona.acting, ona.acting.agency, dt.date(2026, 11, 20)  # type: ignore[union-attr]
    assert owner is not None
    late = agreement_of(owner, own, sheriff, state="in_force", title="Late", review_on=dt.date(2026, 11, 19))
    soon = agreement_of(owner, own, sheriff, state="under_review", title="Soon", review_on=dt.date(2026, 11, 20))
    draft = agreement_of(owner, own, AgencyFactory(), title="Draft", review_on=dt.date(2026, 11, 19))

    def titles(**ask: Any) -> list[str]:
        return [each.title for each in selectors.agreements_listed(on=today, **ask)]

    assert titles() == ["Draft", "Late", "Soon"]
    assert titles(due="over") == [late.title]
    assert titles(due="soon") == [soon.title]
    assert titles(agency=sheriff.pk) == ["Late", "Soon"]
    assert titles(state="draft", words="DRA") == [draft.title]
    row = selectors.agreements_listed(on=today, state="under_review").get()
    assert (row.asked, row.signed) == (2, 2)  # type: ignore[attr-defined]
