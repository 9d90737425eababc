"""Reading tables: both layouts, and errors that name row and column."""

from __future__ import annotations

import io
import pickle

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.hiddenpop.tables import NAMES, table

from hiddenpop.histories import CaptureHistories, InvalidTable

SMALL = "A,B,C,count\n1,0,0,4\n0,1,1,2\n1,0,0,1\n"


def read(text: str, **options: str) -> CaptureHistories:
    return CaptureHistories.read_csv(io.StringIO(text), **options)


def test_counts_of_equal_histories_add_up() -> None:
    histories = read(SMALL)
    assert histories.list_names == ("A", "B", "C")
    assert histories.counts.tolist() == [0, 5, 0, 0, 0, 0, 2, 0]
    assert histories.n == 7
    assert histories.k == 3


def test_one_row_a_person_is_the_same_table() -> None:
    people = "A,B,C\n" + "1,0,0\n" * 5 + "0,1,1\n" * 2
    assert read(people) == read(SMALL)


def test_totals_and_overlaps() -> None:
    uk = table("uk_2013_5")
    assert uk.n == 2744
    assert uk.list_totals.tolist() == [94, 567, 1169, 807, 336]
    assert uk.overlap(0, 3) == 5
    assert uk.overlap(0, 4) == 0


def test_strata_add_up_and_are_kept_by_name() -> None:
    histories = read("A,B,count,sex\n1,0,3,f\n0,1,2,m\n1,1,4,f\n", stratum="sex", period="2020")
    assert histories.strata is not None
    assert histories.strata["f"].tolist() == [0, 3, 0, 4]
    assert histories.strata["m"].tolist() == [0, 0, 2, 0]
    assert histories.period == "2020"


def test_a_file_with_byte_order_mark_and_words_is_read(tmp_path) -> None:
    path = tmp_path / "lists.csv"
    path.write_bytes("\ufeffA,B,n\nyes,no,3\nTRUE,1,2\n".encode())
    assert CaptureHistories.read_csv(path).counts.tolist() == [0, 3, 0, 2]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "no header"),
        ("A,B,count\n", "no rows"),
        ("A,B,count\n1,2,3\n", "line 2, column 'B': expected 0 or 1, found '2'"),
        ("A,B,count\n1,,3\n", "line 2, column 'B'"),
        ("A,B,count\n1,0,3\n1,1,-1\n", "line 3, column 'count': expected a whole number"),
        ("A,B,count\n1,0,2.5\n", "line 2, column 'count'"),
        ("A,B,count\n1,0,many\n", "found 'many'"),
        ("A,B,count\n0,0,3\n", "line 2: 3 people are on no list"),
        ("A,B,count\n1,0\n", "line 2: 2 values where the header names 3"),
        ("A,A,count\n1,0,2\n", "'A' appears twice"),
        ("A,,count\n1,0,2\n", "list 2 has no name"),
        ("count\n3\n", "no lists"),
    ],
)
def test_errors_name_row_and_column(text: str, words: str) -> None:
    with pytest.raises(InvalidTable) as caught:
        read(text)
    assert words in str(caught.value)


def test_an_unknown_column_is_named() -> None:
    with pytest.raises(InvalidTable, match="no column 'sex'"):
        read(SMALL, stratum="sex")
    with pytest.raises(InvalidTable, match="no column 'people'"):
        read(SMALL, count="people")


def test_a_row_without_its_subgroup_is_named() -> None:
    with pytest.raises(InvalidTable, match="line 3, column 'sex'"):
        read("A,B,count,sex\n1,0,3,f\n1,0,3,\n", stratum="sex")


def test_a_binary_file_is_refused_in_words(tmp_path) -> None:
    path = tmp_path / "lists.csv"
    path.write_bytes(b"A,B\n\xff\xfe1,0\n")
    with pytest.raises(InvalidTable, match="UTF-8"):
        CaptureHistories.read_csv(path)


@pytest.mark.parametrize(
    ("counts", "words"),
    [
        ([1, 2, 3, 4], "cell 0 must be 0"),
        ([0, -2, 3, 4], "negative"),
        ([0, 1, 2], "4 cells"),
        ([0.0, 1.5, 2.0, 3.0], "whole numbers"),
        ([0.0, np.nan, 2.0, 3.0], "whole numbers"),
    ],
)
def test_impossible_counts_are_refused(counts: list[float], words: str) -> None:
    with pytest.raises(InvalidTable, match=words):
        CaptureHistories(("A", "B"), np.array(counts))


