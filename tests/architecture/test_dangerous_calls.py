"""What makes injection possible is refused by the checks or stands on a short list here, each with its reason."""

from __future__ import annotations

import ast
import re
import subprocess
from pathlib import Path

import pytest
from tests.architecture.sources import ROOT, under

# One line of each danger, and the rule of the linter that refuses it.
REFUSED = {
    "S608": "cursor.execute(f\"SELECT name FROM accounts_user WHERE email = '{asked}'\")",
    "S602": "subprocess.run(asked, shell=True)",
    "S605": "os.system(asked)",
    "S307": "eval(asked)",
    "S102": "exec(asked)",
    "S301": "pickle.loads(asked)",
    "S506": "yaml.load(asked)",
    "S314": "xml.etree.ElementTree.parse(asked)",
    "S308": "mark_safe(asked)",
    "S324": "hashlib.md5(asked)",
    "S311": "random.choice(asked)",
    "S501": "requests.get(asked, verify=False)",
    "S323": "ssl._create_unverified_context()",
    "S502": "ssl.wrap_socket(asked, ssl_version=ssl.PROTOCOL_SSLv3)",
    "S304": "cryptography.hazmat.primitives.ciphers.algorithms.ARC4(asked)",
    "S305": "cryptography.hazmat.primitives.ciphers.modes.ECB()",
    "S310": "urllib.request.urlopen(asked)",
    "S306": "tempfile.mktemp()",
    "S202": "tarfile.open(asked).extractall()",
    "S105": 'password = "hunter two"',
}
# Where the program itself asks an address. No visitor can name one; an officer names the agency's own sign-in provider.
SPEAKS_TO_THE_NETWORK = {
    "accounts/actions/agency_sign_in.py",  # https only, no redirect, small and short, and the answer is shown to nobody
    "config/launch/outside.py",  # ./waymark check --public
    "config/launch/supervisor.py",  # whether our own web server answers
    "directory/formats/hsds_sources.py",  # ./waymark import
}
# Where ciphers, signatures and tokens are used, beside the package that is made for it (docs/security-decisions.md, Keys).
CIPHERS = {
    "accounts/formats/openid.py",  # tokens of agencies' own providers
    "finder/formats/signature.py",  # the copy that phones keep; browsers check P-256
    "vault/selectors/session.py",  # keys that are open for one session, closed with a secret of its cookie
}
# Where counts become the arrays that `smallcells` takes.
COUNTED_IN_ARRAYS = {
    "operations/formats/quarterly.py",
    "reports/formats/counts/counting.py",
    "reports/formats/counts/publishing.py",
}
KEYED_HASHES = {"access/context.py", "accounts/formats/openid.py"}
# Where a value becomes HTML without being escaped.
TRUSTED_HTML = {
    "accounts/views/enroll.py",  # a picture that segno draws from a secret of ours
    "finder/templatetags/finder_pictograms.py",
}
# Where a pattern comes from a variable: the description of a parameter or a rule, which is written in the code too.
PATTERNS_BY_NAME = {
    "directory/api/parameters.py",
    "disclosures/formats/questions.py",  # the shapes of closed fields: a number, a day, a code
    "operations/formats/person_like.py",
}
# Where words with places for values come from elsewhere than the line itself: from files of this repository.
FORMATS_OF_OUR_OWN = {
    "access/walls.py",
    "accounts/formats/invitation_letter.py",
    "audit/selectors/events.py",  # a column of a fixed list
    "coalition/policies/calendar.py",  # a sentence of our own, with the word that was found
    "config/launch/archive.py",
    "config/launch/database.py",
    "config/launch/schema.py",
    "consent/formats/words.py",  # what is read to a survivor, with the agency's name and the day put in
    "consent/views/copies.py",
    "finder/forms.py",
    "finder/formats/hours.py",
    "finder/templatetags/finder_words.py",
}
# The next page that our own server has rendered and escaped, put in place of this one.
PARSES_OUR_OWN_PAGES = {"frontend/scripts/site/moving.js"}
# Tabs of this very site (a BroadcastChannel reaches no other) tell each other when the vault locks; nothing else is said.
HEARS_OUR_OWN_TABS = {"frontend/scripts/staff/vault.js"}
NETWORK = re.compile(r"^\s*(?:import|from)\s+(urllib\.request|http\.client|requests|httpx|aiohttp|smtplib|ftplib)\b", re.M)
PATTERN_FUNCTIONS = {"compile", "match", "search", "fullmatch", "sub", "subn", "split", "findall", "finditer"}
SCRIPT_DANGERS = re.compile(
    r"\.innerHTML|\.outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|createContextualFragment"
    r"|addEventListener\(\s*[\"']message[\"']|\.onmessage|setHTMLUnsafe|DOMParser"
)


