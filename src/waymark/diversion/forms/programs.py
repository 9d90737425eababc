"""Programs as data, and referrals by word of mouth. No field asks for gender, a plea or an admission."""

from __future__ import annotations

from typing import Any, cast

from django import forms

from waymark.diversion.formats.program_files import templates
from waymark.diversion.forms.fields import LANGUAGES, AgencyChoice, ChargeFields, ReferenceField
from waymark.diversion.models import EligibilityRule, Requirement
from waymark.diversion.selectors import programs as known
from waymark.law.models import Charge
from waymark.pages.offers import offer_rows
from waymark.pages.questions import PlainForm
from waymark.pages.typed_values import DayField


class ReferralForm(ChargeFields):
    """By word of mouth: the reference is the one that counsel or the court gave."""

    program = forms.ChoiceField(label="Program")
    reference = ReferenceField(label="Reference that counsel or the court gave")
    language = forms.ChoiceField(label="Language", choices=LANGUAGES)

    def __init__(self, *args: Any, programs: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(str(row.pk), row.name) for row in programs if row.is_open]
        cast(forms.ChoiceField, self.fields["program"]).choices = choices

    def facts(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("reference", "language", "is_adult")}


class ProgramForm(PlainForm):
    template = forms.ChoiceField(label="Begin with", widget=forms.RadioSelect)
    name = forms.CharField(label="Name", max_length=120, help_text="For your own screens. No paper shows it.")
    court = AgencyChoice(label="Court")
    prosecution = AgencyChoice(label="Prosecution")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(row.key, f"{row.name}. {row.says}") for row in templates().values()]
        cast(forms.ChoiceField, self.fields["template"]).choices = choices
        offer_rows(self, "court", known.courts())
        offer_rows(self, "prosecution", known.prosecutions())


class PhaseForm(PlainForm):
    why = {"sessions": "Progress is counted. Nothing is graded."}

    def more_fields(self) -> dict[str, forms.Field]:
        return {
            kind.value: forms.IntegerField(label=kind.label, min_value=0, max_value=999, required=False)
            for kind in Requirement.Kind
        }


class RuleForm(PlainForm):
    kind = forms.ChoiceField(label="Rule", choices=EligibilityRule.Kind.choices, widget=forms.RadioSelect)
    levels = forms.MultipleChoiceField(
        label="Levels",
        choices=[row for row in Charge.Level.choices if row[0]],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    charges = forms.MultipleChoiceField(label="Sections", required=False, widget=forms.SelectMultiple(attrs={"size": "8"}))
    source = forms.CharField(label="Where it is written", max_length=200)
    in_force_from = DayField(label="From", required=False)
    in_force_until = DayField(label="Until", required=False)
    why = {"kind": "There are four kinds of rules. None asks for gender, a plea or an admission."}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sections = Charge.objects.order_by("section").values_list("section", flat=True).distinct()
        cast(forms.MultipleChoiceField, self.fields["charges"]).choices = [(row, row) for row in sections]

    def values(self) -> list[str]:
        data = self.cleaned_data
        return list(data["levels"]) if data["kind"] == "level" else [] if data["kind"] == "adult" else list(data["charges"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, last = cleaned.get("in_force_from"), cleaned.get("in_force_until")
        if first and last and last < first:
            self.add_error("in_force_until", "The last day is not before the first.")
        if "kind" in cleaned and cleaned["kind"] != "adult" and not self.values():
            self.add_error("levels" if cleaned["kind"] == "level" else "charges", "Choose at least one.")
        return cleaned


class EndRuleForm(PlainForm):
    until = DayField(label="Last day on which it holds")
