"""What is asked on the pages of sharing."""

from waymark.consent.forms.naming import RecordsForm
from waymark.consent.forms.questions import (
    STOPPED,
    AnswerForm,
    BeginForm,
    CopyForm,
    MinorAsked,
    PackageForm,
    SignForm,
    SpokenForm,
    TalkForm,
    TermsForm,
)

__all__ = [
    "STOPPED",
    "AnswerForm",
    "BeginForm",
    "CopyForm",
    "MinorAsked",
    "PackageForm",
    "RecordsForm",
    "SignForm",
    "SpokenForm",
    "TalkForm",
    "TermsForm",
]
