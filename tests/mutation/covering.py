"""Which tests run which line of the rooms, and how long each test takes."""

import ast
import json
import re
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import forked
import pytest
from coverage import Coverage

COMPILED = "exactav/kernels/compiled/"
_ENOUGH = 20  # tests of a line that are kept of each file


@dataclass(frozen=True)
class Covering:
    """What has been learned of the tests.

    Attributes:
        digest: of the code and the tests.
        seconds: what each test takes; of those that pass.
        lines: by file, by line, the tests that run it; "" stands for its being run when it is imported.
    """

    digest: str
    seconds: dict[str, float]
    lines: dict[str, dict[int, list[str]]]

    @classmethod
    def read(cls, path: Path) -> "Covering":
        kept = json.loads(path.read_text())
        names = [*kept["seconds"], ""]
        lines = {
            file: {int(line): [names[place] for place in places] for line, places in found.items()}
            for file, found in kept["lines"].items()
        }
        return cls(kept["digest"], kept["seconds"], lines)

    def write(self, path: Path) -> None:
        places = {name: place for place, name in enumerate(self.seconds)} | {"": -1}
        lines = {
            file: {line: [places[name] for name in names if name in places] for line, names in found.items()}
            for file, found in self.lines.items()
        }
        path.write_text(json.dumps({"digest": self.digest, "seconds": self.seconds, "lines": lines}))

    def tests_of(self, file: str, line: int) -> set[str]:
        """All tests that run the statement at this line.

        Of what is made on import, those that run a line that names it, and those in files named after the
        room; of compiled code, in which no line is seen, those that run a line that names the function, or
        one that is made of it.
        """
        first, last, bound, function = _statement(file, line)
        lines = self.lines.get(file, {})
        found = {test for number in range(first, last + 1) for test in lines.get(number, ())}
        name = bound or (function if file in compiled_files() and not found else None)
        if bound or "" in found:
            begun = f"tests/test_{Path(file).parts[1]}"
            found |= {test for test in self.seconds if test.startswith(begun)}
        if name is None:
            return found - {""}
        waiting, seen = [name], {name}
        while waiting:
            word = re.compile(rf"\b{re.escape(waiting.pop())}\b")
            for other in sorted(str(path) for path in Path("exactav").rglob("*.py")):
                text = _text(other)
                if not any(map(word.search, text)):
                    continue
                covered = self.lines.get(other, {})
                for number, content in enumerate(text, start=1):
                    if not word.search(content) or content.lstrip().startswith(("def ", "from ", "import ")):
                        continue
                    found |= set(covered.get(number, ()))
                    if number not in covered and other in (file, *compiled_files()):
                        users = {user for user in _statement(other, number)[2:] if user} - seen
                        waiting += users
                        seen |= users
        return found - {""}

    def batches(self, tests: Iterable[str], named: str, seconds: float) -> list[list[str]]:
        """As many of the tests as take so long in all, file by file: first those whose names share most words
        with what is ``named``, then the quickest."""
        wanted, left = _words(named), seconds
        ranked = sorted(tests, key=lambda test: (-len(wanted & _words(test)), self.seconds[test], test))
        chosen: dict[str, list[str]] = {}
        for test in ranked:
            if self.seconds[test] <= left:
                left -= self.seconds[test]
                chosen.setdefault(test.split("::")[0], []).append(test)
        return list(chosen.values())


def _words(name: str) -> set[str]:
    """The words of a name, in the singular."""
    return {word.removesuffix("s") for word in re.findall("[a-z]{4,}", name.lower())} - {"test", "exactav"}


