"""Model spaces: the published numbers of models, names, and that every word is a hierarchical model."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hiddenpop.averaging.graphs import decomposable_graphs, graph_name
from hiddenpop.models import (
    format_model,
    generators,
    hierarchical_space,
    members,
    parse_model,
    single_model,
    two_way_space,
)


@pytest.mark.parametrize(("k", "count"), [(1, 1), (2, 1), (3, 8), (4, 113), (5, 6893)])
def test_the_number_of_hierarchical_models_is_the_published_one(k: int, count: int) -> None:
    # Dedekind-like numbers, OEIS A006126, less the saturated model; one list has only its main effect.
    words = hierarchical_space(k).words
    assert len(words) == len(set(words.tolist()))
    assert len(words) == (count if k > 1 else 0)


def test_six_lists_have_seven_million_models() -> None:
    assert len(hierarchical_space(6)) == 7_785_061


@pytest.mark.parametrize(("k", "count"), [(3, 8), (4, 64), (5, 1024), (6, 32768)])
def test_the_number_of_two_list_models(k: int, count: int) -> None:
    assert len(two_way_space(k)) == count


@pytest.mark.parametrize(("k", "count"), [(2, 2), (3, 8), (4, 61), (5, 822)])
def test_the_number_of_decomposable_graphs_is_the_published_one(k: int, count: int) -> None:
    # Labelled chordal graphs, OEIS A058862.
    graphs = decomposable_graphs(k)
    assert len(graphs) == count
    # Every list is covered once: cliques less separators.
    members_of = np.array([[code >> i & 1 for i in range(k)] for code in range(1 << k)])
    assert (graphs @ members_of == 1).all()
    assert (graphs.sum(axis=1) == 0).all()


def test_a_cycle_of_four_is_not_decomposable() -> None:
    names = {graph_name(weights, 4) for weights in decomposable_graphs(4)}
    assert "[12,14,23,34]" not in names
    assert {"[12,23,34]", "[123,134]", "[1,2,3,4]", "[1234]"} <= names


def slow_space(k: int) -> set[frozenset[int]]:
    """All hierarchical models by closing every antichain of generators."""
    tops = [code for code in range(1, 1 << k) if code.bit_count() >= 2]
    found = set()
    for size in range(len(tops) + 1):
        for chosen in combinations(tops, size):
            found.add(frozenset(members(chosen, k)))
    return found


def test_the_fast_enumeration_matches_a_slow_one() -> None:
    space = hierarchical_space(4)
    fast = {frozenset(space.parameters(int(word))) for word in space.words}
    slow = {family for family in slow_space(4) if len(family) < 16}
    assert fast == slow


@pytest.mark.parametrize("k", [3, 4, 5])
def test_words_are_closed_downwards_and_ordered_by_size(k: int) -> None:
    space = hierarchical_space(k)
    assert (np.diff(space.sizes()) >= 0).all()
    for word in space.words[:: max(1, len(space) // 200)]:
        inside = set(space.parameters(int(word)))
        assert {0, *(1 << i for i in range(k))} <= inside
        assert all(code & ~(1 << i) in inside for code in inside for i in range(k))
        assert space.word(space.name(int(word))) == int(word)


@pytest.mark.parametrize(
    ("text", "k", "name"),
    [
        ("[12,23,4]", 4, "[12,23,4]"),
        ("[4, 23,12]", 4, "[12,23,4]"),
        ("[12]", 3, "[12,3]"),
        ("[123,12,3]", 3, "[123]"),
        ("[]", 2, "[1,2]"),
        ("[21]", 2, "[12]"),
        ("[1-12,3]", 12, "[1-12,2,3,4,5,6,7,8,9,10,11]"),
    ],
)
def test_names_are_read_and_written(text: str, k: int, name: str) -> None:
    assert format_model(members(text, k), k) == name
    assert set(members(name, k)) == set(members(text, k))


@pytest.mark.parametrize("text", ["12,3", "[12,5]", "[0]", "[11]", "[a]", "[12;3]", "{12}"])
def test_a_name_that_is_no_model_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"\d|model"):
        parse_model(text, 4)


def test_spaces_refuse_more_lists_than_can_be_walked() -> None:
    with pytest.raises(ValueError, match="1 to 6 lists"):
        hierarchical_space(7)
    with pytest.raises(ValueError, match="1 to 7 lists"):
        two_way_space(8)
    with pytest.raises(ValueError, match="2 to 6 lists"):
        decomposable_graphs(7)
    with pytest.raises(ValueError, match="at most 64"):
        single_model("[1234567]", 7)


def test_a_two_list_space_has_no_word_for_a_triple() -> None:
    with pytest.raises(ValueError, match="outside this space"):
        two_way_space(4).word("[123,4]")


@settings(max_examples=60, deadline=None)
@given(st.integers(2, 5), st.data())
def test_generators_and_members_are_inverse(k: int, data: st.DataObject) -> None:
    tops = data.draw(st.lists(st.integers(1, (1 << k) - 1), max_size=5))
    inside = members(tops, k)
    assert set(members(generators(inside), k)) == set(inside)
    assert parse_model(format_model(inside, k), k) == tuple(sorted(generators(inside)))
