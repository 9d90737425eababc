"""Working groups: founding, changing, closing, and who is in them. Every change locks the group's row first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.db import transaction
from django.utils import timezone

from waymark.accounts.models import Membership, User
from waymark.audit.actions import record
from waymark.coalition.models import GroupMember, JoinRequest, WorkingGroup
from waymark.coalition.policies import Refused
from waymark.coalition.policies import groups as policies
from waymark.coalition.selectors.paths import staff_path
from waymark.notices.actions import notify

GROUP_FIELDS = ("name", "purpose", "is_brown_act", "joining")


def _tell(verb: str, group: WorkingGroup, by: User, fields: tuple[str, ...] = ()) -> None:
    record(verb=verb, by=by, kind="working_group", about=group.pk, fields=fields)


def _notify(group: WorkingGroup, to: Iterable[Membership], kind: str) -> None:
    notify(to=to, kind=kind, path=staff_path("group_detail", group.pk))


def _keepers(group: WorkingGroup) -> list[Membership]:
    here = policies.now_in(group).filter(duty__in=policies.KEEPERS)
    return [each.membership for each in here.select_related("membership")]


def _everybody(group: WorkingGroup) -> list[Membership]:
    return [each.membership for each in policies.now_in(group).select_related("membership")]


def _locked(group: WorkingGroup) -> WorkingGroup:
    return WorkingGroup.objects.select_for_update().get(pk=group.pk)


def _set(group: WorkingGroup, values: Mapping[str, object]) -> tuple[str, ...]:
    """Put in what is given by name; gives what changed. Two groups of one name would be mixed up in every list."""
    changed = tuple(name for name in GROUP_FIELDS if name in values and getattr(group, name) != values[name])
    for name in changed:
        setattr(group, name, values[name])
    group.name, group.purpose = " ".join(group.name.split()), group.purpose.strip()
    if not group.name or not group.purpose:
        raise Refused("Give the group a name and say what it is for.")
    if WorkingGroup.objects.filter(name__iexact=group.name).exclude(pk=group.pk).exists():
        raise Refused("A working group has this name already.")
    return changed


@transaction.atomic
def found_group(*, values: Mapping[str, object], by: User) -> WorkingGroup:
    policies.must_found_group(by)
    group = WorkingGroup()
    changed = _set(group, values)
    group.save(force_insert=True)
    _tell("group.founded", group, by, changed)
    return group


@transaction.atomic
def change_group(*, group: WorkingGroup, values: Mapping[str, object], by: User) -> WorkingGroup:
    fresh = _locked(group)
    policies.must_keep_group(by, fresh)
    changed = _set(fresh, values)
    if changed:
        fresh.save(update_fields=changed)
        _tell("group.changed", fresh, by, changed)
        _notify(fresh, _everybody(fresh), "group.changed")
    return fresh


@transaction.atomic
def close_group(*, group: WorkingGroup, by: User) -> WorkingGroup:
    """The work is done. Its people and what it did stay to be read; whoever waited to be let in is answered."""
    fresh = _locked(group)
    policies.must_keep_group(by, fresh)
    fresh.state, fresh.closed_on = WorkingGroup.State.CLOSED, timezone.localdate()
    fresh.save(update_fields=["state", "closed_on"])
    JoinRequest.objects.filter(group=fresh, state=JoinRequest.State.WAITING).update(
        state=JoinRequest.State.DECLINED, answered_at=timezone.now()
    )
    _tell("group.closed", fresh, by, ("state",))
    _notify(fresh, _everybody(fresh), "group.changed")
    return fresh


@transaction.atomic
def reopen_group(*, group: WorkingGroup, by: User) -> WorkingGroup:
    fresh = _locked(group)
    policies.must_reopen_group(by, fresh)
    fresh.state, fresh.closed_on = WorkingGroup.State.OPEN, None
    fresh.save(update_fields=["state", "closed_on"])
    _tell("group.reopened", fresh, by, ("state",))
    return fresh


@transaction.atomic
def join_group(*, group: WorkingGroup, by: User) -> GroupMember | JoinRequest:
    """Be in a group at once, where everybody may; otherwise ask to be let in."""
    fresh = _locked(group)
    acting = policies.must_join(by, fresh)
    if fresh.joining == WorkingGroup.Joining.FREE or policies.keeps_group(by, fresh):
        member = _take_in(fresh, acting)
        _tell("group.joined", fresh, by)
        return member
    asked = JoinRequest.objects.filter(group=fresh, membership=acting, state=JoinRequest.State.WAITING).first()
    if asked is None:
        asked = JoinRequest.objects.create(group=fresh, membership=acting, asked_at=timezone.now())
        _tell("group.join_asked", fresh, by)
        _notify(fresh, _keepers(fresh), "group.asked")
    return asked


def _take_in(group: WorkingGroup, membership: Membership) -> GroupMember:
    JoinRequest.objects.filter(group=group, membership=membership, state=JoinRequest.State.WAITING).update(
        state=JoinRequest.State.LET_IN, answered_at=timezone.now()
    )
    return GroupMember.objects.create(group=group, membership=membership, since=timezone.localdate())


@transaction.atomic
def answer_join_request(*, request: JoinRequest, let_in: bool, by: User) -> JoinRequest:
    group = _locked(request.group)
    fresh = JoinRequest.objects.select_for_update(of=("self",)).select_related("group", "membership").get(pk=request.pk)
    policies.must_keep_group(by, group)
    if not policies.may_answer(by, fresh):
        raise Refused("This request was answered before, or is your own. Nothing was changed now.")
    if let_in:
        _take_in(group, fresh.membership)
        _tell("group.member_added", group, by)
        _notify(group, [fresh.membership], "group.joined")
    else:
        _end_request(fresh, JoinRequest.State.DECLINED)
        _tell("group.join_declined", group, by)
        _notify(group, [fresh.membership], "group.declined")
    return fresh


@transaction.atomic
def withdraw_join_request(*, request: JoinRequest, by: User) -> JoinRequest:
    group = _locked(request.group)
    fresh = JoinRequest.objects.select_for_update(of=("self",)).get(pk=request.pk)
    if not policies.may_withdraw_request(by, fresh):
        raise Refused("This request was answered before. Nothing was changed now.")
    _end_request(fresh, JoinRequest.State.WITHDRAWN)
    _tell("group.join_withdrawn", group, by)
    return fresh


def _end_request(request: JoinRequest, state: JoinRequest.State) -> None:
    request.state, request.answered_at = state, timezone.now()
    request.save(update_fields=["state", "answered_at"])


@transaction.atomic
def add_group_member(*, group: WorkingGroup, membership: Membership, by: User) -> GroupMember:
    """Take in somebody who is known by name already, without being asked."""
    fresh = _locked(group)
    policies.must_keep_group(by, fresh)
    if not policies.known_to(by, fresh).filter(pk=membership.pk).exists():
        raise Refused("Choose somebody from the list.")
    member = _take_in(fresh, membership)
    _tell("group.member_added", fresh, by)
    _notify(fresh, [membership], "group.joined")
    return member


@transaction.atomic
def give_group_duty(*, member: GroupMember, duty: str, by: User) -> GroupMember:
    """Make somebody chair, secretary or plain member. Whoever had the duty becomes a plain member."""
    group = _locked(member.group)
    policies.must_keep_group(by, group)
    fresh = _current(member)
    if duty not in GroupMember.Duty.values:
        raise Refused("Choose a duty.")
    if fresh.duty == duty:
        return fresh
    if duty != GroupMember.Duty.MEMBER:
        holders = GroupMember.objects.filter(group=group, duty=duty, until__isnull=True)
        for holder in holders.select_related("membership").exclude(pk=fresh.pk):
            _begin_anew(holder, GroupMember.Duty.MEMBER)
    made = _begin_anew(fresh, duty)
    _tell("group_duty.given", group, by, ("duty",))
    _notify(group, [made.membership], "group.changed")
    return made


def _current(member: GroupMember) -> GroupMember:
    found = GroupMember.objects.select_for_update(of=("self",)).select_related("membership")
    fresh = found.filter(pk=member.pk, until__isnull=True).first()
    if fresh is None:
        raise Refused("This person is not in the group any more.")
    return fresh


def _begin_anew(member: GroupMember, duty: str) -> GroupMember:
    """Who chaired when is asked years later, so a duty ends with its row."""
    today = timezone.localdate()
    if member.since == today:
        member.duty = duty
        member.save(update_fields=["duty"])
        return member
    _end(member)
    return GroupMember.objects.create(group_id=member.group_id, membership=member.membership, duty=duty, since=today)


def _end(member: GroupMember) -> None:
    member.until = max(member.since, timezone.localdate())
    member.save(update_fields=["until"])


@transaction.atomic
def remove_group_member(*, member: GroupMember, by: User) -> GroupMember:
    group = _locked(member.group)
    policies.must_keep_group(by, group)
    fresh = _current(member)
    _end(fresh)
    _tell("group.member_removed", group, by)
    _notify(group, [fresh.membership], "group.left")
    return fresh


@transaction.atomic
def leave_group(*, group: WorkingGroup, by: User) -> GroupMember:
    """One's own place in a group ends; nobody has to agree, and a closed group can be left too."""
    fresh = _locked(group)
    acting = policies.must_take_part(by)
    mine = GroupMember.objects.filter(group=fresh, membership=acting, until__isnull=True).first()
    if mine is None:
        raise Refused("You are not in this group.")
    _end(mine)
    _tell("group.left", fresh, by)
    return mine
