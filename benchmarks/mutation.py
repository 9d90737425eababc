"""Mutation testing: change the code in one small way, and see whether a test notices.

Each mutant changes one comparison, operator, number, truth value, connective, return or statement of one file;
annotations, docstrings and texts are left alone. The tests run with plain Python kernels (NUMBA_DISABLE_JIT=1). A mutant
is killed when a test fails or takes far too long. Prints, for each file, how many mutants there are, how many were tried
and how many were killed, and lists the survivors: all of them, those that change nothing included.

    python benchmarks/mutation.py smallcells
    python benchmarks/mutation.py hiddenpop/loglinear

The tests named after the mutated file run first; only what survives them meets the others. With --sample every file is
judged by that many mutants, drawn with --seed. Runs where the pure packages are tested (.waymark/pure/bin/python).
"""

from __future__ import annotations

import argparse
import ast
import copy
import importlib.abc
import importlib.util
import os
import random
import resource
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import ModuleType

os.environ["NUMBA_DISABLE_JIT"] = "1"
ROOT = Path(__file__).resolve().parents[1]
SOURCES = ROOT / "src"
#: As the pure packages are tested; the platform's fixtures stay out. What is imported before the fork cannot be rewritten.
CONFIGURED = (
    *("-c", "tests/pure.ini", "--rootdir", ".", "--confcutdir", "tests/hiddenpop"),
    *("-W", "ignore::pytest.PytestAssertRewriteWarning"),
)
#: What tests a folder of src, where it is not the folder of the same name.
TESTED_BY: dict[str, tuple[str, ...]] = {
    "hiddenpop/loglinear": tuple(
        f"tests/hiddenpop/test_{name}.py"
        for name in (
            *(
                "kernels",
                "kernels_of_words",
                "existence",
                "prepared_tables",
                "single",
                "ranking",
                "walk",
                "stepping",
                "stepwise",
            ),
            *("selecting", "reselection", "loglinear", "selection"),
        )
    ),
}
os.environ["PYTHONPATH"] = str(SOURCES)  # for tests that start a program of their own
# This folder holds files named like packages that are imported below; it must not be searched for modules.
sys.path[:] = [
    str(SOURCES),
    str(ROOT),
    *(entry for entry in sys.path if Path(entry or ".").resolve() != Path(__file__).resolve().parent),
]

_SWAPS: dict[type[ast.AST], type[ast.AST]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.Add: ast.Sub, ast.Sub: ast.Add,
    ast.Mult: ast.Div, ast.Div: ast.Mult, ast.FloorDiv: ast.Mult, ast.Mod: ast.Mult, ast.Pow: ast.Mult,
    ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd, ast.BitXor: ast.BitOr, ast.LShift: ast.RShift, ast.RShift: ast.LShift,
    ast.And: ast.Or, ast.Or: ast.And, ast.MatMult: ast.Mult,
}  # fmt: skip


def _children(node: ast.AST) -> Iterator[tuple[ast.AST, str, int | None, ast.AST]]:
    """Yield (parent, field, place, child) in source order, without annotations."""
    for name, value in ast.iter_fields(node):
        if name in ("annotation", "returns", "type_comment", "type_params") or (
            name == "decorator_list" or (isinstance(node, ast.Assign) and _is_all(node))
        ):
            continue
        for place, child in enumerate(value) if isinstance(value, list) else [(None, value)]:
            if isinstance(child, ast.AST):
                yield node, name, place, child
                yield from _children(child)


def _is_all(node: ast.Assign) -> bool:
    return any(isinstance(target, ast.Name) and target.id == "__all__" for target in node.targets)


def _variants(parent: ast.AST, child: ast.AST) -> list[tuple[ast.AST, str]]:
    """What a node may become, each with words for the list of survivors."""
    if type(child) in _SWAPS:
        other = _SWAPS[type(child)]
        return [(other(), f"{type(child).__name__} -> {other.__name__}")]
    if isinstance(child, ast.Constant) and isinstance(child.value, (bool, int, float)):
        new = (not child.value) if isinstance(child.value, bool) else child.value + 1
        return [(ast.Constant(new), f"{child.value!r} -> {new!r}")]
    if isinstance(child, ast.UnaryOp) and isinstance(child.op, (ast.Not, ast.USub, ast.Invert)):
        return [(child.operand, f"{type(child.op).__name__} dropped")]
    if isinstance(child, ast.Return) and child.value is not None:
        plain = isinstance(child.value, ast.Constant) and child.value.value is None
        return [] if plain else [(ast.Return(ast.Constant(None)), "returns None")]
    if isinstance(child, ast.Break):
        return [(ast.Continue(), "break -> continue")]
    if isinstance(child, ast.Continue):
        return [(ast.Break(), "continue -> break")]
    statement = isinstance(child, (ast.AugAssign, ast.Raise)) or (
        isinstance(child, ast.Expr) and isinstance(child.value, (ast.Call, ast.Yield, ast.YieldFrom))
    )
    return [(ast.Pass(), f"{type(child).__name__} dropped")] if statement else []


def mutants(path: Path) -> Iterator[tuple[int, str, ast.Module]]:
    """Every mutant of a file as (line, words, tree)."""
    whole = ast.parse(path.read_text(encoding="utf-8"))
    spots = [
        (place, variant)
        for place, (parent, _, _, child) in enumerate(_children(whole))
        for variant in range(len(_variants(parent, child)))
    ]
    for place, variant in spots:
        tree = copy.deepcopy(whole)
        parent, name, at, child = list(_children(tree))[place]
        new, words = _variants(parent, child)[variant]
        line = getattr(child, "lineno", getattr(parent, "lineno", 0))
        if at is None:
            setattr(parent, name, new)
        else:
            getattr(parent, name)[at] = new
        yield line, words, ast.fix_missing_locations(tree)


