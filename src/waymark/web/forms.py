"""The forms of the set-up pages: who comes first, and what the region is."""

from __future__ import annotations

import re
from typing import Any, cast
from urllib.parse import urlsplit

from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.http import QueryDict

from waymark.accounts.models import AgencyKind, User
from waymark.coalition.formats import Center, NotUnderstood, read_centers
from waymark.coalition.models import Region
from waymark.coalition.policies import is_set_up_code
from waymark.directory.formats.help_lines_file import LineRecord, read_help_lines
from waymark.finder.content import offered_languages, strings
from waymark.pages.questions import PlainForm

TELLING = re.compile(
    r"traffick|rescue|victim|survivor|abuse|police|sheriff|district attorney|safe house|trata|víctima|rescate|policía",
    re.IGNORECASE,
)
ZONES = (
    ("America/Los_Angeles", "Pacific (Los Angeles)"),
    ("America/Denver", "Mountain (Denver)"),
    ("America/Phoenix", "Arizona (Phoenix)"),
    ("America/Chicago", "Central (Chicago)"),
    ("America/New_York", "Eastern (New York)"),
    ("America/Anchorage", "Alaska (Anchorage)"),
    ("Pacific/Honolulu", "Hawaii (Honolulu)"),
    ("America/Puerto_Rico", "Puerto Rico"),
    ("Pacific/Guam", "Guam"),
)
ZIP_FILE_LIMIT = 2_000_000
NO_ZIPS = "Give at least one ZIP with its center, like 95814,38.58,-121.49."


