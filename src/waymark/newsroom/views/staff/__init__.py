"""The newsroom's screens for staff."""
