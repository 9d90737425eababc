"""How help is sorted: standard taxonomies, attributes, history (HSDS), and our needs in plain sentences."""

from __future__ import annotations

from django.db import models

from waymark.directory.models.base import HsdsRecord, plain_text


class Taxonomy(HsdsRecord):
    name = models.TextField()
    description = plain_text()
    uri = plain_text()
    version = plain_text()

    class Meta:
        ordering = ["name", "id"]

    class Privacy:
        kind = "public"

    def __str__(self) -> str:
        return self.name


class TaxonomyTerm(HsdsRecord):
    code = plain_text()
    name = models.TextField()
    description = plain_text()
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="children")
    taxonomy_name = plain_text()
    taxonomy = models.ForeignKey(Taxonomy, null=True, blank=True, on_delete=models.CASCADE, related_name="terms")
    language = models.CharField(max_length=20, blank=True, default="")
    term_uri = plain_text()

    class Meta:
        ordering = ["name", "id"]

    class Privacy:
        kind = "public"

    def __str__(self) -> str:
        return self.name


class Attribute(HsdsRecord):
    """Links any row to a taxonomy term; `link_entity` is the table's name in the standard."""

    link_id = models.UUIDField(db_index=True)
    link_entity = models.CharField(max_length=40)
    link_type = plain_text()
    taxonomy_term = models.ForeignKey(
        TaxonomyTerm, null=True, blank=True, on_delete=models.CASCADE, related_name="attributes"
    )
    value = plain_text()
    label = plain_text()

    class Privacy:
        kind = "public"

    def __str__(self) -> str:
        return str(self.pk)


class Metadata(HsdsRecord):
    """One change of one field of one row: the history that the standard publishes, written by a database trigger."""

    resource_id = models.UUIDField(db_index=True)
    resource_type = models.CharField(max_length=40)
    last_action_date = models.DateTimeField()
    last_action_type = models.CharField(max_length=20)
    field_name = models.CharField(max_length=60)
    previous_value = plain_text()
    replacement_value = plain_text()
    updated_by = plain_text()

    class Meta:
        ordering = ["-last_action_date", "id"]

    class Privacy:
        kind = "public"
        fields = {"updated_by": "staff activity"}

    def __str__(self) -> str:
        return f"{self.resource_type} {self.field_name}"


class MetaTableDescription(HsdsRecord):
    name = plain_text()
    language = plain_text()
    character_set = plain_text()

    class Privacy:
        kind = "public"

    def __str__(self) -> str:
        return self.name


class Need(models.Model):
    """What a person would say: "I need a safe place tonight". Sentences and search words by language code."""

    slug = models.SlugField(primary_key=True, max_length=60)
    group = models.SlugField(max_length=40, help_text="Tiles of one group stand together, e.g. safety, work, health.")
    order = models.PositiveSmallIntegerField(default=0)
    sentence = models.JSONField(default=dict, help_text="{'en': 'I need a safe place tonight', 'es': ...}")
    short = models.JSONField(default=dict, help_text="One or two words for chips and print.")
    words = models.JSONField(default=dict, help_text="Synonyms, slang and misspellings by language code.")
    pictogram = models.SlugField(max_length=40, blank=True)
    is_tile = models.BooleanField(default=True, help_text="Shown as a tile; others are found by search only.")
    open_eligibility = models.JSONField(default=list, help_text="Codes of Open Eligibility 2.0, as text.")
    cadence_days = models.PositiveSmallIntegerField(default=180, help_text="How often a listing is checked again.")

    class Meta:
        ordering = ["order", "slug"]

    class Privacy:
        kind = "public"

    def __str__(self) -> str:
        return self.slug
