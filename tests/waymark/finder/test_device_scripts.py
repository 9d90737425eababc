"""The phone's own rules under Node: hours by the shared cases, words and spelling as on the server."""

from __future__ import annotations

import json
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.device import node, on_device

from waymark.directory.selectors.words import query_stems

ROOT = Path(__file__).resolve().parents[3]
SCRIPTS = ROOT / "frontend" / "scripts" / "search"


def run(script: str, said: Any) -> Any:
    done = subprocess.run(
        [node(), "--input-type=module", "-e", script], input=json.dumps(said), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_hours_answer_every_shared_case_as_the_server_does() -> None:
    cases = json.loads((ROOT / "tests" / "fixtures" / "hours_cases.json").read_text())["cases"]
    script = f"""
import {{ readFileSync }} from "node:fs";
import {{ hoursAt, wallClock }} from "{SCRIPTS / "opening.js"}";
const written = (now, minutes) => new Date((now.day * 1440 + minutes) * 60000).toISOString().slice(0, 16);
const answers = JSON.parse(readFileSync(0, "utf8")).map((each) => {{
  const now = wallClock(each.zone, new Date(each.now));
  const found = hoursAt(each.schedules, now);
  const answer = {{ state: found.state }};
  if (found.closes !== undefined) answer.closes = written(now, found.closes);
  if (found.opens !== undefined) answer.opens = written(now, found.opens);
  return answer;
}});
console.log(JSON.stringify(answers));
"""
    answers = run(script, cases)
    assert len(answers) == len(cases) > 40
    for case, answer in zip(cases, answers, strict=True):
        assert answer == case["expect"], case["name"]


def test_words_have_the_stems_that_the_server_gives_them() -> None:
    texts = [
        "I was not payed",
        "¿Dónde están mis papeles?",
        "boss's shelters",
        "abogada families staying beaten",
        "the of a",
        "911 y 2 niños",
        "مأوى الليلة",
        "CÓMO DUELE",
    ]
    stop = ["i", "was", "not", "the", "of", "a", "mis", "y", "donde", "como"]
    script = f"""
import {{ readFileSync }} from "node:fs";
import {{ queryWords, stem }} from "{SCRIPTS / "words.js"}";
const {{ texts, stop }} = JSON.parse(readFileSync(0, "utf8"));
const stems = (text) => [...new Set(queryWords(text, new Set(stop)).map(stem))];
console.log(JSON.stringify(texts.map(stems)));
"""
    answers = run(script, {"texts": texts, "stop": stop})
    shared = {0, 1, 2, 3, 5, 6}
    for place in shared:
        server = [word for word in query_stems(texts[place]) if word not in stop]
        assert set(server) <= set(answers[place]), texts[place]


def copy_of(*services: dict[str, Any], needs: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    listed = [{"i": str(place), **service} for place, service in enumerate(services)]
    return {"agencies": [], "sorts": [], "needs": needs or [], "stop": ["i", "a", "need", "me"], "services": listed}


def test_a_misspelled_word_finds_and_says_what_was_meant() -> None:
    copy = copy_of({"n": {"en": "Emergency shelter"}}, {"n": {"en": "Dentist"}})
    found = on_device(copy, ["sheltr", "dentyst"])
    assert [ranking[0] for ranking in found["rankings"]] == ["0", "1"]
    assert found["meant"] == [["shelter"], ["dentist"]]


def test_needs_are_found_in_languages_without_spaces_and_from_right_to_left() -> None:
    need = {"s": "safe", "t": {"en": "I need a safe place"}, "w": ["庇护所", "ملجأ"]}
    copy = copy_of({"n": {"en": "House"}, "g": ["safe"]}, {"n": {"en": "Food bank"}}, needs=[need])
    found = on_device(copy, ["我需要庇护所", "ملجأ"])
    assert [ranking[:1] for ranking in found["rankings"]] == [["0"], ["0"]]


def test_nothing_that_was_typed_breaks_it() -> None:
    copy = copy_of({"n": {"en": "House"}})
    strange = ["", "   ", "?!", "a" * 5000, "\u0000", "💡", "__proto__ constructor", "' OR 1=1 --", "\u202eabc"]
    found = on_device(copy, strange, rounds=2)
    assert len(found["rankings"]) == len(strange)


def test_the_moment_of_the_wall_is_the_region_s() -> None:
    script = f"""
import {{ wallClock }} from "{SCRIPTS / "opening.js"}";
console.log(JSON.stringify(wallClock("America/Los_Angeles", new Date("2026-11-23T05:30:00Z"))));
"""
    days = (datetime(2026, 11, 22, tzinfo=UTC) - datetime(1970, 1, 1, tzinfo=UTC)).days
    assert run(script, None) == {"day": days, "minute": 21 * 60 + 30}
