"""The words that the command understands. Nothing heavy is imported before a command runs."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from importlib import import_module
from typing import Any

from hiddenpop.methods import BOOTSTRAPPED_METHOD, DEFAULT_METHOD, METHODS
from hiddenpop.randomness import DEFAULT_SEED

RELEASE = (
    "For victim-service grantees even encoded records are a disclosure that needs each person's written, informed, "
    "time-limited release."
)
KINDS = "a subgroup's kind, such as gender or age"


class _ReleaseFirst(argparse.ArgumentParser):
    """A parser whose help begins with the sentence about releases."""

    def format_help(self) -> str:
        return f"{RELEASE}\n\n{super().format_help()}"


def _later(module: str, function: str) -> Callable[[argparse.Namespace], int]:
    """The command's function, imported when it is called."""

    def run(options: argparse.Namespace) -> int:
        status: int = getattr(import_module(f"hiddenpop.cli.{module}"), function)(options)
        return status

    return run


def fraction(text: str) -> float:
    """A number strictly between 0 and 1; 95 and 95% are read as 0.95."""
    value = float(text.rstrip("%"))
    value = value / 100.0 if value > 1.0 or text.endswith("%") else value
    if not 0.0 < value < 1.0:
        raise argparse.ArgumentTypeError(f"{text} does not lie between 0 and 1")
    return value


def words(text: str) -> list[str]:
    """Names between commas."""
    return [word.strip() for word in text.split(",") if word.strip()]


def numbers(text: str) -> list[float]:
    """Numbers between commas."""
    return [float(word) for word in words(text)]


def build_parser() -> argparse.ArgumentParser:
    """Build the whole command line."""
    parser = argparse.ArgumentParser(
        prog="hiddenpop", description="How many people are there that nobody has found?",
        epilog="Exit status: 0 with an answer, 3 when it is refused (the reason is printed), 2 for bad input.",
    )  # fmt: skip
    commands = parser.add_subparsers(required=True, metavar="command", dest="command")
    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument("--json", metavar="FILE", help="write one JSON object (- prints it and nothing else)")
    shared.add_argument("--level", type=fraction, default=0.95, help="level of the interval (0.95)")
    shared.add_argument("--seed", type=int, default=DEFAULT_SEED, help="every random draw comes from it (%(default)s)")
    shared.add_argument("--period", help="the window of time, such as 2015-2020; part of the headline")
    shared.add_argument("--progress", action="store_true", help="draw the progress bar even when nobody is looking")
    shared.add_argument("--quiet", action="store_true", help="no progress bar")
    _table_commands(commands, shared)
    _world_commands(commands, shared)
    _survey_commands(commands, shared)
    _link_command(commands, shared)
    return parser


