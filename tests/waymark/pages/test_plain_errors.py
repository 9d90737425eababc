"""What Django says of a wrong number or a vanished answer, in words that say what to do."""

from __future__ import annotations

import pytest
from django import forms

from waymark.pages.questions import PlainForm


class _Asked(PlainForm):
    beds = forms.IntegerField(label="Beds at 100%", min_value=0, max_value=20)
    people = forms.IntegerField(label="People", min_value=1, required=False)
    fund = forms.ChoiceField(label="Which fund (100%)", choices=[("food", "Food")], required=False)


@pytest.mark.parametrize("wrong", ["-5", "21", "1,2,3", "1e9", "some", "9" * 30])
def test_a_wrong_number_is_told_what_fits(wrong: str) -> None:
    for _ in range(2):  # The words of one form never reach the next one through what they share.
        form = _Asked({"beds": wrong})
        assert form.errors == {"beds": ["“Beds at 100%” takes a whole number from 0 to 20, written in digits."]}
    assert _Asked({"beds": "3", "people": "0"}).errors == {
        "people": ["“People” takes a whole number of 1 or more, written in digits."]
    }


def test_an_answer_that_is_not_on_offer_any_more_asks_for_another() -> None:
    form = _Asked({"beds": "3", "fund": "closed-fund"})
    assert form.errors == {"fund": ["Choose one of the answers to “Which fund (100%)” that are here now."]}
