"""A room without doors: foreign bytes are read in a process of their own, and only what was asked for comes out.

`clean_apart` and `page_apart` start it and hand the bytes over; run as a program it is the room. It has no settings, no
keys, no connection; it may write no file, and it ends after seconds of work or when it wants too much memory. A file that
breaks a library breaks this process and nothing else.
"""

from __future__ import annotations

import io
import json
import resource
import subprocess
import sys
from typing import Any

from waymark.cases.formats.file_kinds import MOST_BYTES, PDF, CleanFile, NotTaken

SECONDS = 20
MEMORY = 1536 * 1024 * 1024
# The width in dots of a page that is shown.
WIDTH = 900
_TOO_MUCH = (
    "This file asks for too much work to be read safely. Print it to a new PDF, or take a photo of it, and add that."
)


def clean_apart(content: bytes) -> CleanFile:
    """The file without what is hidden in it. Raises NotTaken."""
    if not content:
        raise NotTaken("This file is empty.")
    if len(content) > MOST_BYTES:
        raise NotTaken(f"This file is larger than {MOST_BYTES // 2**20} MB. Make it smaller, or split it.")
    told, made = _ask("clean", content)
    return CleanFile(told["media_type"], made, told["pages"])


def page_apart(content: bytes, media_type: str, page: int) -> bytes:
    """One page as a PNG picture. Raises NotTaken for a page that is not there."""
    return _ask("page", content, media_type, str(page))[1]


def _ask(*question: Any) -> tuple[dict[str, Any], bytes]:
    verb, content, *more = question
    try:
        done = subprocess.run(
            [sys.executable, "-I", "-m", "waymark.cases.formats.reading_room", verb, *more],
            input=content,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={},
            cwd="/",
            timeout=SECONDS * 2,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise NotTaken(_TOO_MUCH) from None
    head, _, made = done.stdout.partition(b"\n")
    if done.returncode != 0 or not head:
        raise NotTaken(_TOO_MUCH)
    told: dict[str, Any] = json.loads(head)
    if "refused" in told:
        raise NotTaken(told["refused"])
    return told, made


def _give_up_rights() -> None:
    """Before the first foreign byte is read."""
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _draw(content: bytes, media_type: str, number: int) -> bytes:
    from PIL import Image

    if media_type == PDF:
        import pypdfium2

        with pypdfium2.PdfDocument(content) as document:
            if not 0 <= number < len(document):
                raise NotTaken("There is no such page.")
            document.init_forms()
            page = document[number]
            image = page.render(scale=WIDTH / max(page.get_width(), 1)).to_pil()
    else:
        image = Image.open(io.BytesIO(content))
        image.thumbnail((WIDTH, WIDTH * 2))
    drawn = io.BytesIO()
    image.save(drawn, "PNG")
    return drawn.getvalue()


def _serve(verb: str, *more: str) -> None:
    # Imported while files may still be opened freely and memory is not counted: the libraries themselves are trusted.
    from waymark.cases.formats import file_cleaning

    content = sys.stdin.buffer.read()
    _give_up_rights()
    try:
        if verb == "clean":
            made = file_cleaning.clean(content)
            told, body = {"media_type": made.media_type, "pages": made.pages}, made.content
        else:
            told, body = {}, _draw(content, more[0], int(more[1]))
    except NotTaken as refused:
        told, body = {"refused": str(refused)}, b""
    sys.stdout.buffer.write(json.dumps(told).encode() + b"\n" + body)


if __name__ == "__main__":
    _serve(*sys.argv[1:])
