"""The worker's part of mail: looks up who gets a letter, writes it in neutral words and sends it."""

from __future__ import annotations

import structlog
from django.contrib.auth.tokens import default_token_generator
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from waymark.accounts.actions.factor_keys import open_for
from waymark.accounts.actions.letters import QUEUE_OWNER
from waymark.accounts.models import User

log = structlog.stdlib.get_logger("waymark.accounts")
SUBJECTS = {"notice": "About your account", "reset": "A new password for your account"}
AGAIN = RetryStrategy(max_attempts=4, exponential_wait=4)


def _send(to: str, subject: str, template: str, words: dict[str, str]) -> None:
    text = render_to_string(f"accounts/letters/{template}.txt", words)
    EmailMessage(subject=SUBJECTS[subject], body=text, to=[to]).send()


@app.task(name="accounts.send_notice", retry=AGAIN)
def send_notice(kind: str, user: str) -> None:
    """Tell a member what changed about their sign-in."""
    found = User.objects.filter(pk=user).first()
    if found is not None:
        _send(found.email, "notice", kind, {})
        log.info("letter sent", task="accounts.send_notice")


@app.task(name="accounts.send_reset_link", retry=AGAIN)
def send_reset_link(sealed: str, base: str) -> None:
    """Send the link to whoever has this address and may sign in; to nobody else, and nobody learns which it was."""
    address = open_for(QUEUE_OWNER, sealed, what="address")
    found = User.objects.filter(email=address, is_active=True).first()
    if found is None:
        return
    secret = f"{urlsafe_base64_encode(force_bytes(found.pk))}.{default_token_generator.make_token(found)}"
    place = reverse("password_link", urlconf="waymark.config.urls_staff")
    _send(found.email, "reset", "reset", {"link": f"{base}{place}?t={secret}"})
    log.info("letter sent", task="accounts.send_reset_link")
