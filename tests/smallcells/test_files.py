"""CSV in, CSV out."""

import numpy as np
import pytest

from smallcells import HIDDEN, BadTable, Policy, Refusal, Table, protect
from smallcells.files import read_published, read_table, write_percentages, write_table

WIDE = "county/age,minor,adult\nPlacer,3,40\nYolo,12,60\n"
LONG = "county,age,count\nPlacer,minor,3\nPlacer,adult,40\nYolo,minor,12\nYolo,adult,60\n"


def test_both_layouts_read_alike():
    wide, long = read_table(WIDE), read_table(LONG)
    assert wide.dimensions == long.dimensions
    assert wide.counts.tolist() == long.counts.tolist() == [[3, 40, 43], [12, 60, 72], [15, 100, 115]]


def test_spaces_blank_lines_and_byte_order_mark():
    text = "\ufeffcounty/age, minor ,adult\n\n Placer ,3 , 40\n , , \nYolo,12,60\n"
    assert read_table(text).counts.tolist() == read_table(WIDE).counts.tolist()


def test_names_of_wide_dimensions():
    def names(text, **options):
        return [d.name for d in read_table(text, **options).dimensions]

    assert names(WIDE) == ["county", "age"]
    assert names(WIDE.replace("/", "\\")) == ["county", "age"]
    assert names(WIDE.replace("county/age", "county")) == ["county", "col"]
    assert names(WIDE.replace("county/age", "")) == ["row", "col"]
    assert names(WIDE.replace("county/age", "/age")) == ["/age", "col"]
    assert names(WIDE, names=["a", "b"]) == ["a", "b"]
    with pytest.raises(BadTable, match="^a wide table has two dimensions, and 3 names were given$"):
        read_table(WIDE, names=["a", "b", "c"])


def test_which_totals():
    assert read_table(WIDE, totals=["row"]).counts.tolist() == [[3, 40, 43], [12, 60, 72]]
    assert read_table(WIDE, totals=["col"]).counts.tolist() == [[3, 40], [12, 60], [15, 100]]
    assert read_table(WIDE, totals=["county"]).counts.tolist() == [[3, 40], [12, 60], [15, 100]]
    assert read_table(WIDE, totals=["row", "col"]).counts.shape == (3, 3)
    assert read_table(LONG, totals=["row"]).counts.shape == (2, 3)
    assert read_table(WIDE, totals=[]).counts.shape == (2, 2)
    assert read_table("age,count\nminor,3\nadult,40\n", totals=["row"]).counts.tolist() == [3, 40, 43]
    assert read_table("age,count\nminor,3\nadult,40\n", totals=["col"]).counts.tolist() == [3, 40, 43]
    with pytest.raises(BadTable, match="^there is no dimension 'sex'; the table has county, age$"):
        read_table(WIDE, totals=["sex"])
    three = "a,b,c,count\nx,y,z,4\n"
    with pytest.raises(BadTable, match="^there is no dimension 'row'; the table has a, b, c$"):
        read_table(three, totals=["row"])


