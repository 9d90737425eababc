"""The region as its visitors meet it: neutral name, languages, where Leave goes, notices of the day."""

from __future__ import annotations

from waymark.coalition.models import Region
from waymark.finder.content import Language, offered_languages, strings

FALLBACK_EXIT = "https://www.google.com/search?q=weather"


def current_region() -> Region:
    """The region's row; before the first set-up, an empty region that still helps."""
    return Region.objects.filter(pk=1).first() or Region(name="", exit_url=FALLBACK_EXIT)


def region_languages(region: Region) -> tuple[Language, ...]:
    """Complete languages, in the region's order; all complete ones before a region has chosen."""
    offered = {each.code: each for each in offered_languages()}
    chosen = tuple(offered[code] for code in region.languages if code in offered)
    return chosen or tuple(offered.values())


def app_name(region: Region, code: str) -> str:
    """The neutral name on the tab and on the phone."""
    own = region.app_name or {}
    return str(own.get(code) or strings(code)["door.app_name"])


def exit_name(region: Region, code: str) -> str:
    own = region.exit_name or {}
    return str(own.get(code) or strings(code)["notes.exit_name_default"])
