"""Addresses of the staff site for whoever is not on it: a job, or an act that a command runs."""

from __future__ import annotations

from django.urls import reverse

from waymark.access.sites import URLCONFS, Site


def staff_path(name: str, *arguments: object) -> str:
    """The path of a page of the common work on the staff site."""
    return reverse(f"coalition:{name}", args=list(arguments), urlconf=URLCONFS[Site.STAFF])
