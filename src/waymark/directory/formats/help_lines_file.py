"""Help lines as data files: each with its source and the date of that source."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parents[1] / "data"
NATIONAL = FOLDER / "help_lines" / "national.toml"
DEMO = FOLDER / "demo" / "help_lines.toml"


@dataclass(frozen=True)
class LineRecord:
    """One line, as the columns of the model, and its channels in order."""

    slug: str
    columns: dict[str, Any]
    channels: list[dict[str, Any]] = field(default_factory=list)


def read_help_lines(path: Path = NATIONAL, *, today: date | None = None) -> list[LineRecord]:
    """Lines of a file. Lines of the demo region are dated in days before `today`, real ones by the date of their source."""
    content = tomllib.loads(path.read_text(encoding="utf-8"))
    return [_line(dict(row), today) for row in content["line"]]


def _line(row: dict[str, Any], today: date | None) -> LineRecord:
    channels = row.pop("channel")
    slug = row.pop("slug")
    if "days_ago" in row:
        if today is None:
            raise ValueError(f"{slug} is dated in days before today, and no day was given")
        row["verified_on"] = today - timedelta(days=row.pop("days_ago"))
        row["review_on"] = row["verified_on"] + timedelta(days=row.pop("review_days"))
    row.setdefault("state", "shown")
    row["verified_by"] = "The line's source, read for this release"
    return LineRecord(slug=slug, columns=row, channels=[{**each, "order": n} for n, each in enumerate(channels)])