def test_too_many_lists_are_refused() -> None:
    names = [f"L{i}" for i in range(17)]
    with pytest.raises(InvalidTable, match="at most 16"):
        CaptureHistories.from_rows(names, [(1,) * 17], [1])


def test_two_lists_of_one_name_are_refused() -> None:
    with pytest.raises(InvalidTable, match="two lists are called 'A'"):
        CaptureHistories(("A", "A "), np.zeros(4, dtype=int))


def test_strata_that_do_not_add_up_are_refused() -> None:
    with pytest.raises(InvalidTable, match="add up"):
        CaptureHistories(("A",), np.array([0, 3]), {"f": np.array([0, 2])})


def test_rows_of_the_wrong_length_or_value_are_named() -> None:
    with pytest.raises(InvalidTable, match="row 2: 1 values for 2 lists"):
        CaptureHistories.from_rows("AB", [(1, 0), (1,)], [1, 1])
    with pytest.raises(InvalidTable, match="row 1, column 'B'"):
        CaptureHistories.from_rows("AB", [(1, 3)], [1])
    with pytest.raises(InvalidTable, match="1 rows but 2 counts"):
        CaptureHistories.from_rows("AB", [(1, 0)], [1, 2])
    with pytest.raises(InvalidTable, match="1 rows but 2 strata"):
        CaptureHistories.from_rows("AB", [(1, 0)], strata=["f", "m"])


def test_counts_cannot_be_changed() -> None:
    with pytest.raises(ValueError, match="read-only"):
        table("korea_3").counts[1] = 7


def test_subset_forgets_people_on_no_kept_list() -> None:
    kosovo = table("kosovo_4")
    part = kosovo.subset(["HRW", "EXH"])
    assert part.list_names == ("HRW", "EXH")
    assert part.list_totals.tolist() == kosovo.list_totals[[3, 0]].tolist()
    assert part.overlap(0, 1) == kosovo.overlap(3, 0)


def test_a_table_survives_pickling() -> None:
    histories = read("A,B,count,sex\n1,0,3,f\n0,1,2,m\n", stratum="sex", period="2020")
    again = pickle.loads(pickle.dumps(histories))
    assert again == histories
    assert hash(again) == hash(histories)


def test_tables_differ_by_what_they_hold() -> None:
    korea = table("korea_3")
    assert korea != table("artificial_3")
    assert korea != "korea"
    assert korea != CaptureHistories(korea.list_names, korea.counts, period="1942")


@pytest.mark.parametrize("name", NAMES)
def test_writing_and_reading_gives_the_table_back(name: str, tmp_path) -> None:
    histories = table(name)
    path = tmp_path / "out.csv"
    text = histories.to_csv(path)
    assert path.read_text(encoding="utf-8") == text
    assert CaptureHistories.read_csv(path) == histories


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_list_order_moves_cells_and_nothing_else(data: st.DataObject) -> None:
    k = data.draw(st.integers(2, 5))
    counts = np.array([0, *data.draw(st.lists(st.integers(0, 50), min_size=2**k - 1, max_size=2**k - 1))])
    histories = CaptureHistories(tuple("ABCDE"[:k]), counts)
    order = data.draw(st.permutations(range(k)))
    moved = histories.subset(order)
    assert moved.n == histories.n
    assert moved.list_totals.tolist() == histories.list_totals[list(order)].tolist()
    assert moved.subset([order.index(i) for i in range(k)]) == histories


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "A,B,count\n1,0,20\n0,1,99999999999999999999999\n",
            "column 'count': 9+ people are more than live on Earth",
        ),
        ("A,B,count\n1,0,20\n0,1,9000000000000000000\n", "line 3, column 'count': 90+ people are more than live on Earth"),
        ("A;B;count\n1;0;20\n", "line 1: the columns are separated by ';'; save the file with commas between them"),
        ("A\tB\tcount\n1\t0\t20\n", r"line 1: the columns are separated by '\\t'"),
        ("A,B,count\n1,0," + "1" * 200_000 + "\n", "not a table of comma-separated values"),
    ],
)
def test_files_that_were_misread_are_refused_in_plain_words(tmp_path, text, message):
    path = tmp_path / "lists.csv"
    path.write_text(text)
    with pytest.raises(InvalidTable, match=message):
        CaptureHistories.read_csv(path)


def test_a_count_of_all_who_live_can_be_read_and_one_more_cannot():
    most = 10_000_000_000
    assert CaptureHistories.from_rows("AB", [(1, 0), (0, 1)], [most, 5]).n == most + 5
    with pytest.raises(InvalidTable, match="more than live on Earth"):
        CaptureHistories(("A", "B"), np.array([0, most + 1, 3, 4]))
