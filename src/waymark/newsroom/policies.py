"""Who may do what in the newsroom. Outside, only the moment decides (`selectors.public`); here it is about staff."""

from __future__ import annotations

import datetime as dt
import uuid

from django.db.models import Q, QuerySet

from waymark.access.permissions import Permission, Role, permissions_of
from waymark.accounts.models import Agency, User
from waymark.newsroom.models import FigureCorrection, FigureProposal, PartnerCheck, PressItem, Wording

# Who keeps the coalition's own newsroom: they see every item, whichever agency wrote it.
EDITORS = frozenset({Role.COORDINATOR, Role.STEWARD})
SHOWN_TO_PARTNERS = (PressItem.State.CHECKING, PressItem.State.RELEASED, PressItem.State.WITHDRAWN)


class Refused(Exception):
    """Someone may not do this now; the text says why."""


def holds(by: User, permission: Permission) -> bool:
    return by.is_active and by.acting is not None and permission in permissions_of(by.role)


def must_hold(by: User, permission: Permission) -> None:
    if not holds(by, permission):
        raise Refused("Your role does not include this.")


def agency_of(by: User) -> uuid.UUID:
    """The agency for which somebody acts. Raises Refused when there is none."""
    if by.acting is None:
        raise Refused("You act for no agency now.")
    agency: uuid.UUID = by.acting.agency_id
    return agency


def is_editor(by: User) -> bool:
    return by.role in EDITORS


def visible(queryset: QuerySet[PressItem], *, to: User) -> QuerySet[PressItem]:
    """Editors see all; an agency its own and those in which it is named, once they are being checked; the council these."""
    if to.acting is None or not holds(to, Permission.NEWSROOM_ITEM_VIEW):
        return queryset.none()
    if is_editor(to):
        return queryset
    checked = Q(state__in=SHOWN_TO_PARTNERS)
    if to.role == Role.COUNCIL:
        return queryset.filter(checked)
    agency = to.acting.agency_id
    named = PartnerCheck.objects.filter(agency_id=agency).values("item_id")
    own = Q(agency_id=agency) if holds(to, Permission.NEWSROOM_ITEM_WRITE) else Q(agency_id=agency) & checked
    return queryset.filter(own | checked & Q(pk__in=named))


def _is_theirs(by: User, item: PressItem) -> bool:
    return is_editor(by) or (by.acting is not None and by.acting.agency_id == item.agency_id)


def may_write(by: User, item: PressItem) -> bool:
    """Words change while an item is a draft, by its own agency or an editor."""
    return item.state == PressItem.State.DRAFT and holds(by, Permission.NEWSROOM_ITEM_WRITE) and _is_theirs(by, item)


def must_write(by: User, item: PressItem) -> None:
    if item.state != PressItem.State.DRAFT:
        raise Refused("Only a draft is changed. Take it back to a draft first.")
    if not may_write(by, item):
        raise Refused("Your role does not write this item.")


def may_take_back(by: User, item: PressItem, *, at: dt.datetime) -> bool:
    """Back to a draft: while it is checked, and after the release until its moment."""
    is_before = item.state == PressItem.State.RELEASED and item.public_at is not None and item.public_at > at
    return (
        (item.state == PressItem.State.CHECKING or is_before)
        and holds(by, Permission.NEWSROOM_ITEM_WRITE)
        and _is_theirs(by, item)
    )


def may_answer(by: User, check: PartnerCheck) -> bool:
    """A partner agency answers for itself, and nobody for another."""
    return (
        check.item.state == PressItem.State.CHECKING
        and by.acting is not None
        and by.acting.agency_id == check.agency_id
        and holds(by, Permission.NEWSROOM_ITEM_VIEW)
    )


def may_release(by: User, item: PressItem) -> bool:
    return (
        item.state == PressItem.State.CHECKING
        and holds(by, Permission.NEWSROOM_ITEM_RELEASE)
        and by.pk != item.written_by_id
        and _is_second(by, item)
    )


def _is_second(by: User, item: PressItem) -> bool:
    """Results of an operation leave by two agencies: the one that led it writes, the coalition's editors release."""
    return _is_theirs(by, item) if item.operation is None else is_editor(by)


def must_release(by: User, item: PressItem) -> None:
    if item.state != PressItem.State.CHECKING:
        raise Refused("Only what has been checked is released.")
    if by.pk == item.written_by_id:
        raise Refused("Two people release an item. You wrote these words; somebody else releases them.")
    if not may_release(by, item):
        raise Refused("Your role does not release this item.")


def may_withdraw(by: User, item: PressItem) -> bool:
    """One person takes a release down at once."""
    return item.state == PressItem.State.RELEASED and holds(by, Permission.NEWSROOM_ITEM_WRITE) and _is_theirs(by, item)


def may_correct(by: User, item: PressItem, *, at: dt.datetime) -> bool:
    """Words that are public are corrected; those that are not yet, are changed in the draft."""
    is_public = item.state == PressItem.State.RELEASED and item.public_at is not None and item.public_at <= at
    return is_public and holds(by, Permission.NEWSROOM_ITEM_WRITE) and _is_theirs(by, item)


def may_correct_figures(by: User) -> bool:
    return holds(by, Permission.NEWSROOM_FIGURE_CORRECT)


def may_apply(by: User, wording: Wording) -> bool:
    """A second person puts a correction in place that one proposed."""
    return (
        wording.state == Wording.State.PROPOSED
        and wording.corrects_id is not None
        and by.pk != wording.written_by_id
        and holds(by, Permission.NEWSROOM_ITEM_RELEASE)
        and _is_second(by, wording.item)
    )


def may_drop(by: User, wording: Wording) -> bool:
    """Take a proposed correction back."""
    return (
        wording.state == Wording.State.PROPOSED
        and wording.corrects_id is not None
        and holds(by, Permission.NEWSROOM_ITEM_WRITE)
        and _is_theirs(by, wording.item)
    )


def may_apply_to_figure(by: User, correction: FigureCorrection) -> bool:
    return correction.applied_at is None and by.pk != correction.proposed_by_id and may_correct_figures(by)


def may_put_up(by: User, proposal: FigureProposal) -> bool:
    """A second person puts a figure up that one proposed."""
    waits = proposal.state == FigureProposal.State.PROPOSED
    return waits and by.pk != proposal.proposed_by_id and may_correct_figures(by)


def may_keep_desk(by: User) -> bool:
    return holds(by, Permission.NEWSROOM_DESK_KEEP)


def may_decide_presence(by: User, agency: Agency) -> bool:
    """Whether an agency stands on the public page is its own officer's to say."""
    return holds(by, Permission.NEWSROOM_PRESENCE_DECIDE) and by.acting is not None and by.acting.agency_id == agency.pk
