"""ZIP centers as people have them: our own short lines, or the Census Bureau's gazetteer file as it is downloaded.

A center is enough for "near me": the visitor's place is never asked, only a ZIP, and that stays on the phone.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass

LIMIT = 5_000
# Longitude and latitude of the United States and its territories, generously.
LATITUDES = (-15.0, 72.0)
GAZETTEER = ("GEOID", "INTPTLAT", "INTPTLONG")


@dataclass(frozen=True)
class Center:
    """A ZIP and its center."""

    code: str
    latitude: float
    longitude: float


class NotUnderstood(Exception):
    """Lines that are no ZIP centers; each text names its line."""

    def __init__(self, troubles: list[str]) -> None:
        super().__init__("; ".join(troubles))
        self.troubles = troubles


def read_centers(text: str) -> list[Center]:
    """Read "95814,38.58,-121.49" lines (commas, semicolons, tabs or spaces) or a gazetteer file with its heading."""
    lines = text.removeprefix("\ufeff").splitlines()
    if len(lines) > LIMIT:
        raise NotUnderstood([f"There are {len(lines)} lines. Keep the ZIPs of your region and close by, at most {LIMIT}."])
    if lines and "GEOID" in lines[0]:
        return _gazetteer(lines)
    found: dict[str, Center] = {}
    troubles = []
    for number, line in enumerate(lines, 1):
        parts = [part for part in re.split(r"[,;\t ]+", line.strip()) if part]
        if not parts or (number == 1 and not parts[0][:1].isdigit()):
            continue
        try:
            center = _center(*parts[:3])
        except (TypeError, ValueError) as trouble:
            troubles.append(f"Line {number}: {trouble if isinstance(trouble, ValueError) else 'three values are needed'}.")
            continue
        if center.code in found and found[center.code] != center:
            troubles.append(f"Line {number}: {center.code} stands twice with different centers.")
        found[center.code] = center
    if troubles:
        raise NotUnderstood(troubles)
    return list(found.values())


def _gazetteer(lines: list[str]) -> list[Center]:
    delimiter = "|" if "|" in lines[0] else "\t"
    rows = csv.DictReader(lines, delimiter=delimiter)
    names = {name.strip(): name for name in rows.fieldnames or []}
    missing = [name for name in GAZETTEER if name not in names]
    if missing:
        raise NotUnderstood([f"Line 1: the heading has no {missing[0]}."])
    code, latitude, longitude = (names[name] for name in GAZETTEER)
    return [_center(row[code] or "", row[latitude] or "", row[longitude] or "") for row in rows]


def _center(code: str, latitude: str, longitude: str) -> Center:
    if not re.fullmatch(r"\d{5}", code.strip()):
        raise ValueError(f"“{code}” is not a ZIP of 5 digits")
    try:
        north, east = float(latitude), float(longitude)
    except ValueError as error:
        raise ValueError(f"“{latitude}, {longitude}” is not a latitude and a longitude, like 38.58, -121.49") from error
    if not LATITUDES[0] <= north <= LATITUDES[1] or not -180 <= east <= 180:
        raise ValueError(f"{north:g}, {east:g} is not in the United States. Latitude comes first, like 38.58, -121.49")
    return Center(code.strip(), round(north, 4), round(east, 4))
