"""The worker's part of the common work, area by area."""

from waymark.coalition.tasks.agreements import remind_of_reviews

__all__ = ["remind_of_reviews"]
