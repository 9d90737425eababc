"""Texts of a record in other languages."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet

from waymark.directory.models import Translation


def of_record(entity: str, pk: UUID) -> QuerySet[Translation]:
    return Translation.objects.filter(entity=entity, entity_id=pk).order_by("language", "field_name")
