"""What participants said of how they were treated, as counts from the first moment on: no answer is ever a row of its own.

Nothing here leads to anybody: no enrollment, no author, no time finer than the quarter, and not even which answers one
person gave together. Rows are made before the first answer, so neither their order nor their place says anything.
"""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from waymark.accounts.models import AgencyOwned
from waymark.diversion.models.programs import Program


class FairnessRound(AgencyOwned):
    """The survey of one quarter in one program: how many were asked, and how many answered."""

    program = models.ForeignKey(Program, models.PROTECT, db_constraint=False, related_name="+")
    instrument = models.CharField(max_length=40, help_text="Which instrument, and its version.")
    quarter = models.DateField(help_text="Its first day.")
    handed_out = models.PositiveSmallIntegerField(default=0, help_text="Sheets, and turns at a device.")
    answered = models.PositiveSmallIntegerField(default=0)
    spent = ArrayField(
        models.CharField(max_length=32),
        default=list,
        blank=True,
        help_text="Turns that were counted, hashed and sorted: a form sent twice counts once.",
    )

    class Meta(AgencyOwned.Meta):
        ordering = ["quarter"]
        constraints = [
            *AgencyOwned.Meta.constraints,
            models.UniqueConstraint(fields=["agency", "program", "quarter"], name="one_survey_a_quarter"),
            models.CheckConstraint(condition=Q(answered__lte=F("handed_out")), name="nobody_answers_unasked"),
            models.CheckConstraint(
                condition=Q(quarter__day=1, quarter__month__in=[1, 4, 7, 10]), name="a_quarter_begins_with_its_first_day"
            ),
        ]

    class Privacy:
        kind = "confidential"
        fields = {"id": "reference", "agency": "reference", "program": "reference"}

    def __str__(self) -> str:
        return str(self.pk)


class FairnessCount(AgencyOwned):
    """How many gave one answer to one question in one quarter."""

    round = models.ForeignKey(FairnessRound, models.PROTECT, db_constraint=False, related_name="counts")
    question = models.CharField(max_length=24)
    answer = models.PositiveSmallIntegerField(help_text="The place on the scale; 0 is no answer.")
    number = models.PositiveSmallIntegerField(default=0)

    class Meta(AgencyOwned.Meta):
        constraints = [
            *AgencyOwned.Meta.constraints,
            models.UniqueConstraint(fields=["agency", "round", "question", "answer"], name="one_count_an_answer"),
            models.CheckConstraint(condition=Q(answer__lte=9), name="answer_is_on_the_scale"),
        ]

    class Privacy:
        kind = "confidential"
        fields = {"id": "reference", "agency": "reference", "round": "reference"}

    def __str__(self) -> str:
        return str(self.pk)
