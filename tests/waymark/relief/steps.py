"""Relief cases at a lawyer's desk, brought by real acts to where a test begins."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django.utils import timezone
from tests.factories.people import opened_case
from tests.factories.relief import asked, drafted
from tests.waymark.cases.desks import Desk

from waymark.relief.actions.asking import draft_petition, open_relief
from waymark.relief.actions.steps import move_relief
from waymark.relief.models import ReliefCase
from waymark.vault.selectors import OpenVault


def vault_of(desk: Desk) -> OpenVault:
    with desk.person.acting():
        return desk.person.vault()


def opened_relief(desk: Desk, **more: Any) -> ReliefCase:
    case = opened_case(desk.person, name="Ana Invented")
    with desk.person.acting():
        return open_relief(
            vault=desk.person.vault(), person=case.person, asked=asked(**more), page=uuid.uuid4(), by=desk.user
        )


def drafted_relief(desk: Desk, section: str = "PC 236.14", **more: Any) -> ReliefCase:
    case = opened_relief(desk, **more)
    with desk.person.acting():
        return draft_petition(vault=desk.person.vault(), case=case, section=section, draft=drafted(), by=desk.user)


def move(desk: Desk, case: ReliefCase, *moves: str, on: dt.date | None = None) -> ReliefCase:
    with desk.person.acting():
        for each in moves:
            case = move_relief(vault=desk.person.vault(), case=case, move=each, on=on or timezone.localdate(), by=desk.user)
    return case
