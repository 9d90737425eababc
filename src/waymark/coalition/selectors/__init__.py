"""Reads of the region; what agencies share is read by the modules beside this one."""

from waymark.coalition.selectors.region import (
    notices_in_force,
    notices_listed,
    postal_areas_in_region,
    shown_notice,
    the_region,
)

__all__ = ["notices_in_force", "notices_listed", "postal_areas_in_region", "shown_notice", "the_region"]
