"""What is read to a survivor before anything is shared, and before sharing stops: the same words on screen and on paper.

Grade six, in the second person, in the survivor's language. The Spanish is written, not translated word for word, and no
speaker has checked it yet: every screen that shows it says so to the worker. A change of a line is a new version
(`policies.TEXT_VERSION`), because a release keeps which words were told.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

LANGUAGES = (("en", "English"), ("es", "Español (not yet checked by a speaker)"))
# Languages whose words a native speaker has read.
CHECKED = frozenset({"en"})

WORDS: dict[str, dict[str, str]] = {
    "en": {
        "before": "Can you talk freely now? If not, we stop and do this another day.",
        "heading": "Do you want us to share this with {agency}?",
        "first": "You can say no. You get the same help from us.",
        "only": "We share only:",
        "whole": "all of it, also what we write down later, until the last day",
        "only_named": "only {count}, of {days}. What is added later is not shared",
        "the_rest": "the rest",
        "with": "With:",
        "so_that": "So that you get:",
        "until": "Until:",
        "not": "We do not share:",
        "anything_else": "anything else. Never our notes about what you tell us",
        "wrong": "If you told us that something in it is wrong, your words go with it.",
        "said_wrong": "What you said is wrong",
        "other_ways": "You could also: ask without your name, tell them yourself, or wait.",
        "risk": "They may keep or write down what they read.",
        "part_two": "This can show that you get, or got, help with alcohol or drugs. A federal law protects that: they may "
        "not pass it on, and nobody may use it against you in court unless you or a judge says so.",
        "police_yes": "{agency} works with police or courts: yes.",
        "police_no": "{agency} is no police and no court.",
        "by_file": "It goes there as a file. If you stop, we tell them to erase it. They may have kept or printed a "
        "copy, and we cannot erase that.",
        "along": "With these parts goes what you said is wrong in them:",
        "stop": "You can stop any day. Tell us, or press Stop sharing. You do not need a reason.",
        "limits": "If a judge orders it, or the law says a child must be protected, some of us may have to tell.",
        "no": "No, do not share",
        "later": "Not today",
        "yes": "Yes, share only this",
        "signature": "I choose this. No one is pushing me.",
        "sign_here": "Signature",
        "sign_beside": "Signature of the young person, who agrees",
        "day": "Day",
        "for_child": "I sign for a child. My name stands in the agency's file.",
        "interpreter": "Interpreter's number",
        "code": "Release",
        "stop_heading": "Stop sharing with {agency}?",
        "unopened": "They have not opened it. Now they cannot.",
        "opened": "They opened it on {day}. They may have read it, printed it or written it down. "
        "We tell them not to use it. We cannot make them forget.",
        "left_as_file": "It left as a file. We tell them that it is taken back. They may have kept or printed a copy. We "
        "cannot erase that.",
        "nothing_sent": "Nothing was sent to them yet. From now on nothing will be.",
        "always": "You do not have to say why. Your help here stays the same.",
        "court": "The court will see “no report”, not the reason. You can ask your lawyer first. You can stop anyway.",
        "stop_now": "Stop sharing now",
        "stopped": "Stopped at {time}. {agency} was told, without your story.",
    },
    "es": {
        "before": "¿Puede hablar con libertad ahora? Si no, paramos y lo hacemos otro día.",
        "heading": "¿Quiere que compartamos esto con {agency}?",
        "first": "Puede decir que no. Recibirá de nosotros la misma ayuda.",
        "only": "Compartimos solo:",
        "whole": "todo, también lo que anotemos después, hasta el último día",
        "only_named": "solo {count}, con fecha de {days}. Lo que se agregue después no se comparte",
        "the_rest": "lo demás",
        "with": "Con:",
        "so_that": "Para que usted reciba:",
        "until": "Hasta:",
        "not": "No compartimos:",
        "anything_else": "nada más. Nunca nuestras notas sobre lo que usted nos cuenta",
        "wrong": "Si nos dijo que algo de esto está mal, sus palabras van junto con ello.",
        "said_wrong": "Lo que usted dijo que está mal",
        "other_ways": "También puede: preguntar sin dar su nombre, contárselo usted, o esperar.",
        "risk": "Pueden guardar o anotar lo que lean.",
        "part_two": "Esto puede mostrar que usted recibe o recibió ayuda con el alcohol o las drogas. Una ley federal lo "
        "protege: ellos no pueden pasarlo a nadie, y nadie puede usarlo contra usted en un tribunal si usted o un juez no "
        "lo permite.",
        "police_yes": "{agency} trabaja con la policía o los tribunales: sí.",
        "police_no": "{agency} no es policía ni tribunal.",
        "by_file": "Va allí como un archivo. Si usted para, les diremos que lo borren. Tal vez guarden o impriman "
        "una copia, y esa no la podemos borrar.",
        "along": "Con estas partes va también lo que usted dijo que no es correcto en ellas:",
        "stop": "Puede parar cualquier día. Díganos o presione Dejar de compartir. No necesita dar una razón.",
        "limits": "Si un juez lo ordena, o si la ley dice que hay que proteger a un niño, algunas personas de aquí tal vez "
        "tengan que informar.",
        "no": "No compartir",
        "later": "Hoy no",
        "yes": "Sí, compartir solo esto",
        "signature": "Yo lo decido. Nadie me presiona.",
        "sign_here": "Firma",
        "sign_beside": "Firma de la persona joven, que está de acuerdo",
        "day": "Fecha",
        "for_child": "Firmo por un niño o una niña. Mi nombre está en el archivo de la agencia.",
        "interpreter": "Número del intérprete",
        "code": "Permiso",
        "stop_heading": "¿Dejar de compartir con {agency}?",
        "unopened": "No lo han abierto. Ahora ya no podrán.",
        "opened": "Lo abrieron el {day}. Tal vez lo leyeron, lo imprimieron o lo anotaron. Les diremos que no lo usen. "
        "No podemos hacer que lo olviden.",
        "left_as_file": "Salió como un archivo. Les diremos que ya no vale. Tal vez guardaron o imprimieron una copia. "
        "Esa no la podemos borrar.",
        "nothing_sent": "Todavía no les mandamos nada. Desde ahora no les mandaremos nada.",
        "always": "No tiene que decir por qué. La ayuda que recibe aquí sigue igual.",
        "court": "El tribunal verá «sin informe», no la razón. Puede preguntar antes a su abogado. "
        "Puede parar de todos modos.",
        "stop_now": "Dejar de compartir ahora",
        "stopped": "Se dejó de compartir a las {time}. Avisamos a {agency}, sin contar su historia.",
    },
}

PURPOSE_WORDS: dict[str, dict[str, str]] = {
    "en": {
        "benefits": "benefits",
        "compensation": "compensation and restitution",
        "court": "a report to the court",
        "health": "health care",
        "housing": "a place to stay",
        "legal": "legal help",
        "safety": "help to be safe",
        "services": "a service that you want",
    },
    "es": {
        "benefits": "beneficios",
        "compensation": "compensación y restitución",
        "court": "un informe al tribunal",
        "health": "atención médica",
        "housing": "un lugar donde quedarse",
        "legal": "ayuda legal",
        "safety": "ayuda para estar a salvo",
        "services": "un servicio que usted quiere",
    },
}
_MONTHS_ES = (
    "enero",
    "febrero",
    "marzo",
    "abril",
    "mayo",
    "junio",
    "julio",
    "agosto",
    "septiembre",
    "octubre",
    "noviembre",
    "diciembre",
)


def day_in_words(day: dt.date, language: str) -> str:
    """`December 22, 2026`, `22 de diciembre de 2026`."""
    if language == "es":
        return f"{day.day} de {_MONTHS_ES[day.month - 1]} de {day.year}"
    return f"{day:%B} {day.day}, {day.year}"


def told(language: str, **given: str) -> dict[str, str]:
    """Every line in one language, with the agency's name and so on put in."""
    lines = WORDS.get(language, WORDS["en"])
    given = {"day": "", "time": "", "agency": "", "count": "", "days": "", **given}
    return {name: text.format(**given) for name, text in lines.items()}


def only_in_words(days: Sequence[dt.date], language: str) -> str:
    """How many records are named, and of which days: what is safe on paper and still lets a person know them again."""
    of_days = "; ".join(dict.fromkeys(day_in_words(day, language) for day in days))
    return WORDS.get(language, WORDS["en"])["only_named"].format(count=len(days), days=of_days)


def purpose_in_words(purpose: str, language: str) -> str:
    return PURPOSE_WORDS.get(language, PURPOSE_WORDS["en"]).get(purpose, purpose)
