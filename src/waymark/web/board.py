"""The cards of the staff home: each number is the length of the list behind it, so both come from one selector."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone

from waymark.accounts.models import User
from waymark.directory.policies import may_view
from waymark.directory.selectors import changes, help_lines, reports, staleness
from waymark.disclosures.policies import may_read
from waymark.disclosures.selectors import unopened_count


@dataclass(frozen=True)
class Card:
    number: int
    label: str
    url: str
    is_due: bool


def _say(number: int, one: str, many: str) -> str:
    return one if number == 1 else many


def cards_for(user: User) -> list[Card]:
    """What waits for this person, most pressing first. A number whose list they may not open is not counted for them."""
    return [*_mail(user), *_directory(user)]


def _directory(user: User) -> list[Card]:
    if not may_view(user):
        return []
    on = timezone.localdate()
    changes_url = reverse("directory:change_list")
    lines_url = reverse("directory:help_line_list")
    to_decide = changes.waiting_for(user).count()
    mine = changes.proposed_by(user).count()
    past_review = help_lines.past_review(on).count()
    to_put_up = help_lines.waiting_for(user).count()
    stale = staleness.overdue_services(on).count()
    open_reports = reports.reported_services().count()
    return [
        Card(
            past_review,
            _say(past_review, "help line is past its review date", "help lines are past their review date"),
            f"{lines_url}?due=past",
            past_review > 0,
        ),
        Card(
            to_put_up,
            _say(to_put_up, "help line waits for a second person", "help lines wait for a second person"),
            f"{lines_url}?state=proposed",
            to_put_up > 0,
        ),
        Card(
            to_decide,
            _say(to_decide, "change waits for you to check it", "changes wait for you to check them"),
            f"{changes_url}?whose=others",
            to_decide > 0,
        ),
        Card(
            open_reports,
            _say(open_reports, "service has reports from visitors", "services have reports from visitors"),
            reverse("directory:report_list"),
            open_reports > 0,
        ),
        Card(
            stale,
            _say(stale, "service is due to be checked again", "services are due to be checked again"),
            reverse("directory:stale_list"),
            False,
        ),
        Card(
            mine,
            _say(mine, "change of yours waits for a colleague", "changes of yours wait for a colleague"),
            f"{changes_url}?whose=mine",
            False,
        ),
    ]


def _mail(user: User) -> list[Card]:
    if not may_read(user):
        return []
    new = unopened_count(to=user, at=timezone.now())
    label = _say(new, "packet from another agency is not opened", "packets from other agencies are not opened")
    return [Card(new, label, reverse("disclosures:inbox") + "?state=new", new > 0)]
