"""The demo has papers of courts, a drill and somebody's own words in it; no other installation can have them made."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from tests.waymark.cases.test_demo import house

from waymark.access.context import acting_for
from waymark.cases.actions.demo_vault import NotTheDemo
from waymark.coalition.models import Region
from waymark.obligations.actions.demo_papers import load_demo_papers
from waymark.obligations.models import CompelledRelease, Incident, LegalProcess, Statement

pytestmark = pytest.mark.django_db


def test_the_demo_s_papers_are_made_once_and_only_in_the_demo(tmp_path: Path) -> None:
    client, file, said = house(), tmp_path / "demo-vaults.json", StringIO()
    with pytest.raises(NotTheDemo):
        load_demo_papers(today=timezone.localdate(), passphrases={})
    with pytest.raises(CommandError, match="not the demo"):
        call_command("load_demo_papers", passphrases=file)
    Region.objects.create(pk=1, name="Invented", is_demo=True)
    call_command("load_demo_papers", passphrases=file, stdout=said)
    call_command("load_demo_cases", passphrases=file, stdout=StringIO())
    for _ in range(2):
        call_command("load_demo_papers", passphrases=file, stdout=said)
    assert said.getvalue().split("\n")[:3] == [f"{count} invented papers are new" for count in (0, 2, 0)]
    with acting_for(client.user.acting.agency_id, client.user.pk):
        assert sorted(LegalProcess.objects.values_list("state", flat=True)) == ["contested", "ordered"]
        assert CompelledRelease.objects.get().answer == "waiting"
        assert Incident.objects.get().is_drill
        assert Statement.objects.count() == 1
