"""The tutorial's code runs and prints what the tutorial says."""

from __future__ import annotations

import doctest
import re
import shlex
from pathlib import Path

import pytest

from hiddenpop import cli

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "hiddenpop"
TEXT = (FOLDER / "tutorial.md").read_text(encoding="utf-8")


def test_python_blocks(monkeypatch):
    monkeypatch.chdir(FOLDER)
    test = doctest.DocTestParser().get_doctest(TEXT, {}, "tutorial", "tutorial.md", 0)
    assert len(test.examples) > 15
    assert doctest.DocTestRunner(verbose=False).run(test).failed == 0


@pytest.mark.parametrize("block", re.findall(r"```console\n(.*?)```", TEXT, flags=re.DOTALL))
def test_commands(block, monkeypatch, capsys):
    monkeypatch.chdir(FOLDER)
    command, _, expected = block.partition("\n")
    words = shlex.split(command)
    assert words[:2] == ["$", "hiddenpop"]
    if not expected:
        # Shown without its output, since it takes long: a few tables show that it runs.
        words[words.index("--calibrate") + 1] = "3"
        words[words.index("--bootstrap") + 1] = "10"
    assert cli.main(words[2:]) == 0
    printed = capsys.readouterr().out
    assert printed == expected if expected else "simulated tables like this one" in printed
