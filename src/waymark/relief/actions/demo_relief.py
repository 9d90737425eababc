"""The demo's record relief: one invented client of Legal Aid, whose entries stand at different steps.

They are made by the same actions that a lawyer's press of a button runs.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping

from django.db import transaction

from waymark.access.context import acting_for
from waymark.accounts.models import User
from waymark.cases.actions.demo_vault import PARTNER, members_of_demo_vault, must_be_the_demo
from waymark.cases.actions.opening import Intake, open_case
from waymark.people.models import Person
from waymark.people.policies import agency_of
from waymark.relief.actions.asking import draft_petition, open_relief
from waymark.relief.actions.holders import name_holder
from waymark.relief.actions.steps import move_relief
from waymark.relief.formats.words import Asked, Draft
from waymark.relief.models import Move, ReliefCase
from waymark.vault.actions.own_key import unlock
from waymark.vault.selectors import OpenVault, open_vault

SECTION = "PC 236.14"
FACTS = {"nonviolent": "yes", "trafficked": "yes", "out_or_in_services": "yes"}
DRAFT = Draft(
    petitioner="Wren (invented)",
    attorney="Lee Invented",
    bar_number="000000",
    office="Rivermont County Legal Aid (invented)\n1 Elm Street",
    reach="(555) 555-0143",
    declaration="Invented. I was told what would happen to my sister. I was nineteen.",
    evidence="A letter of an advocate (invented)",
)
# Each entry of the record: its year, its number at court, and how many days ago each step was.
ENTRIES: tuple[tuple[int, str, tuple[tuple[Move, int], ...]], ...] = (
    (2016, "16INV0011", ()),
    (2017, "17INV0025", ((Move.REVIEW, 12),)),
    (2018, "18INV0042", ((Move.REVIEW, 40), (Move.SERVE, 20), (Move.FILE, 19))),
    (2019, "19INV0007", ((Move.REVIEW, 150), (Move.SERVE, 120), (Move.FILE, 119), (Move.ORDER, 30))),
)


@transaction.atomic
def load_demo_relief(*, today: dt.date, passphrases: Mapping[str, str]) -> int:
    """Fill the demo's second vault, once. Gives how many entries are new. Raises NotTheDemo."""
    must_be_the_demo()
    lawyers = [user for user in members_of_demo_vault(PARTNER) if user.role == "advocate" and user.email in passphrases]
    if not lawyers:
        return 0
    by = lawyers[0]
    with acting_for(agency_of(by), by.pk):
        own = unlock(passphrase=passphrases[by.email], by=by)
        vault = open_vault(own=own, by=by) if own is not None else None
        if vault is None or ReliefCase.objects.filter(agency_id=agency_of(by)).exists():
            return 0
        client = open_case(vault=vault, intake=Intake(page=uuid.uuid4(), name=DRAFT.petitioner), by=by).person
        for year, number, steps in ENTRIES:
            _entry(
                vault, by, client, Asked("conviction", "PC 647(b)", f"{year}-05-03", "", number, "", FACTS), steps, today
            )
    return len(ENTRIES)


def _entry(
    vault: OpenVault, by: User, client: Person, asked: Asked, steps: tuple[tuple[Move, int], ...], today: dt.date
) -> None:
    case = open_relief(vault=vault, person=client, asked=asked, page=uuid.uuid4(), by=by)
    if not steps:
        return
    case = draft_petition(vault=vault, case=case, section=SECTION, draft=DRAFT, by=by)
    for move, days in steps:
        case = move_relief(vault=vault, case=case, move=move, on=today - dt.timedelta(days=days), by=by)
        if move is Move.ORDER:
            name_holder(case=case, agency=None, name="Records bureau (invented)", by=by)
