"""Letters about one's own sign-in: one for every change of it, and no header that an address could bring along."""

from __future__ import annotations

from typing import Any

import pytest
from django.core import mail
from procrastinate.contrib.django.models import ProcrastinateJob
from tests.factories.accounts import PASSWORD, UserFactory
from tests.plugins.factors import SoftKey, give_app
from tests.waymark.accounts.test_factors import add_passkey

from waymark.accounts import tasks
from waymark.accounts.actions import factors
from waymark.accounts.models import User
from waymark.accounts.selectors.factors import ways_of

pytestmark = pytest.mark.django_db


def test_every_change_of_sign_in_details_sends_a_letter(staff_of: Any) -> None:
    client = staff_of(password=PASSWORD)

    def letters() -> list[str]:
        found = ProcrastinateJob.objects.filter(task_name="accounts.send_notice").order_by("id")
        assert {job.args["user"] for job in found} == {str(client.user.pk)}
        return [job.args["kind"] for job in found]

    give_app(client.user)
    assert letters() == ["factor_added"]
    assert add_passkey(client, "/my/sign-in/add/passkey/", SoftKey()).status_code == 302
    assert letters()[1:] == ["factor_added"]
    codes = factors.make_recovery_codes(user=client.user)
    assert factors.check_recovery_code(user=client.user, code=codes[0])
    assert letters()[2:] == ["recovery_code_used"]
    factors.remove_factor(user=client.user, factor_id=ways_of(client.user)[0].id)
    assert letters()[3:] == ["factor_removed"]
    typed = {"current": PASSWORD, "password": "pebbles under a slow river"}
    assert client.send("/my/sign-in/password/", typed).status_code == 302
    assert letters()[4:] == ["password_changed"]

    mail.outbox.clear()
    for kind in set(letters()):
        tasks.send_notice(kind=kind, user=str(client.user.pk))
    assert [letter.to for letter in mail.outbox] == [[client.user.email]] * 4


@pytest.mark.parametrize("break_", ["\n", "\r", "\r\n"])
def test_a_line_break_in_an_address_sends_nothing(break_: str) -> None:
    user = UserFactory()
    User.objects.filter(pk=user.pk).update(email=f"ana@example.org{break_}Bcc: thief@example.org")
    with pytest.raises(ValueError, match=r"newline|line break|[Ii]nvalid"):
        tasks.send_notice(kind="factor_added", user=str(user.pk))
    assert mail.outbox == []
