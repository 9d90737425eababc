"""People as far as they are open to a member."""

from __future__ import annotations

import uuid

from django.db.models import Q, QuerySet

from waymark.accounts.models import User
from waymark.people.models import Address, Denial, NamedReader, Person, Relation, SafeContact
from waymark.people.policies import visible, visible_of


def person_for(pk: uuid.UUID, *, to: User) -> Person | None:
    """A person, or None when there is none or none that is open to `to`."""
    return visible(Person.objects.select_related("merged_into"), to=to).filter(pk=pk).first()


def contacts_of(person: Person) -> QuerySet[SafeContact]:
    """The ways to reach a person that have not ended. The caller has seen the person."""
    return SafeContact.objects.filter(agency_id=person.agency_id, person=person, ended_at__isnull=True).order_by("made_at")


def addresses_of(person: Person) -> QuerySet[Address]:
    """The addresses that have not ended, the one that stands in first."""
    rows = Address.objects.filter(agency_id=person.agency_id, person=person, ended_at__isnull=True)
    return rows.order_by("-kind", "made_at")


def relations_of(person: Person, *, to: User) -> QuerySet[Relation]:
    """Who is with a person: a link shows only when both ends are open to the reader."""
    rows = visible_of(Relation.objects.filter(person=person), to=to).select_related("other")
    return rows.filter(other__in=visible(Person.objects.all(), to=to)).order_by("made_at")


def merged_with(person: Person, *, to: User) -> QuerySet[Person]:
    """Files that were found to be the same person's."""
    return visible(Person.objects.filter(merged_into=person), to=to).order_by("merged_at")


def files_of(person: Person) -> QuerySet[Person]:
    """All files of one person: this one, and those that were found to be theirs as well."""
    first = person.merged_into_id or person.pk
    return Person.objects.filter(Q(pk=first) | Q(merged_into_id=first), agency_id=person.agency_id).order_by("pk")


def readers_of(person: Person) -> QuerySet[NamedReader]:
    """To whom a restricted person is kept."""
    rows = NamedReader.objects.filter(agency_id=person.agency_id, person=person)
    return rows.select_related("user").order_by("user__display_name")


def denials_of(person: Person) -> QuerySet[Denial]:
    """Who must not see a person."""
    rows = Denial.objects.filter(agency_id=person.agency_id, person=person, lifted_at__isnull=True)
    return rows.select_related("user").order_by("user__display_name")
