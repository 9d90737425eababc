"""Settings that nobody should be able to get wrong: what a deployment has before anyone has thought about it."""

from __future__ import annotations

import runpy
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.hashers import get_hasher, make_password
from tests.architecture.sources import source_text

FILE = Path(__file__).resolve().parents[3] / "src/waymark/config/settings.py"


@pytest.fixture
def deployed(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """The settings of a deployment with TLS."""
    monkeypatch.setenv("WAYMARK_HTTPS", "1")
    monkeypatch.delenv("WAYMARK_DEBUG", raising=False)
    return runpy.run_path(str(FILE))


def test_cookies_are_bound_to_one_host_and_to_tls(deployed: dict[str, Any]) -> None:
    for kind in ("SESSION", "CSRF"):
        assert deployed[f"{kind}_COOKIE_NAME"].startswith("__Host-")
        assert deployed[f"{kind}_COOKIE_SECURE"] is True
        assert deployed[f"{kind}_COOKIE_HTTPONLY"] is True
        assert deployed[f"{kind}_COOKIE_SAMESITE"] == "Strict"
        # What the prefix asks for: no domain, and the whole host.
        assert deployed.get(f"{kind}_COOKIE_DOMAIN") is None
        assert deployed.get(f"{kind}_COOKIE_PATH", "/") == "/"


def test_debugging_is_off_unless_asked_for(deployed: dict[str, Any]) -> None:
    assert deployed["DEBUG"] is False
    assert not [name for name in deployed["INSTALLED_APPS"] if "debug" in name or name == "django.contrib.admin"]


@pytest.mark.usefixtures("costly_passwords")
def test_passwords_are_kept_as_costly_argon2id_hashes() -> None:
    hasher = get_hasher()
    assert settings.PASSWORD_HASHERS == ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    kind, _, costs = make_password("a long enough passphrase").removeprefix("argon2$").split("$")[:3]
    assert kind == "argon2id"
    found = dict(part.split("=") for part in costs.split(","))
    # OWASP's advice of 2026 is at least 19 MiB and two passes.
    assert int(found["m"]) >= 19 * 1024
    assert int(found["t"]) >= 2
    assert hasher.verify("a long enough passphrase ", make_password("a long enough passphrase")) is False, "as it was typed"


def test_nothing_about_a_person_is_kept_in_a_cache_of_the_server() -> None:
    """What a page of one member holds can then not be given to another. The one thing kept, in the process's own memory, is
    the description of an agency's provider, which anyone may read; public pages are remembered by their epoch."""
    assert "django.core.cache" not in source_text("src/waymark", skip=("accounts/actions/agency_sign_in.py",))
    assert "CACHES" not in FILE.read_text()
    assert not [name for name in settings.MIDDLEWARE if "cache" in name.lower()]


def test_every_secret_has_a_name_in_the_environment_and_none_in_the_code() -> None:
    text = FILE.read_text()
    assert "not-secret-only-for-tools" in text, "a deployment that keeps it is refused by `check`"
    for name in ("SECRET_KEY", "DATABASE_URL"):
        assert f'os.environ.get("{name}"' in text or f'os.environ.get("WAYMARK_{name}"' in text
