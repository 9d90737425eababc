"""The demo has a vault with invented people in it; no other installation can have one made for it."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from tests.factories.accounts import AgencyFactory, UserFactory
from tests.plugins.staff import SiteClient

from waymark.access.context import acting_for
from waymark.access.permissions import Role
from waymark.accounts.models import Agency, AgencyKind
from waymark.cases.actions.demo_cases import load_demo_cases
from waymark.cases.actions.demo_vault import NotTheDemo, found_demo_vault
from waymark.cases.models import Case
from waymark.coalition.models import Region
from waymark.vault.models import UserKey

pytestmark = pytest.mark.django_db
PASSPHRASES = {"officer@one.example": "four quiet invented rivers", "advocate@one.example": "three loud invented hills"}


def house() -> SiteClient:
    agency = AgencyFactory(short_name="Lantern House", kind=AgencyKind.VICTIM_SERVICES)
    UserFactory(role=Role.OFFICER.value, agency=agency, email="officer@one.example")
    client = SiteClient("staff")
    client.user = UserFactory(role=Role.ADVOCATE.value, agency=agency, email="advocate@one.example")
    return client


@pytest.mark.parametrize("is_demo", [None, False])
def test_no_real_installation_can_have_a_demo_vault(is_demo: bool | None, tmp_path: Path) -> None:
    house()
    if is_demo is not None:
        Region.objects.create(pk=1, name="Real County", is_demo=is_demo)
    with pytest.raises(NotTheDemo):
        found_demo_vault(passphrases=PASSPHRASES)
    with pytest.raises(NotTheDemo):
        load_demo_cases(today=timezone.localdate(), passphrases=PASSPHRASES)
    file = tmp_path / "demo-vaults.json"
    for command in ("load_demo_cases", "load_demo_work"):
        with pytest.raises(CommandError, match="not the demo"):
            call_command(command, passphrases=file)
    assert not file.exists()
    assert not UserKey.objects.exists()


def test_the_demo_s_vault_opens_with_what_is_printed_and_has_something_to_show(cheap: None, tmp_path: Path) -> None:
    client = house()
    UserFactory(role=Role.ADMINISTRATOR.value)
    Region.objects.create(pk=1, name="Invented", is_demo=True)
    file, said = tmp_path / "demo-vaults.json", StringIO()
    for _ in range(2):
        call_command("load_demo_cases", passphrases=file, stdout=said)
    passphrases = json.loads(file.read_text())
    assert set(passphrases) == set(PASSPHRASES)
    assert "4 invented cases are new" in said.getvalue()
    assert "0 invented cases are new" in said.getvalue()
    assert all(passphrase in said.getvalue() for passphrase in passphrases.values())
    far = Agency.objects.get(state=Agency.State.ELSEWHERE)
    client.force_login(client.user)
    assert client.send("/vault/unlock/", {"passphrase": passphrases[client.user.email]}).status_code == 302
    assert far.name in client.get("/vault/agencies/").content.decode()
    page = client.get("/cases/").content.decode()
    for name in ("Alma (invented)", "Briar (invented)", "Cedar (invented)"):
        assert name in page
    with acting_for(client.user.acting.agency_id, client.user.pk):
        alma = Case.objects.filter(state="active").get()
    shown = client.get(f"/cases/{alma.pk}/").content.decode()
    for part in ("Tadpole (invented)", "A room that locks from inside", "PHQ-9", "Version 1", "Child care", "Paired with"):
        assert part in shown, part