def collect(digest: str, rooms: Sequence[str], tests: Sequence[str]) -> Covering:
    """Runs the tests once; those that fail are left out."""

    def work() -> Covering:
        coverage = Coverage(data_file=None, source=list(rooms), config_file=False)
        watch = _Watch(coverage)
        coverage.start()
        code = pytest.main([*forked.OPTIONS, *tests], plugins=[watch])
        coverage.stop()
        if code not in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED):
            raise RuntimeError(f"the tests did not run, pytest ends with {code!r}")
        data = coverage.get_data()
        lines = {}
        for file in data.measured_files():
            found = data.contexts_by_lineno(file)
            lines[str(Path(file).relative_to(Path.cwd()))] = {
                line: watch.quickest(names) for line, names in found.items()
            }
        return Covering(digest, watch.seconds, lines)

    found: Covering = forked.in_child(work, 3600)
    return found


class _Watch:
    """Tells coverage which test runs, and keeps how long those take that pass."""

    def __init__(self, coverage: Coverage) -> None:
        self.coverage = coverage
        self.seconds: dict[str, float] = {}
        self.begin = 0.0

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        self.coverage.switch_context(nodeid)
        self.begin = time.process_time()  # which does not depend on what else is run

    def pytest_runtest_logfinish(self) -> None:
        self.coverage.switch_context("")

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.when == "call" and report.passed:
            self.seconds[report.nodeid] = time.process_time() - self.begin

    def quickest(self, names: Iterable[str]) -> list[str]:
        return quickest(self.seconds, names)


def quickest(seconds: dict[str, float], names: Iterable[str]) -> list[str]:
    """Of each file the quickest tests."""
    kept: dict[str, list[str]] = {}
    ran = set(names)
    for name in sorted(ran & set(seconds), key=lambda name: (seconds[name], name)):
        of_file = kept.setdefault(name.split("::")[0], [])
        if len(of_file) < _ENOUGH:
            of_file.append(name)
    return [*([""] if "" in ran else []), *(name for of_file in kept.values() for name in of_file)]


@cache
def compiled_files() -> set[str]:
    """The files of which numba compiles something: with one of them all compiled code changes."""
    found = set(map(str, Path(COMPILED).glob("*.py")))
    for path in Path(COMPILED).glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("exactav.kernels"):
                modules = [node.module, *(f"{node.module}.{one.name}" for one in node.names)]
                found |= {f"{str(module).replace('.', '/')}.py" for module in modules}
    return found


def _text(file: str) -> list[str]:
    return Path(file).read_text(encoding="utf-8").splitlines()


@cache
def _statements(file: str) -> list[tuple[int, int, int, str | None, str | None]]:
    """Of each statement: first line, last line, last line of its head, what it binds on import, the outermost
    function around it."""
    found = []

    def visit(node: ast.AST, function: str | None) -> None:
        for child in ast.iter_child_nodes(node):
            inner = function
            if isinstance(child, ast.stmt):
                first = min([child.lineno, *(one.lineno for one in getattr(child, "decorator_list", []))])
                last = head = child.end_lineno or first
                bound = None if function else _bound(child)
                if isinstance(child, ast.FunctionDef):  # whose defaults are seen by what runs it
                    head, bound = last, None
                elif body := getattr(child, "body", None):
                    head = max(child.lineno, body[0].lineno - 1)
                found.append((first, last, head, bound, function))
                if isinstance(child, ast.FunctionDef):
                    inner = function or child.name
            if not isinstance(child, ast.expr):
                visit(child, inner)

    visit(ast.parse(Path(file).read_text(encoding="utf-8")), None)
    return found


def _bound(node: ast.stmt) -> str | None:
    if isinstance(node, ast.ClassDef):
        return node.name
    targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
    names = (name for target in targets if target for name in ast.walk(target) if isinstance(name, ast.Name))
    return next((name.id for name in names), None)


def _statement(file: str, line: int) -> tuple[int, int, str | None, str | None]:
    """First line, last line, what it binds on import, function: of the innermost statement, or its head."""
    around = [one for one in _statements(file) if one[0] <= line <= one[1]]
    if not around:  # a comment
        return line, line, None, None
    first, _, head, bound, function = min(around, key=lambda one: one[1] - one[0])
    return first, max(head, line), bound, function
