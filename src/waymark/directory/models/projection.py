"""What readers get: finished documents, kept true by marks that the database itself sets.

A trigger on every table of the directory leaves a mark for each service that a change touches, in the same transaction as
the change and however the change was made (also by hand in psql). Nobody reads documents while a mark is visible: the
writer clears its marks before it commits, and a reader that meets one makes the documents anew first. See ADR 0110.
"""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Q


class ServiceDocument(models.Model):
    """One service as the API and the pages hand it out. No foreign key: marks decide when it goes."""

    service_id = models.UUIDField(primary_key=True)
    name = models.TextField()
    status = models.CharField(max_length=20)
    organization_id = models.UUIDField(null=True)
    terms = ArrayField(models.UUIDField(), default=list)
    taxonomies = ArrayField(models.UUIDField(), default=list)
    needs = ArrayField(models.CharField(max_length=60), default=list)
    languages = ArrayField(models.CharField(max_length=20), default=list)
    police_contact = models.CharField(max_length=20)
    listed = models.TextField(help_text="JSON with one-to-one objects.")
    full = models.TextField(help_text="Fully nested JSON.")
    words = ArrayField(models.TextField(), default=list, help_text="Distinct search words, for the vocabulary.")
    vector = SearchVectorField()
    changed_at = models.DateTimeField(help_text="When the public content last changed.")

    class Meta:
        indexes = [
            models.Index(fields=["name", "service_id"], name="service_document_order"),
            models.Index(fields=["organization_id"], name="service_document_organization"),
            models.Index(fields=["changed_at"], name="service_document_changed"),
            GinIndex(fields=["vector"], name="service_document_vector", fastupdate=False),
            GinIndex(fields=["terms"], name="service_document_terms", fastupdate=False),
            GinIndex(fields=["taxonomies"], name="service_document_taxonomies", fastupdate=False),
            GinIndex(fields=["needs"], name="service_document_needs", fastupdate=False),
        ]

    class Privacy:
        kind = "public"

    def __str__(self) -> str:
        return self.name


class VisitDocument(models.Model):
    """One service at one place. A confidential place has neither coordinates nor postcodes here."""

    visit_id = models.UUIDField(primary_key=True)
    service_id = models.UUIDField(db_index=True)
    organization_id = models.UUIDField(null=True)
    name = models.TextField()
    terms = ArrayField(models.UUIDField(), default=list)
    taxonomies = ArrayField(models.UUIDField(), default=list)
    is_confidential = models.BooleanField(default=False)
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)
    postcodes = ArrayField(models.TextField(), default=list, help_text="Of its addresses and its named service areas.")
    listed = models.TextField()
    full = models.TextField()
    changed_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["name", "visit_id"], name="visit_document_order"),
            models.Index(fields=["organization_id"], name="visit_document_organization"),
            GinIndex(fields=["postcodes"], name="visit_document_postcodes", fastupdate=False),
            GinIndex(fields=["terms"], name="visit_document_terms", fastupdate=False),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(is_confidential=False) | Q(latitude=None, longitude=None, postcodes=[]),
                name="confidential_visit_has_no_place",
            )
        ]

    class Privacy:
        kind = "public"

    def __str__(self) -> str:
        return str(self.visit_id)


class SearchWord(models.Model):
    """The vocabulary of the documents: how many services use a word. Misspelled words are looked up here by trigrams."""

    word = models.TextField(primary_key=True)
    services = models.IntegerField()

    class Meta:
        indexes = [GinIndex(fields=["word"], name="search_word_trigrams", opclasses=["gin_trgm_ops"], fastupdate=False)]

    class Privacy:
        kind = "public"

    def __str__(self) -> str:
        return self.word


class StaleMark(models.Model):
    """A service whose documents are older than its rows; no service means that only the epoch moves on."""

    service_id = models.UUIDField(null=True)
    transaction = models.BigIntegerField()

    class Meta:
        indexes = [models.Index(fields=["transaction", "service_id"], name="stale_mark_transaction")]

    class Privacy:
        kind = "public"

    def __str__(self) -> str:
        return str(self.pk)


class Publication(models.Model):
    """One row: a number that grows in the same instant as any public change becomes visible."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    epoch = models.BigIntegerField(default=1)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="publication_is_one_row")]

    class Privacy:
        kind = "public"

    def __str__(self) -> str:
        return str(self.epoch)
