"""Writes of the region; what agencies share is written by the modules beside this one."""

from waymark.coalition.actions.region import end_notice, save_notice, set_up_region

__all__ = ["end_notice", "save_notice", "set_up_region"]
