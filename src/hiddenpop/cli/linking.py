"""``link``: secrets, encodings, and the table that comes out of them."""

from __future__ import annotations

import argparse
import os
import secrets
import sys
from pathlib import Path

import numpy as np

from hiddenpop.cli.output import emit, write
from hiddenpop.cli.parser import RELEASE
from hiddenpop.linkage import Decoys, Encoded, decoy_key, encode, link, read_people
from hiddenpop.linkage.encoding import SECRET_BYTES
from hiddenpop.linkage.linking import THRESHOLD


def run_secret(options: argparse.Namespace) -> int:
    """``hiddenpop link secret``: never overwrites, since a lost secret makes a project's encodings useless."""
    secret = secrets.token_bytes(SECRET_BYTES)
    _private(options.out, secret)
    _private(f"{options.out}.decoys", decoy_key(secret))
    lines = [
        f"The secret is in {options.out}: give it to the list holders, never to the linker.",
        f"The decoy key is in {options.out}.decoys: give it to the linker after the lists are in.",
    ]
    emit(options, {"secret": options.out, "decoy_key": f"{options.out}.decoys"}, lines)
    return 0


def _private(path: str, content: bytes) -> None:
    """Write a new file that only its owner can read."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(content.hex() + "\n")


def _key(path: str) -> bytes:
    try:
        return bytes.fromhex(Path(path).read_text(encoding="ascii").strip())
    except ValueError as error:
        raise ValueError(f"{path} does not hold a key in hexadecimal") from error


def run_encode(options: argparse.Namespace) -> int:
    """``hiddenpop link encode``: flips, order and ids come from the system's randomness, not from --seed."""
    print(RELEASE, file=sys.stderr)
    people = read_people(Path(options.people).read_text(encoding="utf-8-sig"))
    secret = _key(options.secret)
    decoys = Decoys(decoy_key(secret), options.decoys).records(options.name)
    fresh = np.random.default_rng(secrets.randbits(256))
    encoded = encode(people, secret, name=options.name, rng=fresh, decoys=decoys)
    handle = os.open(options.out, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(encoded.to_text())
    report = {"name": options.name, "records": len(encoded.filters), "decoys": len(decoys)}
    emit(options, report, [f"{len(people)} people and {len(decoys)} decoys are encoded in {options.out}."])
    return 0


def run_join(options: argparse.Namespace) -> int:
    """``hiddenpop link join``: counts and quality out, filters deleted."""
    lists = [Encoded.from_text(Path(path).read_text(encoding="ascii")) for path in options.encoded]
    decoys = Decoys(_key(options.decoy_key), options.decoys) if options.decoy_key else None
    threshold = THRESHOLD if options.similarity is None else options.similarity
    result = link(lists, decoys=decoys, threshold=threshold, period=options.period)
    write(options.out, result.histories.to_csv())
    if not options.keep:
        for path in options.encoded:
            _delete(Path(path))
    warnings = []
    if decoys is None:
        warnings.append("Without --decoy-key the decoys are counted as people, and missed matches are not measured.")
    if options.keep:
        warnings.append("The encoded lists were kept: delete them when the table is made.")
    report = {
        **result.to_json_dict(),
        "counts": [{"history": list(row), "count": count} for row, count in result.histories.rows()],
        "deleted": [] if options.keep else list(options.encoded),
        "warnings": warnings,
        "refused": None,
    }
    lines = [f"{result.histories.n} people on {len(lists)} lists."]
    if result.missed is not None and result.missed_range is not None:
        low, high = result.missed_range
        lines.append(
            f"{result.missed:.1%} of the decoys' {result.decoy_pairs} matches were missed ({low:.1%} to {high:.1%}); "
            f"about {result.false:.2%} of linked people hold somebody else's record."
        )
        lines.append(
            f"Next: hiddenpop estimate TABLE --missed {result.missed:.4f} --missed-range {low:.4f},{high:.4f} "
            f"--false {result.false:.4f}"
        )
    emit(options, report, [*lines, *(f"Mind: {text}" for text in warnings)] if options.out != "-" else ())
    return 0


def _delete(path: Path) -> None:
    """Overwrite, then remove. On a copying file system or a backed-up disk older copies may remain."""
    size = path.stat().st_size
    with path.open("r+b") as file:
        file.write(bytes(size))
        file.flush()
        os.fsync(file.fileno())
    path.unlink()
