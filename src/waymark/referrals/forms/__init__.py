"""What workers choose when they refer and answer. There is no line to write on anywhere."""

from waymark.referrals.forms.answering import AnswerForm, LetterCodeForm, MoveForm
from waymark.referrals.forms.asking import LetterForm, OpaqueForm, PackageForm, QuestionForm

__all__ = ["AnswerForm", "LetterCodeForm", "LetterForm", "MoveForm", "OpaqueForm", "PackageForm", "QuestionForm"]
