"""Every model and every column has been thought about: who may see it, and whom it points to.

`class Privacy` on a model holds the decision: `kind` for its columns, `fields` for those that differ. It drives the data
inventory, scrubbing and export, so a column without a decision must not exist.
"""

from __future__ import annotations

import re

import pytest
from django.apps import apps
from django.contrib.auth import get_user_model
from django.db import connection, models
from tests.architecture.sources import ROOT, under

from waymark.accounts.models import Agency, AgencyOwned
from waymark.web.inventory import FOREIGN, KINDS, foreign_models, inventory, kind_of, our_models

MODEL_KINDS = {"public", "staff", "confidential"}
SURVIVOR_SIDE = {"people", "care", "consent", "cases", "assistance", "obligations", "referrals", "relief", "reports"}
JUSTICE_SIDE = {"diversion", "operations", "prosecutions", "disclosures"}

OURS = our_models()
BY_MODEL = pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.label)


@BY_MODEL
def test_every_model_has_a_privacy_kind(model: type[models.Model]) -> None:
    # A model that inherits `Privacy` from another concrete model has not decided for itself.
    privacy = vars(model).get("Privacy") or next(
        (vars(base)["Privacy"] for base in model.__mro__[1:] if "Privacy" in vars(base) and base._meta.abstract), None
    )
    assert privacy is not None, "add `class Privacy: kind = ...`"
    assert privacy.kind in MODEL_KINDS
    known = {field.name for field in model._meta.get_fields()}
    assert set(getattr(privacy, "fields", {})) <= known, "Privacy.fields names a column that does not exist"


@BY_MODEL
def test_every_column_has_a_privacy_kind(model: type[models.Model]) -> None:
    assert [field.name for field in model._meta.concrete_fields if kind_of(model, field) not in KINDS] == []


@BY_MODEL
def test_what_points_to_a_member_is_never_public_by_default(model: type[models.Model]) -> None:
    pointing = [field for field in model._meta.concrete_fields if field.related_model is get_user_model()]
    assert [field.name for field in pointing if kind_of(model, field) == "public"] == [], "decide it in Privacy.fields"


@BY_MODEL
def test_no_column_keeps_a_visitor_s_address(model: type[models.Model]) -> None:
    for field in model._meta.concrete_fields:
        assert not isinstance(field, models.GenericIPAddressField)
        assert not {"ip", "ip_address", "user_agent", "referrer", "referer"} & {field.name, field.column}


WITH_AGENCY = [model for model in OURS if any(field.related_model is Agency for field in model._meta.concrete_fields)]


@pytest.mark.parametrize("model", WITH_AGENCY, ids=lambda model: model._meta.label)
def test_every_model_with_an_agency_has_an_agency_rule(model: type[models.Model]) -> None:
    """Either its rows belong to one agency and stand behind the wall, or the model says why they do not.

    That a model behind the wall has its row security in the database is read back by tests/waymark/access/test_walls.py.
    """
    reason = getattr(vars(model)["Privacy"], "without_row_wall", "")
    assert issubclass(model, AgencyOwned) != bool(reason), "inherit AgencyOwned, or say why not in Privacy.without_row_wall"
    if reason:
        assert reason.endswith("."), "a sentence"
        assert len(reason) > 30, "a reason"


def test_what_points_into_an_agency_s_rows_is_behind_the_wall_too() -> None:
    """A row of nobody that points to a client's row would tell that it is there."""
    outside = [
        f"{model._meta.label}.{field.name}"
        for model in OURS
        for field in model._meta.concrete_fields
        if field.is_relation
        and isinstance(field.related_model, type)
        and issubclass(field.related_model, AgencyOwned)
        and not issubclass(model, AgencyOwned)
    ]
    assert outside == []


def test_pages_about_clients_are_not_streamed() -> None:
    """The middleware refuses it at run time; here nobody even tries. The public directory's export may."""
    streaming = [
        str(path.relative_to(ROOT))
        for path in under("src/waymark", ".py")
        if re.search(r"\b(StreamingHttpResponse|FileResponse)\b", path.read_text())
    ]
    assert streaming == ["src/waymark/directory/api/endpoints.py"]


def test_what_a_package_keeps_is_decided_too() -> None:
    assert {model._meta.label for model in foreign_models() if not model.__module__.startswith("tests.")} == set(FOREIGN)


@pytest.mark.parametrize("label", [name for name, said in FOREIGN.items() if said.startswith("never") and "_" not in name])
def test_no_code_of_ours_fills_what_is_never_filled(label: str) -> None:
    name = apps.get_model(label).__name__
    sources = (path.read_text() for path in (ROOT / "src/waymark").rglob("*.py") if path.name != "inventory.py")
    assert not [text for text in sources if re.search(rf"import {name}\n|\b{name}\.objects", text)]


