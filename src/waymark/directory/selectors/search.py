"""The server's search: what a person means, in a few words, misspelled, in English or Spanish.

Three things are put together. *Needs*: the words, slang and sentences of each need say which need a query is about.
*Text*: full text over the documents, each word as heavy as it is rare. *Spelling*: a word that no document holds is
replaced by the nearest words of the vocabulary. The finder's no-script search and the API use this one function.
"""

from __future__ import annotations

import json
import math
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from waymark.directory.formats.hsds_json import Json
from waymark.directory.models import Need
from waymark.directory.selectors.epoch import Remembered, publication_epoch
from waymark.directory.selectors.freshness import need_texts
from waymark.directory.selectors.words import STOP_WORDS, query_stems, raw_words, stem

# Found on the gold sets of benchmarks/ by trying a few values of each; flat around these.
QUERY_LENGTH = 400
MOST_WORDS = 12
WEIGHTS = "{0.05, 0.2, 0.5, 1.0}"
NEEDS_KEPT = 4
NEED_FLOOR = 0.35
NEED_SHARE = 1.2
PHRASE_BONUS = 0.6
SYNONYM_SHARE = 0.3
SYNONYM_FLOOR = 0.6
GENERAL_SHARE = 0.15
NEAR, FAR = 0.8, 0.55
UNKNOWN = 1.0
ENOUGH = 50
OPEN_STATUSES = ("active", "temporarily closed")


@dataclass(frozen=True)
class SearchFilters:
    """What narrows a search; all of them must hold."""

    needs: tuple[str, ...] = ()
    language: str = ""
    no_police: bool = False
    statuses: tuple[str, ...] = OPEN_STATUSES
    organization_id: uuid.UUID | None = None


@dataclass(frozen=True)
class Found:
    """One service that answers, with its public document."""

    service_id: uuid.UUID
    score: float
    document: Json


@dataclass(frozen=True)
class Meaning:
    """A query as understood: stems with their weights, and needs with theirs."""

    groups: tuple[tuple[float, tuple[tuple[str, float], ...]], ...] = ()
    needs: tuple[tuple[str, float], ...] = ()
    synonyms: tuple[tuple[float, str, int], ...] = ()  # weight, tsquery, how many words it holds
    is_heard: bool = False  # documents hold some of its words, so other words need not find any


@dataclass
class _KnownNeed:
    stems: dict[str, float] = field(default_factory=dict)
    phrases: list[tuple[str, ...]] = field(default_factory=list)
    telling: list[tuple[str, ...]] = field(default_factory=list)


_known_needs: Remembered[dict[str, _KnownNeed]] = Remembered(1)
_totals: Remembered[int] = Remembered(1)


def edit_distance(one: str, other: str, most: int) -> int:
    """Letters to change, add, drop or swap between two words; gives `most + 1` when it is more."""
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, left in enumerate(one, 1):
        current = [i]
        for j, right in enumerate(other, 1):
            cost = min(row[j] + 1, current[j - 1] + 1, row[j - 1] + (left != right))
            if i > 1 and j > 1 and left == other[j - 2] and one[i - 2] == right:
                cost = min(cost, before[j - 2] + 1)
            current.append(cost)
        if min(current) > most:
            return most + 1
        before, row = row, current
    return row[-1]


def _nearest(cursor: Any, word: str) -> tuple[tuple[str, float], ...]:
    """Words of the vocabulary that a misspelled word may stand for, nearer and more frequent ones first."""
    most = 0 if len(word) < 5 else 1 if len(word) < 7 else 2
    if not most:
        return ()
    cursor.execute(
        "SELECT word, services FROM directory_searchword WHERE word %% %s OR word LIKE %s"
        " ORDER BY similarity(word, %s) DESC LIMIT 60",
        [word, word[:2] + "%", word],
    )
    near = [(edit_distance(word, known, most), -services, known) for known, services in cursor.fetchall()]
    near = sorted(row for row in near if row[0] <= most)
    return tuple((known, NEAR if distance == 1 else FAR) for distance, _, known in near if distance == near[0][0])[:4]


