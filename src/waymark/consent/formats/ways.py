"""A safe way to reach somebody in words: for whoever is to obey it, and in Spanish for the person who agreed to it."""

from __future__ import annotations

import datetime as dt

from waymark.people.policies import CHANNELS, SafeWay, times_in_words

# As a person hears them read in Spanish. No speaker has checked them yet.
CHANNELS_ES: dict[str, str] = {
    "call": "Llamada",
    "text": "Mensaje de texto",
    "email": "Correo electrónico",
    "letter": "Carta",
    "visit": "En persona",
    "other": "Por medio de alguien de su confianza",
}
DAYS_ES = ("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo")


def way_in_words(way: SafeWay) -> str:
    leave = "A message may be left." if way.may_leave_message else "Leave no message."
    return f"{dict(CHANNELS).get(way.channel, way.channel)}: {way.value}. {times_in_words(way)}. {leave}"


def way_in_spanish(way: SafeWay) -> str:
    leave = "Se puede dejar un mensaje." if way.may_leave_message else "No se deja ningún mensaje."
    when = f"{_days(way)}, {_hours(way)}".removesuffix(".")
    return f"{CHANNELS_ES.get(way.channel, way.channel)}: {way.value}. {when}. {leave}"


def _days(way: SafeWay) -> str:
    days = sorted(way.days)
    if len(days) == len(DAYS_ES):
        return "cualquier día"
    if len(days) > 2 and days == list(range(days[0], days[-1] + 1)):
        return f"de {DAYS_ES[days[0]]} a {DAYS_ES[days[-1]]}"
    return ", ".join(DAYS_ES[day] for day in days) or "ningún día"


def _hours(way: SafeWay) -> str:
    if way.starts is None or way.ends is None or way.starts == way.ends:
        return "a cualquier hora"
    return f"{_clock(way.starts, 'de')} {_clock(way.ends, 'a')}"


def _clock(value: dt.time, before: str) -> str:
    hour = value.hour % 12 or 12
    return f"{before} {'la' if hour == 1 else 'las'} {hour}:{value:%M} {'a. m.' if value.hour < 12 else 'p. m.'}"