class FirstCoordinatorForm(PlainForm):
    code = forms.CharField(
        label="Set-up code",
        max_length=40,
        help_text="It was printed where Waymark was started. It works once.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    agency_name = forms.CharField(
        label="Agency that runs this installation",
        max_length=200,
        help_text="Yours, like “Example Coalition Office”. The other agencies are added later.",
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    agency_kind = forms.ChoiceField(
        label="What kind of agency it is",
        choices=[(kind.value, kind.label) for kind in AgencyKind],
        initial=AgencyKind.OTHER_NON_PROFIT.value,
        help_text="Its side of the justice wall follows from this, and stays.",
    )
    email = forms.EmailField(
        label="Your work e-mail", max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "username"})
    )
    display_name = forms.CharField(label="Your name", max_length=120, help_text="Colleagues see it beside what you change.")
    password = forms.CharField(
        label="Password",
        strip=False,
        max_length=1024,
        help_text="At least 12 characters. Four words in a row are good.",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    why = {"code": "So that no stranger who finds this page first can set up your region."}

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"]
        if not is_set_up_code(code):
            raise forms.ValidationError("This is not the set-up code. It looks like abcd-efgh-ijkl-mnop.")
        return code

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        if "password" in data:
            person = User(email=data.get("email", ""), display_name=data.get("display_name", ""))
            try:
                validate_password(data["password"], person)
            except forms.ValidationError as error:
                self.add_error("password", error)
        return data


class RegionForm(PlainForm):
    name = forms.CharField(label="Name of the region", max_length=120, help_text="Like “Sacramento County”.")
    counties = forms.CharField(
        label="Counties", widget=forms.Textarea(attrs={"rows": 2}), help_text="One on a line, or with commas."
    )
    zips = forms.CharField(
        label="ZIPs and their centers",
        max_length=200_000,
        error_messages={"required": NO_ZIPS},
        widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false"}),
        help_text="One on a line: ZIP, latitude, longitude, like 95814,38.58,-121.49. Add the ZIPs close by.",
    )
    zip_file = forms.FileField(
        label="Or a file with them",
        required=False,
        help_text="Such lines as a text file, or the Census Bureau's gazetteer of ZIP areas cut to your region.",
        widget=forms.FileInput(attrs={"accept": ".txt,.csv,text/plain,text/csv"}),
    )
    time_zone = forms.ChoiceField(label="Time zone", choices=ZONES)
    languages = forms.MultipleChoiceField(
        label="Languages of the help page",
        widget=forms.CheckboxSelectMultiple,
        help_text="Only languages whose every page is written can be chosen. English stays.",
    )
    app_name_en = forms.CharField(label="Name of the help page", max_length=40)
    app_name_es = forms.CharField(label="Its name in Spanish", max_length=40)
    exit_url = forms.URLField(
        label="Where “Leave now” goes",
        max_length=200,
        assume_scheme="https",
        help_text="A dull page that anyone may have open, like a weather search.",
    )
    exit_name_en = forms.CharField(label="What that page is called", max_length=60)
    exit_name_es = forms.CharField(label="What it is called in Spanish", max_length=60)
    host_name = forms.CharField(
        label="Who runs the help page",
        max_length=160,
        required=False,
        help_text="Shown to visitors only after “waymark check --public” has passed.",
    )
    lines = forms.MultipleChoiceField(
        label="National help lines to show",
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text="Call each one before your page goes public. Local lines come next, under Help lines: two people each.",
    )
    why = {
        "zips": "“Near me” works from these centers on the visitor's own phone. Nobody's place is asked or sent.",
        "app_name_en": "It stands in the browser's tab and history. It must not say what the page is for.",
        "exit_url": "Someone may come in. The page they see instead must fit any life.",
    }
    sections = (
        ("The region", ("name", "counties", "zips", "zip_file", "time_zone")),
        (
            "The help page",
            ("languages", "app_name_en", "app_name_es", "exit_url", "exit_name_en", "exit_name_es", "host_name"),
        ),
        ("Help lines", ("lines",)),
    )

    def __init__(self, *args: Any, region: Region | None, centers: list[Center], **kwargs: Any) -> None:
        kwargs["initial"] = initial_values(region, centers)
        super().__init__(*args, **kwargs)
        self.centers: list[Center] = []
        self.fields["zips"].required = "zip_file" not in self.files
        languages = cast(forms.MultipleChoiceField, self.fields["languages"])
        languages.choices = [(each.code, f"{each.name} ({each.english})") for each in offered_languages()]
        if region is None:
            lines = cast(forms.MultipleChoiceField, self.fields["lines"])
            lines.choices = [(line.slug, _line_label(line)) for line in read_help_lines()]
        else:
            del self.fields["lines"]

    def clean_counties(self) -> list[str]:
        found = [part.strip() for part in re.split(r"[,\n]", self.cleaned_data["counties"]) if part.strip()]
        if not found:
            raise forms.ValidationError("Name at least one county.")
        return found

    def clean_languages(self) -> list[str]:
        chosen = set(self.cleaned_data["languages"]) | {"en"}
        return [each.code for each in offered_languages() if each.code in chosen]

    def clean_app_name_en(self) -> str:
        return self._neutral("app_name_en")

    def clean_app_name_es(self) -> str:
        return self._neutral("app_name_es")

    def _neutral(self, field: str) -> str:
        name: str = self.cleaned_data[field]
        found = TELLING.search(name)
        if found:
            raise forms.ValidationError(
                f"“{found[0]}” would tell whoever looks at the phone what this page is for. Use plain words, "
                "like “Community help”."
            )
        return name

    def clean_exit_url(self) -> str:
        address: str = self.cleaned_data["exit_url"]
        parts = urlsplit(address)
        if parts.scheme != "https":
            raise forms.ValidationError("The address must begin with https://.")
        if parts.hostname in settings.ALLOWED_HOSTS:
            raise forms.ValidationError("This is our own site. Leaving must lead away from it.")
        return address

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        text = data.get("zips", "")
        upload = data.get("zip_file")
        if upload is not None:
            if upload.size > ZIP_FILE_LIMIT:
                self.add_error("zip_file", "This file is over 2 MB. Cut it to the ZIPs of your region.")
                return data
            text = upload.read().decode("utf-8", errors="replace")
        try:
            self.centers = read_centers(text)
        except (NotUnderstood, ValueError) as error:
            troubles = error.troubles if isinstance(error, NotUnderstood) else [str(error)]
            more = len(troubles) - 3
            shown = [*troubles[:3], *([f"And {more} more lines."] if more > 0 else [])]
            self.add_error("zip_file" if upload is not None else "zips", shown)
            return data
        if not self.centers and "zips" not in self.errors:
            self.add_error("zip_file" if upload is not None else "zips", NO_ZIPS)
        if upload is not None:
            # A browser cannot keep a chosen file: its lines stay in the field, so that nothing is lost on another error.
            typed = cast(QueryDict, self.data).copy()
            typed["zips"] = as_lines(self.centers)
            self.data = typed
        return data

    def values(self) -> dict[str, Any]:
        """The region's columns."""
        data = self.cleaned_data
        plain = {name: data[name] for name in ("name", "counties", "time_zone", "languages", "exit_url", "host_name")}
        return {
            **plain,
            "app_name": {"en": data["app_name_en"], "es": data["app_name_es"]},
            "exit_name": {"en": data["exit_name_en"], "es": data["exit_name_es"]},
        }


def _line_label(line: LineRecord) -> str:
    number = line.channels[0]["value"]
    return f"{line.columns['name']['en']}: {number}, source of {line.columns['verified_on']}"


def as_lines(centers: list[Center]) -> str:
    """Centers as they are typed."""
    return "\n".join(f"{each.code},{each.latitude:g},{each.longitude:g}" for each in centers)


def initial_values(region: Region | None, centers: list[Center]) -> dict[str, Any]:
    """What the form shows first: the region as it is, or plain proposals."""
    blank = region or Region(languages=["en", "es"])
    return {
        "name": blank.name,
        "counties": "\n".join(blank.counties),
        "zips": as_lines(centers),
        "time_zone": blank.time_zone,
        "languages": blank.languages,
        "app_name_en": blank.app_name.get("en") or strings("en")["door.app_name"],
        "app_name_es": blank.app_name.get("es") or strings("es")["door.app_name"],
        "exit_url": blank.exit_url,
        "exit_name_en": blank.exit_name.get("en") or strings("en")["notes.exit_name_default"],
        "exit_name_es": blank.exit_name.get("es") or strings("es")["notes.exit_name_default"],
        "host_name": blank.host_name,
        "lines": [line.slug for line in read_help_lines()],
    }
