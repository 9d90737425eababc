"""Writing in cases: opening one, moving it, telling notices, writing notes, keeping it to a few."""
