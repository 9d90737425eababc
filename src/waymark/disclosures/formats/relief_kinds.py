"""Packets about clearing a record: that a petition was served, that relief was ordered, that an order was carried out."""

from __future__ import annotations

import uuid

from waymark.disclosures.formats.questions import Kind, Question

DAY = r"\d{4}-\d{2}-\d{2}"

# What a petition that was served says to whoever must answer it. Grounds and the person's own words are in the papers that
# the attorney serves, never in a packet.
PETITION = Kind(
    code="petition",
    label="A petition was served",
    needs_permit=True,
    questions=(
        Question("answer_by", "Answer by", limit=120),
        Question("attorney", "Attorney", limit=300),
        Question("case_number", "Case number", limit=60),
        Question("court", "Court", limit=200),
        Question("entry", "What the petition asks to clear", limit=300),
        Question("petitioner", "Petitioner", limit=200),
        Question("section", "Under", limit=60),
        Question("served_on", "Served on", limit=10),
    ),
)

RELIEF_ORDER = Kind(
    code="relief_order",
    label="Relief was ordered: seal, then destroy",
    needs_permit=True,
    questions=(
        Question("case_number", "Case number", limit=60),
        Question("court", "Court", limit=200),
        Question("entry", "What the judge cleared", limit=300),
        Question("ordered_on", "Ordered on", limit=10),
        Question("program_reference", "Reference in a diversion program", limit=11),
        Question("reference", "Our reference, for your answer", limit=12),
        Question("section", "Under", limit=60),
        Question("task", "What your agency does now", limit=600),
    ),
)

RELIEF_DONE = Kind(
    code="relief_done",
    label="An order was carried out",
    needs_permit=False,
    questions=(
        Question("day", "On", limit=10),
        Question(
            "done", "What was done", answers=(("sealed", "Our rows are sealed"), ("destroyed", "Our rows are destroyed"))
        ),
        Question("reference", "Reference of the order", limit=12),
    ),
    # The office that keeps the relief case shows it there, and whoever answers shows it beside the order.
    is_mail=False,
)


def answer_page(order: uuid.UUID, done: str) -> uuid.UUID:
    """The page on which an order is answered. Both agencies can say it, so the answer finds its order unopened, and an
    answer that is pressed twice is one packet.
    """
    return uuid.uuid5(order, done)
