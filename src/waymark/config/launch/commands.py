"""The command line: what can be asked of `./waymark`, in the words of its help."""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys

from waymark.config.launch.options import Place, UpOptions, flag, number, place_of
from waymark.config.launch.progress import Trouble, explain_os_error

OWNER_COMMANDS = {"migrate", "pgtrigger"}
HANDED_ON = {"manage", "worker", "web", "import", "export"}


def parser() -> argparse.ArgumentParser:
    """The commands and their options."""
    top = argparse.ArgumentParser(prog="./waymark", description="Waymark: one command to run it, one to test it.")
    top.add_argument("--data-dir", metavar="DIR", dest="data_dir_first", help=argparse.SUPPRESS)
    commands = top.add_subparsers(dest="command", metavar="COMMAND", required=True)
    place = argparse.ArgumentParser(add_help=False)
    place.add_argument("--data-dir", metavar="DIR", help="where data lives (default .waymark; WAYMARK_DATA_DIR)")

    up = commands.add_parser("up", parents=[place], help="make everything, start it and print the address")
    up.add_argument("--port", metavar="N", help="port of the web server (default 8000; WAYMARK_PORT or PORT)")
    up.add_argument("--host", help="address to listen on (default 127.0.0.1; WAYMARK_HOST)")
    up.add_argument("--no-demo", action="store_true", help="start empty, with the set-up page (WAYMARK_NO_DEMO)")
    up.add_argument("--detach", action="store_true", help="return when it is open, keep running (WAYMARK_DETACH)")
    up.add_argument("--web-workers", metavar="N", help="processes of the web server (default 2; WAYMARK_WEB_WORKERS)")

    commands.add_parser("stop", parents=[place], help="stop what `up` started")

    test = commands.add_parser("test", help="run every check and every test")
    test.add_argument("--profile", choices=("quick", "ci", "nightly"), default="ci", help="how much (default ci)")
    test.add_argument("--no-browser", action="store_true", help="leave out the journeys that need Chromium")
    test.add_argument("rest", nargs="*", metavar="...", help="passed on to pytest")

    commands.add_parser("build", parents=[place], help="make what needs no database, and start nothing")

    for name, text in (
        ("manage", "run one of Django's management commands"),
        ("worker", "run one more background worker on the same database"),
        ("web", "run the web server alone (one of several machines; docs/howto/deploy.md)"),
        ("import", "bring data in: import hsds PATH|URL [--dry-run]"),
        ("export", "take data out: export hsds PATH"),
        ("audit", "audit verify: prove that the log is whole; audit heads PATH: a signed export of its heads"),
    ):
        sub = commands.add_parser(name, help=text, add_help=False)
        sub.add_argument("rest", nargs=argparse.REMAINDER)

    backup = commands.add_parser("backup", parents=[place], help="write database, media and keys to one file")
    backup.add_argument("file", nargs="?", help="the file to write (default waymark-DATE.tar)")
    restore = commands.add_parser("restore", parents=[place], help="put a backup back, all or nothing")
    restore.add_argument("file", help="a file that `backup` wrote")
    restore.add_argument("--keys", metavar="FILE", help="the backup of keys to join (default: the newest there is)")
    restore.add_argument("--without-keys", action="store_true", help="restore without keys: nothing sealed opens any more")
    restore.add_argument("--yes", action="store_true", help="do not ask before replacing what is there")

    check = commands.add_parser("check", parents=[place], help="say what is wrong or past its review date")
    check.add_argument("--public", metavar="URL", help="look at the finder from outside: nothing may tell what it is")
    commands.add_parser("lock", help="write requirements/*.txt again from requirements/*.in")
    return top


def main(root: str, arguments: list[str]) -> int:
    """Run one command; every failure that a person can mend is one sentence."""
    try:
        return dispatch(root, parse(arguments))
    except Trouble as trouble:
        print(f"waymark: {trouble}", file=sys.stderr)
    except OSError as error:
        print(f"waymark: {explain_os_error(error)}", file=sys.stderr)
    except KeyboardInterrupt:
        print("\nwaymark: interrupted.", file=sys.stderr)
        return 130
    return 1


def parse(arguments: list[str]) -> argparse.Namespace:
    """Read the command line. Some commands hand what follows to another program, options included."""
    known = parser()
    given, unknown = known.parse_known_args(arguments)
    if given.command in HANDED_ON:
        given.rest = arguments[arguments.index(given.command) + 1 :]
    elif given.command == "test":
        given.rest = _others(arguments[arguments.index("test") + 1 :])
    elif unknown:
        known.error(f"unrecognized arguments: {' '.join(unknown)}")
    return given


