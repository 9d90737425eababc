"""The search of the staff site: pages that one may open and things that one may see, and nothing else."""

from waymark.web.search.finding import Answer, find, words_of

__all__ = ["Answer", "find", "words_of"]
