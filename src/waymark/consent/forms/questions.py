"""What worker and survivor fill in together. Each step carries the answers of the steps before, so that nothing is written
anywhere until the survivor has said yes, and nothing that was typed is lost.
"""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils import timezone

from waymark.accounts.models import Agency
from waymark.consent.formats.scopes import offered
from waymark.consent.formats.words import LANGUAGES
from waymark.consent.models import Method, Outside, Release
from waymark.consent.models.releases import ALTERNATIVES
from waymark.consent.policies import DEFAULT_DAYS, GROWN_UP, LONGEST_DAYS
from waymark.disclosures.formats.kinds import PACKAGE, PURPOSES, label_of
from waymark.law.formats.minor_files import minor_file
from waymark.law.policies.minors import Signer as WhoMaySign
from waymark.law.policies.minors import who_signs
from waymark.pages.offers import offer, offer_rows
from waymark.pages.questions import PlainForm
from waymark.pages.typed_values import DayField

OFF = {"autocomplete": "off"}
STOPPED = "no"


def scope_choices() -> list[tuple[str, str]]:
    return [(scope.code, label_of(PACKAGE.code, scope.code)) for scope in offered()]


class TalkForm(PlainForm):
    """Before anything else: can they talk, in which language, and who interprets."""

    can_talk = forms.ChoiceField(
        label="Ask them: “Can you talk freely now? If not, we stop and do this another day.”",
        choices=[("yes", "Yes, they can talk freely"), (STOPPED, "No, or I am not sure")],
        widget=forms.RadioSelect,
    )
    language = forms.ChoiceField(
        label="Language of the words that they read or hear", choices=LANGUAGES, widget=forms.RadioSelect, initial="en"
    )
    interpreter = forms.ChoiceField(
        label="Who interprets", choices=Release.Interpreter.choices, widget=forms.RadioSelect, initial="none"
    )
    interpreter_number = forms.CharField(
        label="Interpreter’s number",
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs=OFF),
        help_text="The number of the call or of the badge. No name.",
    )
    interpreter_is_right = forms.BooleanField(
        label="The interpreter is no child, no relative of who is said to have hurt them, and not that person.",
        required=False,
    )

    sections = (
        ("Now", ("can_talk",)),
        ("Language", ("language", "interpreter", "interpreter_number", "interpreter_is_right")),
    )
    why = {
        "can_talk": "Somebody who is watched cannot choose. If the answer is no, nothing is written down, and "
        "nothing tells that you asked.",
        "interpreter_number": "It shows later who interpreted, without a name in the file.",
    }

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("can_talk") != STOPPED and data.get("interpreter") not in {None, "none"}:
            if not data.get("interpreter_number"):
                self.add_error(
                    "interpreter_number", "Write the interpreter’s number. Without it nobody can show who it was."
                )
            if not data.get("interpreter_is_right"):
                self.add_error("interpreter_is_right", "Ask, and use another interpreter if it is one of these.")
        return data


