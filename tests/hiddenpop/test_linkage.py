"""Linking without names: encodings, matching, decoys, what comes out."""

from __future__ import annotations

import hashlib
import hmac
import itertools
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hiddenpop.histories import InvalidTable
from hiddenpop.linkage import (
    Decoys,
    Encoded,
    Person,
    Recipe,
    cluster,
    decoy_key,
    encode,
    link,
    misremembered,
    pairs_above,
    quality,
    read_people,
    synthetic_people,
)
from hiddenpop.linkage.clusters import MOST_CANDIDATES
from hiddenpop.linkage.encoding import clean_filters
from hiddenpop.linkage.people import plain_letters
from hiddenpop.results import Refusal

SECRET = bytes(range(32))
ANA = Person("Ana", "Lee", date(1990, 2, 3))


def dice(a, b):
    both, size = np.bitwise_count(a & b).sum(), np.bitwise_count(a).sum() + np.bitwise_count(b).sum()
    return 2 * both / size


def slow_filter(person, secret, recipe):
    """A plain slow twin: one bit at a time, folded by hand."""
    bits = [0] * recipe.bits
    tokens = [(f"d{person.born.day}", recipe.day_bits), (f"m{person.born.month}", recipe.day_bits)]
    for prefix, name in (("f", person.first_name), ("l", person.last_name)):
        letters = "_" + plain_letters(name) + "_"
        tokens += [(prefix + a + b, recipe.pair_bits) for a, b in itertools.pairwise(letters)]
    for token, count in tokens:
        digest = hmac.new(secret, f"{person.born.year}|{token}".encode(), hashlib.sha512).digest()
        for i in range(count):
            bits[(digest[2 * i] * 256 + digest[2 * i + 1]) % recipe.bits] = 1
    half = recipe.bits // 2
    return [a ^ b for a, b in zip(bits[:half], bits[half:], strict=True)]


@pytest.mark.parametrize("recipe", [Recipe(), Recipe(bits=256, pair_bits=3, day_bits=1)])
def test_filters_against_the_slow_twin(recipe):
    people = [ANA, Person("Zoë", "O'Brien", date(1971, 12, 31)), *synthetic_people(5, 1)]
    fast = clean_filters(people, SECRET, recipe)
    assert fast.shape == (7, recipe.words)
    for person, words in zip(people, fast, strict=True):
        bits = [int(word) >> at & 1 for word in words for at in range(64)]
        assert bits == slow_filter(person, SECRET, recipe)


def test_no_people_no_filters():
    assert clean_filters([], SECRET, Recipe()).shape == (0, 8)


def test_year_of_birth_and_secret_change_everything():
    recipe = Recipe()
    own = clean_filters([ANA], SECRET, recipe)[0]
    later = clean_filters([Person("Ana", "Lee", date(1991, 2, 3))], SECRET, recipe)[0]
    other = clean_filters([ANA], SECRET[::-1], recipe)[0]
    near = clean_filters([Person("Anna", "Lee", date(1990, 2, 3))], SECRET, recipe)[0]
    assert dice(own, near) > 0.8
    assert dice(own, later) < 0.4
    assert dice(own, other) < 0.4


def test_flips_are_as_many_as_the_recipe_says():
    people = [ANA] * 200
    noisy = encode(people, SECRET, name="A", rng=3).filters
    apart = np.bitwise_count(noisy ^ clean_filters([ANA], SECRET, Recipe())).sum()
    assert apart / (200 * 512) == pytest.approx(0.05, abs=0.003)
    quiet = encode([ANA], SECRET, name="A", recipe=Recipe(flip=0.0)).filters
    assert np.array_equal(quiet, clean_filters([ANA], SECRET, Recipe()))


def test_encoding_repeats_with_its_seed_and_not_with_another():
    first, same, other = (encode(synthetic_people(20, 1), SECRET, name="A", rng=seed) for seed in (5, 5, 6))
    assert np.array_equal(first.filters, same.filters)
    assert np.array_equal(first.ids, same.ids)
    assert not np.array_equal(first.ids, other.ids)


def test_short_secrets_and_odd_recipes_are_refused():
    with pytest.raises(ValueError, match="the secret has 31 bytes: 32 random bytes are needed"):
        encode([ANA], SECRET[:31], name="A")
    for wrong in ({"bits": 100}, {"bits": 64}, {"pair_bits": 0}, {"day_bits": 33}, {"flip": 0.5}, {"flip": -0.1}):
        with pytest.raises(ValueError, match="bit|flip"):
            Recipe(**wrong)