def _load_needs() -> dict[str, _KnownNeed]:
    known: dict[str, _KnownNeed] = {}
    for need in Need.objects.all():
        entry = known[need.slug] = _KnownNeed()
        for text in need_texts(need):
            words = raw_words(text)
            phrase = tuple(stem(word) for word in words)
            if len(phrase) > 1:
                entry.phrases.append(phrase)
            telling = tuple(query_stems(text))
            if len(telling) <= 3 and not set(raw_words(text)) <= STOP_WORDS:
                entry.telling.append(telling)
            for word in words:
                if word not in STOP_WORDS or len(words) == 1:
                    # A word alone says more than a word in a long phrase.
                    share = 1.0 if len(words) <= 2 else 0.7
                    entry.stems[stem(word)] = max(entry.stems.get(stem(word), 0.0), share)
    return known


def _contains(words: Sequence[str], phrase: Sequence[str]) -> bool:
    size = len(phrase)
    return any(tuple(words[start : start + size]) == tuple(phrase) for start in range(len(words) - size + 1))


def _match_needs(
    text: str, groups: Sequence[tuple[float, tuple[tuple[str, float], ...]]], known: dict[str, _KnownNeed]
) -> tuple[tuple[str, float], ...]:
    """The needs that a query speaks of, with how surely."""
    frequency: dict[str, int] = {}
    for entry in known.values():
        for word in entry.stems:
            frequency[word] = frequency.get(word, 0) + 1

    def rarity(word: str) -> float:
        return math.log(1 + len(known) / frequency.get(word, 1))

    said = [stem(word) for word in raw_words(text)]
    total = sum(max((rarity(word) for word, _ in near), default=1.0) for _, near in groups) or 1.0
    scores = []
    for slug, entry in known.items():
        score = sum(
            max((weight * rarity(word) * entry.stems[word] for word, weight in near if word in entry.stems), default=0.0)
            for _, near in groups
        )
        score /= total
        longest = max((len(phrase) for phrase in entry.phrases if _contains(said, phrase)), default=0)
        if longest:
            score += PHRASE_BONUS * min(1.0, longest / max(2, len(said)) + 0.3)
        if score > 0:
            scores.append((score, slug))
    scores.sort(reverse=True)
    return tuple((slug, score) for score, slug in scores[:NEEDS_KEPT] if score >= NEED_FLOOR * scores[0][0])


def meaning_of(text: str) -> Meaning:
    """What a query means. It is not remembered: nobody keeps what a person typed."""
    return _understand(text[:QUERY_LENGTH], publication_epoch())


def _understand(text: str, epoch: int | None) -> Meaning:
    words = query_stems(text)[:MOST_WORDS]
    if not words:
        return Meaning()
    with connection.cursor() as cursor:
        cursor.execute("SELECT word, services FROM directory_searchword WHERE word = ANY(%s)", [words])
        frequency = dict(cursor.fetchall())
        total = _totals.get("services", epoch, lambda: _count(cursor))
        known = _known_needs.get("needs", epoch, _load_needs)
        need_words = {word for entry in known.values() for word in entry.stems}
        groups = []
        for word in words:
            near: tuple[tuple[str, float], ...] = ((word, 1.0),)
            if word not in frequency:
                near = _nearest(cursor, word)
                if word in need_words:
                    # A need knows the word (slang, Spanish, a frequent slip), but documents may spell it another way.
                    near = ((word, 1.0), *(pair for pair in near if pair[1] == NEAR))
                near = near or ((word, 1.0),)
            if near[0][0] not in frequency:
                cursor.execute("SELECT services FROM directory_searchword WHERE word = %s", [near[0][0]])
                frequency[near[0][0]] = (cursor.fetchone() or (0,))[0]
            # A word that no document holds cannot tell one from another; it still counts for needs.
            known_here = frequency.get(near[0][0], 0) or any(pair[0] != word for pair in near)
            rare = math.log(1 + (total + 1) / (1 + frequency.get(near[0][0], 0))) if known_here else 0.0
            groups.append((rare, near))
        needs = _match_needs(text, groups, known)
        said = {word for _, near in groups for word, _ in near}
        synonyms = _synonyms(cursor, needs, known, said, total)
    heard = sum(frequency.get(word, 0) for word in words) >= ENOUGH
    return Meaning(tuple(groups), needs, synonyms, heard)


