"""Help lines as pages show them. A line that was taken down is gone at once; an old one stays, with its date."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from waymark.directory.models import HelpLine, HelpLineChannel
from waymark.finder.templatetags.finder_words import in_language, worded

KINDS = ("call", "text", "chat", "relay", "video")


@dataclass(frozen=True)
class Way:
    """One way to reach a line: what is pressed, what is read, and what a screen reader says."""

    kind: str
    value: str
    href: str
    keyword: str
    hours: str
    languages: tuple[str, ...]
    interprets: bool


@dataclass(frozen=True)
class Line:
    """One help line in one language of the page."""

    slug: str
    scope: str
    name: str
    purpose: str
    operator: str
    operator_since: date | None
    ways: tuple[Way, ...]
    tells_others: str
    tips: str
    page_url: str
    page_opens_history: bool
    is_police: bool
    for_under_18: bool
    source: str
    verified_on: date
    is_due: bool

    def way(self, kind: str) -> Way | None:
        """The first way of a kind."""
        return next((each for each in self.ways if each.kind == kind), None)

    @property
    def quick(self) -> tuple[Way, ...]:
        """One button a kind: call, text, chat."""
        found = (self.way(kind) for kind in ("call", "text", "chat"))
        return tuple(each for each in found if each)

    @property
    def hours(self) -> str:
        """The hours of the first way, in words."""
        return self.ways[0].hours if self.ways else ""

    @property
    def number(self) -> str:
        call = self.way("call")
        return call.value if call else ""


def address_of(kind: str, value: str, keyword: str = "") -> str:
    """What a tap opens. The body of a text is filled only where the line wants a certain word."""
    dialed = "".join(sign for sign in value if sign.isdigit() or sign == "+")
    if kind in {"call", "video", "relay"}:
        return f"tel:{dialed}"
    if kind == "text":
        return f"sms:{dialed}?&body={keyword}" if keyword else f"sms:{dialed}"
    return value if value.startswith("https://") else ""


def _way(channel: HelpLineChannel, code: str) -> Way:
    hours = in_language(channel.hours, code)
    if not hours:
        hours = worded(code, "lines.hours_always" if channel.is_always_open else "lines.hours_unknown")
    return Way(
        kind=channel.kind,
        value=channel.value,
        href=address_of(channel.kind, channel.value, channel.keyword),
        keyword=channel.keyword,
        hours=hours,
        languages=tuple(channel.languages),
        interprets=channel.interprets,
    )


def shown_lines(code: str, *, on: date) -> list[Line]:
    """Every line that is up, in order."""
    rows = HelpLine.objects.filter(state=HelpLine.State.SHOWN).prefetch_related("channels")
    return [
        Line(
            slug=row.slug,
            scope=row.scope,
            name=in_language(row.name, code),
            purpose=in_language(row.purpose, code),
            operator=row.operator,
            operator_since=row.operator_since,
            ways=tuple(_way(channel, code) for channel in row.channels.all()),
            tells_others=in_language(row.tells_others, code),
            tips=in_language(row.tip_policy, code),
            page_url=row.page_url,
            page_opens_history=row.page_opens_history,
            is_police=row.is_police,
            for_under_18=row.for_under_18,
            source=row.source,
            verified_on=row.verified_on,
            is_due=row.review_on < on,
        )
        for row in rows
    ]


def line_named(lines: list[Line], *slugs: str) -> Line | None:
    """The first shown line of these slugs."""
    by_slug = {line.slug: line for line in lines}
    return next((by_slug[slug] for slug in slugs if slug in by_slug), None)


def line_without_police(lines: list[Line]) -> Line | None:
    """The line that the danger page names for people who do not want the police: it answers calls and is not police."""
    others = [line for line in lines if not line.is_police and line.scope != HelpLine.Scope.EMERGENCY and line.way("call")]
    with_text = [line for line in others if line.way("text")]
    return next(iter(with_text or others), None)