def test_encoded_list_survives_its_file():
    before = encode(synthetic_people(9, 1), SECRET, name="shelter", rng=1)
    after = Encoded.from_text(before.to_text())
    assert (after.name, after.recipe) == ("shelter", Recipe())
    assert np.array_equal(after.filters, before.filters)
    assert np.array_equal(after.ids, before.ids)
    assert "shelter" in before.to_text().splitlines()[0]
    for text, message in (
        ("", "line 1: this is not an encoded list"),
        ("{}", "line 1: this is not an encoded list"),
        (before.to_text() + "abc\n", "line 11: 144 hexadecimal digits are needed"),
        (before.to_text() + "00\n", "line 11: 144 hexadecimal digits are needed"),
    ):
        with pytest.raises(InvalidTable, match=message):
            Encoded.from_text(text)


def slow_pairs(a, b, threshold):
    return {(i, j): dice(x, y) for i, x in enumerate(a) for j, y in enumerate(b) if dice(x, y) >= threshold}


@pytest.mark.parametrize("workers", [1, 2])
def test_pairs_against_the_slow_twin(workers):
    random = np.random.default_rng(4)
    a, b = random.integers(0, 2**64, (30, 2), dtype=np.uint64), random.integers(0, 2**64, (25, 2), dtype=np.uint64)
    b[:5] = a[:5]
    threshold = 0.55
    found = pairs_above(a, b, threshold, workers=workers)
    got = {(int(i), int(j)): s for i, j, s in zip(found.left, found.right, found.score, strict=True)}
    assert got == pytest.approx(slow_pairs(a, b, threshold))
    assert np.all(np.diff(found.score) <= 0)
    assert got[0, 0] == 1.0


def test_only_the_best_candidates_are_kept():
    row = np.array([[0xFF]], dtype=np.uint64)
    many = np.array([[0xFF >> (i % 5)] for i in range(40)], dtype=np.uint64)
    found = pairs_above(row, many, 0.1)
    assert len(found.score) == MOST_CANDIDATES
    assert sorted(found.score) == pytest.approx(sorted(slow_pairs(row, many, 0.1).values())[-MOST_CANDIDATES:])


def test_empty_filters_match_nothing():
    nobody = np.zeros((2, 1), dtype=np.uint64)
    assert len(pairs_above(nobody, nobody, 0.1).score) == 0
    assert len(pairs_above(nobody[:0], nobody, 0.1).score) == 0


def encoded(people, name, seed=1, **options):
    return encode(people, SECRET, name=name, rng=seed, **options)


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 1000), st.integers(2, 4))
def test_no_two_records_of_a_list_are_one_person(seed, lists):
    random = np.random.default_rng(seed)
    people = synthetic_people(15, seed)
    made = [encoded([people[i] for i in random.integers(0, 15, size=10)], f"L{at}", seed + at) for at in range(lists)]
    labels, match = cluster(made, 0.5)
    home = np.repeat(np.arange(lists), 10)
    assert len(set(zip(labels.tolist(), home.tolist(), strict=True))) == 10 * lists
    assert np.all(home[match.left] < home[match.right])


def test_three_lists_give_the_true_table():
    people = synthetic_people(120, 7)
    sets = {"A": people[:60], "B": people[30:90], "C": people[50:120]}
    result = link([encoded(held, name, at) for at, (name, held) in enumerate(sets.items())], period="2024")
    assert result.histories.list_names == ("A", "B", "C")
    assert result.histories.period == "2024"
    assert dict(result.histories.rows()) == {
        (1, 0, 0): 30, (1, 1, 0): 20, (1, 1, 1): 10, (0, 1, 1): 30, (0, 0, 1): 30,
    }  # fmt: skip
    assert (result.missed, result.missed_range, result.decoy_pairs) == (None, None, 0)
    assert result.false < 0.01


def test_misspelled_people_are_found_again():
    random = np.random.default_rng(3)
    people = synthetic_people(1500, random)
    other = [misremembered(person, random, typo=0.3, wrong_day=0.1) for person in people[500:]]
    # The ids carry the truth here, as only decoys' ids can.
    lists = [
        encoded([], "A", 1, decoys=[(p, i) for i, p in enumerate(people[:1000])]),
        encoded([], "B", 2, decoys=[(p, i + 500) for i, p in enumerate(other)]),
    ]
    truth = np.concatenate([each.ids for each in lists]).astype(np.int64)
    precision, recall, f1 = quality(cluster(lists, 0.64)[0], truth)
    assert f1 >= 0.995
    assert min(precision, recall) > 0.99