def _programs() -> list[Path]:
    return [path for path in under("src/waymark", ".py") if "migrations" not in path.parts]


def _name(path: Path) -> str:
    return str(path.relative_to(ROOT / "src/waymark"))


@pytest.mark.parametrize("rule", REFUSED)
def test_the_linter_refuses(rule: str) -> None:
    modules = (
        "import hashlib, os, pickle, random, ssl, subprocess, tarfile, tempfile, urllib.request, xml.etree.ElementTree"
    )
    others = "import cryptography.hazmat.primitives.ciphers, requests, yaml\nfrom django.utils.safestring import mark_safe"
    done = subprocess.run(
        [
            ROOT / ".venv/bin/ruff",
            "check",
            "--stdin-filename",
            "src/waymark/web/asked.py",
            "--output-format",
            "concise",
            "-",
        ],
        input=f"{modules}\n{others}\n{REFUSED[rule]}\n",
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert f" {rule} " in done.stdout, done.stdout + done.stderr


def test_only_listed_modules_speak_to_the_network() -> None:
    found = {_name(path) for path in _programs() if NETWORK.search(path.read_text(encoding="utf-8"))}
    assert found == SPEAKS_TO_THE_NETWORK


def test_words_with_places_for_values_are_our_own() -> None:
    found = {
        _name(path)
        for path in _programs()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in {"format", "format_map"}
        and not isinstance(node.func.value, ast.Constant)
    }
    assert found <= FORMATS_OF_OUR_OWN


def _importing(pattern: str) -> set[str]:
    uses = re.compile(rf"^\s*(?:import|from)\s+(?:{pattern})\b", re.M)
    found = {_name(path) for path in _programs() if uses.search(path.read_text(encoding="utf-8"))}
    return {name for name in found if not name.startswith("sealing/")}


def test_ciphers_and_keyed_hashes_are_used_in_listed_modules_only() -> None:
    assert _importing("cryptography|nacl|jwt|jose|Crypto|OpenSSL") <= CIPHERS
    assert _importing("hmac") <= KEYED_HASHES
    # No other source of randomness than the kernel's: the linter refuses `random` as well.
    assert _importing(r"random|uuid1|numpy\.random") == set()
    assert _importing("numpy") <= COUNTED_IN_ARRAYS


def test_no_form_takes_whatever_is_sent() -> None:
    everything = re.compile(r"__all__[\"']|\*\*\s*(?:dict\()?request\.(?:POST|GET)|exclude\s*=\s*[\[(]")
    views_and_forms = [path for path in _programs() if {"forms", "forms.py", "views", "views.py"} & set(path.parts)]
    assert len(views_and_forms) > 20
    assert [_name(path) for path in views_and_forms if everything.search(path.read_text(encoding="utf-8"))] == []


def test_html_is_trusted_in_listed_modules_only() -> None:
    found = {_name(path) for path in _programs() if re.search(r"\bmark_safe\b", path.read_text(encoding="utf-8"))}
    assert found == TRUSTED_HTML
    unescaped = [
        str(path.relative_to(ROOT))
        for path in under("src/waymark", ".html", ".txt")
        if re.search(r"\|\s*safe(?:seq)?\b|autoescape\s+off", path.read_text(encoding="utf-8"))
    ]
    assert unescaped == []


def test_no_template_is_built_from_text() -> None:
    built = r"\bfrom_string\(|django\.template import [^\n]*\b(?:Template|Engine)\b|\bTemplate\("
    assert [_name(path) for path in _programs() if re.search(built, path.read_text(encoding="utf-8"))] == []


def _is_fixed(node: ast.expr, constants: set[str]) -> bool:
    """Whether a pattern is written in the code: a text, a constant's name, or both together, the rest through `escape`."""
    match node:
        case ast.Constant():
            return True
        case ast.Name(id=name):
            return name in constants
        case ast.Attribute(attr=name):
            return name.isupper()
        case ast.BinOp(left=left, right=right):
            return _is_fixed(left, constants) and _is_fixed(right, constants)
        case ast.JoinedStr(values=values):
            return all(_is_fixed(value, constants) for value in values)
        case ast.FormattedValue(value=value):
            return _is_fixed(value, constants)
        case ast.Call(func=ast.Attribute(attr="escape")):
            return True
        case ast.Call(func=ast.Attribute(attr="join"), args=[argument]):
            return _is_fixed(argument, constants)
        case ast.Call(func=ast.Name(id="map"), args=[ast.Attribute(attr="escape"), _]):
            return True
        case ast.GeneratorExp(elt=element):
            return _is_fixed(element, constants)
    return False


def test_patterns_are_written_in_the_code_and_never_by_users() -> None:
    loose = []
    for path in _programs():
        tree = ast.parse(path.read_text(encoding="utf-8"))
        constants = {
            target.id
            for node in tree.body
            if isinstance(node, ast.Assign)
            for target in node.targets
            if isinstance(target, ast.Name)
        } | {node.target.id for node in tree.body if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name)}
        for node in ast.walk(tree):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and isinstance(node.func.value, ast.Name)
                and node.func.value.id == "re"
                and node.func.attr in PATTERN_FUNCTIONS
                and not _is_fixed(node.args[0], constants)
            ):
                loose.append(_name(path))
    assert set(loose) == PATTERNS_BY_NAME