class BeginForm(PlainForm):
    """With whom, where the page before knows it."""

    recipient = forms.ModelChoiceField(Agency.objects.none())

    def __init__(self, *args: Any, recipients: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_rows(self, "recipient", recipients)


@dataclass(frozen=True)
class MinorAsked:
    """A minor who is asked, and how old they are at the least."""

    person: uuid.UUID
    age: int


class TermsForm(PlainForm):
    """To whom, for what, which parts, until when."""

    recipient = forms.ModelChoiceField(Agency.objects.none(), label="With which agency", empty_label="Choose one agency")
    recipient_person = forms.CharField(
        label="With whom there", max_length=120, required=False, widget=forms.TextInput(attrs=OFF)
    )
    purpose = forms.ChoiceField(label="What for", choices=[("", "Choose"), *PURPOSES])
    scopes = forms.MultipleChoiceField(
        label="What is shared", widget=forms.CheckboxSelectMultiple, help_text="Only what they need there. The rest stays."
    )
    last_day = DayField(label="Until, the last day")
    signer = forms.ChoiceField(label="Who signs", widget=forms.RadioSelect)
    alone_for = forms.ChoiceField(label="If they sign alone under 18: for which help", required=False)
    alone_facts = forms.MultipleChoiceField(
        label="If they sign alone: what you know",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Tick what you know is so.",
    )
    alternatives = forms.MultipleChoiceField(
        label="Other ways that you talked about", choices=ALTERNATIVES, widget=forms.CheckboxSelectMultiple
    )

    sections = (
        ("With whom and what for", ("recipient", "recipient_person", "purpose")),
        ("What and how long", ("scopes", "last_day")),
        ("Choice", ("alternatives", "signer", "alone_for", "alone_facts")),
    )
    why = {
        "recipient": "One release is for one agency. For another agency they sign another one.",
        "last_day": "The law wants an end. Thirty days is usual; a year is the most.",
        "alternatives": "Who knows no other way has not chosen.",
        "alone_for": "The law lets minors sign alone for some kinds of help, from an age on. Which, stands under Law.",
        "signer": "Grown-ups sign themselves. For a child only somebody of whom it is written that they may sign; "
        "if that is not known, ask counsel. Help does not wait for it.",
    }

    def __init__(
        self,
        *args: Any,
        recipients: Any,
        signers: list[tuple[str, str]],
        childhood: dt.date | None = None,
        subject: str = "",
        minor: MinorAsked | None = None,
        **kwargs: Any,
    ) -> None:
        """`childhood` is the last day before `subject` turns 18, where it is known."""
        super().__init__(*args, **kwargs)
        self.childhood, self.subject = childhood, subject
        if childhood is not None:
            self.fields["last_day"].help_text = (
                f"If somebody else signs for them, until {childhood:%B} {childhood.day}, {childhood.year} at the latest: "
                "on the day after they turn 18 and sign themselves."
            )
        self.minor, self.ground = minor, ""
        if minor is None:
            del self.fields["alone_for"], self.fields["alone_facts"]
        else:
            law = minor_file()
            offer(self, "alone_for", [("", "They do not sign alone"), *law.services.items()])
            offer(self, "alone_facts", list(law.facts.items()))
        offer_rows(self, "recipient", recipients)
        offer(self, "scopes", scope_choices())
        offer(self, "signer", signers)
        self.initial.setdefault("signer", signers[0][0])
        self.initial.setdefault("last_day", timezone.localdate() + dt.timedelta(days=DEFAULT_DAYS))

    def _clean_alone(self, data: dict[str, Any]) -> None:
        """A minor signs alone only for help for which a rule of the dated table says so, at their age and on this day."""
        if self.minor is None or data.get("signer") != str(self.minor.person):
            return
        if not data.get("alone_for"):
            self.add_error("alone_for", "Choose for which help the law lets them sign alone.")
            return
        known = dict.fromkeys(data.get("alone_facts", ()), True)
        said = who_signs(data["alone_for"], self.minor.age, timezone.localdate(), known)
        if said.signer != WhoMaySign.ALONE:
            self.add_error("alone_for", said.signer.value)
        else:
            self.ground = said.rule.section if said.rule is not None else "Emancipated"

    def clean_last_day(self) -> dt.date:
        day: dt.date = self.cleaned_data["last_day"]
        today = timezone.localdate()
        if not today <= day <= today + dt.timedelta(days=LONGEST_DAYS):
            raise forms.ValidationError("Choose today or a later day, at most 365 days away.")
        return day

    def clean(self) -> dict[str, Any]:
        """A day after the childhood is set to its last day: the survivor's own page then says that day."""
        data = super().clean() or {}
        day, signer = data.get("last_day"), data.get("signer")
        if self.childhood is not None and day is not None and signer and signer != self.subject:
            if self.childhood < timezone.localdate():
                self.add_error("signer", GROWN_UP)
            data["last_day"] = min(day, self.childhood)
        self._clean_alone(data)
        return data


class AnswerForm(PlainForm):
    """Their own answer, on the screen that is theirs."""

    answer = forms.ChoiceField(choices=[("no", "no"), ("later", "later"), ("yes", "yes")])


class SignForm(PlainForm):
    """How it is shown that they signed. No picture of a paper is kept."""

    evidence = forms.ChoiceField(
        label="The paper", choices=[c for c in Release.Evidence.choices if c[0]], widget=forms.RadioSelect
    )
    place = forms.CharField(label="Where the paper is", max_length=120, required=False, widget=forms.TextInput(attrs=OFF))
    is_checked = forms.BooleanField(
        label="I was there when they signed, or I know their signature; nobody pushed them.", required=True
    )

    why = {
        "evidence": "A photo is looked at and not kept: a signature in a database helps nobody but a thief.",
        "is_checked": "The law asks for an informed, written and time-limited release.",
    }

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("evidence") == Release.Evidence.PAPER and not data.get("place"):
            self.add_error("place", "Write where the paper lies, like a cabinet and a folder.")
        return data


class PackageForm(PlainForm):
    """Which parts go now, of what was looked at."""

    page = forms.UUIDField(widget=forms.HiddenInput)
    seen = forms.CharField(widget=forms.HiddenInput, max_length=64, required=False)
    codes = forms.MultipleChoiceField(
        label="What goes now",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one part."},
    )

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "codes", choices)
        self.initial.setdefault("page", uuid.uuid4())


class SpokenForm(PlainForm):
    """What you are about to say to them."""

    codes = forms.MultipleChoiceField(
        label="What you tell them",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one part."},
    )

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "codes", choices)


class CopyForm(PlainForm):
    """A copy of the file, or of parts of it."""

    outside = forms.ChoiceField(
        label="For whom",
        choices=[
            (Outside.SURVIVOR.value, "For the person themselves"),
            (Outside.OWN_AGENCY.value, "For work inside our agency"),
        ],
        widget=forms.RadioSelect,
    )
    code_word_said = forms.BooleanField(
        label="They said the code word, if one is agreed, and can take paper now.", required=False
    )
    codes = forms.MultipleChoiceField(
        label="What is in it",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one part."},
    )
    method = forms.ChoiceField(
        label="As what",
        choices=[(Method.PRINT.value, "A page to print"), (Method.PDF.value, "PDF"), (Method.CSV.value, "Table (CSV)")],
        widget=forms.RadioSelect,
        initial="print",
    )
    language = forms.ChoiceField(
        label="Language of the headings", choices=LANGUAGES, widget=forms.RadioSelect, initial="en"
    )

    sections = (("For whom", ("outside", "code_word_said")), ("What and how", ("codes", "method", "language")))
    why = {
        "code_word_said": "Paper in the wrong hands can put them in danger. Ask where they keep it.",
        "outside": "The ledger says for whom each copy was made. To another agency only a package goes, under a release.",
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "codes", scope_choices())

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("outside") == Outside.SURVIVOR and not data.get("code_word_said"):
            self.add_error("code_word_said", "Ask for the code word, and whether paper is safe now.")
        return data
