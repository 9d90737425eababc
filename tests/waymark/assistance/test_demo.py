"""The demo's first vault has money and housing to show; nothing else is filled with them."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from tests.factories.accounts import UserFactory
from tests.waymark.cases.test_demo import house

from waymark.access.context import acting_for
from waymark.access.permissions import Role
from waymark.assistance.models import AssistanceRequest, Fund, HousingStay, State
from waymark.coalition.models import Region

pytestmark = pytest.mark.django_db


def test_the_demo_has_a_fund_requests_and_a_stay_once(cheap: None, tmp_path: Path) -> None:
    client, file, said = house(), tmp_path / "demo-vaults.json", StringIO()
    assert client.user is not None
    agency = client.user.acting.agency  # type: ignore[union-attr]
    UserFactory(role=Role.ADVOCATE.value, agency=agency, email="second@one.example")
    with pytest.raises(CommandError, match="not the demo"):
        call_command("load_demo_assistance", passphrases=file)
    Region.objects.create(pk=1, name="Invented", is_demo=True)
    call_command("load_demo_cases", passphrases=file, stdout=said)
    for _ in range(2):
        call_command("load_demo_assistance", passphrases=file, stdout=said)
    assert "3 invented requests are new" in said.getvalue()
    assert "0 invented requests are new" in said.getvalue()
    with acting_for(agency.pk, client.user.pk):
        assert set(AssistanceRequest.objects.values_list("state", flat=True)) == {
            State.PAID,
            State.APPROVED,
            State.SUBMITTED,
        }
        assert Fund.objects.get().balance == 1_110_000
        assert HousingStay.objects.get().state == "moved_in"
