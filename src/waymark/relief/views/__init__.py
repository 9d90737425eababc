"""The screens of relief cases."""

from waymark.relief.views.agencies import answers_take_in, holder_confirm, holder_drop, holder_new, holder_send
from waymark.relief.views.asking import ask, relief_find, relief_list, relief_new
from waymark.relief.views.counting import counts, quarter_give
from waymark.relief.views.record import draft, forget, paper, questions, relief_detail, step

__all__ = [
    "answers_take_in",
    "ask",
    "counts",
    "draft",
    "forget",
    "holder_confirm",
    "holder_drop",
    "holder_new",
    "holder_send",
    "paper",
    "quarter_give",
    "questions",
    "relief_detail",
    "relief_find",
    "relief_list",
    "relief_new",
    "step",
]
