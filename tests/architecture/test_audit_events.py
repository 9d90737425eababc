"""Every act that writes is told by an event, and every event has a sentence: both are read from the code itself.

An action is a public function in an app's `actions`. It writes when it, or what it calls among the actions, saves, creates,
updates, deletes or runs SQL; it tells when it, or what it calls, records. Whoever writes and tells nothing stands in
`TELL_NOTHING` with a reason, or the test fails.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from tests.architecture.sources import ROOT, under

from waymark.audit.formats.sentences import SENTENCES

WRITES = {
    "abulk_create",
    "add",
    "bulk_create",
    "bulk_update",
    "clear",
    "create",
    "create_user",
    "delete",
    "execute",
    "get_or_create",
    "remove",
    "save",
    "set",
    "update",
    "update_or_create",
}
# Names that also mean harmless things on lists, sets and mappings count only on a manager or a query.
QUERY_ONLY = {"add", "clear", "remove", "set", "update", "delete", "create"}
TELLS = {"record", "record_attempt", "record_read"}
VERB = re.compile(r"[a-z][a-z_]*\.[a-z][a-z_]*")

# Functions that write and tell nothing, each with its reason. A part of another act is told by that act.
TELL_NOTHING = {
    "audit": {
        "record_attempt": "is itself how an event is written",
        "verify_chain": "keeps what a verification found; it changes nothing that is audited",
        "wait_for_the_disk": "writes no row",
    },
    "accounts": {
        "check_app_code": "a part of signing in or of adding an app, which are told",
        "offered_app_secret": "keeps what the set-up page offers in the session; adding it is told",
        "recovery_codes_of": "reads; the library's object looks like a write",
        "redeem": "asks the agency's provider and writes no row",
        "start_address": "makes an address and writes no row",
    },
    "coalition": {
        "tell_closing_decisions": "reminds of a decision that closes tomorrow and changes nothing of it",
        "count_read": "a program asked; the link's own page says when, and no event an hour does",
        "keep_walls": "follows a zone whose rules changed: what people agreed on stays as it was",
    },
    "directory": {
        "export_hsds": "writes files of what is public, and no row",
        "load_needs": "loads the reference list that came with the version",
        "load_help_lines": "loads national lines that came with the version; the region's set-up is told",
    },
    "disclosures": {
        "acknowledge": "a part of opening a packet; the sender's ledger gets the line",
    },
    "diversion": {
        "answer_at_device": "an anonymous answer: an event would say when it was given",
    },
    "finder": {
        "report_listing": "an anonymous visitor's report: nothing about the visitor is kept anywhere",
    },
    "notices": {
        "forget_old": "deletes pointers that are three months old; what they point to is kept and told elsewhere",
        "mark_read": "what a person has looked at among their own notices is nobody else's business",
        "mark_unread": "takes the same back",
        "notify": "a part of the act that it tells of",
        "send_letter": "keeps when the last letter went, so that there is no second one",
    },
    "people": {
        "new_person": "a part of opening a case or of writing down a relation, which are told",
    },
    "newsroom": {
        "ask_desk": "somebody outside who is not known: nothing about the sender is kept anywhere",
    },
    "vault": {
        "new_record_key": "a part of making the record that it locks",
        "note_newest": "a part of unlocking, which is told",
    },
}


class Function:
    """A function of an app's actions, and what its text calls."""

    def __init__(self, path: Path, node: ast.FunctionDef) -> None:
        self.path, self.name, self.node = path, node.name, node
        self.calls: set[str] = set()
        self.writes = False
        for call in [one for one in ast.walk(node) if isinstance(one, ast.Call)]:
            if isinstance(call.func, ast.Name):
                self.calls.add(call.func.id)
            elif isinstance(call.func, ast.Attribute):
                name, text = call.func.attr, ast.unparse(call.func.value)
                self.calls.add(name)
                is_query = "objects" in text or "filter(" in text or "_set" in text or text.islower()
                self.writes |= name in WRITES and (name not in QUERY_ONLY or is_query)
                self.writes |= name == "delete" and not text.endswith("session")


def _functions(app: str) -> Iterator[Function]:
    for path in under(f"src/waymark/{app}", ".py"):
        parts = path.relative_to(ROOT / "src/waymark" / app).parts
        if parts[0] in {"actions", "actions.py"}:
            for node in ast.parse(path.read_text()).body:
                if isinstance(node, ast.FunctionDef):
                    yield Function(path, node)


