"""The demo's second vault: words are compared, a package waits there under a release, a referral without a name too, and
a client's entries stand at different steps of record relief. The first vault's agency has certified its last quarter.
"""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from tests.factories.accounts import AgencyFactory, UserFactory
from tests.factories.directory import ServiceFactory
from tests.factories.referrals import a_desk
from tests.waymark.cases.conftest import cheap
from tests.waymark.cases.test_demo import house

from waymark.access.context import acting_for
from waymark.access.permissions import Role
from waymark.accounts.models import AgencyKind
from waymark.coalition.models import Region
from waymark.disclosures.models import InboxPacket
from waymark.relief.models import ReliefCase, State

__all__ = ["cheap"]
pytestmark = pytest.mark.django_db


def test_a_package_and_a_referral_wait_at_the_demo_s_second_agency(tmp_path: Path) -> None:
    client, file, said = house(), tmp_path / "demo-vaults.json", StringIO()
    there = AgencyFactory(name="Rivermont Legal Aid", short_name="Legal Aid", kind=AgencyKind.LEGAL_AID)
    UserFactory(role=Role.OFFICER.value, agency=there, email="officer@two.example")
    counsel = UserFactory(role=Role.ADVOCATE.value, agency=there, email="counsel@two.example")
    a_desk(there, counsel, ServiceFactory(name="Somebody to call first (invented)"))
    for command in ("load_demo_sharing", "load_demo_relief", "load_demo_report"):
        with pytest.raises(CommandError, match="not the demo"):
            call_command(command, passphrases=file)
    Region.objects.create(pk=1, name="Invented", is_demo=True)
    call_command("load_demo_cases", passphrases=file, stdout=said)
    for _ in range(2):
        call_command("load_demo_sharing", passphrases=file, stdout=said)
        call_command("load_demo_relief", passphrases=file, stdout=said)
        call_command("load_demo_report", passphrases=file, stdout=said)
    assert "1 invented reports are new" in said.getvalue()
    assert "0 invented reports are new" in said.getvalue()
    assert "4 invented entries are new" in said.getvalue()
    assert "0 invented entries are new" in said.getvalue()
    assert "1 invented packages are new" in said.getvalue()
    assert "0 invented packages are new" in said.getvalue()
    passphrases = json.loads(file.read_text())
    assert {"officer@two.example", "counsel@two.example"} < set(passphrases)

    assert client.user is not None
    client.force_login(client.user)
    client.send("/vault/unlock/", {"passphrase": passphrases[client.user.email]})
    assert "Rivermont Legal Aid" in client.get("/sharing/").content.decode()
    assert "Somebody to call first (invented)" in client.get("/referrals/").content.decode()
    with acting_for(there.pk, counsel.pk):
        states = set(ReliefCase.objects.values_list("state", flat=True))
        assert states == {State.ASKING, State.REVIEWED, State.FILED, State.ORDERED}
        came = InboxPacket.objects.get(kind="package")
        assert set(came.fields) == {"person.name", "person.languages", "case.asked_for"}
