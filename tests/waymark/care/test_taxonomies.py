"""The taxonomy says of each service what the funders call it, and names nobody's code that is not there."""

from __future__ import annotations

import pytest

from waymark.care.formats import taxonomies
from waymark.care.formats.taxonomies import CURRENT, HmisCode, NotInTaxonomy, current, taxonomy, versions


@pytest.mark.parametrize("version", versions())
def test_each_version_is_whole(version: str) -> None:
    here = taxonomy(version)
    assert here.version == version
    assert here.as_of < here.next_review_on
    for kind in here.kinds.values():
        assert kind.group in here.groups
        assert len(kind.code) <= 40
        for funder, code in (("voca", kind.voca), ("otip", kind.otip), ("hmis", kind.hmis.key if kind.hmis else None)):
            assert code is None or code in here.funders[funder].codes, f"{kind.code}: {funder} knows no {code}"
    assert {kind.group for kind in here.kinds.values()} == set(here.groups)
    for funder in here.funders.values():
        assert funder.source
        assert funder.read is None or set(funder.read) <= set(funder.codes)


def test_the_crosswalks_lead_to_the_funders_codes() -> None:
    now = current()
    assert now.version == CURRENT
    assert now.voca["shelter_night"] == "D1"
    assert now.otip["necessities"] == "basic_necessities"
    assert now.hmis["schooling"] == HmisCode(record_type=142, type_provided=5)
    assert now.hmis["emergency_money"] == HmisCode(event=16)
    # What a funder does not count is absent, which is not zero.
    assert "life_skills" not in now.voca
    # One code of VOCA is reached by two ways of ours elsewhere: B3 beside police, so E9 stays empty.
    assert set(now.funders["voca"].codes) - set(now.voca.values()) == {"E9"}


def test_every_kind_can_be_chosen_once() -> None:
    offered = [code for _, kinds in current().choices() for code, _ in kinds]
    assert sorted(offered) == sorted(current().kinds)


def test_no_kind_of_service_is_a_place() -> None:
    fields = set(taxonomies.ServiceKind.__dataclass_fields__)
    assert not fields & {"place", "location", "address"}


@pytest.mark.parametrize("version", ["", "../2026.1", "1999.9", "2026.1.toml"])
def test_an_unknown_version_or_code_is_none_of_ours(version: str) -> None:
    with pytest.raises(NotInTaxonomy):
        taxonomy(version)
    with pytest.raises(NotInTaxonomy):
        current().kind("no such thing")


@pytest.mark.parametrize("version", versions())
def test_every_kind_has_its_words_in_spanish(version: str) -> None:
    kinds = taxonomy(version).kinds.values()
    assert all(kind.es and kind.es != kind.label for kind in kinds)
    assert len({kind.es for kind in kinds}) == len(kinds)