def test_the_data_inventory_is_what_the_models_say() -> None:
    written = (ROOT / "docs/data-inventory.md").read_text()
    assert written == inventory(), "run ./waymark manage write_data_inventory"


def edges() -> list[tuple[str, str]]:
    """Foreign keys and many-to-many relations between apps, strings included: Django has resolved them."""
    found = set()
    for model in apps.get_models(include_auto_created=True):
        for field in model._meta.get_fields():
            if field.is_relation and not field.auto_created and isinstance(field.related_model, type):
                found.add((model._meta.app_label, field.related_model._meta.app_label))
    return sorted(found)


def test_no_relation_leads_from_the_justice_side_to_the_survivor_side() -> None:
    assert [edge for edge in edges() if edge[0] in JUSTICE_SIDE and edge[1] in SURVIVOR_SIDE] == []


def test_relations_lead_downwards_as_imports_do() -> None:
    """import-linter does not see `ForeignKey("directory.Service")`; the model graph does."""
    from tests.architecture.test_layers import height

    labels = {config.label for config in apps.get_app_configs() if config.name.startswith("waymark.")}
    upwards = [
        (source, target)
        for source, target in edges()
        if source in labels and target in labels and source != target and height(target) >= height(source)
    ]
    assert upwards == []


@pytest.mark.django_db
def test_the_application_role_owns_no_table_view_function_or_schema() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT 'table', relname::text FROM pg_class WHERE relowner = current_user::regrole"
            " UNION ALL SELECT 'function', proname::text FROM pg_proc WHERE proowner = current_user::regrole"
            " UNION ALL SELECT 'schema', nspname::text FROM pg_namespace WHERE nspowner = current_user::regrole"
        )
        assert cursor.fetchall() == []


DEFINER_FUNCTIONS = {
    "audit_attempt",  # counts refused and failed attempts, whose counters the application must not lower
    "audit_chains",  # which chains there are, for `audit verify`: ids alone
    "audit_link",  # the application may add events; linking them is the database's business
    "audit_tell",  # the one door by which the application adds an event, in the name of who acts
    "audit_reads_platform",  # whether who acts is an administrator, whatever they may read of memberships
    "verified_context",  # reads the key that signs a transaction's context, and tells only what was signed
    # the mail slot: a packet is copied into another agency's table, taken back, and told as opened
    *("deliver", "recall", "acknowledge"),
    # the slot's halves between two installations: bytes for a file, a file taken in, its recall, what became of ours
    *("carry_out", "carry_in", "carry_recall", "carry_receipt", "purge_carried"),
    # public keys of an agency that runs its own installation; which of them some agency here has compared
    *("vault_take_keys", "vault_newest_compared"),
    # such an agency is taken off the list: whether any agency here still has something for it; back on it, words are anew
    *("nothing_waits", "vault_forget_comparisons"),
    # at the commit: a release and its permit end together, and no packet from a file is without its release; the context
    # that rows are seen by may be gone then
    *("consent_revoked_closes_the_permit", "consent_packet_has_a_release"),
    "purge",  # empties what has expired, of the agency that the signed context names
    # a referral stands at two agencies: telling the recipient, moving both rows, a letter's arrival, and the clock's work
    *("send", "move", "arrive", "run_out", "forget", "nudge"),
    "newsroom_moments",  # when something becomes public, without what: kept pages must know when they are too old
    "directory_forget_place",  # marking a place confidential deletes its addresses' history, which nobody else may delete
}
VIEWS_WITH_OWNER_RIGHTS: set[str] = set()


@pytest.mark.django_db
def test_every_function_that_runs_with_the_owner_s_rights_is_listed() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT p.proname::text FROM pg_proc p JOIN pg_roles r ON r.oid = p.proowner"
            " WHERE p.prosecdef AND r.rolname = 'waymark_owner'"
        )
        assert {name for (name,) in cursor.fetchall()} == DEFINER_FUNCTIONS


@pytest.mark.django_db
def test_views_look_with_the_rights_of_who_asks() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
            " WHERE c.relkind = 'v' AND n.nspname NOT IN ('pg_catalog', 'information_schema')"
            " AND NOT coalesce(c.reloptions::text ILIKE '%security_invoker=%', false)"
        )
        assert {name for (name,) in cursor.fetchall()} == VIEWS_WITH_OWNER_RIGHTS
