"""What follows from the kind of an agency: told with its source, and never invented where nobody has looked it up."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from django.db import connection
from tests.factories.accounts import AgencyFactory

from waymark.access.permissions import PERMISSION_SENTENCES, ROLE_SENTENCES, Permission, Role
from waymark.accounts.formats.policy_packs import FILE, read_packs
from waymark.accounts.models import AgencyKind, Side
from waymark.accounts.policies import roles

KINDS = [kind.value for kind in AgencyKind]


def test_every_kind_has_a_pack_and_no_pack_is_without_a_kind() -> None:
    assert set(read_packs()) == set(KINDS)


def test_every_law_names_its_source_and_the_file_its_day() -> None:
    for pack in read_packs().values():
        assert pack.as_of == dt.date(2026, 11, 22)
        assert pack.next_review_on > pack.as_of
        for law in pack.laws:
            assert any(sign.isdigit() for sign in law.source), f"{law.key} names no section"
            assert law.binds
            assert law.says


def test_a_victim_service_provider_is_barred_from_hmis_and_others_are_not_known() -> None:
    assert roles.pack_of("victim_services").is_barred_from_hmis
    follows = {each.label: each for each in roles.consequences_of("housing")}
    assert not follows["HMIS"].is_known
    assert "Ask counsel" in follows["HMIS"].text


def test_an_advocate_is_no_mandated_reporter_by_that_work_alone_and_other_duties_are_empty_slots() -> None:
    duties = {duty.key: duty for duty in roles.pack_of("victim_services").duties}
    assert duties["child_abuse"].usual == "not_by_work_alone"
    assert duties["elder_abuse"].usual == duties["injuries"].usual == ""
    assert [duty.source for duty in duties.values()] == [
        "Cal. Penal Code 11166",
        "Cal. W&I Code 15630",
        "Cal. Penal Code 11160",
    ]


def test_a_pack_that_names_what_the_file_does_not_describe_is_refused(tmp_path: Path) -> None:
    wrong = tmp_path / "packs.toml"
    wrong.write_text(FILE.read_text().replace("mandated = { child_abuse", "mandated = { invented"))
    with pytest.raises(KeyError, match="invented"):
        read_packs.__wrapped__(wrong)


@pytest.mark.django_db
def test_the_database_and_the_policies_give_the_same_roles_to_every_kind() -> None:
    with connection.cursor() as cursor:
        for kind in [*KINDS, "no_such_kind"]:
            for role in [*(role.value for role in Role), "superuser", ""]:
                for is_host in (True, False):
                    cursor.execute("SELECT accounts_role_fits(%s, %s, %s)", [role, kind, is_host])
                    by_database = cursor.fetchone()[0]
                    assert by_database is roles.role_fits(role, kind=kind, is_host=is_host), (kind, role, is_host)


@pytest.mark.django_db
@pytest.mark.parametrize("kind", KINDS)
def test_the_database_and_the_policies_put_a_kind_on_the_same_side(kind: str) -> None:
    agency = AgencyFactory(kind=kind)
    agency.refresh_from_db()
    assert agency.side == roles.side_of(kind)


def test_no_agency_of_the_justice_side_may_hold_survivors_cases() -> None:
    assert [kind for kind in KINDS if roles.side_of(kind) == Side.JUSTICE and roles.may_hold_cases(kind)] == []


def test_no_officer_can_give_a_role_that_reaches_beyond_the_agency() -> None:
    for kind in KINDS:
        given = {value for value, _ in roles.roles_to_give(AgencyFactory.build(kind=kind))}
        # A council member without a seat decides nothing, and seats are kept where the coordinator says.
        assert given <= {"advocate", "council", "member", "officer"}
    assert "administrator" not in dict(roles.roles_to_give(AgencyFactory.build(is_host=True)))


def test_no_public_agency_holds_council_members() -> None:
    """It would have to show their names and pay to whoever asks for its records."""
    assert {kind for kind in KINDS if roles.role_fits("council", kind=kind, is_host=True)} == {
        "other_non_profit",
        "victim_services",
    }


def test_every_role_and_every_permission_is_a_sentence_and_permissions_stand_in_order() -> None:
    assert set(ROLE_SENTENCES) == set(Role)
    assert set(PERMISSION_SENTENCES) == set(Permission)
    assert all(text.endswith(".") for text in [*ROLE_SENTENCES.values(), *PERMISSION_SENTENCES.values()])
    names = [permission.name for permission in Permission]
    assert names == sorted(names)
