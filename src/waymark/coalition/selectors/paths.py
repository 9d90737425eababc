"""Addresses of the staff site for whoever is not on it: a job, or an act that a command runs."""

from __future__ import annotations

from waymark.access.sites import staff_page


def staff_path(name: str, *arguments: object) -> str:
    """The path of a page of the common work on the staff site."""
    return staff_page(f"coalition:{name}", *arguments)
