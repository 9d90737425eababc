"""The words that the script on the phone needs, in one language; they travel in the page, so they exist once."""

from __future__ import annotations

import json

from waymark.finder.content import languages, strings

SUBJECTS = ("results.", "service.", "report.", "days.", "store.offline", "store.kept_old", "store.bad_copy")


def device_words(code: str) -> str:
    """Words by key, and the languages' own names, as JSON."""
    words = {key: text for key, text in strings(code).items() if key.startswith(SUBJECTS)}
    tongues = {each.code: each.name for each in languages()}
    return json.dumps({"words": words, "tongues": tongues}, ensure_ascii=False, separators=(",", ":"))
