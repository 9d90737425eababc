"""Every word that a visitor of the finder reads, by language, with who checked it and when.

Words are data here, one small file a subject and language, because they change by other rules than code: a council reads
them first, a speaker checks a translation, a lawyer's office checks a statement of law, and each check has a date. Pages
and screens ask this package for their words and never hold any of their own.
"""

from waymark.finder.content.catalog import official_notice_address, paper_words, strings, unchecked_subjects
from waymark.finder.content.languages import Language, language, languages, offered_languages
from waymark.finder.content.pages import (
    HelpPage,
    LawLine,
    Section,
    help_page,
    help_pages,
    law_lines,
    sector_card,
    sector_cards,
)

__all__ = [
    "HelpPage",
    "Language",
    "LawLine",
    "Section",
    "help_page",
    "help_pages",
    "language",
    "languages",
    "law_lines",
    "offered_languages",
    "official_notice_address",
    "paper_words",
    "sector_card",
    "sector_cards",
    "strings",
    "unchecked_subjects",
]