def _synonyms(
    cursor: Any, needs: tuple[tuple[str, float], ...], known: dict[str, _KnownNeed], said: set[str], total: int
) -> tuple[tuple[float, str, int], ...]:
    """Other words for the needs of a query, for services that nobody has linked to a need, such as imported ones."""
    found = []
    for slug, score in needs:
        if score < SYNONYM_FLOOR * needs[0][1]:
            continue
        # What was said itself counts as text already.
        phrases = [phrase for phrase in dict.fromkeys(known[slug].telling) if not said & set(phrase)]
        words = list({word for phrase in phrases for word in phrase})
        cursor.execute("SELECT word, services FROM directory_searchword WHERE word = ANY(%s)", [words])
        frequency = dict(cursor.fetchall())
        kept = [
            phrase
            for phrase in phrases
            if all(word in frequency for word in phrase)
            and min(frequency[word] for word in phrase) <= max(3, total * GENERAL_SHARE)
        ]
        if kept:
            query = " | ".join("(" + " & ".join(f"'{word}'" for word in phrase) + ")" for phrase in kept)
            found.append((score, query, sum(map(len, kept))))
    return tuple(found)


def _count(cursor: Any) -> int:
    cursor.execute("SELECT count(*) FROM directory_servicedocument")
    return int(cursor.fetchone()[0])


def _tsquery(words: Sequence[tuple[str, float]]) -> str:
    return " | ".join(f"'{word}'" for word, _ in words)


def ranking(meaning: Meaning, alias: str = "d") -> tuple[str, list[Any], str, list[Any]]:
    """SQL of a meaning over service documents, known as `alias`: a condition with its parameters, a score with its."""
    conditions: list[str] = []
    condition_values: list[Any] = []
    scores: list[str] = []
    score_values: list[Any] = []
    total = sum((rare or UNKNOWN) * near[0][1] for rare, near in meaning.groups) or 1.0
    if meaning.groups:
        conditions.append(f"{alias}.vector @@ %s::tsquery")
        condition_values.append(" | ".join(_tsquery(near) for _, near in meaning.groups))
        for rare, near in meaning.groups:
            scores.append(f"%s * ts_rank(%s, {alias}.vector, %s::tsquery)")
            score_values += [near[0][1] * rare / total, WEIGHTS, _tsquery(near)]
    if meaning.needs:
        conditions.append(f"{alias}.needs && %s::varchar[]")
        condition_values.append([slug for slug, _ in meaning.needs])
        for slug, weight in meaning.needs:
            scores.append(f"CASE WHEN {alias}.needs @> ARRAY[%s]::varchar[] THEN %s ELSE 0 END")
            score_values += [slug, NEED_SHARE * weight]
    for weight, query, size in meaning.synonyms:
        if not meaning.is_heard:
            conditions.append(f"{alias}.vector @@ %s::tsquery")
            condition_values.append(query)
        scores.append(f"%s * least(1, %s * ts_rank(%s, {alias}.vector, %s::tsquery))")
        score_values += [SYNONYM_SHARE * weight, size, WEIGHTS, query]
    if not conditions:
        # A bare number to sort by would be taken for the number of a column.
        return "false", [], "0::real", []
    return f"({' OR '.join(conditions)})", condition_values, " + ".join(scores), score_values


def _narrowing(filters: SearchFilters) -> tuple[list[str], list[Any]]:
    conditions = ["status = ANY(%s)"]
    values: list[Any] = [list(filters.statuses)]
    if filters.needs:
        conditions.append("needs && %s::varchar[]")
        values.append(list(filters.needs))
    if filters.language:
        conditions.append("languages @> ARRAY[%s]::varchar[]")
        values.append(filters.language)
    if filters.no_police:
        conditions.append("police_contact = 'never_unless_law'")
    if filters.organization_id:
        conditions.append("organization_id = %s")
        values.append(filters.organization_id)
    return conditions, values


def search_services(
    query: str, *, language: str = "en", filters: SearchFilters | None = None, limit: int = 25
) -> list[Found]:
    """Services that answer a query, best first. An empty query lists by name what the filters leave."""
    conditions, values = _narrowing(filters or SearchFilters())
    meaning = meaning_of(query)
    score = "0"
    score_values: list[Any] = []
    if query.strip():
        condition, found_values, score, score_values = ranking(meaning)
        conditions.append(condition)
        values += found_values
    # A service that also answers in the visitor's language comes before its equal.
    order = f"({score}) + CASE WHEN %s <> 'en' AND languages @> ARRAY[%s]::varchar[] THEN 0.01 ELSE 0 END"
    with connection.cursor() as cursor:
        cursor.execute(
            f'SELECT service_id, {order} AS score, "full" FROM directory_servicedocument d'  # noqa: S608
            f" WHERE {' AND '.join(conditions)} ORDER BY score DESC, name, service_id LIMIT %s",
            [*score_values, language, language, *values, limit],
        )
        return [Found(key, float(points), json.loads(full)) for key, points, full in cursor.fetchall()]
