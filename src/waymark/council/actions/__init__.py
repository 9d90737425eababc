"""What can be done with the council. Apps whose things are gated use `request_review` and `correct_for_safety`."""

from waymark.council.actions.reviews import correct_for_safety, request_review, withdraw_review

__all__ = ["correct_for_safety", "request_review", "withdraw_review"]
