"""The letter that somebody carries: no name, no agency, no word about what happened, and a code that is no address.

Whoever finds the page learns that somebody looks for help, and a phone number. The square holds the code alone, so that a
phone that reads it opens nothing.
"""

from __future__ import annotations

import datetime as dt
import io
from pathlib import Path

import segno

from waymark.documents.pdf import tagged_pdf
from waymark.referrals.formats.letter_codes import spoken

TEMPLATE = Path(__file__).with_name("letter.typ")
TITLE = "A letter"


def letter_pdf(*, code: str, phone: str, until: dt.date) -> bytes:
    """The page as a tagged PDF."""
    return tagged_pdf(
        TEMPLATE,
        {
            "heading": "Please help the person who brings this page",
            "paragraphs": [
                "They look for a service that you offer. They decide what they tell you; you do not need to ask more than "
                "your service needs.",
            ],
            "code_heading": "Code",
            "code": spoken(code),
            "square": square(code),
            "square_says": "The same code, for a scanner.",
            "staff": "Staff: type the code under “Somebody came with a letter”. It says that they came, and nothing else.",
            "call": f"Questions: call {phone}.",
            "until": f"Good until {until:%A, %B} {until.day}, {until.year}.",
            "yours": "For you who carry it: this page is yours. You can keep it, tear it up, or give it to nobody.",
            "yours_es": "Para usted que la lleva: esta hoja es suya. Puede guardarla, romperla o no dársela a nadie.",
        },
        language="en-US",
        title=TITLE,
    )


def square(code: str) -> str:
    """The code as a picture for a scanner, and nothing besides the code."""
    drawn = io.BytesIO()
    segno.make(code, error="m", micro=False).save(drawn, kind="svg", scale=6, border=4)
    return drawn.getvalue().decode()
