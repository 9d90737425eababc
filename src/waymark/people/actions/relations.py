"""Who is with a person: children with files of their own, partners, those who may sign, those who must never.

A child's file is the child's: it has a key of its own from the first day, so that at 18 nothing has to be cut apart. Who
may sign for somebody is asked at the moment of signing (`policies.may_sign_for`), and ends by itself on the eighteenth
birthday.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from waymark.accounts.models import User
from waymark.audit.actions import record
from waymark.people.actions.records import new_person, open_person, write_row
from waymark.people.models import Person, Relation
from waymark.people.policies import Refused
from waymark.vault.selectors import OpenVault

NEVER_SIGNS = "Who is alleged to have abused somebody never signs for them."


@transaction.atomic
def relate(
    *,
    vault: OpenVault,
    person: Person,
    other: Person | None,
    newcomer: Mapping[str, Any],
    values: Mapping[str, Any],
    may_sign: bool,
    is_alleged_abuser: bool,
    by: User,
) -> Relation:
    """Write down what `other` is to a person; without `other` a file is made for a newcomer."""
    if may_sign and is_alleged_abuser:
        raise Refused(NEVER_SIGNS)
    secret = open_person(vault=vault, person=person, by=by)
    if other is None:
        other, _ = new_person(
            vault=vault,
            name=newcomer.get("name", ""),
            facts={"born": newcomer.get("born", "")},
            age_band=newcomer.get("age_band", ""),
            by=by,
        )
    elif other.pk == person.pk:
        raise Refused("This is the same file.")
    elif Relation.objects.filter(agency_id=person.agency_id, person=person, other=other).exists():
        raise Refused("They are written down already. End that first.")
    row = write_row(
        Relation,
        person=person,
        secret=secret,
        values=values,
        by=by,
        other=other,
        may_sign=may_sign,
        is_alleged_abuser=is_alleged_abuser,
    )
    record(verb="relation.kept", by=by, kind="person", about=person.pk)
    return row


@transaction.atomic
def end_relation(*, vault: OpenVault, person: Person, relation: Relation, by: User) -> None:
    """They are not with each other any more, or it was wrong. The other's file stays."""
    open_person(vault=vault, person=person, by=by)
    relation.delete()
    record(verb="relation.ended", by=by, kind="person", about=person.pk)
