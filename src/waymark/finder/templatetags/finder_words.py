"""Words and links of the finder's templates. A page has one language, and every link stays in it."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import template
from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format

from waymark.finder.content import language, strings

register = template.Library()
# Unicode's "first strong isolate" and its end.
ISOLATE = "\u2068"
END_ISOLATE = "\u2069"


class _Blank(dict[str, str]):
    """A name that the page does not fill stays away instead of breaking the page."""

    def __missing__(self, key: str) -> str:
        return ""


def worded(code: str, key: str, **values: object) -> str:
    """The words for a key, with the names in braces filled.

    In a right-to-left language each filled name stands in its own direction: without the isolates a browser turns the
    parts of "(555) 555-0120" around, and a number read from the screen would be the wrong one.
    """
    text = strings(code)[key]
    if "{" not in text:
        return text
    spoken = language(code)
    opens, closes = (ISOLATE, END_ISOLATE) if spoken and spoken.is_right_to_left else ("", "")
    return text.format_map(_Blank({name: f"{opens}{value}{closes}" for name, value in values.items()}))


def in_language(texts: dict[str, str] | None, code: str) -> str:
    """One text out of a row's texts by language; English when the language has none."""
    return (texts or {}).get(code) or (texts or {}).get("en") or ""


@register.simple_tag(takes_context=True)
def word(context: dict[str, Any], key: str, **values: object) -> str:
    return worded(context["code"], key, **values)


@register.simple_tag(takes_context=True)
def to(context: dict[str, Any], name: str, *args: object) -> str:
    """The address of a page of the finder in the language of this page."""
    return reverse(f"finder:{name}", args=(context["code"], *args))


@register.filter
def own(texts: dict[str, str] | None, code: str) -> str:
    return in_language(texts, code)


@register.filter
def tongue(code: str, page_code: str) -> str:
    """The name of a language, for people who read the page: its own name."""
    found = language(code)
    return found.name if found else code


@register.filter
def dialed(number: str) -> str:
    """The number as a phone dials it: digits and a leading plus."""
    kept = "".join(sign for sign in number if sign.isdigit() or sign in ",;")
    return f"+{kept}" if number.strip().startswith("+") else kept


@register.simple_tag(takes_context=True)
def reason_word(context: dict[str, Any], reason: str) -> str:
    """A reason of a report, in the page's words."""
    return worded(context["code"], f"report.{reason}")


@register.filter
def day(value: date, code: str) -> str:
    """A date as people of a language write it."""
    with translation.override(code):
        return date_format(value, "DATE_FORMAT")
