"""What could lead to a person is refused, however it is written; plain counts and plain words about work pass."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from waymark.operations.formats.person_like import ALSO_WORDS, FIRST_NAMES, NO_NAMES, person_like_in, plain

# What press briefings, spreadsheets and notes have printed, invented anew.
CORPUS = {
    "somebody's name": [
        "Maria Invented was met",
        "maria",
        "MARIA WAS THERE",
        "met with Dwayne Kowalski",
        "identified as the leader",
        "a.k.a. Sunny",
        "goes by Sky",
        "Detective Smith called",
        "Sgt. Kowalski",
        "suspect J.D.",
        "the J. D. file",
        "Ma\u00adria",
        "M\u200baria",
        "Jessica's phone",
        "O'Brien Kowalska",
    ],
    "a phone number": [
        "call 916-555-0142",
        "(916) 555 0142",
        "9165550142",
        "916.555.0142",
        "+1 916 555 0142",
        "９１６-５５５-０１４２",
        "916–555–0142",
        "555 0142 ask for the night desk, 5550142",
        "٩١٦٥٥٥٠١٤٢",
    ],
    "a phone number in words": ["nine one six five five five zero one four two", "five, five, five, oh, one"],
    "a license plate": ["7ABC123", "plate 8XYZ99", "tag number: K9LM22", "seen with 7abc 123"],
    "a street address": [
        "1200 block of a boulevard",
        "4521 Watt Avenue",
        "12 N. Main St",
        "9 elm ct",
        "at 77 Old Mill Rd",
    ],
    "a link": ["https://ads.example/123", "hxxp://ads.example", "www.ads.example", "skip.example.com/ad", "x.onion"],
    "an e-mail address": ["jo@mail.example", "jo (at) mail (dot) example", "jo@mail .example"],
    "a user name": ["@sweet22", "find @ night_owl"],
    "the age of one person": [
        "a 16-year-old",
        "16 years old",
        "16 y/o",
        "aged 17",
        "ages 16, 15 and 13",
        "seventeen year old",
        "woman, 34",
        "girl (15)",
        "aged: 14",
    ],
    "a date of birth": ["DOB 01/02/2004", "born in May", "date of birth unknown"],
    "a social security number": ["SSN on file"],
    "a case number": ["case no. 20FE012345", "20FE012345", "report # 12345", "docket number 7", "incident 2020-123456"],
    "coordinates": ["38.5816, -121.4944"],
    "the home of somebody": ["resident of a nearby town", "lives in the north", "her hometown"],
}
# What has to pass, or nobody could work: published wording, plain words about work.
FINE = [
    "57 total arrests for soliciting for prostitution, loitering for prostitution and pandering",
    "total of 46 arrests for soliciting and human trafficking",
    "A juvenile recovery",
    "Operation: Hot Spots",
    "4th annual",
    "September to mid-November 2020",
    "Four days of operations",
    "9 underage girls recovered",
    "more than 30 community-based organizations",
    "261 responses to decoy ads",
    "sixth-highest of 54 field offices",
    "Brief the advocates before the shift",
    "More Spanish speakers at the hotel",
    "Pay for rides after 10 pm",
    "The advocate was called late",
    "Non-detention interview place was missing",
    "Human Trafficking Task Force",
    "",
]


@pytest.mark.parametrize(("what", "text"), [(what, text) for what, texts in CORPUS.items() for text in texts])
def test_what_could_lead_to_a_person_is_refused(what: str, text: str) -> None:
    found = person_like_in(text)
    assert found is not None
    assert found.advice
    # The same words inside a sentence, in another case, and among counts are refused too.
    assert person_like_in(f"46 arrests and {text} on the street") is not None


@pytest.mark.parametrize(("what", "text"), [(what, texts[0]) for what, texts in CORPUS.items()])
def test_the_reason_says_what_it_is_and_never_repeats_it(what: str, text: str) -> None:
    found = person_like_in(text)
    assert found is not None
    assert found.what == what
    assert text not in str(found)


@pytest.mark.parametrize("text", FINE)
def test_counts_and_plain_words_pass(text: str) -> None:
    assert person_like_in(text) is None


def test_names_of_agencies_are_nobodys() -> None:
    assert person_like_in("With Rancho Invented Police") is not None
    assert person_like_in("With Rancho Invented Police", known=["Rancho Invented Police"]) is None
    assert person_like_in("With rancho invented police and Dwayne Kowalski", known=["Rancho Invented Police"]) is not None


SEPARATORS = st.sampled_from(["", " ", "-", ".", " - ", "\u2013", "\u00a0", "/"])
PLAIN_WORDS = st.sampled_from(sorted(word for word in NO_NAMES if word not in FIRST_NAMES))


@given(
    digits=st.lists(st.integers(0, 9), min_size=10, max_size=11),
    separator=SEPARATORS,
    before=PLAIN_WORDS,
    after=PLAIN_WORDS,
    script=st.sampled_from(["0123456789", "０１２３４５６７８９", "٠١٢٣٤٥٦٧٨٩"]),
)
def test_a_phone_number_is_found_however_it_is_written(
    digits: list[int], separator: str, before: str, after: str, script: str
) -> None:
    number = separator.join(script[digit] for digit in digits)
    assert person_like_in(f"{before} {number} {after}") is not None


@given(
    name=st.sampled_from(sorted(FIRST_NAMES - NO_NAMES - ALSO_WORDS)),
    shape=st.sampled_from([str.lower, str.upper, str.title]),
    hidden=st.sampled_from(["", "\u200b", "\u00ad", "\u200d"]),
    before=PLAIN_WORDS,
)
def test_a_first_name_is_found_in_any_case_and_with_invisible_signs(
    name: str, shape: object, hidden: str, before: str
) -> None:
    assert callable(shape)
    written = shape(name)
    assert person_like_in(f"{before} {written[:1]}{hidden}{written[1:]}") is not None


@given(st.text(max_size=300))
def test_any_text_is_read_without_an_error(text: str) -> None:
    found = person_like_in(text, known=["Office"])
    assert found is None or found.what
    assert plain(plain(text)) == plain(text)
