"""What all rows of the Human Services Data Specification (HSDS 3.1) share."""

from __future__ import annotations

import uuid

from django.db import models


class HsdsRecord(models.Model):
    """A row with the id that the standard demands; ids are random, so they tell no time and no order."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)

    class Meta:
        abstract = True


def plain_text() -> models.TextField[str, str]:
    """A free text of the standard; empty means that the source does not say."""
    return models.TextField(blank=True, default="")


def json_number() -> models.FloatField[float | None, float | None]:
    """A JSON number of the standard; null means that the source does not say."""
    return models.FloatField(null=True, blank=True)
