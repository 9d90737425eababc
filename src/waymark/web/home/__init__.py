"""The home page of a member: one place where every app's lines meet."""

from waymark.web.home.collecting import LIMIT, Part, home_of, part_of

__all__ = ["LIMIT", "Part", "home_of", "part_of"]