@cache
def apps_with_actions() -> tuple[str, ...]:
    base = ROOT / "src/waymark"
    return tuple(
        sorted({path.relative_to(base).parts[0] for path in under("src/waymark", ".py") if "actions" in str(path)})
    )


def reach(functions: dict[str, Function], start: Function) -> list[Function]:
    """A function and the actions that it calls, directly or not."""
    seen: dict[str, Function] = {start.name: start}
    waiting = [start]
    while waiting:
        for name in waiting.pop().calls:
            if name in functions and name not in seen:
                seen[name] = functions[name]
                waiting.append(functions[name])
    return list(seen.values())


def test_every_action_that_writes_tells_it_or_says_why_not() -> None:
    every = {app: list(_functions(app)) for app in apps_with_actions()}
    known = {function.name: function for found in every.values() for function in found}
    silent: dict[str, list[str]] = {}
    for app, found in every.items():
        called = {name for function in found for name in function.calls}
        for function in found:
            reached = reach(known, function)
            if function.name.startswith("_") or not any(one.writes for one in reached):
                continue
            if any(one.calls & TELLS or one.name in TELLS for one in reached):
                continue
            if function.name not in called and function.name not in TELL_NOTHING.get(app, {}):
                # What other actions of the app call is a part of their act.
                silent.setdefault(app, []).append(function.name)
    assert silent == {}, "record an event, or give a reason in TELL_NOTHING"


def test_no_reason_outlives_what_it_excuses() -> None:
    every = {app: {function.name: function for function in _functions(app)} for app in apps_with_actions()}
    known = {name: function for found in every.values() for name, function in found.items()}
    stale = {}
    for app, reasons in TELL_NOTHING.items():
        for name in reasons:
            function = every.get(app, {}).get(name)
            # That it writes nothing is no finding: what a model's own method saves is not seen here.
            reached = reach(known, function) if function is not None else []
            if function is None or (any(one.calls & TELLS for one in reached) and name not in TELLS):
                stale[f"{app}.{name}"] = "gone" if function is None else "tells"
    assert stale == {}


def verbs() -> dict[str, str]:
    """Every verb that the code records, and where."""
    found = {}
    for path in under("src/waymark", ".py"):
        text = path.read_text()
        if not any(word in text for word in ("waymark.audit", "tell", "record", "verb=")):
            continue
        for call in [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call)]:
            name = ast.unparse(call.func).rpartition(".")[2]
            named = {word.arg: word.value for word in call.keywords}
            given = [named["verb"]] if "verb" in named else []
            # A notice has kinds of its own, which are written alike (waymark.notices.formats.kinds).
            if "notify" not in name and ("tell" in name or "actions" in path.parts):
                given += [*call.args, *named.values()] if "tell" in name or "verb" in text else []
            for value in given:
                for constant in ast.walk(value):
                    if isinstance(constant, ast.Constant) and isinstance(constant.value, str):
                        verb = constant.value
                        if VERB.fullmatch(verb) and not verb.startswith("waymark."):
                            found[verb] = str(path.relative_to(ROOT))
            if name == "record_read" and isinstance(named.get("kind"), ast.Constant):
                found[f"{named['kind'].value}.read"] = str(path.relative_to(ROOT))  # type: ignore[attr-defined]
    return found


def test_every_verb_has_a_sentence() -> None:
    assert {verb: place for verb, place in verbs().items() if verb not in SENTENCES} == {}, "add a sentence"


def test_every_sentence_is_of_something_that_happens() -> None:
    here = ROOT / "src/waymark/audit/formats/sentences"
    texts = [
        path.read_text()
        for path in under("src/waymark", ".py")
        if here not in path.parents and "migrations" not in path.parts
    ]
    told = verbs()
    unused = {verb for verb in SENTENCES if verb not in told and not any(f'"{verb}"' in text for text in texts)}
    assert unused == set(), "take the sentence out, or tell it"


def test_sentences_read_on_after_a_name() -> None:
    assert list(SENTENCES) == sorted(SENTENCES)
    for sentence in SENTENCES.values():
        assert sentence[0].islower()
        assert not sentence.endswith(".")
