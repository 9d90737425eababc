"""The invitation's code, and the letter that carries it.

The code is 120 random bits in letters that survive a phone call. The database keeps its hash only. In a link the code
stands behind the `#`, which a browser never sends: it reaches no log, no proxy and no referrer. The letter is neutral:
whoever reads over a shoulder learns neither who invites nor to what.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
from datetime import datetime

BYTES = 15
GROUP = 4
LOOKALIKES = str.maketrans({"0": "o", "1": "l", "8": "b"})
SUBJECT = "An account is waiting for you"
LETTER = """Hello,

somebody you work with has made a place for you. To look at it, open

  {link}

If the page asks for a code, type

  {code}

It works once, and until {until}.

If you did not expect this letter, do nothing: it ends by itself.
"""


def new_code() -> str:
    """A fresh code, like `abcd-efgh-ijkl-mnop-qrst-uvwx`."""
    letters = base64.b32encode(secrets.token_bytes(BYTES)).decode().lower()
    return "-".join(letters[start : start + GROUP] for start in range(0, len(letters), GROUP))


def digest_of(code: str) -> str:
    """What is stored of a code, however it was typed: capitals, spaces and digits that look like letters are the same."""
    plain = "".join(sign for sign in code.lower() if sign.isalnum()).translate(LOOKALIKES)
    return hashlib.sha256(b"waymark.accounts.invitation|" + plain.encode()).hexdigest()


def letter(*, page_url: str, code: str, expires_at: datetime) -> str:
    """The neutral letter. `expires_at` is in the region's zone."""
    until = f"{expires_at:%A, %B} {expires_at.day}, {expires_at.year}"
    return LETTER.format(link=f"{page_url}#{code}", code=code, until=until)
