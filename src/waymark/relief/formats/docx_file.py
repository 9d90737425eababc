"""The draft petition as a file that an attorney's word processor opens: headings, tables and lists, no macro, no picture.

It is set from the same words as the PDF. The file's own properties hold its title and language and no person's name.
"""

from __future__ import annotations

import datetime as dt
import io
import re
from typing import Any

from docx import Document
from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement

# What XML cannot hold.
UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
# A day on which every file was made tells nothing of when this one was.
NO_DAY = dt.datetime(2000, 1, 1)
LINE = "______________________________"


def petition_file(words: dict[str, Any]) -> bytes:
    """The DOCX file of a draft petition."""
    paper: Any = Document()
    about = paper.core_properties
    about.title, about.author, about.comments, about.language = words["title"], "", "", "en-US"
    about.created = about.modified = NO_DAY
    for section in paper.sections:
        section.header.paragraphs[0].text = _seen(words["warning"])
    _cover(paper, words)
    _petition(paper, words)
    paper.add_page_break()
    paper.add_heading(_seen(f"Declaration of {words['petitioner']}"), 2)
    empty = ["The petitioner's own words come here. Nobody writes them in their place."]
    for each in words["declaration"] or empty:
        paper.add_paragraph(_seen(each))
    paper.add_paragraph("I declare under penalty of perjury under the laws of the State of California that this is true.")
    paper.add_paragraph(f"Date: {LINE}    Signature of the petitioner: {LINE}")
    paper.add_page_break()
    paper.add_heading("Proof of service", 2)
    paper.add_paragraph("Served on (office), by whom, on which day, how:")
    made = io.BytesIO()
    paper.save(made)
    return made.getvalue()


def _cover(paper: Any, words: dict[str, Any]) -> None:
    paper.add_heading(_seen(words["title"]), 1)
    paper.add_paragraph("This sheet is for the attorney. It is privileged and is no part of what is filed.")
    _table(paper, ["What", "As it stands"], words["cover"])
    paper.add_heading("What was answered", 2)
    if words["answers"]:
        _table(paper, ["Question", "Answer"], words["answers"])
    else:
        paper.add_paragraph("This section asks for no further fact.")


def _petition(paper: Any, words: dict[str, Any]) -> None:
    paper.add_page_break()
    for each in [*words["caption"], words["for"]]:
        paper.add_paragraph(_seen(each))
    paper.add_heading(_seen(words["court"]), 2)
    paper.add_paragraph(_seen(f"In the matter of {words['petitioner']}"))
    paper.add_paragraph(_seen(f"Case number: {words['case_number']}"))
    paper.add_heading(_seen(words["heading"]), 3)
    paper.add_paragraph(_seen(words["asks"]))
    paper.add_heading("Evidence", 3)
    for each in words["evidence"]:
        paper.add_paragraph(_seen(each), style="List Bullet")
    if not words["evidence"]:
        paper.add_paragraph("None is listed yet.")
    paper.add_paragraph(f"Date: {LINE}    Signature of the attorney: {LINE}")


def _table(paper: Any, heading: list[str], rows: list[list[str]]) -> None:
    """A table whose first row is said to be one, so that it is read out with every cell."""
    table = paper.add_table(rows=1, cols=len(heading), style="Table Grid")
    for cell, text in zip(table.rows[0].cells, heading, strict=True):
        cell.text = text
    properties = table.rows[0]._tr.get_or_add_trPr()
    mark = OxmlElement("w:tblHeader")
    mark.set(qn("w:val"), "true")
    properties.append(mark)
    for row in rows:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = _seen(text)


def _seen(text: str) -> str:
    return UNSEEN.sub("", text)