# Kept by a browser: help that anyone may read (on request), and a steward's unsaved text of a form that is marked for it.
KEEPS = {"frontend/scripts/staff.js"}
KEEPS_PUBLIC = {
    "frontend/scripts/keep",
    "frontend/scripts/keep.js",
    "frontend/scripts/worker.js",
    "frontend/scripts/search",
}


def test_browsers_keep_what_is_public_and_marked_drafts_only() -> None:
    stores = re.compile(r"\b(?:localStorage|sessionStorage|indexedDB|caches)\b|document\.cookie")
    found = {
        name
        for path in under("frontend/scripts", ".js")
        if stores.search(path.read_text(encoding="utf-8"))
        and not (name := str(path.relative_to(ROOT))).startswith(tuple(KEEPS_PUBLIC))
    }
    assert found == KEEPS
    drafts = {
        path.relative_to(ROOT / "src/waymark").parts[0]
        for path in under("src/waymark", ".html", ".py")
        if re.search(r"draft_key", path.read_text(encoding="utf-8"))
    }
    # Apps whose forms hold what anyone may read once it is saved; never one about people.
    assert drafts <= {"coalition", "directory", "pages", "web"}


def test_scripts_put_text_into_pages_as_text_and_listen_to_no_other_window() -> None:
    scripts = [*under("frontend/scripts", ".js"), *under("src/waymark", ".js")]
    assert len(scripts) > 5
    found = {str(path.relative_to(ROOT)) for path in scripts if SCRIPT_DANGERS.search(path.read_text(encoding="utf-8"))}
    assert found == PARSES_OUR_OWN_PAGES | HEARS_OUR_OWN_TABS
