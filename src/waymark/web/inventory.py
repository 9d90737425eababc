"""The data inventory: every column that exists, who may see it, and whether it points to a person.

A coalition owes its members, and anyone who asks under a records law, an honest list of what is kept. Written by hand it
would be wrong within a month, so it is drawn from each model's `class Privacy`, and a test fails when it no longer agrees.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.apps import apps
from django.db import models

KINDS = {
    "public": "anyone may read it",
    "staff": "people who are signed in, as their role allows",
    "confidential": "sealed, or readable by one agency alone",
    "open": "part of a staff record, harmless",
    "reference": "an opaque number",
    "staff name": "how a member is called",
    "staff contact": "how a member is reached",
    "staff activity": "which member did it, and when",
    "secret": "never shown and never exported",
}
# Models that came with a package, and what they hold here.
FOREIGN = {
    "account.EmailAddress": "never filled: a member's address stands in accounts.User",
    "account.EmailConfirmation": "never filled: addresses are proved by our own invitations",
    "auth.Group": "never filled: rights come from a membership's role",
    "auth.Group_permissions": "never filled",
    "auth.Permission": "names of Django's own rights, which open nothing here",
    "contenttypes.ContentType": "names of models",
    "mfa.Authenticator": "secret: a member's passkeys, authenticator app and recovery codes, sealed to the member",
    "procrastinate.ProcrastinateEvent": "when a job began and ended",
    "procrastinate.ProcrastinateJob": "jobs and what they were given: ids, never content",
    "procrastinate.ProcrastinatePeriodicDefer": "when a periodic job was last due",
    "procrastinate.ProcrastinateWorker": "when a worker was last alive",
}
HEAD = """# Data inventory

Every model and column of Waymark's own apps, by who may see it. Generated from the models by
`./waymark manage write_data_inventory`; do not edit.

There is no column for a visitor of the public pages: no address, no agent, no search, no visit.

| kind | meaning |
| --- | --- |
"""


def our_models() -> list[type[models.Model]]:
    """The models of our own apps, in a fixed order."""
    found = [model for model in apps.get_models() if model.__module__.startswith("waymark.")]
    return sorted(found, key=lambda model: model._meta.label)


def kind_of(model: type[models.Model], field: models.Field[object, object]) -> str | None:
    """The decision for a column: its own, or its model's."""
    privacy = getattr(model, "Privacy", None)
    own: dict[str, str] = getattr(privacy, "fields", {})
    return own.get(field.name) or getattr(privacy, "kind", None)


def inventory() -> str:
    """The whole document."""
    return HEAD + "".join(_lines())


def _lines() -> Iterator[str]:
    for kind, meaning in KINDS.items():
        yield f"| {kind} | {meaning} |\n"
    app = ""
    for model in our_models():
        if model._meta.app_label != app:
            app = model._meta.app_label
            yield f"\n## {app}\n"
        yield f"\n### {model.__name__}\n{_about(model)}\n| column | kind | points to |\n| --- | --- | --- |\n"
        for field in model._meta.concrete_fields:
            yield f"| {field.name} | {kind_of(model, field)} | {_target(field)} |\n"
    yield "\n## Tables of packages\n\n| model | what it holds here |\n| --- | --- |\n"
    for model in foreign_models():
        yield f"| {model._meta.label} | {FOREIGN[model._meta.label]} |\n"


def foreign_models() -> list[type[models.Model]]:
    """The models that packages brought with them."""
    found = [model for model in apps.get_models(include_auto_created=True) if not model.__module__.startswith("waymark.")]
    return sorted(found, key=lambda model: model._meta.label)


def _about(model: type[models.Model]) -> str:
    """The first line that the model says about itself; Django's own filling is none."""
    text = (model.__doc__ or "").strip()
    return "" if text.startswith(f"{model.__name__}(") or not text else text.splitlines()[0] + "\n"


def _target(field: models.Field[object, object]) -> str:
    related = field.related_model
    return related._meta.label if isinstance(related, type) else ""
