"""A table without identifiers: ask people themselves which services knew them.

Linking lists needs names, and for victim-service agencies a release from everybody on them. An anonymous survey needs
neither: people met at drop-ins, in shelters, by outreach or through each other say which of a few services knew them in
the period, and each answer is a capture history. What is lost is that people whom the survey does not meet are not in
it; what is gained is that nobody had to hand over a record.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Any

from scipy.stats import norm

from hiddenpop.histories import CaptureHistories, InvalidTable
from hiddenpop.results import Estimate, Interval, refusal

__all__ = ["SurveyTable", "read_survey"]

_YES = frozenset({"1", "yes", "y", "true", "t", "x", "si", "sí"})
_NO = frozenset({"0", "no", "n", "false", "f"})
_UNCLEAR = frozenset({"", "?", "don't know", "dont know", "not sure", "unsure", "refused", "prefer not to say"})
_NONE = frozenset({"none", "nobody", "no one", "none of these"})
#: Columns that an anonymous survey has no business holding.
_IDENTIFYING = frozenset(
    {"name", "first_name", "last_name", "email", "phone", "address", "birth_date", "dob", "date_of_birth", "ssn"}
)


@dataclass(frozen=True)
class SurveyTable:
    """What an anonymous survey says about who is known to whom.

    Parameters
    ----------
    histories : CaptureHistories
        Respondents whom at least one service knew, by the services that knew them.
    respondents : int
        All rows.
    known_to_none : int
        Respondents whom no service knew. They are left out of the table: the model estimates how many such people there
        are, and how many happened to answer depends on how the survey found them.
    unclear : int
        Respondents who were not sure about some service; they have no place in the table and are left out.
    """

    histories: CaptureHistories
    respondents: int
    known_to_none: int
    unclear: int

    @property
    def warnings(self) -> tuple[str, ...]:
        """What the reader must know before the table is used."""
        scale = (
            "A total estimated from this table is on the survey's own scale: it counts respondents and should come "
            "near their number. A service's own count of people turns it into people (the multiplier)."
        )
        found = [scale]
        if self.unclear:
            found.append(
                f"{self.unclear} of {self.respondents} respondents were not sure about some service and are left out. "
                "If unsure people are known to fewer services, the total comes out too low."
            )
        if self.known_to_none:
            share = self.known_to_none / (self.respondents - self.unclear)
            found.append(
                f"{self.known_to_none} respondents ({share:.0%}) were known to no service: a check on the estimated "
                "share of unknown people, which it should not fall far below."
            )
        return tuple(found)

    def multiplier(self, service: str, people: int, *, level: float = 0.95) -> Estimate:
        """Estimate the population from one service's own count and the share of respondents it knew.

        Parameters
        ----------
        service : str
        people : int
            Different people that the service knew in the period, from its own books.
        level : float

        Returns
        -------
        Estimate
            ``people`` divided by the share, with Wilson's interval for the share.

        Raises
        ------
        InvalidTable
            The survey names no such service, or the service knew fewer people than it has respondents.

        Notes
        -----
        Bias: too low when the survey finds the service's people more readily than others, too high when it finds
        them less readily; too high when the service counts a person twice.

        References
        ----------
        UNAIDS and WHO (2010). Guidelines on estimating the size of populations most at risk to HIV. Geneva.

        Examples
        --------
        >>> round(read_survey("a,b\\nyes,no\\nyes,yes\\nno,no\\nno,yes\\n").multiplier("a", 50).estimate)
        100
        """
        names = self.histories.list_names
        if service not in names:
            raise InvalidTable(f"there is no service {service!r}; the survey names {', '.join(names)}")
        known = int(self.histories.list_totals[names.index(service)])
        asked = self.respondents - self.unclear
        if people < known:
            raise InvalidTable(f"{service!r} counted {people} people, yet {known} respondents say that it knew them")
        if known == 0:
            reason = f"No respondent was known to {service!r}: its count says nothing about the others."
            return refusal("multiplier", asked, reason, level=level, period=self.histories.period)
        share, z = known / asked, float(norm.ppf(0.5 + level / 2))
        middle = (share + z * z / (2 * asked)) / (1 + z * z / asked)
        reach = z / (1 + z * z / asked) * sqrt(share * (1 - share) / asked + z * z / (4 * asked * asked))
        observed = max(people, asked)
        total = max(people / share, float(observed))
        ends = (people / min(middle + reach, 1.0), people / max(middle - reach, 1e-12))
        return Estimate(
            "multiplier",
            total,
            Interval(min(max(ends[0], float(observed)), total), max(ends[1], total), level, "Wilson interval of the share"),
            level,
            observed=observed,
            assumptions=(
                "The survey finds the people of the service no more and no less readily than others.",
                "The service counts each person once, for the period that respondents were asked about.",
            ),
            bias="Too low when the survey finds the service's people more readily than others, too high when less.",
            period=self.histories.period,
            warnings=self.warnings[1:],
            details={"service": service, "people": people, "share": share},
        )

    def to_json_dict(self) -> dict[str, Any]:
        """Plain values for a report."""
        return {
            "lists": list(self.histories.list_names),
            "respondents": self.respondents,
            "in_table": self.histories.n,
            "known_to_none": self.known_to_none,
            "unclear": self.unclear,
            "warnings": list(self.warnings),
        }


def read_survey(
    text: str,
    *,
    services: Sequence[str] = (),
    column: str | None = None,
    separator: str = ";",
    stratum: str | None = None,
    period: str | None = None,
) -> SurveyTable:
    """Read an anonymous survey, one row a respondent.

    Parameters
    ----------
    text : str
        A CSV file's content. Either one column a service, answered yes or no, or one column in which the services are
        listed (``"shelter;hotline"``, ``"none"``).
    services : sequence of str, optional
        The services, in order; by default every column but the stratum, or every service that is listed.
    column : str, optional
        The column in which services are listed.
    separator : str
        What stands between services in that column.
    stratum : str, optional
        A column of subgroups.
    period : str, optional
        The window of time that respondents were asked about.

    Returns
    -------
    SurveyTable

    Raises
    ------
    InvalidTable
        Names line and column; also when the file holds columns that identify people.

    Notes
    -----
    Assumes that respondents answer once, remember which services knew them, and mean the same service by its name.
    Answering twice counts a person twice. Forgetting a service makes overlaps too small and totals too high. A survey
    made at one service's door finds people of that service too often: totals come out too low.

    Examples
    --------
    >>> answers = "shelter,hotline\\nyes,no\\nyes,yes\\nno,no\\nno,?\\n"
    >>> table = read_survey(answers)
    >>> table.histories.n, table.known_to_none, table.unclear
    (2, 1, 1)
    """
    reader = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")), skipinitialspace=True)
    header = [name.strip() for name in reader.fieldnames or ()]
    reader.fieldnames = header
    telling = [name for name in header if name.lower() in _IDENTIFYING]
    if telling:
        raise InvalidTable(f"line 1: an anonymous survey has no column {telling[0]!r}; take it out of the file")
    for wanted in (column, stratum, *(services if column is None else ())):
        if wanted is not None and wanted not in header:
            raise InvalidTable(f"line 1: there is no column {wanted!r}; the columns are {', '.join(header)}")
    rows = [(reader.line_num, {name: (row.get(name) or "").strip() for name in header}) for row in reader]
    if column is None:
        names = tuple(services) or tuple(name for name in header if name != stratum)
        answers = [_ticked(names, row, line) for line, row in rows]
    else:
        known = [_listed(row[column], separator) for _, row in rows]
        names = tuple(services) or tuple(sorted({name for each in known for name in each or ()}))
        answers = [
            _placed(names, each, f"line {line}, column {column!r}") for (line, _), each in zip(rows, known, strict=True)
        ]
    if not names:
        raise InvalidTable("the survey names no service")
    kept = [at for at, answer in enumerate(answers) if answer is not None and any(answer)]
    table = CaptureHistories.from_rows(
        names,
        [answers[at] or () for at in kept],
        strata=None if stratum is None else [rows[at][1][stratum] or "not stated" for at in kept],
        period=period,
    )
    unclear = sum(answer is None for answer in answers)
    return SurveyTable(table, len(answers), len(answers) - unclear - len(kept), unclear)


def _ticked(names: Sequence[str], row: dict[str, str], line: int) -> tuple[int, ...] | None:
    """A respondent's yes and no for each service; None when one of them is unclear."""
    answer = []
    for name in names:
        word = row[name].lower()
        if word in _UNCLEAR:
            return None
        if word not in _YES | _NO:
            raise InvalidTable(f"line {line}, column {name!r}: expected yes or no, found {row[name]!r}")
        answer.append(int(word in _YES))
    return tuple(answer)


def _listed(text: str, separator: str) -> list[str] | None:
    """The services in one cell; None when it says nothing."""
    if text.lower() in _UNCLEAR:
        return None
    if text.lower() in _NONE:
        return []
    return [part.strip() for part in text.split(separator) if part.strip()]


def _placed(names: Sequence[str], known: list[str] | None, where: str) -> tuple[int, ...] | None:
    if known is None:
        return None
    for name in known:
        if name not in names:
            raise InvalidTable(f"{where}: {name!r} is none of the services {', '.join(names)}")
    return tuple(int(name in known) for name in names)
