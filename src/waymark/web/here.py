"""Which apps' selectors are asked here: those of a coalition are not, where one agency runs the installation alone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from waymark.access.installation import has_app

Source = TypeVar("Source", bound=Callable[..., object])


def sources_here(sources: Sequence[Source]) -> list[Source]:
    """The sources of apps that are there, in their order; a source is of the app in whose module it stands."""
    return [source for source in sources if has_app(source.__module__.split(".")[1])]
