"""How far a place is from the middle of a ZIP. The visitor's own place is never asked."""

from __future__ import annotations

from math import asin, cos, radians, sin, sqrt

EARTH_MILES = 3958.8


def miles_between(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Great-circle distance of two (latitude, longitude) pairs."""
    lat1, lon1, lat2, lon2 = map(radians, (*one, *other))
    half = sin((lat2 - lat1) / 2) ** 2 + cos(lat1) * cos(lat2) * sin((lon2 - lon1) / 2) ** 2
    return 2 * EARTH_MILES * asin(sqrt(half))
