"""The shared calendar on the staff site: a month, a list, one entry, and writing it."""

from __future__ import annotations

import calendar
import datetime as dt
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from waymark.access.guard import StaffRequest, requires
from waymark.access.permissions import Permission
from waymark.accounts.models import User
from waymark.coalition.actions import calendar as actions
from waymark.coalition.forms.calendar import ALL, MINE, YEARS, CancelForm, EntryForm
from waymark.coalition.models import CalendarEntry, WorkingGroup
from waymark.coalition.models.calendar import instant
from waymark.coalition.policies import Refused
from waymark.coalition.policies.calendar import is_busy_for, may_change
from waymark.coalition.selectors import calendar as selectors
from waymark.pages.listing import Ask, Filter, Listing
from waymark.pages.templatetags.pages import clock, day

WHEN = Filter("when", "When", [("coming", "Coming"), ("past", "Past")])
KIND = Filter("kind", "Kind", CalendarEntry.Kind.choices)
SUNDAY = 6
NO_OPERATION = "Nothing about an operation stands here: no date, no place, past or coming. There is no kind for it."
SHOWN_A_DAY = 5


@dataclass(frozen=True)
class Shown:
    """An entry as one reader sees it."""

    entry: CalendarEntry
    is_busy: bool

    @property
    def title(self) -> str:
        return "Busy" if self.is_busy else self.entry.title

    @property
    def url(self) -> str:
        if self.is_busy:
            return ""
        return self.entry.path or reverse("coalition:calendar_entry", args=[self.entry.pk])

    @property
    def whose(self) -> str:
        if self.is_busy:
            return ""
        if self.entry.group is not None:
            return self.entry.group.name
        return "Your own" if self.entry.for_membership_id is not None else "The whole coalition"

    @property
    def is_cancelled(self) -> bool:
        return self.entry.cancelled_at is not None

    @property
    def begin(self) -> str:
        """The clock on the entry's own wall."""
        return clock(self.entry.starts_clock) if self.entry.starts_clock else "All day"

    @property
    def times(self) -> str:
        """When it is, in words; with its zone where that is not the region's."""
        entry = self.entry
        if entry.all_day:
            words = day(entry.starts_on)
            return words if entry.ends_on == entry.starts_on else f"{words} to {day(entry.ends_on)}"
        words = f"{day(entry.starts_on)}, {clock(entry.starts_clock)} to "
        words += (
            clock(entry.ends_clock)
            if entry.ends_on == entry.starts_on
            else f"{day(entry.ends_on)}, {clock(entry.ends_clock)}"
        )
        is_here = entry.time_zone == timezone.get_current_timezone_name()
        return words if is_here else f"{words} ({entry.time_zone.replace('_', ' ')})"


@dataclass(frozen=True)
class Day:
    """A field of the month: its day, what is shown of it, and how much more there is."""

    day: dt.date
    is_other_month: bool
    is_today: bool
    shown: list[Shown]
    more: int


def _shown(user: User, entry: CalendarEntry) -> Shown:
    return Shown(entry, is_busy_for(user, entry))


def _whose(request: StaffRequest) -> Filter:
    choices = [(ALL, "The whole coalition"), (MINE, "Your own")]
    choices += [(str(group.pk), group.name) for group in selectors.groups_shown_to(request.user)]
    return Filter("whose", "Whose", choices, "Everything")


def _month(text: str, today: dt.date) -> dt.date:
    """The first day of the month asked for; of this one when that makes no sense."""
    try:
        asked = dt.datetime.strptime(text, "%Y-%m").date()
    except ValueError:
        return today.replace(day=1)
    return asked if YEARS[0] <= asked.year <= YEARS[1] else today.replace(day=1)


