"""Runs the command inside the test's process and gives what it said."""

from __future__ import annotations

import json

from hiddenpop import cli


def run(capsys, *words):
    status = cli.main([str(word) for word in words])
    said = capsys.readouterr()
    return status, said.out, said.err


def run_json(capsys, *words):
    status, out, err = run(capsys, *words, "--json", "-")
    return status, json.loads(out), err
