"""Documents as tagged PDF, so that a judge, an advocate or a survivor can have every one of them read out (PDF/UA-1).

Not yet in a writing from the right. The typesetter sets Arabic as it should look, and marks the language; but it tags each
word of a line as it lies on the paper, from the left, so that a program reads paragraphs in their order and each line from
its last word to its first. No paper is offered in Arabic, therefore: what must be heard in Arabic is a page.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from waymark.documents.typesetting import typeset


def tagged_pdf(template: Path, data: Mapping[str, Any], *, language: str, title: str) -> bytes:
    """A document after `template` (a .typ file of an app's `formats`), which finds `data` under the name `it`.

    Tagged, with its language and title, its fonts inside. The caller has written the ledger before it gives out the bytes.
    Raises ValueError for what is no language or title, CannotTypeset for a template that is wrong.
    """
    return typeset(template, data, language=language, title=title, form="pdf")