@requires(Permission.COALITION_WORK_VIEW)
@require_safe
def calendar_month(request: StaffRequest) -> HttpResponse:
    """A month as a table of weeks; on a phone the days that have something, one below the other."""
    ask, zone = Ask(request.GET, [_whose(request)]), timezone.get_current_timezone_name()
    today = timezone.localdate()
    month = _month(request.GET.get("month", ""), today)
    weeks = calendar.Calendar(SUNDAY).monthdatescalendar(month.year, month.month)
    between = (instant(weeks[0][0], None, zone), instant(weeks[-1][-1] + dt.timedelta(days=1), None, zone))
    entries = selectors.entries_listed(request.user, whose=ask.answer("whose"), between=between, now=timezone.now())
    # Read up to what the table can show of every day, and what says that there is more.
    by_day: dict[dt.date, list[CalendarEntry]] = {}
    for entry in entries:
        for on in _days(entry, weeks[0][0], weeks[-1][-1], ZoneInfo(zone)):
            by_day.setdefault(on, []).append(entry)

    def field(on: dt.date) -> Day:
        found = by_day.get(on, [])
        shown = [_shown(request.user, entry) for entry in found[:SHOWN_A_DAY]]
        return Day(on, on.month != month.month, on == today, shown, len(found) - len(shown))

    before, after = month - dt.timedelta(days=1), month + dt.timedelta(days=31)
    context = {
        "title": f"{month:%B %Y}",
        "weeks": [[field(on) for on in week] for week in weeks],
        "weekdays": [f"{on:%A}" for on in weeks[0]],
        "has_entries": bool(by_day),
        "before": ask.url(month=f"{before:%Y-%m}"),
        "after": ask.url(month=f"{after:%Y-%m}"),
        "now": ask.url(month=f"{today:%Y-%m}"),
        "whose": ask.chip_row(ask.filters[0], month=f"{month:%Y-%m}"),
        "zone": zone.replace("_", " "),
    }
    return render(request, "coalition/calendar_month.html", context)


def _days(entry: CalendarEntry, first: dt.date, last: dt.date, zone: ZoneInfo) -> list[dt.date]:
    """The days between two that an entry touches, as the reader's wall counts them."""
    begin = entry.starts_on if entry.all_day else entry.starts_at.astimezone(zone).date()
    end = entry.ends_on if entry.all_day else (entry.ends_at - dt.timedelta(microseconds=1)).astimezone(zone).date()
    begin, end = max(begin, first), min(end, last)
    return [begin + dt.timedelta(days=number) for number in range((end - begin).days + 1)]


class Entries(Listing):
    def __init__(self, request: StaffRequest, ask: Ask, rows: object) -> None:
        super().__init__(ask, rows)
        self.user = request.user

    @property
    def shown(self) -> list[Shown]:
        return [_shown(self.user, entry) for entry in self.rows]


@requires(Permission.COALITION_WORK_VIEW)
@require_safe
def calendar_list(request: StaffRequest) -> HttpResponse:
    filters, between, zone = [WHEN, _whose(request), KIND], None, timezone.get_current_timezone_name()
    on = _day(request.GET.get("day", ""))
    if on is not None:
        filters.insert(0, Filter("day", "Day", [(on.isoformat(), day(on))]))
        between = (instant(on, None, zone), instant(on + dt.timedelta(days=1), None, zone))
    ask = Ask(request.GET, filters)
    when = ask.answer("when") or ("" if between or ask.words else "coming")
    found = selectors.entries_listed(
        request.user,
        whose=ask.answer("whose"),
        kind=ask.answer("kind"),
        words=ask.words,
        when=when,
        between=between,
        now=timezone.now(),
    )
    context = {
        "title": "Calendar list",
        "trail": [("Calendar", reverse("coalition:calendar"))],
        "listing": Entries(request, ask, found),
        "search_label": "Search by title or place",
        "primary_url": reverse("coalition:calendar_add"),
        "primary_label": "New entry",
    }
    return render(request, "coalition/calendar_list.html", context)


def _day(text: str) -> dt.date | None:
    try:
        found = dt.date.fromisoformat(text)
    except ValueError:
        return None
    return found if YEARS[0] <= found.year <= YEARS[1] else None


