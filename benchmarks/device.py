"""Runs the phone's search under Node, the one that the front end is built with."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

SCRIPT = Path(__file__).with_name("device_search.mjs")


def node() -> str:
    """The Node of this environment, else one on the path."""
    beside = Path(sys.executable).with_name("node")
    found = str(beside) if beside.exists() else shutil.which("node")
    if found is None:
        raise FileNotFoundError("node: ./waymark up brings it")
    return found


def on_device(copy: dict[str, Any], queries: Sequence[str], rounds: int = 0) -> dict[str, Any]:
    """Rankings (service ids) and times of the phone's search over a copy's content."""
    said = json.dumps({"copy": copy, "queries": list(queries), "rounds": rounds})
    done = subprocess.run([node(), SCRIPT], input=said, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    result: dict[str, Any] = json.loads(done.stdout)
    return result
