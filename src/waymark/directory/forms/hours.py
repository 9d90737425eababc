"""The hours form: a row for each weekday, days of the month, closed dates, and two plain answers for the rest."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms.boundfield import BoundField

from waymark.directory.formats.spoken_hours import DAY_NAMES, DAYS, WEEKS, Closed, Hours, Monthly, Span, whole_week
from waymark.pages.questions import PlainForm, Question
from waymark.pages.typed_values import ClockField, DayField

MONTHLY_ROWS = 3
SPARE_CLOSED_ROWS = 4
MOST_CLOSED_ROWS = 40
WORKDAYS = DAYS[:5]


@dataclass(frozen=True)
class Row:
    """A row of the form with its inputs, and whether one of them is wrong."""

    label: str
    fields: list[BoundField]

    @property
    def errors(self) -> list[str]:
        return [str(error) for bound in self.fields for error in bound.errors]


class HoursForm(PlainForm):
    kind = forms.ChoiceField(
        label="When is it open?",
        choices=[
            ("weekly", "At the hours below"),
            ("always", "Day and night, every day"),
            ("unknown", "Not known, or only by appointment"),
        ],
        widget=forms.RadioSelect,
    )
    note = forms.CharField(
        label="In words", required=False, max_length=300, help_text="Like “By appointment” or “Intake until 3 PM”."
    )
    valid_from = DayField(label="Hold from", required=False, help_text="Only for hours of a season.")
    valid_to = DayField(label="Hold until", required=False, help_text="Only for hours of a season.")

    def __init__(self, *args: Any, closed_rows: int = 0, **kwargs: Any) -> None:
        self.closed_rows = min(closed_rows + SPARE_CLOSED_ROWS, MOST_CLOSED_ROWS)
        super().__init__(*args, **kwargs)

    def more_fields(self) -> dict[str, forms.Field]:
        found: dict[str, forms.Field] = {}
        for prefix, name in (("workdays", "Monday to Friday"), *DAY_NAMES.items()):
            for at in (1, 2):
                again = " again" if at == 2 else ""
                found[f"{prefix}_{at}_from"] = ClockField(label=f"{name}{again} from", required=False)
                found[f"{prefix}_{at}_to"] = ClockField(label=f"{name}{again} to", required=False)
        for row in range(MONTHLY_ROWS):
            weeks = [("", "Which week"), *WEEKS.items()]
            found[f"month{row}_week"] = forms.ChoiceField(label="Which", choices=weeks, required=False)
            days = [("", "Which day"), *DAY_NAMES.items()]
            found[f"month{row}_day"] = forms.ChoiceField(label="Day", choices=days, required=False)
            found[f"month{row}_from"] = ClockField(label="From", required=False)
            found[f"month{row}_to"] = ClockField(label="To", required=False)
        for row in range(self.closed_rows):
            found[f"closed{row}_first"] = DayField(label="First day", required=False)
            found[f"closed{row}_last"] = DayField(label="Last day", required=False)
            found[f"closed{row}_note"] = forms.CharField(label="Why", required=False, max_length=100)
        return found

    @staticmethod
    def initial_for(hours: Hours) -> dict[str, Any]:
        """What the form shows for stored hours."""
        kind = "always" if hours.is_always and not hours.monthly else "weekly"
        data: dict[str, Any] = {
            "kind": kind if hours.is_known else "unknown",
            "note": hours.note,
            "valid_from": hours.valid_from,
            "valid_to": hours.valid_to,
        }
        if kind == "weekly":
            for day, spans in hours.weekly.items():
                for at, span in enumerate(spans[:2], start=1):
                    data[f"{day}_{at}_from"], data[f"{day}_{at}_to"] = span.opens_at, span.closes_at
        for row, item in enumerate(hours.monthly[:MONTHLY_ROWS]):
            data[f"month{row}_week"], data[f"month{row}_day"] = item.week, item.day
            data[f"month{row}_from"], data[f"month{row}_to"] = item.span.opens_at, item.span.closes_at
        for row, closed in enumerate(hours.closed):
            data[f"closed{row}_first"] = closed.first
            data[f"closed{row}_last"] = closed.last if closed.last != closed.first else None
            data[f"closed{row}_note"] = closed.note
        return data

    def kind_question(self) -> Question:
        return self.question("kind")

    def more_questions(self) -> list[Question]:
        return [self.question(name) for name in ("note", "valid_from", "valid_to")]

    def _row(self, label: str, names: list[str]) -> Row:
        return Row(label, [self[name] for name in names])

    def workdays_row(self) -> Row:
        return self._row("Monday to Friday", [f"workdays_{at}_{end}" for at in (1, 2) for end in ("from", "to")])

    def day_rows(self) -> Iterator[Row]:
        for day, name in DAY_NAMES.items():
            yield self._row(name, [f"{day}_{at}_{end}" for at in (1, 2) for end in ("from", "to")])

    def month_rows(self) -> Iterator[Row]:
        for row in range(MONTHLY_ROWS):
            yield self._row(f"Day of the month {row + 1}", [f"month{row}_{part}" for part in ("week", "day", "from", "to")])

    def closed_row_list(self) -> Iterator[Row]:
        for row in range(self.closed_rows):
            yield self._row(f"Closed {row + 1}", [f"closed{row}_{part}" for part in ("first", "last", "note")])

    def _span(self, prefix: str) -> Span | None:
        """The span of two inputs; one of them alone is a slip that must not pass as closed."""
        begin, end = self.cleaned_data.get(f"{prefix}_from"), self.cleaned_data.get(f"{prefix}_to")
        if begin is None and end is None:
            return None
        label = self.fields[f"{prefix}_from"].label
        if begin is None or end is None:
            missing = "from" if begin is None else "to"
            if not self.errors.get(f"{prefix}_{missing}") and not self.errors.get(
                f"{prefix}_{'to' if begin is None else 'from'}"
            ):
                what = "opens" if begin is None else "closes"
                self.add_error(f"{prefix}_{missing}", f"{str(label).removesuffix(' from')}: say when it {what}, too.")
            return None
        return Span(begin, end)

    def _day_spans(self, prefix: str) -> list[Span]:
        spans = [span for at in (1, 2) if (span := self._span(f"{prefix}_{at}"))]
        if len(spans) == 2:
            first, second = spans
            if first.ends_next_day or second.opens_at < first.closes_at:
                self.add_error(
                    f"{prefix}_2_from",
                    f"{DAY_NAMES.get(prefix, 'Monday to Friday')}: the second hours begin before the first end.",
                )
        return spans

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        kind = data.get("kind")
        hours = Hours(note=data.get("note", ""), valid_from=data.get("valid_from"), valid_to=data.get("valid_to"))
        if hours.valid_from and hours.valid_to and hours.valid_to < hours.valid_from:
            self.add_error("valid_to", "The last day comes before the first day. Check both.")
        if kind == "always":
            hours.weekly = whole_week()
        elif kind == "weekly":
            self._clean_weekly(hours)
        hours.closed = self._clean_closed()
        if kind == "weekly" and not hours.is_known and not self.errors:
            self.add_error("kind", "No hours are filled in. Fill in at least one day, or choose “Not known”.")
        data["hours"] = hours
        return data

    def _clean_weekly(self, hours: Hours) -> None:
        workdays = self._day_spans("workdays")
        for day in DAYS:
            spans = self._day_spans(day) or (workdays if day in WORKDAYS else [])
            if spans:
                hours.weekly[day] = spans
        for row in range(MONTHLY_ROWS):
            week, of_month = self.cleaned_data.get(f"month{row}_week"), self.cleaned_data.get(f"month{row}_day")
            span = self._span(f"month{row}")
            if not (week or of_month or span):
                continue
            if week and of_month and span:
                hours.monthly.append(Monthly(week, of_month, span))
            elif not self.errors:
                self.add_error(f"month{row}_week", "A day of the month needs all four: which week, which day, from and to.")

    def _clean_closed(self) -> list[Closed]:
        found = []
        for row in range(self.closed_rows):
            first, last = self.cleaned_data.get(f"closed{row}_first"), self.cleaned_data.get(f"closed{row}_last")
            note: str = self.cleaned_data.get(f"closed{row}_note") or ""
            if first is None:
                if (last or note) and not self.errors.get(f"closed{row}_first"):
                    self.add_error(f"closed{row}_first", "Say the first closed day, too.")
                continue
            if last is not None and last < first:
                self.add_error(f"closed{row}_last", "The last closed day comes before the first. Check both.")
                continue
            found.append(Closed(first, last or first, note))
        return found