def _entry(request: StaffRequest, pk: uuid.UUID) -> CalendarEntry:
    found = selectors.entry_for(request.user, pk)
    if found is None:
        raise Http404
    return found


def _trail(entry: CalendarEntry | None = None) -> list[tuple[str, str]]:
    trail = [("Calendar", reverse("coalition:calendar"))]
    return [*trail, (entry.title, reverse("coalition:calendar_entry", args=[entry.pk]))] if entry else trail


@requires(Permission.COALITION_WORK_VIEW)
@require_safe
def calendar_entry(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    entry = _entry(request, pk)
    context = {
        "title": entry.title,
        "trail": _trail(),
        "shown": Shown(entry, is_busy=False),
        "may_change": may_change(request.user, entry),
        "is_elsewhere": entry.path and not entry.by_hand,
    }
    return render(request, "coalition/calendar_entry.html", context)


@requires(Permission.COALITION_WORK_VIEW)
@require_http_methods(["GET", "HEAD", "POST"])
def calendar_add(request: StaffRequest) -> HttpResponse:
    asked = _day(request.GET.get("day", "")) or timezone.localdate()
    initial = {"first_day": asked, "whose": request.GET.get("whose", MINE)}
    form = EntryForm(
        request.POST if request.method == "POST" else None,
        by=request.user,
        zone=selectors.region_zone(),
        initial=initial,
    )
    back = reverse("coalition:calendar")
    context = {"form": form, "title": "New entry", "trail": _trail(), "cancel_url": back}
    return _save(request, form, context, lambda: actions.write_entry(values=form.values(), by=request.user))


@requires(Permission.COALITION_WORK_VIEW)
@require_http_methods(["GET", "HEAD", "POST"])
def calendar_change(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    entry = _changeable(request, pk)
    form = EntryForm(
        request.POST if request.method == "POST" else None, by=request.user, zone=selectors.region_zone(), entry=entry
    )
    context = {
        "form": form,
        "title": "Change the entry",
        "trail": _trail(entry),
        "cancel_url": reverse("coalition:calendar_entry", args=[pk]),
    }
    return _save(request, form, context, lambda: actions.rewrite_entry(entry=entry, values=form.values(), by=request.user))


def _changeable(request: StaffRequest, pk: uuid.UUID) -> CalendarEntry:
    entry = _entry(request, pk)
    if not may_change(request.user, entry):
        raise Http404
    return entry


def _save(
    request: StaffRequest, form: EntryForm, context: dict[str, object], act: Callable[[], CalendarEntry]
) -> HttpResponse:
    if form.is_bound and form.is_valid():
        try:
            entry = act()
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "Saved.")
            return redirect("coalition:calendar_entry", entry.pk)
    return render(request, "pages/form_page.html", {"lead": NO_OPERATION, **context}, status=422 if form.is_bound else 200)


@requires(Permission.COALITION_WORK_VIEW)
@require_http_methods(["GET", "HEAD", "POST"])
def calendar_cancel(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    entry = _changeable(request, pk)
    back = reverse("coalition:calendar_entry", args=[pk])
    form = CancelForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        actions.withdraw_entry(entry=entry, by=request.user)
        messages.success(request, "Cancelled.")
        return redirect(back)
    people = " The people of the group get a notice." if isinstance(entry.group, WorkingGroup) else ""
    context = {
        "form": form,
        "title": f"Cancel “{entry.title}”?",
        "consequences": [
            f"It stays in the calendar, marked as cancelled, and cannot be brought back.{people}",
            "Calendar programs that read a link show it as cancelled when they ask next, and drop it after a month.",
        ],
        "button": "Cancel it",
        "is_grave": True,
        "trail": _trail(entry),
        "cancel_url": back,
        "cancel_label": "Keep it",
    }
    return render(request, "pages/confirm_page.html", context, status=422 if form.is_bound else 200)
