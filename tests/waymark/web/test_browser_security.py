"""What every answer tells the browser, whatever its kind, and what a hostile text in the data does to a page."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from django import forms
from django.conf import settings
from tests.factories import directory as rows
from tests.plugins.staff import SiteClient

from waymark.directory.models import Service
from waymark.pages.questions import LONGEST_TEXT

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'{{ 7*7 }}"
# One address of every kind of answer: page, list, interface, file, refusal, absent.
ANSWERS = [
    ("finder", "/en/"),
    ("finder", "/en/find/all/"),
    ("finder", "/hsds/"),
    ("finder", "/hsds/services"),
    ("finder", "/hsds/services?format=ndjson"),
    ("finder", "/no/such/page/"),
    ("finder", "/healthz"),
    ("newsroom", "/"),
    ("newsroom", "/no/such/page/"),
    ("staff", "/"),
    ("staff", "/sign-in/"),
    ("staff", "/no/such/page/"),
]
TEXTUAL = re.compile(r"text/|application/(?:json|.*\+json|.*xml)")


@pytest.mark.parametrize(("site", "address"), ANSWERS)
def test_every_answer_forbids_what_a_page_of_ours_never_needs(
    visitor: Callable[[str], SiteClient], db: None, site: str, address: str
) -> None:
    answer = visitor(site).get(address)
    policy = dict(part.split(" ", 1) for part in answer["Content-Security-Policy"].split("; "))
    assert policy["default-src"] == policy["object-src"] == policy["base-uri"] == policy["frame-ancestors"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["form-action"] == "'self'"
    assert "unsafe" not in answer["Content-Security-Policy"]
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cross-Origin-Opener-Policy"] == answer["Cross-Origin-Resource-Policy"] == "same-origin"
    assert answer["Referrer-Policy"] in {"no-referrer", "same-origin"}
    assert "Access-Control-Allow-Origin" not in answer
    assert "Server" not in answer
    assert "X-Powered-By" not in answer


@pytest.mark.parametrize(("site", "address"), ANSWERS)
def test_every_answer_with_words_names_its_kind_and_their_encoding(
    visitor: Callable[[str], SiteClient], db: None, site: str, address: str
) -> None:
    answer = visitor(site).get(address)
    if answer.content if not answer.streaming else b"".join(answer.streaming_content):
        assert TEXTUAL.match(answer["Content-Type"])
        # JSON is UTF-8 by its own standard and has no such parameter.
        assert "charset=utf-8" in answer["Content-Type"] or "json" in answer["Content-Type"]


def test_browsers_are_told_to_stay_on_tls_for_a_year(visitor: Callable[[str], SiteClient], db: None, settings: Any) -> None:
    assert "Strict-Transport-Security" not in visitor("staff").get("/sign-in/"), "without TLS it would lock people out"
    settings.SECURE_HSTS_SECONDS = 31_536_000
    assert visitor("staff").get("/sign-in/")["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"


@pytest.mark.parametrize("site", ["finder", "newsroom", "staff"])
@pytest.mark.parametrize(
    "address", ["/.git/HEAD", "/.env", "/static/", "/static/../manage.py", "/media/", "/debug/", "/admin/"]
)
def test_nothing_of_the_machine_is_served(visitor: Callable[[str], SiteClient], db: None, site: str, address: str) -> None:
    assert visitor(site).get(address).status_code == 404


@pytest.mark.parametrize("site", ["finder", "newsroom", "staff"])
def test_trace_is_refused(visitor: Callable[[str], SiteClient], db: None, site: str) -> None:
    for address in ("/", "/sign-in/", "/hsds/"):
        answer = visitor(site).generic("TRACE", address, headers={"X-Probe": "told-back"})
        assert answer.status_code == 405
        assert b"told-back" not in answer.content


def test_nothing_leads_from_plain_http_to_tls_by_itself(
    visitor: Callable[[str], SiteClient], db: None, settings: Any
) -> None:
    """A partner's system that forgets the s must notice; people's browsers are led by the proxy and by HSTS."""
    settings.SECURE_HSTS_SECONDS = 31_536_000
    assert visitor("finder").get("/hsds/").status_code == 200


def test_a_visitor_cannot_pretend_to_be_the_proxy(visitor: Callable[[str], SiteClient], db: None, settings: Any) -> None:
    forged = {"X-Forwarded-Host": "staff.localhost", "X-Forwarded-Proto": "https", "X-Forwarded-For": "203.0.113.9"}
    answer = visitor("finder").get("/sign-in/", headers=forged)
    assert answer.status_code == 404, "the host decides the site"
    assert not answer.wsgi_request.is_secure()
    assert "203.0.113.9" not in answer.content.decode()


def test_hostile_text_in_a_listing_stays_text_everywhere(visitor: Callable[[str], SiteClient], steward: SiteClient) -> None:
    service = rows.ServiceFactory(name=f"Beds {HOSTILE}", description=HOSTILE, application_process=HOSTILE)
    pages = {
        ("finder", f"/en/s/{service.pk}/"), ("finder", "/en/find/all/"), ("finder", "/hsds/services"),
        ("finder", f"/hsds/services/{service.pk}"),
    }  # fmt: skip
    answers = [visitor(site).get(address) for site, address in pages]
    for address in ("/directory/services/", f"/directory/services/{service.pk}/", f"/directory/service/{service.pk}/edit/"):
        answers.append(steward.get(address))
        assert answers[-1].status_code == 200, address
    seen = 0
    for answer in answers:
        text = answer.content.decode()
        seen += "alert(1)" in text
        if "html" in answer["Content-Type"]:
            assert "<script>alert" not in text
            assert "<img src=x" not in text
            assert "49" not in re.findall(r"alert\(2\)[^<]{0,40}", text)
        elif answer.status_code == 200:
            json.loads(text)
    assert seen >= 4, "the text was not on the pages that were looked at"


def test_what_is_encoded_twice_is_decoded_once(steward: SiteClient) -> None:
    text = steward.get("/directory/services/?q=%253Cb%253E").content.decode()
    assert 'value="%3Cb%3E"' in text


def test_fields_of_a_form_are_read_from_its_body_alone(steward: SiteClient) -> None:
    answer = steward.send("/directory/service/new/?name=From+the+address", {"name": ""})
    assert answer.status_code == 422
    assert not Service.objects.filter(name="From the address").exists()
    assert 'value="From the address"' not in answer.content.decode()


def test_what_a_form_does_not_ask_cannot_be_sent(steward: SiteClient) -> None:
    service = rows.ServiceFactory(name="Beds", description="A bed for the night.")
    other = rows.OrganizationFactory()
    address = f"/directory/service/{service.pk}/edit/"
    form = steward.get(address).context["form"]
    sent = {name: field.initial for name, field in form.fields.items() if isinstance(field.initial, str)}
    sent |= {bound.name: bound.value() for bound in form if isinstance(bound.value(), str | int) and bound.value() != ""}
    columns = {field.attname for field in Service._meta.concrete_fields} | {"role", "is_staff", "agency_id", "by"}
    unasked = {name: str(other.pk) for name in columns - set(form.fields)}
    assert {"id", "agency_id", "role"} <= set(unasked)
    before = {name: getattr(service, name) for name in unasked if hasattr(service, name)}
    answer = steward.send(address, {**sent, **unasked, "name": "Beds tonight"})
    assert answer.status_code == 302, answer.context["form"].errors
    service = Service.objects.get(pk=service.pk)
    assert service.name == "Beds tonight"
    moved = {name for name, value in before.items() if getattr(service, name) != value}
    # What the act itself sets may move; nothing took what was sent.
    assert not [name for name in before if str(getattr(service, name)) == str(other.pk)], moved


def test_no_text_is_longer_than_its_field_allows(steward: SiteClient) -> None:
    """Also where the column has no length: every form of the staff site sets one."""
    service = rows.ServiceFactory()
    address = f"/directory/service/{service.pk}/edit/"
    answer = steward.send(address, {"name": "Beds", "description": "x" * (LONGEST_TEXT + 1)})
    assert answer.status_code == 422
    assert "description" in answer.context["form"].errors
    form = steward.get(address).context["form"]
    assert {
        name for name, field in form.fields.items() if isinstance(field, forms.CharField) and not field.max_length
    } == set()


def test_answers_are_data_and_never_a_call(visitor: Callable[[str], SiteClient], db: None) -> None:
    answer = visitor("finder").get("/hsds/services?callback=told")
    assert b"told(" not in answer.content
    assert "javascript" not in answer["Content-Type"]


def test_only_files_of_a_page_are_collected() -> None:
    folder = Path(__file__).resolve().parents[3] / "src/waymark"
    found = [path for kind in ("*/static", "static/built") for base in folder.glob(kind) for path in base.rglob("*.*")]
    assert len(found) > 20
    assert {path.suffix for path in found if path.name != ".stamp"} <= {".css", ".js", ".svg", ".png", ".ico", ".woff2"}


def test_session_ids_are_long_and_never_alike(db: None) -> None:
    made = {import_module(settings.SESSION_ENGINE).SessionStore()._get_new_session_key() for _ in range(200)}  # type: ignore[attr-defined]
    assert len(made) == 200
    assert all(re.fullmatch(r"[a-z0-9]{32}", key) for key in made), "36 ** 32 is more than 2 ** 165"


def test_a_cookie_stays_far_below_what_browsers_keep(steward: SiteClient) -> None:
    steward.get("/")
    for cookie in steward.cookies.values():
        assert len(cookie.key) + len(cookie.value) < 1024
