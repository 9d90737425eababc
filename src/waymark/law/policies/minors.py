"""Who signs when the person may be a minor.

Four answers: the person alone; the minor together with a parent or guardian; the minor with another guardian, because the
one at hand is said to have hurt somebody; ask counsel. Whoever is said to have hurt the minor or the other parent never
signs. What is not known is never taken for a yes or a no: counsel is asked, and care does not wait for the answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from waymark.law.formats.minor_files import MinorRule, minor_file

GROWN_UP = 18


class Signer(StrEnum):
    """Who has to sign; the value is said to the worker."""

    ALONE = "They sign alone."
    WITH_GUARDIAN = "They and a parent or guardian sign, and never one who is said to have hurt them or their other parent."
    WITH_OTHER_GUARDIAN = "They and the other parent or guardian sign. Who is said to have hurt somebody never signs."
    ASK_COUNSEL = "Ask counsel. Care does not wait for the answer."


@dataclass(frozen=True)
class WhoSigns:
    """The answer with its ground. `open_facts` are keys of what is not known and would decide; care does not wait."""

    signer: Signer
    rule: MinorRule | None = None
    open_facts: tuple[str, ...] = ()

    @property
    def notice(self) -> str:
        """What the law asks about a parent although the minor signs alone."""
        return self.rule.notice if self.rule is not None else ""

    @property
    def does_care_wait(self) -> bool:
        return False

    def may_sign_for_them(self, *, is_alleged_abuser: bool, is_guardian: bool) -> bool:
        """Whether somebody else's signature counts beside the minor's."""
        beside = self.signer in {Signer.WITH_GUARDIAN, Signer.WITH_OTHER_GUARDIAN}
        return beside and is_guardian and not is_alleged_abuser


def who_signs(service: str, age: int | None, on: date, facts: Mapping[str, bool | None]) -> WhoSigns:
    """Who signs for `service` on the day `on`; a fact that is absent, or None, is not known.

    Raises KeyError for a service or a fact that the file does not hold.
    """
    file = minor_file()
    strange = ({service} - file.services.keys()) | (set(facts) - file.facts.keys())
    if strange:
        raise KeyError(f"The file does not hold {sorted(strange)}")
    if age is None or facts.get("has_conservator"):
        return WhoSigns(Signer.ASK_COUNSEL)
    if age >= GROWN_UP or facts.get("is_emancipated"):
        return WhoSigns(Signer.ALONE)
    rules = [rule for rule in file.rules if rule.service == service and rule.youngest <= age and rule.is_in_force(on)]
    for rule in rules:
        if all(facts.get(need) for need in rule.needs):
            return WhoSigns(Signer.ALONE, rule)
    for rule in rules:
        unknown = tuple(need for need in rule.needs if facts.get(need) is None)
        if unknown and not any(facts.get(need) is False for need in rule.needs):
            return WhoSigns(Signer.ASK_COUNSEL, rule, unknown)
    return _beside_the_minor(facts)


def _beside_the_minor(facts: Mapping[str, bool | None]) -> WhoSigns:
    """No rule lets the minor sign alone: who signs beside them."""
    abuser, other = facts.get("parent_is_alleged_abuser"), facts.get("has_other_guardian")
    if abuser is None:
        return WhoSigns(Signer.ASK_COUNSEL, open_facts=("parent_is_alleged_abuser",))
    if not abuser:
        return WhoSigns(Signer.WITH_GUARDIAN)
    if other:
        return WhoSigns(Signer.WITH_OTHER_GUARDIAN)
    return WhoSigns(Signer.ASK_COUNSEL, open_facts=() if other is False else ("has_other_guardian",))