def test_decoys_are_taken_out_and_measure_what_was_missed():
    decoys = Decoys(decoy_key(SECRET), 400, typo=0.9, wrong_day=0.5)
    people = synthetic_people(300, 5)
    lists = [
        encoded(people[:200], "A", 1, decoys=decoys.records("A")),
        encoded(people[100:], "B", 2, decoys=decoys.records("B")),
    ]
    result = link(lists, decoys=decoys)
    assert dict(result.histories.rows()) == {(1, 0): 100, (0, 1): 100, (1, 1): 100}
    shared = len(set(decoys.identities("A").values()) & set(decoys.identities("B").values()))
    assert result.decoy_pairs == shared
    assert pytest.approx(shared, rel=0.2) == 0.36 * 400
    low, high = result.missed_range
    assert 0.0 <= low <= result.missed <= high <= 1.0
    assert result.missed > 0.05
    with_them = link(lists)
    assert with_them.histories.n > result.histories.n
    assert result.to_json_dict()["decoy_pairs"] == shared
    assert result.to_json_dict()["lists"] == ["A", "B"]


def test_decoys_agree_between_lists_and_keep_the_secret():
    key = decoy_key(SECRET)
    assert key != SECRET
    assert decoy_key(SECRET[::-1]) != key
    decoys = Decoys(key, 50, typo=0.0, wrong_day=0.0)
    a = {decoys.identities("A")[i]: person for person, i in decoys.records("A")}
    b = {decoys.identities("B")[i]: person for person, i in decoys.records("B")}
    assert a.keys() != b.keys()
    assert all(a[place] == b[place] for place in a.keys() & b.keys())
    assert decoys.records("A") == decoys.records("A")
    assert not set(decoys.identities("A")) & set(decoys.identities("B"))


def test_false_matches_are_estimated():
    # Namesakes of different days: a low threshold joins some of them, and the estimate sees it coming.
    random = np.random.default_rng(9)
    people = synthetic_people(3000, random)
    result_strict, result_loose = (
        link([encoded(people[:1500], "A", 1), encoded(people[1500:], "B", 2)], threshold=t) for t in (0.75, 0.5)
    )
    assert result_strict.false <= result_loose.false
    assert result_loose.histories.counts[3] > result_strict.histories.counts[3]


def test_lists_that_cannot_be_linked_are_refused():
    one = encoded([ANA], "A")
    with pytest.raises(Refusal, match="at least two lists"):
        link([one])
    with pytest.raises(Refusal, match="different recipes"):
        link([one, encoded([ANA], "B", recipe=Recipe(flip=0.1))])


def test_reading_lists():
    text = "first_name,last_name,birth_date,other\nAna,Lee,1990-02-03,x\nBo,O'Neil,1985-12-31,\n"
    assert read_people(text) == [ANA, Person("Bo", "O'Neil", date(1985, 12, 31))]
    for wrong, message in (
        (text.replace("last_name", "surname"), "line 1: there is no column 'last_name'"),
        (text.replace("1985-12-31", "31.12.85"), "line 3, column 'birth_date': a day like 1990-02-03"),
        (text.replace("Bo,", " ,"), "line 3, column 'first_name': there is no name"),
    ):
        with pytest.raises(InvalidTable, match=message):
            read_people(wrong)


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 10_000))
def test_misremembering_changes_one_name_a_little_or_the_day(seed):
    random = np.random.default_rng(seed)
    person = synthetic_people(1, seed)[0]
    assert misremembered(person, random, typo=0.0, wrong_day=0.0) == person
    other = misremembered(person, random, typo=0.0, wrong_day=1.0)
    assert other.born != person.born
    assert (other.born.year, other.born.month) == (person.born.year, person.born.month)
    other = misremembered(person, random, typo=1.0, wrong_day=0.0)
    assert other.born == person.born
    changed = [a != b for a, b in ((other.first_name, person.first_name), (other.last_name, person.last_name))]
    assert sum(changed) <= 1
    assert plain_letters(other.first_name)
    assert plain_letters(other.last_name)


def test_quality_counts_pairs():
    labels = np.array([1, 1, 2, 2, 3])
    assert quality(labels, labels) == (1.0, 1.0, 1.0)
    assert quality(np.arange(5), labels) == (1.0, 0.0, 0.0)
    assert quality(labels, np.arange(5)) == (0.0, 1.0, 0.0)
    assert quality(np.array([1, 1, 1]), np.array([1, 1, 2])) == pytest.approx((1 / 3, 1.0, 0.5))