def _others(words: list[str]) -> list[str]:
    """What is pytest's among the words after `test`, in the order given."""
    kept: list[str] = []
    waiting = iter(words)
    for word in waiting:
        if word == "--profile":
            next(waiting, None)
        elif word not in {"--", "--no-browser"} and not word.startswith("--profile="):
            kept.append(word)
    return kept


def up_options(given: argparse.Namespace) -> UpOptions:
    """Options of `up`: command line first, variables second."""
    fallback = number("PORT", 8000, low=1, high=65535)
    return UpOptions(
        host=given.host or os.environ.get("WAYMARK_HOST") or "127.0.0.1",
        port=number("WAYMARK_PORT", fallback, low=1, high=65535, text=given.port),
        demo=not (given.no_demo or flag("WAYMARK_NO_DEMO")),
        detach=given.detach or flag("WAYMARK_DETACH"),
        web_workers=number("WAYMARK_WEB_WORKERS", 2, low=1, high=64, text=given.web_workers),
    )


def dispatch(root: str, given: argparse.Namespace) -> int:
    """Call what was asked for. Modules are opened late: `--help` should be quick."""
    place = place_of(root, getattr(given, "data_dir", None) or given.data_dir_first)
    match given.command:
        case "up":
            from waymark.config.launch.up import up

            return up(place, up_options(given))
        case "stop":
            from waymark.config.launch.up import stop

            return stop(place)
        case "build":
            from waymark.config.launch.up import build

            return build(place)
        case "test":
            from waymark.config.launch.testing import test

            return test(place, profile=given.profile, browser=not given.no_browser, rest=given.rest)
        case "backup":
            from waymark.config.launch.archive import backup

            return backup(place, given.file)
        case "restore":
            from waymark.config.launch.archive import restore

            return restore(place, given.file, sure=given.yes, keys=given.keys, without_keys=given.without_keys)
        case "check":
            return _check(place, given.public)
        case "lock":
            from waymark.config.launch.environment import compile_locks, ensure_environment

            ensure_environment(place, dev=False)
            compile_locks(place)
            return 0
        case "import" | "export" | "audit":
            if not given.rest or given.rest[0].startswith("-"):
                example = "verify" if given.command == "audit" else "hsds PATH"
                raise Trouble(f"Say what to {given.command}, for example: ./waymark {given.command} {example}")
            return _django(place, [f"{given.command}_{given.rest[0]}", *given.rest[1:]])
        case "manage":
            return _django(place, given.rest or ["help"])
        case _:
            return _serve_part(place, given.command, given.rest)


def _django(place: Place, *runs: list[str]) -> int:
    """Run Django's commands on the database, in the terminal that called; the worst exit code counts."""
    from waymark.config.launch.building import application_environment
    from waymark.config.launch.database import borrowed_database
    from waymark.config.launch.environment import ensure_environment

    ensure_environment(place, dev=False)
    # Ctrl-C is for the command, which may want it (a shell does); afterwards the database is still put away.
    signal.signal(signal.SIGINT, lambda number, frame: None)
    codes = []
    with borrowed_database(place) as database:
        for arguments in runs:
            url = database.owner() if arguments[0] in OWNER_COMMANDS else database.url
            command = [str(place.python), "-m", "django", *arguments]
            codes.append(subprocess.run(command, env=application_environment(place, url), check=False).returncode)
    return max(codes, key=abs)


def _serve_part(place: Place, part: str, rest: list[str]) -> int:
    """One web server or one worker alone, for systemd units and further machines."""
    from waymark.config.launch import up
    from waymark.config.launch.building import application_environment, check_schema, collect_static
    from waymark.config.launch.database import open_database
    from waymark.config.launch.environment import ensure_environment

    ensure_environment(place, dev=False)
    database = open_database(place, [], start=False)
    environment = application_environment(place, database.url)
    if part == "worker":
        return _become(up.worker_command(place, rest), environment)
    options = up_options(parse(["up", *rest]))
    check_schema(place, database)
    collect_static(place, database.url)
    return _become(up.web_command(place, options), environment)


def _check(place: Place, public: str | None) -> int:
    if public:
        from waymark.config.launch.outside import check_public

        return check_public(public)
    return _django(
        place,
        ["check", "--fail-level", "WARNING"],
        ["check", "--deploy", "--tag", "review", "--fail-level", "WARNING"],
    )


def _become(command: list[str], environment: dict[str, str]) -> int:
    """Give the terminal, the signals and the exit code to the program itself."""
    sys.stdout.flush()
    os.execve(command[0], command, environment)  # noqa: S606 (no shell, and that is meant)
