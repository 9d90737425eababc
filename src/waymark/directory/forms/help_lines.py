"""The form of a help line: who answers, every way to reach them, when they tell others, and where we know it from."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.text import slugify

from waymark.directory.forms.checks import SOURCE_HELP, check_review_day
from waymark.directory.models import HelpLine, HelpLineChannel
from waymark.pages.questions import PlainForm, Question, Section
from waymark.pages.typed_values import DayField

WORDS = ("name", "purpose", "tells_others", "tip_policy")
SPARE_WAYS = 2
MOST_WAYS = 10
CHANNEL_PARTS = (
    "kind",
    "value",
    "keyword",
    "is_always_open",
    "hours_en",
    "hours_es",
    "languages",
    "interprets",
    "source",
    "verified_on",
)


class HelpLineForm(PlainForm):
    name_en = forms.CharField(label="Name", max_length=120)
    name_es = forms.CharField(label="Name in Spanish", max_length=120, required=False)
    purpose_en = forms.CharField(label="For whom and for what", max_length=300, help_text="One plain sentence.")
    purpose_es = forms.CharField(label="The same in Spanish", max_length=300, required=False)
    scope = forms.ChoiceField(label="Where it helps", choices=HelpLine.Scope.choices)
    operator = forms.CharField(label="Who answers", max_length=200, help_text="The organization that runs the line today.")
    operator_since = DayField(label="Since when", required=False, help_text="Lines change hands. The day it took over.")
    is_police = forms.BooleanField(label="Police or 911 answer this line", required=False)
    for_under_18 = forms.BooleanField(label="Made for people under 18", required=False)
    tells_others_en = forms.CharField(
        label="When they tell others",
        required=False,
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Like “If you are under 18, or someone could be badly hurt.” Empty means not known.",
    )
    tells_others_es = forms.CharField(
        label="The same in Spanish", required=False, max_length=400, widget=forms.Textarea(attrs={"rows": 2})
    )
    tip_policy_en = forms.CharField(
        label="What happens with a tip", required=False, max_length=400, widget=forms.Textarea(attrs={"rows": 2})
    )
    tip_policy_es = forms.CharField(
        label="The same in Spanish", required=False, max_length=400, widget=forms.Textarea(attrs={"rows": 2})
    )
    page_url = forms.URLField(
        label="Its own page", required=False, assume_scheme="https", help_text="Starts with https://."
    )
    page_opens_history = forms.BooleanField(
        label="Opening its page leaves its name in the phone's history",
        required=False,
        initial=True,
        help_text="True of nearly every page.",
    )
    order = forms.IntegerField(
        label="Place in the list", min_value=0, max_value=999, initial=50, help_text="Small numbers first."
    )
    source = forms.CharField(label="How you know", max_length=300, help_text=SOURCE_HELP)
    verified_on = DayField(label="Day of the check", help_text="The date of the source, like May 3 2026 or 5/3/2026.")
    verified_by = forms.CharField(label="Who checked it", max_length=120)
    review_on = DayField(label="Check again on", help_text="At most a year ahead. 30 days is a good habit.")
    reason = forms.CharField(
        label="Why this change", max_length=200, required=False, help_text="One line for the colleague who checks it."
    )

    sections = (
        ("What it is", ("name_en", "name_es", "purpose_en", "purpose_es", "scope", "for_under_18", "order")),
        ("Who answers", ("operator", "operator_since", "is_police")),
        (
            "What they do with what you say",
            ("tells_others_en", "tells_others_es", "tip_policy_en", "tip_policy_es"),
        ),
        ("Its own page", ("page_url", "page_opens_history")),
        ("Where we know it from", ("source", "verified_on", "verified_by", "review_on", "reason")),
    )
    why = {
        "tells_others_en": "A person decides what to say by this. If you do not know it, leave it empty: the page says so.",
        "operator_since": "The national line changed hands in 2025. An old name on our page makes people doubt the number.",
    }

    def __init__(self, *args: Any, ways: int = 0, **kwargs: Any) -> None:
        self.ways = min(max(ways, 1) + SPARE_WAYS, MOST_WAYS)
        super().__init__(*args, **kwargs)

    def more_fields(self) -> dict[str, forms.Field]:
        found: dict[str, forms.Field] = {}
        for at in range(self.ways):
            self._add_way(found, f"way{at}_")
        return found

    @staticmethod
    def _add_way(add: dict[str, forms.Field], prefix: str) -> None:
        kinds = [("", "No way here"), *HelpLineChannel.Kind.choices]
        add[f"{prefix}kind"] = forms.ChoiceField(label="Kind", choices=kinds, required=False)
        add[f"{prefix}value"] = forms.CharField(
            label="Number or address", required=False, max_length=200, help_text="Exactly as it is dialed or opened."
        )
        add[f"{prefix}keyword"] = forms.CharField(
            label="Word to send", required=False, max_length=40, help_text="Only for text lines that need one."
        )
        add[f"{prefix}is_always_open"] = forms.BooleanField(label="Day and night, every day", required=False)
        add[f"{prefix}hours_en"] = forms.CharField(label="Hours in words", required=False, max_length=200)
        add[f"{prefix}hours_es"] = forms.CharField(label="Hours in Spanish", required=False, max_length=200)
        add[f"{prefix}languages"] = forms.CharField(
            label="Languages answered", required=False, max_length=200, help_text="Codes with commas, like en, es."
        )
        add[f"{prefix}interprets"] = forms.BooleanField(label="Other languages through an interpreter", required=False)
        add[f"{prefix}source"] = forms.CharField(label="How you know this way", required=False, max_length=300)
        add[f"{prefix}verified_on"] = DayField(label="Day of the check of this way", required=False)

    @staticmethod
    def initial_for(data: dict[str, Any]) -> dict[str, Any]:
        """What the form shows for a stored line (its snapshot)."""
        shown: dict[str, Any] = {key: value for key, value in data.items() if key not in {*WORDS, "channels", "slug"}}
        for word in WORDS:
            for code in ("en", "es"):
                shown[f"{word}_{code}"] = data[word].get(code, "")
        for at, channel in enumerate(data["channels"]):
            for part in CHANNEL_PARTS:
                shown[f"way{at}_{part}"] = channel.get(part, "")
            shown[f"way{at}_languages"] = ", ".join(channel["languages"])
            shown[f"way{at}_hours_en"] = channel["hours"].get("en", "")
            shown[f"way{at}_hours_es"] = channel["hours"].get("es", "")
        day = forms.DateField()
        for name in [key for key in shown if key.endswith(("_on", "_since"))]:
            shown[name] = day.to_python(shown[name])
        return shown

    def grouped(self) -> Iterator[Section]:
        sections = [section for section in super().grouped() if section.title]
        ways = [
            Section(
                f"Way {at + 1} to reach it",
                [Question(self[f"way{at}_{part}"], "") for part in CHANNEL_PARTS],
                is_spare=at >= max(self.ways - SPARE_WAYS, 2),
            )
            for at in range(self.ways)
        ]
        yield from [*sections[:2], *ways, *sections[2:]]

    def clean(self) -> dict[str, Any]:
        data = check_review_day(self)
        channels = [channel for at in range(self.ways) if (channel := self._clean_way(at))]
        if not channels and not self.errors:
            self.add_error("way0_value", "A help line needs at least one way to reach it.")
        if channels and all(channel["kind"] == HelpLineChannel.Kind.CALL for channel in channels) and not self.errors:
            # Someone who is deaf, or who is overheard, cannot use a voice-only line.
            self.add_error(
                "way1_kind",
                "No line stands with voice alone. Add text, chat, video phone, or 711 relay, which works for every number.",
            )
        data["channels"] = channels
        return data

    def _clean_way(self, at: int) -> dict[str, Any] | None:
        prefix = f"way{at}_"
        data = {part: self.cleaned_data.get(f"{prefix}{part}") for part in CHANNEL_PARTS}
        kind, value = data["kind"], str(data["value"] or "").strip()
        if not kind and not value:
            return None
        if not kind or not value:
            missing = "kind" if not kind else "value"
            self.add_error(f"{prefix}{missing}", "A way needs both its kind and its number or address.")
            return None
        if kind == HelpLineChannel.Kind.CHAT:
            try:
                URLValidator(schemes=["https"])(value)
            except ValidationError:
                self.add_error(f"{prefix}value", "A chat needs a web address that starts with https://.")
        elif not re.fullmatch(r"[0-9+().\- *#]+", value) or not 3 <= len(re.sub(r"\D", "", value)) <= 15:
            self.add_error(f"{prefix}value", "Enter the number as it is dialed, like 916-555-0142 or 711.")
        codes = [code for code in re.split(r"[,\s]+", str(data["languages"] or "").strip()) if code]
        if any(not re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})?", code) for code in codes):
            self.add_error(f"{prefix}languages", "Enter language codes with commas, like en, es, hmn.")
        hours = {code: str(data[f"hours_{code}"]) for code in ("en", "es") if data[f"hours_{code}"]}
        verified = data["verified_on"]
        return {
            "kind": kind,
            "value": value,
            "keyword": data["keyword"] or "",
            "is_always_open": bool(data["is_always_open"]),
            "hours": hours,
            "languages": codes,
            "interprets": bool(data["interprets"]),
            "source": data["source"] or "",
            "verified_on": verified.isoformat() if verified else None,
        }

    def line_data(self, before: dict[str, Any] | None = None) -> dict[str, Any]:
        """The line as plain data; words in languages that the form does not show are kept."""
        data = self.cleaned_data
        old = before or {}
        result: dict[str, Any] = {"slug": old.get("slug") or self._slug()}
        for word in WORDS:
            kept = {code: text for code, text in old.get(word, {}).items() if code not in {"en", "es"}}
            kept |= {code: data[f"{word}_{code}"] for code in ("en", "es") if data[f"{word}_{code}"]}
            result[word] = kept
        for name in ("scope", "operator", "page_url", "page_opens_history", "is_police", "for_under_18", "order"):
            result[name] = data[name]
        for name in ("source", "verified_by"):
            result[name] = data[name]
        for name in ("operator_since", "verified_on", "review_on"):
            result[name] = data[name].isoformat() if data[name] else None
        result["channels"] = self._with_kept_hours(data["channels"], old)
        return result

    def _with_kept_hours(self, channels: list[dict[str, Any]], old: dict[str, Any]) -> list[dict[str, Any]]:
        before = {(item["kind"], item["value"]): item for item in old.get("channels", [])}
        for channel in channels:
            earlier = before.get((channel["kind"], channel["value"]), {}).get("hours", {})
            channel["hours"] |= {code: text for code, text in earlier.items() if code not in {"en", "es"}}
        return channels

    def _slug(self) -> str:
        base = slugify(self.cleaned_data["name_en"])[:50] or "line"
        slug, number = base, 2
        while HelpLine.objects.filter(slug=slug).exists():
            slug, number = f"{base}-{number}", number + 1
        return slug


class TakeDownForm(PlainForm):
    reason = forms.CharField(
        label="What is wrong", max_length=200, help_text="Like “The number rings at a private home.” Colleagues see it."
    )
