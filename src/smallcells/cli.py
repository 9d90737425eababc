"""The command ``smallcells``: hide, audit, commit, verify.

Exit status: 0 the table is safe (or the commitment holds), 3 it is refused, 2 the input or the command is wrong.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import os
import secrets
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from smallcells.audit import audit
from smallcells.commitment import NONCE_BYTES, SCHEME, canonical, commit, verify
from smallcells.files import MARK, read_published, read_table, write_percentages, write_table
from smallcells.policy import BadTable, Policy, Refusal
from smallcells.suppress import protect

REFUSED, WRONG = 3, 2
_COMMANDS = ("protect", "audit", "commit", "verify")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns the exit status."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    if words and words[0] not in (*_COMMANDS, "-h", "--help"):
        words.insert(0, "protect")
    options = _parser().parse_args(words)
    try:
        return int(options.run(options))
    except Refusal as reason:
        return _fail(options, str(reason), REFUSED)
    except (BadTable, OSError, UnicodeDecodeError, ValueError) as error:
        return _fail(options, str(error), WRONG)
    except KeyboardInterrupt:
        return _fail(options, "stopped: nothing was written", 130)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="smallcells",
        description="Hide the small counts of a table, and the fewest others that keep them hidden; audit the result; "
        "commit to a table that is never published. 'smallcells table.csv' means 'smallcells protect table.csv'.",
    )
    commands = parser.add_subparsers(required=True, metavar="{protect,audit,commit,verify}")

    rules = argparse.ArgumentParser(add_help=False)
    rules.add_argument("--threshold", type=int, default=11, help="counts from 1 to one below this are hidden (11)")
    rules.add_argument("--hide-zeros", action="store_true", help="hide zeros as well")
    rules.add_argument("--mark", default=MARK, help="what stands in place of a hidden count (%(default)s)")
    rules.add_argument("--names", type=_words, default=[], help="a wide table's dimensions, such as county,age")
    rules.add_argument("--period", help="the time that the counts are about")
    rules.add_argument(
        "--group", action="append", default=[], metavar="DIM:WHOLE=PART+PART", help="a category made of others"
    )
    rules.add_argument("--json", metavar="FILE", help="write a report as JSON (- for the screen)")

    hide = commands.add_parser("protect", parents=[rules], help="hide small counts")
    hide.add_argument("table", help="CSV of true counts, wide or long")
    hide.add_argument("--totals", type=_words, help="totals to publish: row,col, or names of dimensions, or none (all)")
    hide.add_argument("--keep-totals", action="store_true", help="never hide a total")
    hide.add_argument("--earlier", action="append", default=[], metavar="FILE", help="published before, same period")
    hide.add_argument("--out", metavar="FILE", help="where the safe table goes (the screen)")
    hide.add_argument("--percent-of", metavar="DIM", help="also write percentages of the total over this dimension")
    hide.add_argument("--percent-out", metavar="FILE", help="where the percentages go")
    hide.set_defaults(run=_protect)

    check = commands.add_parser("audit", parents=[rules], help="try to work hidden counts out")
    check.add_argument("table", help="CSV as published")
    check.add_argument("--other", action="append", default=[], metavar="FILE", help="published too, the same people")
    check.add_argument("--part", action="append", default=[], metavar="FILE", help="published too, some of these people")
    check.set_defaults(run=_audit)

    bind = commands.add_parser("commit", help="commit to a table that is never published")
    bind.add_argument("table")
    bind.add_argument("--nonce", metavar="FILE", help="the secret nonce's file (beside the table, ending .nonce)")
    bind.set_defaults(run=_commit, json=None)

    prove = commands.add_parser("verify", help="check a table against its commitment")
    prove.add_argument("table")
    prove.add_argument("--commitment", required=True, help="the published number")
    prove.add_argument("--nonce", metavar="FILE")
    prove.set_defaults(run=_verify, json=None)
    return parser


def _words(text: str) -> list[str]:
    return [] if text == "none" else [word.strip() for word in text.split(",") if word.strip()]


def _groups(options: argparse.Namespace) -> dict[str, dict[str, list[str]]]:
    groups: dict[str, dict[str, list[str]]] = {}
    for text in options.group:
        name, colon, rest = text.partition(":")
        whole, equals, parts = rest.partition("=")
        if not (colon and equals and parts):
            raise BadTable(f"--group {text!r}: it should read like age:minor=0-12+13-17")
        groups.setdefault(name, {})[whole] = parts.split("+")
    return groups


def _protect(options: argparse.Namespace) -> int:
    policy = Policy(options.threshold, options.hide_zeros)
    table = read_table(_read(options.table), totals=options.totals, names=options.names, period=options.period)
    earlier = [_published(options, path, policy) for path in options.earlier]
    safe = protect(
        table,
        policy,
        earlier=earlier,
        groups=_groups(options),
        keep_totals=options.keep_totals,
        progress=lambda number, left: print(f"round {number}: {left} counts still exposed", file=sys.stderr),
    )
    text = write_table(safe, mark=options.mark)
    if options.out:
        Path(options.out).write_text(text, encoding="utf-8")
    elif options.json != "-":
        print(text, end="")
    if options.percent_of:
        percent = write_percentages(safe, options.percent_of, mark=options.mark)
        if options.percent_out:
            Path(options.percent_out).write_text(percent, encoding="utf-8")
        else:
            print(percent, end="")
    verdict = audit(safe, others=earlier, groups=_groups(options))
    _report(
        options,
        {
            "threshold": policy.threshold,
            "cells": int(safe.shown.size),
            "hidden": safe.hidden_count,
            "fewest_proved": safe.exact,
            "audit": verdict.to_json_dict(),
            "refused": None,
        },
    )
    print(f"{safe.hidden_count} of {safe.shown.size} counts hidden (threshold {policy.threshold})", file=sys.stderr)
    return 0


def _audit(options: argparse.Namespace) -> int:
    policy = Policy(options.threshold, options.hide_zeros)
    verdict = audit(
        _published(options, options.table, policy),
        others=[_published(options, path, policy) for path in options.other],
        parts=[_published(options, path, policy) for path in options.part],
        groups=_groups(options),
    )
    reasons = [finding.reason for finding in verdict.findings]
    _report(options, {**verdict.to_json_dict(), "refused": "; ".join(reasons) or None})
    for reason in reasons:
        print(reason, file=sys.stderr)
    if verdict.passed:
        print(f"safe: no hidden count can be boxed in more closely than {verdict.narrowest:g} people", file=sys.stderr)
    return 0 if verdict.passed else REFUSED


def _published(options: argparse.Namespace, path: str, policy: Policy) -> Any:
    return read_published(_read(path), policy, names=options.names, mark=options.mark, period=options.period)


def _commit(options: argparse.Namespace) -> int:
    path = _nonce_path(options)
    table = _canonical_file(options.table)
    if not path.exists():
        # Readable by the owner only, and made in one step: a nonce that others read makes the table guessable.
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(secrets.token_bytes(NONCE_BYTES).hex() + "\n")
        print(f"the secret nonce is in {path}: keep it beside the table, publish neither", file=sys.stderr)
    print(json.dumps({"scheme": SCHEME, "commitment": commit(table, _nonce(path))}))
    return 0


def _verify(options: argparse.Namespace) -> int:
    if not verify(_canonical_file(options.table), _nonce(_nonce_path(options)), options.commitment):
        raise Refusal("this is not the table (or not the nonce) that was committed to")
    print("this is the table that was committed to", file=sys.stderr)
    return 0


def _nonce_path(options: argparse.Namespace) -> Path:
    return Path(options.nonce or f"{options.table}.nonce")


def _nonce(path: Path) -> bytes:
    try:
        return bytes.fromhex(path.read_text(encoding="ascii").strip())
    except ValueError as error:
        raise BadTable(f"{path} does not hold a nonce in hexadecimal") from error


def _canonical_file(path: str) -> bytes:
    rows = list(csv.DictReader(io.StringIO(_read(path))))
    if not rows:
        raise BadTable(f"{path} holds no rows")
    return canonical(rows)


def _read(path: str) -> str:
    return sys.stdin.read() if path == "-" else Path(path).read_text(encoding="utf-8-sig")


def _report(options: argparse.Namespace, report: dict[str, Any]) -> None:
    if options.json == "-":
        print(json.dumps(report, indent=2))
    elif options.json:
        Path(options.json).write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")


def _fail(options: argparse.Namespace, message: str, status: int) -> int:
    print(f"smallcells: {message}", file=sys.stderr)
    if status == REFUSED:
        _report(options, {"refused": message})
    return status


if __name__ == "__main__":
    sys.exit(main())
