"""How a person's facts are sealed: as everybody seals small facts (waymark.sealing.facts)."""

from waymark.sealing.facts import STEP, pack, unpack

__all__ = ["STEP", "pack", "unpack"]
