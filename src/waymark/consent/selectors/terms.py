"""On which terms a package goes: the release explained, and whether a federal rule on substance-use records goes along."""

from __future__ import annotations

from django.utils import timezone

from waymark.consent.formats.terms import Terms, comes_along
from waymark.consent.models import Release
from waymark.consent.selectors.named import parts_of
from waymark.consent.selectors.releases import signers_of
from waymark.people.models import Person
from waymark.people.selectors import opened_person, secret_of
from waymark.people.selectors.persons import files_of
from waymark.sealing.errors import CannotOpenError
from waymark.vault.selectors import OpenVault


def is_under_part_two(person: Person, *, vault: OpenVault | None) -> bool:
    """Whether 42 CFR Part 2 goes along with what leaves about a person.

    It does when the agency is such a program, or when the file holds something that came from one. Of several files of one
    person the strictest says. What cannot be opened is taken for a yes; a locked vault says nothing of the file.
    """
    if person.agency.is_part_two:
        return True
    if vault is None:
        return False
    return any(_is_marked(file, vault) for file in files_of(person))


def _is_marked(person: Person, vault: OpenVault) -> bool:
    secret = secret_of(vault, person)
    if secret is None:
        return True
    try:
        return bool(opened_person(person, secret).facts.get("is_part_two"))
    except CannotOpenError:
        return True


def along_with(release: Release, *, vault: OpenVault) -> dict[str, str]:
    """What is sealed into a package under this release beside the fields of the file."""
    signed_at = release.signed_at or timezone.now()
    terms = Terms(
        code=release.code,
        sender=release.agency.name,
        recipient=release.recipient.name,
        purpose=release.purpose,
        parts=parts_of(release),
        signed_on=timezone.localdate(signed_at),
        ends_on=release.ends_on,
        signed_by=[one.get_capacity_display() for one in signers_of(release)],
    )
    return comes_along(terms, is_part_two=is_under_part_two(release.person, vault=vault))