class _Mutated(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Hands out the mutated module instead of the one on disk."""

    def __init__(self, name: str, path: Path, tree: ast.Module) -> None:
        self.name, self.path, self.code = name, path, compile(tree, str(path), "exec")

    def find_spec(self, name: str, path: object, target: ModuleType | None = None) -> importlib.machinery.ModuleSpec | None:
        if name != self.name:
            return None
        folder = [str(self.path.parent)] if self.path.name == "__init__.py" else None
        return importlib.util.spec_from_file_location(name, self.path, loader=self, submodule_search_locations=folder)

    def exec_module(self, module: ModuleType) -> None:
        exec(self.code, module.__dict__)


def _module_name(path: Path) -> str:
    parts = path.relative_to(SOURCES).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _killed(path: Path, tree: ast.Module, tests: Sequence[str], keyword: str, seconds: float) -> tuple[bool, float]:
    """Run the tests on a mutant in a forked process: whether they fail, crash or loop, and the processor's seconds."""
    child = os.fork()
    if child == 0:
        status = 1
        try:
            resource.setrlimit(resource.RLIMIT_CPU, (max(1, round(seconds)), resource.RLIM_INFINITY))
            null = os.open(os.devnull, os.O_WRONLY)
            os.dup2(null, 1)
            os.dup2(null, 2)
            import pytest

            sys.meta_path.insert(0, _Mutated(_module_name(path), path, tree))
            status = int(pytest.main([*CONFIGURED, "-x", "-q", "-p", "no:cacheprovider", "-k", keyword, *tests]))
        finally:
            os._exit(0 if status == 0 else 1)
    _, code, used = os.wait4(child, 0)
    return code != 0, used.ru_utime + used.ru_stime


def _warm_up() -> None:
    """Import what every test needs once, so that a fork need not."""
    import hypothesis
    import numpy
    import pytest
    import scipy.optimize
    import scipy.sparse.csgraph
    import scipy.special
    import scipy.stats

    # Same examples for every mutant; examples found for one mutant are not tried on the next.
    hypothesis.settings.register_profile("mutation", derandomize=True, database=None, deadline=None)
    hypothesis.settings.load_profile("mutation")
    assert numpy
    assert pytest
    assert scipy


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("package", help="a folder or file under src")
    parser.add_argument("--tests", nargs="+", help="test files (tests/<package>)")
    parser.add_argument("--keyword", default="not as_a_program", help="tests to run, as for pytest -k (%(default)s)")
    parser.add_argument("--sample", type=int, help="mutants to try for each file")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--skip", nargs="*", default=["__main__.py"], help="files to leave out")
    parser.add_argument("--workers", type=int, default=1)
    options = parser.parse_args()
    os.chdir(ROOT)
    target = SOURCES / options.package
    files = [target] if target.is_file() else sorted(p for p in target.rglob("*.py") if p.name not in options.skip)
    folder = str((target.parent if target.is_file() else target).relative_to(SOURCES))
    tests = _files(options.tests or TESTED_BY.get(folder, [f"tests/{folder}"]))
    _warm_up()
    unchanged = ast.parse(files[0].read_text(encoding="utf-8"))
    seconds = {}
    for test in tests:
        failed, seconds[test] = _killed(files[0], unchanged, [test], options.keyword, 3600)
        if failed:
            print(f"{test} fails on the unchanged code")
            return 1
    print(f"the tests take {sum(seconds.values()):.1f} s of the processor on the unchanged code", flush=True)
    all_tried = all_killed = 0
    for path in files:
        found = list(mutants(path))
        drawn = found
        if options.sample is not None and len(found) > options.sample:
            drawn = random.Random(options.seed).sample(found, options.sample)
        own = [test for test in tests if path.stem in Path(test).stem]
        stages = [stage for stage in (own, [test for test in tests if test not in own]) if stage]

        def try_one(mutant: tuple[int, str, ast.Module], path: Path = path, stages: list[list[str]] = stages) -> bool:
            return any(
                _killed(path, mutant[2], stage, options.keyword, 4 * sum(seconds[test] for test in stage) + 2)[0]
                for stage in stages
            )

        with ThreadPoolExecutor(options.workers) as pool:
            results = list(pool.map(try_one, drawn))
        killed = sum(results)
        all_tried, all_killed = all_tried + len(drawn), all_killed + killed
        share = f"{killed / len(drawn):.0%}" if drawn else "none"
        print(
            f"{path.relative_to(SOURCES)}: {len(found)} mutants, {len(drawn)} tried, {killed} killed ({share})",
            flush=True,
        )
        for (line, words, _), dead in zip(drawn, results, strict=True):
            if not dead:
                print(f"    survived: line {line}: {words}", flush=True)
    print(f"all: {all_tried} tried, {all_killed} killed ({all_killed / max(all_tried, 1):.1%})")
    return 0


def _files(tests: Sequence[str]) -> list[str]:
    """Folders of tests as their files."""
    return [
        str(file.relative_to(ROOT))
        for test in tests
        for file in (sorted((ROOT / test).glob("test_*.py")) if (ROOT / test).is_dir() else [ROOT / test])
    ]


if __name__ == "__main__":
    sys.exit(main())
