"""The demo's sharing: a second agency with a vault whose words are compared, a release with a package, and a referral.

Everything is invented and made by the same actions that a worker's press of a button runs.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping

from django.db import transaction

from waymark.access.context import acting_for
from waymark.accounts.models import Agency, User
from waymark.cases.actions.demo_vault import PARTNER, found_demo_vault, members_of_demo_vault, must_be_the_demo
from waymark.cases.models import Case
from waymark.consent.actions.packages import collected_under, seal_of, send_package
from waymark.consent.actions.releases import Terms, draft_release, sign_release
from waymark.people.policies import agency_of
from waymark.referrals.actions.asking import refer_without_a_name
from waymark.referrals.models import Desk
from waymark.sealing.words import words_between
from waymark.vault.actions.own_key import unlock
from waymark.vault.actions.partners import pin_partner
from waymark.vault.selectors import OpenVault, open_vault

SCOPES = ("person.name", "person.languages", "case.asked_for")
ASKED = {"household": "2", "needs": "lawyer,status", "phone": "(555) 555-0141", "urgency": "this_week"}


@transaction.atomic
def load_demo_sharing(*, today: dt.date, passphrases: Mapping[str, str]) -> int:
    """Fill the demo, once. Gives how many packages are new. Raises NotTheDemo."""
    must_be_the_demo()
    givers = [user for user in members_of_demo_vault() if user.role == "advocate" and user.email in passphrases]
    getters = [user for user in members_of_demo_vault(PARTNER) if user.email in passphrases]
    if not givers or not getters:
        return 0
    here, there = givers[0], getters[0]
    theirs = found_demo_vault(passphrases=passphrases, agency=PARTNER).get(there.email)
    if theirs is None:
        return 0
    with acting_for(agency_of(here), here.pk):
        own = unlock(passphrase=passphrases[here.email], by=here)
        vault = open_vault(own=own, by=here) if own is not None else None
    if vault is None:
        return 0
    _compare((here, vault), (there, theirs))
    with acting_for(agency_of(here), here.pk):
        case = Case.objects.select_related("person").filter(state="active").order_by("made_at").first()
        if case is None:
            return 0
        _share(vault, here, case, there, today)
        _refer(vault, here, case, there)
    return 1


def _compare(one: tuple[User, OpenVault], other: tuple[User, OpenVault]) -> None:
    """Both read the six words to each other, as two people would over the telephone."""
    for (by, vault), (partner, theirs) in ((one, other), (other, one)):
        with acting_for(agency_of(by), by.pk):
            words = words_between(vault.statement.digest(), theirs.statement.digest())
            pin_partner(vault=vault, partner=agency_of(partner), words=words, by=by)


def _share(vault: OpenVault, by: User, case: Case, there: User, today: dt.date) -> None:
    terms = Terms(
        recipient=Agency.objects.get(pk=agency_of(there)),
        purpose="legal",
        scopes=SCOPES,
        last_day=today + dt.timedelta(days=30),
        alternatives=("without_name", "wait"),
        interpreter="none",
        language="es",
        words={"recipient_person": "Who answers first (invented)"},
    )
    draft = draft_release(vault=vault, person=case.person, terms=terms, by=by)
    release = sign_release(vault=vault, release=draft, evidence="paper", place="Cabinet 2 (invented)", by=by)
    seen = seal_of(collected_under(release, vault=vault, by=by).values, vault=vault)
    send_package(vault=vault, release=release, page=uuid.uuid4(), codes=SCOPES, seen=seen, by=by)


def _refer(vault: OpenVault, by: User, case: Case, there: User) -> None:
    desk = Desk.objects.select_related("agency").filter(agency_id=agency_of(there)).order_by("pk").first()
    if desk is not None:
        values = {**ASKED, "ask_for": by.display_name}
        refer_without_a_name(vault=vault, case=case, page=uuid.uuid4(), desk=desk, values=values, hours=24, by=by)
