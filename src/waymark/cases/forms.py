"""What workers type into cases. Every page on which a case is opened has an id, so that a form sent twice is one case."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from django import forms
from django.utils import timezone

from waymark.cases.actions.opening import Intake
from waymark.cases.actions.sheets import AT_ONCE
from waymark.cases.formats import legal
from waymark.cases.formats.file_kinds import MOST_BYTES, TAKEN, CleanFile, NotTaken
from waymark.cases.formats.reading_room import clean_apart
from waymark.cases.formats.sheets import LANGUAGES
from waymark.cases.models import WITH_REASON, DestructionRequest, Note, NoticeTold, Sheet
from waymark.cases.models.keeping import MOST_YEARS
from waymark.cases.policies import LOOK_AGAIN
from waymark.pages.offers import offer
from waymark.pages.questions import PlainForm, Section
from waymark.pages.typed_values import DayField
from waymark.people.formats.codes import read_code
from waymark.people.forms.contacts import OFF, ContactFields
from waymark.people.models import AgeBand
from waymark.vault.selectors import HOLD_REASONS

TALK = (("yes", "Yes, they can talk"), ("no", "No, or I am not sure"))
LONG = 20_000
FROM_PAPER = "Typed in from paper"
NOT_YET = "This day has not come yet."


class FirstTalk(PlainForm):
    """What is asked of everybody for whom a case is opened, new or known."""

    page = forms.UUIDField(widget=forms.HiddenInput)
    could_talk = forms.ChoiceField(
        label="Can you talk freely now?",
        choices=TALK,
        widget=forms.RadioSelect,
        help_text="Ask this first. If not, stop: write only how to reach them safely, and do the rest another day.",
    )
    asked_for = forms.CharField(
        label="What they ask for",
        max_length=LONG,
        required=False,
        widget=forms.Textarea(attrs={**OFF, "rows": 3}),
        help_text="In their words, as short as you like. Their story can wait.",
    )
    told = forms.MultipleChoiceField(
        label="I told them",
        choices=NoticeTold.About.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Before they tell you more. Saying it is enough; it must be in words that they understand.",
    )
    due_on = DayField(label="Look at it again on", required=False, help_text="Tomorrow, unless you say another day.")
    happened_on = DayField(label="Day of the talk", required=False, help_text="Today, unless you say another day.")
    sheet = forms.CharField(
        label="Number of the sheet", max_length=12, required=False, help_text="At its top right, as in I-0042."
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("page", uuid.uuid4())

    def clean_due_on(self) -> dt.date:
        today = timezone.localdate()
        due: dt.date = self.cleaned_data["due_on"] or today + LOOK_AGAIN
        if due < today:
            raise forms.ValidationError("This day is over. Choose today or a later day.")
        return due

    def clean_happened_on(self) -> dt.date | None:
        day: dt.date | None = self.cleaned_data["happened_on"]
        if day is not None and day > timezone.localdate():
            raise forms.ValidationError(NOT_YET)
        return day

    def grouped(self) -> Iterator[Section]:
        for section in super().grouped():
            yield replace(section, is_spare=section.title == FROM_PAPER)

    def first_talk(self) -> dict[str, Any]:
        """The answers that every new case has, as `Intake` takes them."""
        data = self.cleaned_data
        return {
            "page": data["page"],
            "asked_for": data["asked_for"],
            "could_talk": data["could_talk"] == "yes",
            "due_on": data["due_on"],
            "told": tuple(data["told"]),
            "language": data["language"],
            "happened_on": data["happened_on"],
            "sheet": data["sheet"],
        }


class KnownPersonForm(FirstTalk):
    """Another case of somebody whom we know, or the first one of a child: who they are stands in their file."""

    language = forms.CharField(
        label="Language in which you told them", max_length=60, required=False, widget=forms.TextInput(attrs=OFF)
    )

    sections = (
        ("First", ("could_talk",)),
        ("This time", ("asked_for", "told", "language")),
        ("Next", ("due_on",)),
        (FROM_PAPER, ("happened_on", "sheet")),
    )
    why = {"told": "Each case has its own notices: what was told in another one is not told in this one."}

    def intake(self) -> Intake:
        return Intake(**self.first_talk())


class IntakeForm(ContactFields, FirstTalk):
    """One page for the first two minutes. Only the first question must be answered."""

    name = forms.CharField(
        label="What should we call them?",
        max_length=120,
        required=False,
        widget=forms.TextInput(attrs=OFF),
        help_text="Any name they choose, or none. They get the same help.",
    )
    age_band = forms.ChoiceField(label="Age, about", choices=AgeBand.choices, required=False)
    language = forms.CharField(
        label="Language they want to speak", max_length=60, required=False, widget=forms.TextInput(attrs=OFF)
    )
    code_word = forms.CharField(
        label="Code word",
        max_length=60,
        required=False,
        widget=forms.TextInput(attrs=OFF),
        help_text="A word by which you both know that it is safe to go on.",
    )
    do_not_tell = forms.CharField(
        label="Who must not know",
        max_length=400,
        required=False,
        widget=forms.TextInput(attrs=OFF),
        help_text="Names, or how they are related.",
    )

    sections = (
        ("First", ("could_talk", "name", "age_band", "language")),
        ("What they ask for", ("asked_for", "told")),
        (
            "How we may reach them",
            ("channel", "value", "days", "starts", "ends", "may_leave_message", "code_word", "do_not_tell"),
        ),
        ("Next", ("due_on",)),
        (FROM_PAPER, ("happened_on", "sheet")),
    )
    why = {
        **ContactFields.why_of_contact,
        "age_band": "Children and grown-ups have different rights. A day of birth is not asked for.",
        "told": "Without the first one, no note about privileged talk can be written in this case.",
    }

    def intake(self) -> Intake:
        data = self.cleaned_data
        return Intake(
            name=data["name"],
            age_band=data["age_band"],
            facts={"languages": data["language"], "code_word": data["code_word"], "do_not_tell": data["do_not_tell"]},
            contact=self.contact(),
            **self.first_talk(),
        )


class PlanForm(PlainForm):
    """Whose case it is, and when somebody looks at it next."""

    worker = forms.ChoiceField(label="Whose case")
    due_on = DayField(label="Look at it again on", required=False, help_text="Empty when nothing waits.")

    def __init__(self, *args: Any, workers: list[tuple[uuid.UUID, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "worker", [(str(pk), name) for pk, name in workers])


class MoveForm(PlainForm):
    """One move, and why where that matters later."""

    reason = forms.CharField(label="Why", max_length=2000, required=False, widget=forms.Textarea(attrs={**OFF, "rows": 3}))

    why = {"reason": "Who comes after you must understand it. It is sealed: only your agency reads it."}

    def __init__(self, *args: Any, move: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].required = move in WITH_REASON
        if move not in WITH_REASON:
            del self.fields["reason"]


class NoticeForm(PlainForm):
    """What the person was told, and in which language."""

    about = forms.MultipleChoiceField(
        label="I told them", choices=NoticeTold.About.choices, widget=forms.CheckboxSelectMultiple
    )
    language = forms.CharField(
        label="In which language", max_length=40, initial="English", widget=forms.TextInput(attrs=OFF)
    )


class NoteForm(PlainForm):
    """A note: what kind, when it happened, what was said."""

    kind = forms.ChoiceField(label="Kind", choices=Note.Kind.choices, widget=forms.RadioSelect, initial=Note.Kind.PROGRESS)
    happened_on = DayField(label="When it happened", help_text="Today, yesterday, or a day like May 3.")
    text = forms.CharField(label="Note", max_length=LONG, widget=forms.Textarea(attrs={**OFF, "rows": 10}))

    why = {
        "kind": "A privileged note can never leave the agency in a package. Supervision and legal notes are kept "
        "apart from the person's own story.",
        "text": "Write what a judge, the person and a colleague may all read one day. No names of other people's clients.",
    }

    def clean_happened_on(self) -> dt.date:
        day: dt.date = self.cleaned_data["happened_on"]
        if day > timezone.localdate():
            raise forms.ValidationError(NOT_YET)
        return day


class AddendumForm(PlainForm):
    """What is added to a note."""

    text = forms.CharField(label="Add", max_length=LONG, widget=forms.Textarea(attrs={**OFF, "rows": 6}))


class RestrictForm(PlainForm):
    """To whom a person and their cases are kept."""

    to = forms.MultipleChoiceField(label="Kept to", widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, workers: list[tuple[uuid.UUID, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "to", [(str(pk), name) for pk, name in workers])


class DenyForm(PlainForm):
    """Who must not see a person, and why."""

    user = forms.ChoiceField(label="Who")
    reason = forms.CharField(label="Why", max_length=1000, widget=forms.Textarea(attrs={**OFF, "rows": 3}))

    why = {"reason": "Whoever takes them off the list one day must know. It is sealed."}

    def __init__(self, *args: Any, workers: list[tuple[uuid.UUID, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", "Choose"), *((str(pk), name) for pk, name in workers)]
        offer(self, "user", choices)


class FileForm(PlainForm):
    """A photo or a paper. It is cleaned before it is kept, and refused when it is not what it says it is."""

    file = forms.FileField(label="The file", help_text=f"{TAKEN}, at most {MOST_BYTES // 2**20} MB.")
    called = forms.CharField(
        label="What it is", max_length=120, widget=forms.TextInput(attrs=OFF), help_text="As in “Lease, first page”."
    )
    why = {
        "file": "Where and when a photo was taken, who wrote a paper and what is hidden in it is taken out before it is "
        "kept. It is sealed like everything else in the case."
    }

    def clean_file(self) -> CleanFile:
        sent = self.cleaned_data["file"]
        if sent.size > MOST_BYTES:
            raise forms.ValidationError(f"This file is larger than {MOST_BYTES // 2**20} MB. Make it smaller, or split it.")
        try:
            return clean_apart(sent.read())
        except NotTaken as refused:
            raise forms.ValidationError(str(refused)) from None


class TakeOutForm(PlainForm):
    """For whom a file leaves the vault."""

    for_whom = forms.ChoiceField(
        label="For whom",
        choices=[("survivor", "For the person themselves"), ("own_agency", "For our own work on this case")],
        widget=forms.RadioSelect,
        help_text="Whoever else is to have it needs a release.",
    )


class HoldForm(PlainForm):
    """Why a case must be kept, whatever is due. A closed list, because it stands in the open."""

    reason = forms.ChoiceField(label="Why it must be kept", choices=HOLD_REASONS, widget=forms.RadioSelect)


class DestroyForm(PlainForm):
    """That a case be destroyed: why, how much, and its code as a proof that this one is meant."""

    reason = forms.ChoiceField(label="Why", choices=DestructionRequest.Why.choices, widget=forms.RadioSelect)
    with_person = forms.BooleanField(
        label="The file of the person too, when this is their last case.",
        required=False,
        help_text="Name, contacts and addresses go with it, and nobody finds them by a look-up any more.",
    )


class CodeForm(PlainForm):
    """The code of the case, typed."""

    code = forms.CharField(label="Type the code of the case", max_length=20, widget=forms.TextInput(attrs=OFF))

    def __init__(self, *args: Any, expected: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.expected = expected

    def clean_code(self) -> str:
        code = read_code(self.cleaned_data["code"])
        if code != self.expected:
            raise forms.ValidationError(f"This is not the code of the case. It is {self.expected}.")
        return code


class RetentionForm(PlainForm):
    """How long an agency keeps closed cases, and who says so."""

    years = forms.IntegerField(label="Years after closing", min_value=1, max_value=MOST_YEARS)
    source = forms.CharField(
        label="Who says so",
        max_length=300,
        help_text="The law, the grant or the decision of your board, so that it can be looked up in ten years.",
    )


class SheetsForm(PlainForm):
    """Which blank sheets, and how many."""

    kind = forms.ChoiceField(label="Which sheet", choices=Sheet.Kind.choices, widget=forms.RadioSelect)
    language = forms.ChoiceField(label="Language", choices=LANGUAGES, widget=forms.RadioSelect)
    count = forms.IntegerField(label="How many", min_value=1, max_value=AT_ONCE, initial=5)


class LegalForm(PlainForm):
    """What somebody asks a public body for. The clock of the law begins with the day on which it was asked for."""

    kind = forms.ChoiceField(label="What it is", choices=[("", "Choose"), *legal.KINDS.items()])
    status = forms.ChoiceField(label="Where it stands", choices=legal.STATUSES.items(), widget=forms.RadioSelect)
    since = DayField(
        label="Asked for on",
        required=False,
        help_text="The day on which it reached them. For victim compensation not asked for yet: the day of the crime.",
    )
    in_removal = forms.BooleanField(label="They are in removal proceedings", required=False)
    asked_of = forms.CharField(label="Asked of", max_length=200, required=False, widget=forms.TextInput(attrs=OFF))
    reference = forms.CharField(
        label="Receipt or case number", max_length=60, required=False, widget=forms.TextInput(attrs=OFF)
    )
    own_day = DayField(
        label="A day of your own", required=False, help_text="A hearing, an answer that is late, the last day of an order."
    )
    note = forms.CharField(label="Note", max_length=2000, required=False, widget=forms.Textarea(attrs={**OFF, "rows": 3}))

    why = {
        "in_removal": "The agency that signs then has 7 days instead of 30.",
        "own_day": "Where the law gives no clock, nobody guesses one. The case comes up on the earlier day.",
        "since": "A lawyer comes first: an application that is denied can begin removal.",
    }

    def clean_since(self) -> dt.date | None:
        day: dt.date | None = self.cleaned_data["since"]
        if day is not None and day > timezone.localdate():
            raise forms.ValidationError("This day has not come yet.")
        return day

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("status") == "asked" and not data.get("since") and "since" not in self.errors:
            self.add_error("since", "Say since when they have it: the clock begins with this day.")
        return data

    def legal(self) -> legal.Legal:
        data = self.cleaned_data
        days = {name: data[name].isoformat() if data[name] else "" for name in ("since", "own_day")}
        return legal.Legal(**{**data, **days})
