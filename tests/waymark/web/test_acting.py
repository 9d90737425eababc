"""One staff page is one transaction for one agency: it sees its own rows to the last byte; what fails has not happened."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator

import pytest
from django.db import connection
from tests.factories.accounts import MembershipFactory, UserFactory
from tests.plugins.staff import SiteClient
from tests.plugins.walled import Walled

from waymark.access import sites
from waymark.access.context import current_context
from waymark.access.permissions import Role
from waymark.accounts.models import Agency

FAILING = [
    ("raises/fault/", 500),
    ("raises/absent/", 404),
    ("raises/denied/", 403),
    ("raises/suspicious/", 400),
    ("answers/500/", 500),
    ("answers/503/", 503),
    ("breaks/", 500),
    ("streams/", 500),
    ("sends-file/", 500),
    ("doubles/", 409),
]


@pytest.fixture
def ask(walled: Walled, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., object]]:
    """A signed-in member of our agency, on a site that also has the probes."""
    monkeypatch.setitem(sites.URLCONFS, sites.Site.STAFF, "tests.waymark.web.probes")
    client = SiteClient("staff")
    client.raise_request_exception = False
    client.force_login(UserFactory(agency=Agency.objects.get(pk=walled.ours), role=Role.MEMBER.value))
    yield lambda page: client.get(f"/probe/{page}")
    walled.owner("DELETE FROM walled_case WHERE code = 'written'")
    walled.is_untouched()


def written(walled: Walled) -> int:
    return int(walled.owner("SELECT count(*) FROM walled_case WHERE code = 'written'")[0][0])


def test_a_page_that_succeeds_has_written(walled: Walled, ask) -> None:
    assert ask("fine/").status_code == 200
    assert written(walled) == 1
    assert walled.owner("SELECT agency_id FROM walled_case WHERE code = 'written'") == [(walled.ours,)]


@pytest.mark.parametrize(("page", "status"), FAILING)
def test_a_page_that_fails_has_written_nothing(walled: Walled, ask, page: str, status: int) -> None:
    assert ask(page).status_code == status
    assert written(walled) == 0
    assert current_context() is None
    assert not connection.in_atomic_block


@pytest.mark.parametrize("status", [200, 302, 404, 409, 422])
def test_an_answer_that_the_view_chose_itself_keeps_what_it_wrote(walled: Walled, ask, status: int) -> None:
    """A refusal that is written down (a denied try, say) is the view's own business; only failure undoes."""
    assert ask(f"answers/{status}/").status_code == status
    assert written(walled) == 1


def test_a_page_that_reads_while_it_is_rendered_sees_its_own_rows(ask) -> None:
    """Rendering happens after the view: a transaction around the view alone would show an empty list and no error."""
    assert ask("lazy/").content == b"ours;"


def test_a_reference_to_a_hidden_row_and_to_none_fail_alike_at_commit(walled: Walled, ask) -> None:
    hidden, absent = ask(f"points/{walled.their_case}/"), ask(f"points/{uuid.uuid4()}/")
    assert hidden.status_code == absent.status_code == 409
    assert hidden.content == absent.content
    assert dict(hidden.headers) == dict(absent.headers)
    assert written(walled) == 0
    assert b"Nothing was saved" in hidden.content
    for telling in (b"walled", b"constraint", str(walled.their_case).encode()):
        assert telling not in hidden.content


@pytest.mark.parametrize("page", ["raises/absent/", "raises/fault/", "points/0a0a0a0a-0a0a-4a0a-8a0a-0a0a0a0a0a0a/"])
def test_after_a_failure_the_next_page_does_not_say_saved(ask, page: str) -> None:
    assert ask(page).status_code in {404, 409, 500}
    following = ask("next/")
    assert following.content == b"said: planted: False"


def test_after_a_success_it_does(ask) -> None:
    ask("answers/200/")
    assert ask("next/").content == b"said: All is saved. planted: False"


def test_a_broken_unique_key_says_the_same_as_a_broken_reference(walled: Walled, ask) -> None:
    assert ask("doubles/").content == ask(f"points/{walled.their_case}/").content


def test_a_page_cannot_act_for_a_second_agency(walled: Walled, ask) -> None:
    assert ask(f"acts-for/{walled.theirs}/").status_code == 500
    assert ask(f"acts-for/{walled.ours}/").status_code == 500, "nor by another user of the same agency"
    assert written(walled) == 0


def test_two_members_of_two_agencies_on_one_connection_see_each_their_own(walled: Walled, ask) -> None:
    other = SiteClient("staff")
    other.force_login(UserFactory(agency=Agency.objects.get(pk=walled.theirs), role=Role.MEMBER.value))
    assert [ask("lazy/").content, other.get("/probe/lazy/").content] * 2 == [b"ours;", b"theirs;"] * 2


def test_a_member_whose_membership_ended_meanwhile_acts_for_nobody(walled: Walled, ask) -> None:
    client = SiteClient("staff")
    user = UserFactory(role=None)
    membership = MembershipFactory(user=user, agency=Agency.objects.get(pk=walled.ours), role=Role.MEMBER.value)
    client.force_login(user)
    assert client.get("/probe/lazy/").content == b"ours;"
    membership.state = "suspended"
    membership.save()
    assert client.get("/probe/lazy/").status_code == 403


def test_code_outside_a_page_has_no_context(walled: Walled) -> None:
    """Jobs and commands see and write nothing of any agency unless they say for whom they act."""
    assert current_context() is None
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*), access.current_agency() FROM walled_case")
        assert cursor.fetchone() == (0, None)
