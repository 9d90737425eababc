"""What leaves under a judge's order: asked for by one, approved by another, written into the ledger, and only then printed.

No more than the order names: groups of the closed list, and notes one by one. A privileged note needs that a judge has read
it alone and said that it is to be given. Where the federal rule on treatment for substance use binds the file or the
agency, the order must make that rule's finding, and a subpoena must come with it. What the person has said against a part
goes along.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from waymark.access.permissions import Permission
from waymark.accounts.models import User
from waymark.audit.actions import record
from waymark.consent.actions.ledger import hash_of, write_line
from waymark.consent.selectors.terms import is_under_part_two
from waymark.obligations.actions.processes import KIND, call_who_answers
from waymark.obligations.formats.papers import Part, paper_of
from waymark.obligations.formats.part_two import NOT_ENOUGH, Mandate
from waymark.obligations.models import CompelledRelease, LegalProcess, ProcessState
from waymark.obligations.policies.who import may_approve, must
from waymark.obligations.selectors.content import note_parts, scope_parts, statement_parts
from waymark.obligations.selectors.processes import notes_about
from waymark.obligations.selectors.sealed import words_in
from waymark.people.actions import open_person
from waymark.people.formats.sealed import pack
from waymark.people.policies import Refused
from waymark.vault.selectors import OpenVault

NO_ORDER = "Nothing is given without a judge's order that stands. A subpoena is not an order."
NO_MANDATE = Mandate()
NOT_READ = "A privileged note is given only after a judge has read it alone and said that it is to be given."


@transaction.atomic
def ask_release(
    *,
    vault: OpenVault,
    process: LegalProcess,
    fields: Sequence[str],
    notes: Sequence[uuid.UUID],
    words: str,
    by: User,
    mandate: Mandate = NO_MANDATE,
) -> CompelledRelease:
    """Ask for what an order names. Somebody else, who answers courts, approves it."""
    must(by, Permission.OBLIGATIONS_PROCESS_WORK)
    secret = open_person(vault=vault, person=process.person, by=by)
    if LegalProcess.objects.get(agency_id=process.agency_id, pk=process.pk).state != ProcessState.ORDERED:
        raise Refused(NO_ORDER)
    named = list(notes_about(process.person).filter(pk__in=notes))
    if len(named) != len(set(notes)):
        raise Refused("One of these notes is not about this person.")
    if process.chambers != LegalProcess.Chambers.TO_GIVE and any(note.kind == "privileged" for note in named):
        raise Refused(NOT_READ)
    if not fields and not named:
        raise Refused("Tick what the order names. Nothing ticked is nothing given.")
    applies = is_under_part_two(process.person, vault=vault)
    if applies and not mandate.is_whole():
        raise Refused(NOT_ENOUGH)
    row = CompelledRelease(agency_id=process.agency_id, process=process, fields=sorted(fields), notes=sorted(set(notes)))
    row.has_finding = applies
    told = (mandate if applies else NO_MANDATE).values(applies=applies)
    row.part_two = secret.seal("obligations_compelledrelease", "part_two", row.pk, pack(told))
    row.sealed = secret.seal("obligations_compelledrelease", "sealed", row.pk, pack({"text": words}))
    row.save(force_insert=True)
    call_who_answers(process)
    record(verb="compelled_release.asked", by=by, kind=KIND, about=process.pk, fields=row.fields)
    return row


@transaction.atomic
def answer_release(*, release: CompelledRelease, is_approved: bool, by: User) -> None:
    """Approve or refuse what a colleague asked for. The database refuses the asker and whoever is not named for it."""
    must(by, Permission.OBLIGATIONS_PROCESS_WORK)
    held = CompelledRelease.objects.select_for_update().get(agency_id=release.agency_id, pk=release.pk)
    if held.answer != CompelledRelease.Answer.WAITING:
        raise Refused("This was answered meanwhile.")
    if not may_approve(by, held.asked_by_id):
        raise Refused("Somebody who is named to answer courts approves this, and never whoever asked.")
    if is_approved and release.process.state != ProcessState.ORDERED:
        raise Refused(NO_ORDER)
    held.answer = CompelledRelease.Answer.APPROVED if is_approved else CompelledRelease.Answer.REFUSED
    held.save(update_fields=["answer"])
    verb = "compelled_release.approved" if is_approved else "compelled_release.refused"
    record(verb=verb, by=by, kind=KIND, about=release.process_id)


@transaction.atomic
def hand_over(*, vault: OpenVault, release: CompelledRelease, by: User) -> bytes:
    """The paper for the court, once. The ledger has its line before the caller gives out a byte."""
    must(by, Permission.OBLIGATIONS_PROCESS_WORK)
    process = release.process
    secret = open_person(vault=vault, person=process.person, by=by)
    held = CompelledRelease.objects.select_for_update().get(agency_id=release.agency_id, pk=release.pk)
    if held.answer != CompelledRelease.Answer.APPROVED:
        raise Refused("Nobody who answers courts has approved this.")
    if held.handed_at is not None:
        raise Refused("This was handed over already. Another copy is asked for and approved anew.")
    if LegalProcess.objects.get(agency_id=process.agency_id, pk=process.pk).state != ProcessState.ORDERED:
        raise Refused(NO_ORDER)
    # The file may have been marked since this was asked for.
    if is_under_part_two(process.person, vault=vault) and words_in(secret, held, "part_two").get("applies") != "yes":
        raise Refused(f"{NOT_ENOUGH} Ask anew, and write down what the order finds.")
    parts = scope_parts(held.fields, person=process.person, vault=vault, by=by)
    parts += note_parts(notes_about(process.person).filter(pk__in=held.notes), vault=vault)
    against: list[Part] = statement_parts(process.person, vault=vault, notes=held.notes, codes=held.fields)
    parts += against
    content = paper_of(parts, title="Given under an order of a court", language="en")
    codes = [*held.fields, *(["note"] if held.notes else []), *(["statement"] if against else [])]
    write_line(
        by=by,
        person=process.person,
        basis="compelled",
        method="pdf",
        fields=codes,
        recipient="court",
        content_hash=hash_of(content, vault=vault),
        process=held.pk,
        details={"process": str(process.pk)},
        secret=secret,
    )
    held.handed_at = timezone.now()
    held.save(update_fields=["handed_at"])
    record(verb="compelled_release.handed_over", by=by, kind=KIND, about=process.pk, fields=codes)
    return content
