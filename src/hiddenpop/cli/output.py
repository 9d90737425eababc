"""What the commands print: one JSON object, a few plain lines, files, a progress bar on standard error."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

REFUSED, WRONG, STOPPED = 3, 2, 130
_BAR = 30


def progress_bar(label: str, options: argparse.Namespace) -> Callable[[int, int], None] | None:
    """A callback that draws a bar on standard error; None when nobody is looking."""
    if options.quiet or not (options.progress or sys.stderr.isatty()):
        return None
    shown = [-1]

    def draw(done: int, total: int) -> None:
        share = done / total if total else 1.0
        if round(1000 * share) == shown[0]:
            return
        shown[0] = round(1000 * share)
        filled = round(_BAR * share)
        end = "\n" if done >= total else ""
        print(
            f"\r{label} [{'#' * filled}{'.' * (_BAR - filled)}] {done:,}/{total:,}",
            end=end,
            file=sys.stderr,
            flush=True,
        )

    return draw


def emit(options: argparse.Namespace, report: Mapping[str, Any], lines: Iterable[str]) -> None:
    """Print the JSON object, or the lines."""
    text = json.dumps(report, indent=2, ensure_ascii=False, allow_nan=False)
    if options.json == "-":
        print(text)
        return
    if options.json:
        Path(options.json).write_text(text + "\n", encoding="utf-8")
    for line in lines:
        print(line)


def write(path: str | None, text: str) -> None:
    """Write a file, or print it for ``-``."""
    if path == "-":
        print(text, end="")
    elif path:
        Path(path).write_text(text, encoding="utf-8")


def fail(options: argparse.Namespace, message: str, status: int) -> int:
    """Say why there is no answer; a refusal is an answer of its own and goes into the JSON too."""
    print(f"hiddenpop: {message}", file=sys.stderr)
    if status == REFUSED:
        emit(options, {"estimate": None, "interval": None, "refused": message}, ())
    return status


def number(value: float | None) -> str:
    """A count for reading: no false digits after the point."""
    if value is None:
        return "no upper limit"
    return f"{value:,.0f}"