def _table(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("table", help="CSV: a 0/1 column for each list and 'count', or one row a person")
    parser.add_argument("--count", metavar="COLUMN", help="the column of counts (count, n, freq, frequency)")


def _method(parser: argparse.ArgumentParser) -> None:
    names = ", ".join(METHODS)
    parser.add_argument(
        "--method",
        choices=list(METHODS),
        metavar="NAME",
        help=f"{names} ({DEFAULT_METHOD}; {BOOTSTRAPPED_METHOD} when a bootstrap is asked for)",
    )
    parser.add_argument("--model", help="the model of --method model, such as [12,23,4]")
    parser.add_argument("--threshold", type=float, help="p value at which stepwise selection admits a pair (0.02)")
    parser.add_argument("--lists", type=words, help="use these lists only")


def _workers(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--cluster", metavar="ADDRESS", help="a Dask scheduler; local processes without it")
    parser.add_argument("--workers", type=int, help="local processes (one a processor)")


def _table_commands(commands: Any, shared: argparse.ArgumentParser) -> None:
    one = commands.add_parser("estimate", parents=[shared], help="estimate the size of a population from lists")
    _table(one)
    _method(one)
    one.add_argument("--bootstrap", type=int, metavar="N", help="replicates, selection inside; 0 for none")
    one.add_argument("--all-models", action="store_true", help="walk all 7,785,061 six-list models (minutes)")
    one.add_argument("--folder", help="where a long walk keeps finished parts, to go on after a stop")
    one.add_argument("--calibrate", type=int, metavar="N", help="try the interval on N simulated tables like this one")
    one.add_argument("--missed", type=float, help="share of true matches that linkage missed")
    one.add_argument("--missed-range", type=numbers, metavar="LOW,HIGH", help="range in which that share may lie")
    one.add_argument("--false", type=float, default=0.0, help="share of linked people with a record of somebody else")
    one.add_argument("--stratum", metavar="COLUMN", help="share the total out over the subgroups in this column")
    one.add_argument("--kind", help=f"{KINDS} (the column's name)")
    one.add_argument("--out", metavar="FILE", help="a report: .html, .csv or .json")
    one.add_argument("--nonce", metavar="FILE", help="secret nonce: the report then holds a commitment, not a plain hash")
    one.set_defaults(run=_later("tables", "run_estimate"))

    two = commands.add_parser("check", parents=[shared], help="explain a table before anything is estimated")
    _table(two)
    two.set_defaults(run=_later("tables", "run_check"))

    three = commands.add_parser("compare", parents=[shared], help="all methods on one axis, and why they differ")
    _table(three)
    three.add_argument("--methods", type=words, help="only these")
    three.add_argument("--bootstrap", type=int, metavar="N", help="replicates for the methods that take them")
    three.add_argument("--slow", action="store_true", help="latent classes too (a minute)")
    three.add_argument("--out", metavar="FILE", help="a report: .html, .csv or .json")
    three.add_argument("--nonce", metavar="FILE", help="secret nonce for the commitment in the report")
    three.set_defaults(run=_later("tables", "run_compare"))

    four = commands.add_parser("bootstrap", parents=[shared], help="bootstrap replicates of a method, also on a cluster")
    _table(four)
    _method(four)
    four.add_argument("--replicates", type=int, default=1000)
    _workers(four)
    four.add_argument("--out", metavar="FILE", help="CSV of the replicates")
    four.set_defaults(run=_later("repeating", "run_bootstrap"))


def _world_commands(commands: Any, shared: argparse.ArgumentParser) -> None:
    one = commands.add_parser("plan", parents=[shared], help="how many lists and people do I need?")
    one.add_argument("--population", type=int, required=True, help="a guess of the number of people")
    one.add_argument("--width-ratio", type=float, default=1.5, help="wanted upper over lower end of the interval (1.5)")
    one.add_argument("--lists", type=words, default=["2", "3", "4", "5", "6"], help="numbers of lists to try (2,3,4,5,6)")
    one.add_argument("--pairwise", action="store_true", help="allow for dependence between every two lists")
    one.add_argument(
        "--reach", type=numbers, metavar="SHARE,SHARE", help="instead: what lists that reach these shares show"
    )
    one.add_argument("--power", type=fraction, default=0.8, help="chance to see a change between two periods (0.8)")
    one.set_defaults(run=_later("worlds", "run_plan"))

    two = commands.add_parser("simulate", parents=[shared], help="coverage on populations made from a table")
    _table(two)
    two.add_argument("--methods", type=words, default=["independence", "stepwise", "bic", DEFAULT_METHOD])
    two.add_argument("--draws", type=int, default=50, help="tables drawn from each of the four populations (50)")
    two.add_argument("--bootstrap", type=int, default=0, metavar="N", help="replicates on each table (0)")
    _workers(two)
    two.set_defaults(run=_later("repeating", "run_simulate"))


def _survey_commands(commands: Any, shared: argparse.ArgumentParser) -> None:
    one = commands.add_parser("rds", parents=[shared], help="a share from respondent-driven sampling")
    one.add_argument("sample", help="CSV: id, recruiter.id, degree and the trait")
    one.add_argument("--trait", required=True, metavar="COLUMN")
    one.add_argument("--population", type=int, help="size of the hidden population, for Gile's estimator")
    one.add_argument("--estimator", choices=["rds-i", "rds-ii", "ss"], help="only this one (all that can be made)")
    one.add_argument("--id-column", default="id")
    one.add_argument("--recruiter-column", default="recruiter.id")
    one.add_argument("--degree-column", default="degree")
    one.add_argument("--bootstrap", type=int, default=500, metavar="N")
    one.set_defaults(run=_later("surveys", "run_rds"))

    two = commands.add_parser("scale-up", parents=[shared], help="a size from what the public knows")
    two.add_argument("survey", help="CSV of respondents")
    two.add_argument("known", help="CSV of known groups: group, size")
    two.add_argument("--hidden", required=True, metavar="COLUMN")
    two.add_argument("--population", type=float, required=True)
    two.add_argument("--estimator", choices=["ratio-of-sums", "mean-of-ratios"], default="ratio-of-sums")
    two.add_argument("--weight", metavar="COLUMN")
    two.add_argument("--cluster-column", metavar="COLUMN")
    two.add_argument("--stratum", metavar="COLUMN")
    two.add_argument("--top-code", type=float, default=30.0, help="answers above this count as this (30; 0 for none)")
    two.add_argument("--degree-ratio", type=float, default=1.0, help="hidden people's networks over everybody's")
    two.add_argument("--true-positive-rate", type=float, default=1.0, help="share of ties that know of it")
    two.add_argument("--bootstrap", type=int, default=1000, metavar="N")
    two.set_defaults(run=_later("surveys", "run_scale_up"))

    three = commands.add_parser("survey", parents=[shared], help="a table from an anonymous survey, without identifiers")
    three.add_argument("answers", help="CSV, one row a respondent")
    three.add_argument("--services", type=words, default=[], help="the services (columns), in order")
    three.add_argument("--column", help="the one column in which services are listed")
    three.add_argument("--separator", default=";", help="what stands between them (;)")
    three.add_argument("--stratum", metavar="COLUMN")
    three.add_argument("--total", action="append", default=[], metavar="SERVICE=PEOPLE", help="a service's own count")
    three.add_argument("--out", metavar="FILE", help="the table as CSV (- prints it)")
    three.set_defaults(run=_later("surveys", "run_survey"))


def _link_command(commands: Any, shared: argparse.ArgumentParser) -> None:
    link = commands.add_parser("link", help="link lists that may lawfully be linked", description="Link encoded lists.")
    link.__class__ = _ReleaseFirst
    steps = link.add_subparsers(required=True, metavar="secret|encode|join", parser_class=_ReleaseFirst)

    one = steps.add_parser("secret", parents=[shared], help="make a project's secret and its decoy key")
    one.add_argument("--out", required=True, metavar="FILE", help="the secret; the decoy key goes to FILE.decoys")
    one.set_defaults(run=_later("linking", "run_secret"))

    two = steps.add_parser("encode", parents=[shared], help="encode a list where it lives")
    two.add_argument("people", help="CSV: first_name, last_name, birth_date")
    two.add_argument("--name", required=True, help="the list's name")
    two.add_argument("--secret", required=True, metavar="FILE")
    two.add_argument("--decoys", type=int, default=500, help="invented people mixed in (500 over all lists)")
    two.add_argument("--out", required=True, metavar="FILE")
    two.set_defaults(run=_later("linking", "run_encode"))

    three = steps.add_parser("join", parents=[shared], help="link encoded lists; gives counts and quality only")
    three.add_argument("encoded", nargs="+", help="encoded lists; deleted afterwards")
    three.add_argument("--decoy-key", metavar="FILE", help="takes the decoys out and measures missed matches")
    three.add_argument("--decoys", type=int, default=500, help="as given to encode")
    three.add_argument("--similarity", type=float, help="likeness from which two records may be one person's (0.64)")
    three.add_argument("--keep", action="store_true", help="do not delete the encoded lists")
    three.add_argument("--out", metavar="FILE", help="the table as CSV (- prints it)")
    three.set_defaults(run=_later("linking", "run_join"))