@pytest.mark.parametrize("word", ["Total", "total", "ALL", "sum", "Totals"])
def test_totals_in_the_file_are_checked(word):
    text = f"county/age,minor,adult,{word}\nPlacer,3,40,43\nYolo,12,60,72\n{word},15,100,115\n"
    assert read_table(text).counts.tolist() == read_table(WIDE).counts.tolist()
    assert read_table(text, totals=["row"]).counts.shape == (2, 3)
    with pytest.raises(BadTable, match="^county=Placer, age=Total: the total says 44, its parts sum to 43$"):
        read_table(text.replace("43", "44"))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (WIDE.replace("12", "<5"), "line 3 ('Yolo'), column 'minor': '<5' is not a whole number of people"),
        (WIDE.replace("12", ""), "line 3 ('Yolo'), column 'minor': there is no count (write 0 if it is nobody)"),
        (WIDE.replace("12", "-2"), "line 3 ('Yolo'), column 'minor': '-2' is not a whole number of people"),
        (WIDE.replace("12", "1.5"), "line 3 ('Yolo'), column 'minor': '1.5' is not a whole number of people"),
        (WIDE.replace("12", "*"), "line 3 ('Yolo'), column 'minor': '*' is not a whole number of people"),
        (WIDE.replace("Yolo", "Placer"), "line 3: the row 'Placer' stands there twice"),
        (WIDE.replace("adult", "minor"), "two columns are called 'minor'"),
        (WIDE.replace("12,", ""), "line 3 has 2 cells, the headings 3"),
        ("county,minor\n", "the file needs a line of headings and at least one line of counts"),
        ("", "the file needs a line of headings and at least one line of counts"),
        (LONG.replace("60", "x"), "line 5 (Yolo, adult), column 'count': 'x' is not a whole number of people"),
        (LONG.replace("Yolo,adult", "Yolo,minor"), "line 5: Yolo, minor stands there twice"),
        (LONG.replace("Yolo,adult,60\n", ""), "there is no row for county=Yolo, age=adult: write 0 if it is nobody"),
    ],
)
def test_errors_name_row_and_column(text, message):
    with pytest.raises(BadTable) as caught:
        read_table(text)
    assert str(caught.value) == message


@pytest.mark.parametrize("text", ["A,B,count\n1,0,30\n0,1,40\n", "A,B,C\n1,0,1\n0,0,1\n", "A,count,B\n1,3,0\n"])
def test_capture_histories_are_never_published(text):
    with pytest.raises(Refusal, match="^this is a capture-history table .* smallcells commit$"):
        read_table(text)


def test_one_column_of_marks_is_no_capture_history():
    assert read_table("minor,count\n0,30\n1,40\n").counts.tolist() == [30, 40, 70]


def test_published_and_back():
    safe = protect(read_table(WIDE, period="2024"))
    text = write_table(safe)
    assert text == "county/age,minor,adult,Total\nPlacer,*,*,43\nYolo,*,*,72\nTotal,15,100,115\n"
    back = read_published(text, Policy(), period="2024")
    assert np.array_equal(back.shown, safe.shown)
    assert (back.dimensions, back.period, back.policy) == (safe.dimensions, "2024", Policy())
    assert np.array_equal(read_published(write_table(safe, mark="-"), Policy(), mark="-").shown, safe.shown)
    with pytest.raises(BadTable, match="'-' is not a whole number"):
        read_published(write_table(safe, mark="-"), Policy())


def test_long_output_for_other_than_two_dimensions():
    safe = protect(read_table("age,count\nminor,3\nadult,40\nelder,50\n"))
    assert write_table(safe) == "age,count\nminor,*\nadult,*\nelder,50\nTotal,93\n"
    assert read_published(write_table(safe), Policy()).shown.tolist() == [HIDDEN, HIDDEN, 50, 93]
    cube = Table.of(["a", "b", "c"], [["0", "1"]] * 3, np.full((2, 2, 2), 20), totals=["c"])
    text = write_table(protect(cube))
    assert text.splitlines()[:4] == ["a,b,c,count", "0,0,0,20", "0,0,1,20", "0,0,Total,40"]
    with pytest.raises(BadTable, match="^there is no row for a=1, b=1, c=Total$"):
        read_published(text.rsplit("\n", 2)[0], Policy())


def test_percentages_as_csv():
    safe = protect(read_table("age,count\nminor,3\nadult,40\nelder,50\n"))
    assert write_percentages(safe, "age") == "age,percent\nminor,*\nadult,*\nelder,53.8\nTotal,100.0\n"
    assert "elder,54\n" in write_percentages(safe, "age", decimals=0)
    assert "minor,x\n" in write_percentages(safe, "age", mark="x")
    assert write_percentages(protect(read_table(WIDE)), "age").splitlines()[-1] == "Total,13.0,87.0,100.0"


def test_counts_of_more_people_than_live_are_a_misread_file():
    for count in ("10000000001", "9" * 30):
        with pytest.raises(BadTable, match="more than live on Earth"):
            read_table(f"county,count\nA,{count}\nB,4\n")
