"""The demo's program is made once, and only in a demo."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils import timezone
from tests.factories.accounts import AgencyFactory, UserFactory
from tests.factories.disclosures import acting

from waymark.access.permissions import Role
from waymark.accounts.models import AgencyKind
from waymark.diversion.actions.demo import load_demo_program
from waymark.diversion.models import GroupSession, Program

pytestmark = pytest.mark.django_db


def test_the_demo_has_one_program_however_often_it_is_loaded() -> None:
    assert load_demo_program(today=timezone.localdate()) == 0, "nobody to give one"
    worker = UserFactory(role=Role.ADVOCATE.value, agency=AgencyFactory(kind=AgencyKind.VICTIM_SERVICES))
    for kind in (AgencyKind.COURT, AgencyKind.PROSECUTION):
        AgencyFactory(kind=kind)
    assert [load_demo_program(today=timezone.localdate()) for _ in range(2)] == [1, 0]
    with acting(worker):
        assert Program.objects.get().phases.count() == 3
        assert GroupSession.objects.count() == 4


def test_a_real_region_is_left_alone() -> None:
    with pytest.raises(CommandError):
        call_command("load_demo_diversion")
