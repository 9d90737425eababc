"""Where the newsroom's addresses lead. Its things are the coalition's; policies hide an agency's drafts from the others."""

from __future__ import annotations

from typing import Any

from tests.factories.accounts import AgencyFactory, UserFactory
from tests.factories.disclosures import acting
from tests.factories.newsroom import FIGURE, FigureFactory, RequestFactory, a_draft, checking, cleared, released
from tests.plugins.places import no_object, of_agency, of_coalition
from tests.waymark.disclosures.places import elsewhere

from waymark.access.permissions import Role
from waymark.newsroom.actions.corrections import correct_item, propose_figure_correction
from waymark.newsroom.actions.figures import propose_figure
from waymark.newsroom.actions.press import COUNCIL_WORDS
from waymark.newsroom.models import FigureCorrection, FigureProposal, PressItem, Wording

NOT_THEIRS = "only its own agency and the coalition's editors work on it"
OTHERS = {Role.ADVOCATE: NOT_THEIRS, Role.COUNCIL: NOT_THEIRS, Role.MEMBER: NOT_THEIRS, Role.OFFICER: NOT_THEIRS}
EDITED = {"hidden_from": OTHERS}
READ = {"hidden_from": {role: why for role, why in OTHERS.items() if role is not Role.COUNCIL}}


def _writer() -> Any:
    return UserFactory(role=Role.STEWARD.value, display_name="Invented writer")


def _in_office(world: Any, maker: Any) -> Any:
    """Made by somebody of the office who never asks."""
    return world.once(maker)


def _draft() -> PressItem:
    return a_draft(_writer(), title="Invented draft")


def _checked() -> PressItem:
    return cleared(_writer(), is_late=True, title="Invented checked words")


def _public() -> PressItem:
    return released(_writer(), is_late=True, title="Invented public words")


def _correction() -> Wording:
    by = _writer()
    item = released(by, is_late=True, title="Invented words with a mistake")
    words = {name: getattr(item, name) for name in COUNCIL_WORDS}
    with acting(by):
        return correct_item(
            item=item, words={**words, "title": "Invented words"}, reason="A mistake", is_safety=False, by=by
        )


def _figure_correction() -> FigureCorrection:
    by, figure = _writer(), FigureFactory(key="invented_places")
    with acting(by):
        return propose_figure_correction(figure=figure, field="value", after="13", reason="A mistake", by=by)


def draft(world: Any) -> dict[str, Any]:
    return {"pk": _in_office(world, _draft).pk}


def checked(world: Any) -> dict[str, Any]:
    return {"pk": _in_office(world, _checked).pk}


def public(world: Any) -> dict[str, Any]:
    return {"pk": _in_office(world, _public).pk}


def correction(world: Any) -> dict[str, Any]:
    return {"pk": _in_office(world, _correction).pk}


def _named(agency: Any) -> Any:
    by = UserFactory(role=Role.OFFICER.value, agency=AgencyFactory(name=f"Invented namer of {agency.name}"))
    item, _ = checking(by, partners=(agency,))
    with acting(by):
        return item.checks.get().pk


def check(world: Any, agency: Any) -> dict[str, Any]:
    """A release of the office in which an agency is named, and that agency's check."""

    # In a transaction of its own: ours acts for the agency of the matrix.
    return {"pk": elsewhere(lambda: _named(agency))}


def figure(world: Any) -> dict[str, Any]:
    return {"pk": world.once(FigureFactory, key="invented_figure").pk}


def figure_correction(world: Any) -> dict[str, Any]:
    return {"pk": _in_office(world, _figure_correction).pk}


def _proposal() -> FigureProposal:
    by = _writer()
    with acting(by):
        return propose_figure(values=FIGURE, by=by)


def proposal(world: Any) -> dict[str, Any]:
    return {"pk": _in_office(world, _proposal).pk}


def asked(world: Any) -> dict[str, Any]:
    return {"pk": world.once(RequestFactory, name="Invented Asker").pk}


PLACES = {
    "newsroom:check_answer": of_agency(check),
    "newsroom:figure_correct": of_coalition(figure),
    "newsroom:figure_correction_apply": of_coalition(figure_correction),
    "newsroom:figure_correction_drop": of_coalition(figure_correction),
    "newsroom:figure_detail": of_coalition(figure),
    "newsroom:figure_list": no_object(),
    "newsroom:item_add": no_object(),
    "newsroom:item_correct": of_coalition(public, **EDITED),
    "newsroom:item_delete": of_coalition(draft, **EDITED),
    "newsroom:item_detail": of_coalition(checked, **READ),
    "newsroom:item_edit": of_coalition(draft, **EDITED),
    "newsroom:item_list": no_object(),
    "newsroom:item_preview": of_coalition(checked, **READ),
    "newsroom:item_release": of_coalition(checked, **EDITED),
    "newsroom:item_send": of_coalition(draft, **EDITED),
    "newsroom:item_take_back": of_coalition(checked, **EDITED),
    "newsroom:item_withdraw": of_coalition(public, **EDITED),
    "newsroom:correction_apply": of_coalition(correction, **EDITED),
    "newsroom:correction_drop": of_coalition(correction, **EDITED),
    "newsroom:presence": no_object(),
    "newsroom:embargo_list": no_object(),
    "newsroom:proposal_add": no_object(),
    "newsroom:proposal_detail": of_coalition(proposal),
    "newsroom:proposal_drop": of_coalition(proposal),
    "newsroom:proposal_list": no_object(),
    "newsroom:proposal_put_up": of_coalition(proposal),
    "newsroom:request_answer": of_coalition(asked),
    "newsroom:request_delete": of_coalition(asked),
    "newsroom:request_detail": of_coalition(asked),
    "newsroom:request_list": no_object(),
}
