"""News as Atom, RSS, JSON Feed, iCalendar, sitemap and table: the same entries in the words of six standards.

Atom and RSS are written by Django's feed writers, calendars by `icalendar`; JSON Feed 1.1 and the sitemap are small enough
to be written here. Everything is escaped by its writer.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Callable, Iterable, Sequence
from typing import Protocol
from xml.sax.saxutils import escape

from django.utils.feedgenerator import Atom1Feed, Rss201rev2Feed
from icalendar import Calendar, Event

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
HOUR = dt.timedelta(hours=1)


class News(Protocol):
    """What a feed needs of an entry."""

    @property
    def id(self) -> str: ...
    @property
    def slug(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def summary(self) -> str: ...
    @property
    def told(self) -> tuple[str, ...]: ...
    @property
    def agency(self) -> str: ...
    @property
    def published_at(self) -> dt.datetime: ...
    @property
    def changed_at(self) -> dt.datetime: ...


Address = Callable[[str], str]


def atom(news: Sequence[News], *, title: str, about: str, home: str, here: str, address: Address) -> bytes:
    return _syndicated(Atom1Feed, news, title, about, home, here, address)


def rss(news: Sequence[News], *, title: str, about: str, home: str, here: str, address: Address) -> bytes:
    return _syndicated(Rss201rev2Feed, news, title, about, home, here, address)


def _syndicated(
    kind: type[Atom1Feed] | type[Rss201rev2Feed],
    news: Sequence[News],
    title: str,
    about: str,
    home: str,
    here: str,
    address: Address,
) -> bytes:
    feed = kind(title=title, link=home, description=about, language="en", feed_url=here, subtitle=about)
    for each in news:
        feed.add_item(
            title=each.title,
            link=address(each.slug),
            description=each.summary,
            unique_id=f"urn:uuid:{each.id}",
            unique_id_is_permalink=False,
            author_name=each.agency,
            pubdate=each.published_at,
            updateddate=each.changed_at,
        )
    return str(feed.writeString("utf-8")).encode()


def json_feed(news: Sequence[News], *, title: str, about: str, home: str, here: str, address: Address) -> dict[str, object]:
    """JSON Feed 1.1."""
    return {
        "version": "https://jsonfeed.org/version/1.1",
        "title": title,
        "description": about,
        "home_page_url": home,
        "feed_url": here,
        "language": "en",
        "items": [
            {
                "id": f"urn:uuid:{each.id}",
                "url": address(each.slug),
                "title": each.title,
                "summary": each.summary,
                "content_text": "\n\n".join(each.told),
                "date_published": each.published_at.isoformat(),
                "date_modified": each.changed_at.isoformat(),
                "authors": [{"name": each.agency}],
            }
            for each in news
        ],
    }


def calendar(news: Sequence[News], *, title: str, address: Address) -> bytes:
    """Each release as an event at its moment. An operation has no date here; only what has been said has."""
    found = Calendar()
    found.add("prodid", "-//Waymark//Newsroom//EN")
    found.add("version", "2.0")
    found.add("x-wr-calname", title)
    for each in news:
        event = Event()
        event.add("uid", f"{each.id}@waymark")
        event.add("dtstamp", each.changed_at.astimezone(dt.UTC))
        event.add("dtstart", each.published_at.astimezone(dt.UTC))
        event.add("dtend", (each.published_at + HOUR).astimezone(dt.UTC))
        event.add("summary", each.title)
        event.add("description", each.summary)
        event.add("url", address(each.slug))
        event.add("transp", "TRANSPARENT")
        found.add_component(event)
    return bytes(found.to_ical())


def sitemap(pages: Iterable[str], news: Sequence[News], *, address: Address) -> bytes:
    lines = [f"<url><loc>{escape(page)}</loc></url>" for page in pages]
    lines += [
        f"<url><loc>{escape(address(each.slug))}</loc><lastmod>{each.changed_at.isoformat()}</lastmod></url>"
        for each in news
    ]
    text = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{chr(10).join(lines)}\n</urlset>\n'
    )
    return text.encode()


def table(heading: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """CSV; a cell that a spreadsheet would run as a formula gets an apostrophe in front."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(heading)
    writer.writerows([_cell(value) for value in row] for row in rows)
    return text.getvalue().encode()


def _cell(value: object) -> str:
    text = "" if value is None else str(value)
    return f"'{text}" if text.lstrip(" ").startswith(FORMULA) else text
