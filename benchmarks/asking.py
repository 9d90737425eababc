"""Asking a running server as fast as it answers, with `wrk`, turning through many addresses."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

SCRIPT = """
local paths = {{ {paths} }}
local headers = {{ {headers} }}
local turn = 0
request = function()
  turn = turn % #paths + 1
  return wrk.format("GET", paths[turn], headers)
end
done = function(summary, latency, requests)
  io.write(string.format("DONE %d %d %d %d %d\\n", summary.requests, summary.duration,
    latency:percentile(50), latency:percentile(99), summary.errors.status + summary.errors.read + summary.errors.timeout))
end
"""


@dataclass(frozen=True)
class Speed:
    """Requests a second, and how long half and nearly all of them took, in milliseconds."""

    rate: float
    p50: float
    p99: float


def measure(folder: Path, port: int, paths: list[str], seconds: int, headers: Mapping[str, str] | None = None) -> Speed:
    """Ask a server with four connections, turning through the paths. Raises RuntimeError for an answer that is an error."""
    script = folder / "wrk.lua"
    said_along = ", ".join(f"[{json.dumps(name)}] = {json.dumps(value)}" for name, value in (headers or {}).items())
    script.write_text(SCRIPT.format(paths=", ".join(json.dumps(path) for path in paths), headers=said_along))
    address = f"http://localhost:{port}"
    command = ["wrk", "-t1", "-c4", f"-d{seconds}s", "--timeout", "10s", "--latency", "-s", str(script), address]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    found = re.search(r"DONE (\d+) (\d+) (\d+) (\d+) (\d+)", said)
    if not found or int(found[5]):
        raise RuntimeError(f"{address}{paths[0]}: {said}")
    requests, duration, half, most = (int(found[number]) for number in range(1, 5))
    return Speed(requests / (duration / 1e6), half / 1e3, most / 1e3)
