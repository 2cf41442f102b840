"""How many small errors in the mathematics the tests see: mutants made by cosmic-ray, room by room.

    .venv/bin/pip install cosmic-ray coverage
    .venv/bin/python tests/mutation/run.py [ROOM ...] [-n 25] [--seed 0] [--folder FOLDER]

Places in the code of a room are drawn at random, and at each one change is made: another operator, number,
comparison, a loop that never runs. All tests run once first, to learn which of them run which line; what a
mutant meets are the quickest that run its line, file by file until one fails. All of that happens in a copy
of the repository, and each mutant in a child of one process that has imported all other packages. Tests that
have seen mutants run once more on the code as it is: they must pass.

Mutants that change nothing a user could get are listed in equivalent.toml with reasons, and do not count.
"""

import argparse
import ast
import hashlib
import os
import random
import re
import shutil
import tempfile
import time
import tomllib
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from difflib import unified_diff
from pathlib import Path

import forked
from cosmic_ray.ast import ast_nodes, get_ast_from_path
from cosmic_ray.mutating import mutate_code
from cosmic_ray.plugins import get_operator, operator_names
from covering import COMPILED, Covering, collect, compiled_files

HERE = Path(__file__).parent
ROOMS = ("kernels", "engines", "laws", "phase_space", "sampling", "sequences", "formulas")
OTHER_ROOMS = ("numbers", "network", "conjectures", "lattices", "proofs")

# What changes no number is left alone: caches, classes of exceptions, names that are bound to None.
OPERATORS = ("NumberReplacer", "Replace", "AddNot", "ZeroIteration")
FATES = ("killed", "timeout", "survived", "equivalent")
PATIENCE = 4  # how many times longer than unchanged code a mutant may take
SECONDS = 60  # of tests that a mutant meets at most
COMPILING = 90  # seconds more of a test for what is compiled anew
# Tests that see none of these rooms, or see each line of them too slowly.
CHECKS = "exactav/formulas/checks/"  # what formulas rest on: tests themselves, whose cases are free
UNUSED = "notebooks page_in_browser papers* paper_corpus latex_in_papers draft readme interchange"


@dataclass(frozen=True)
class Equivalent:
    """Changes that nobody could see; equivalent.toml says how they are named."""

    file: str
    reason: str
    function: str = ""
    line: str = ""
    becomes: str = ""
    constants: Sequence[str] = ()

    def is_of(self, mutant: "Mutant") -> bool:
        if self.file != mutant.file:
            return False
        if self.function and not f"{mutant.function}.".startswith(f"{self.function}."):
            return False
        if self.constants:
            return not mutant.function and re.split(r"\W", mutant.line)[0] in self.constants
        return all(
            given in ("", found)
            for given, found in [
                (self.line, mutant.line),
                (self.becomes, mutant.becomes),
            ]
        )

    def stands(self) -> bool:
        """Whether what is named is still there."""
        text = Path(self.file).read_text(encoding="utf-8") if Path(self.file).exists() else ""
        lines = {line.strip() for line in text.splitlines()}
        return (
            bool(self.constants or self.function or self.line)
            and all(re.search(rf"^{name}\b.*=", text, re.MULTILINE) for name in self.constants)
            and f"{self.function.split('.')[-1]}" in text
            and (not self.line or self.line in lines)
        )


@dataclass(frozen=True)
class Mutant:
    """One change of one file."""

    file: str
    place: tuple[int, int]
    function: str
    source: str
    changed: str

    @classmethod
    def of(cls, change: "Change") -> "Mutant":
        source = Path(change.file).read_text(encoding="utf-8")
        changed = mutate_code(source, get_operator(change.operator)(), change.occurrence)
        assert changed is not None
        return cls(change.file, change.place, _function(source, change.place[0]), source, changed)

    def _differing(self, sign: str) -> str:
        lines = unified_diff(self.source.splitlines(), self.changed.splitlines(), n=0, lineterm="")
        return " ".join(x[1:].strip() for x in list(lines)[2:] if x.startswith(sign))

    @property
    def line(self) -> str:
        return self._differing("-")

    @property
    def becomes(self) -> str:
        return self._differing("+")

    def __str__(self) -> str:
        return f"{self.file}:{self.place[0]} {self.function}\n  - {self.line}\n  + {self.becomes}"


@dataclass(frozen=True)
class Score:
    """What became of the mutants of a room."""

    room: str
    n_places: int
    seconds: float
    fates: Counter[str]

    def __str__(self) -> str:
        n = self.fates.total() - self.fates["equivalent"]
        seen = n - self.fates["survived"]
        fates = ", ".join(f"{self.fates[fate]} {fate}" for fate in FATES)
        share = f"{seen}/{n} = {seen / max(n, 1):.0%}"
        return f"{self.room:12} {share}: {fates}; {self.n_places} places, {self.seconds:.0f} s"


def _function(source: str, line: int) -> str:
    """The dotted name of what is defined around a line."""
    names = [
        (node.lineno, node.name)
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and node.lineno <= line <= (node.end_lineno or 0)
    ]
    return ".".join(name for _, name in sorted(names))


def without_numbers(path: Path) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
    """Where changes change no number, as (line, column) of begin and end: types, ``strict`` of zip, and after
    how many letters a cell of a page is cut."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        skipped = [getattr(node, "annotation", None), getattr(node, "returns", None)]
        if isinstance(node, ast.keyword) and node.arg == "strict":
            skipped.append(node.value)
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "html.text":
            skipped += node.args[1:]
        for part in skipped:
            if isinstance(part, ast.expr):
                end = part.end_lineno or 0, part.end_col_offset or 0
                yield (part.lineno, part.col_offset), end


@dataclass(frozen=True)
class Change:
    """One that cosmic-ray knows to make: the so-manieth of an operator in a file."""

    file: str
    place: tuple[int, int]
    operator: str
    occurrence: int


def changes(room: str) -> dict[tuple[str, tuple[int, int]], list[Change]]:
    """By place, all changes of a room."""
    wanted = [name for name in operator_names() if name.removeprefix("core/").startswith(OPERATORS)]
    operators = [(name, get_operator(name)()) for name in sorted(wanted)]
    places: dict[tuple[str, tuple[int, int]], list[Change]] = {}
    for path in sorted(Path("exactav", room).rglob("*.py")):
        if str(path).startswith(CHECKS):
            continue
        skipped = list(without_numbers(path))
        # what no operator changes is not shown to two hundred of them
        nodes = [node for node in ast_nodes(get_ast_from_path(path)) if node.type not in ("name", "newline")]
        for name, operator in operators:
            found = (begin for node in nodes for begin, _ in operator.mutation_positions(node))
            for occurrence, place in enumerate(found):
                if not any(begin <= place < end for begin, end in skipped):
                    change = Change(str(path), place, name, occurrence)
                    places.setdefault((change.file, place), []).append(change)
    return places


def drawn(room: str, n: int, seed: int) -> tuple[int, list[Mutant]]:
    """(number of places, mutants at so many of them, without those that are no Python)."""
    places = changes(room)
    dice = random.Random(f"{seed} {room}")
    chosen = dice.sample(sorted(places), min(n, len(places)))
    found = [Mutant.of(dice.choice(places[place])) for place in chosen]
    return len(places), [mutant for mutant in found if _is_python(mutant.changed)]


def _is_python(source: str) -> bool:
    """Whether it can be compiled: cosmic-ray also takes the star of arguments by name for a product."""
    try:
        compile(source, "a mutant", "exec")
    except SyntaxError:
        return False
    return True


def fate(mutant: Mutant, covering: Covering) -> forked.Outcome:
    """What the tests make of a mutant, which stands in its file only meanwhile."""
    tests = covering.tests_of(mutant.file, mutant.place[0])
    batches = covering.batches(tests, f"{mutant.file} {mutant.function} {mutant.line.split('=')[0]}", SECONDS)
    if not batches:
        return forked.Outcome(None, "no test runs it")
    is_compiled = mutant.file in compiled_files()
    more = COMPILING if is_compiled else 5
    limits = {test: more + PATIENCE * covering.seconds[test] for batch in batches for test in batch}
    with _standing(mutant), ExitStack() as stack:
        if is_compiled:
            folder = stack.enter_context(tempfile.TemporaryDirectory())
            kept = {name: os.environ[name] for name in ("MUTANT", "NUMBA_CACHE_DIR")}
            stack.callback(os.environ.update, kept)
            os.environ |= {"MUTANT": mutant.changed, "NUMBA_CACHE_DIR": folder}
        return forked.run(batches, limits, more + sum(PATIENCE * covering.seconds[test] for test in limits))


@contextmanager
def _standing(mutant: Mutant) -> Iterator[None]:
    """The mutant stands in its file; no bytecode is left of it."""
    path = Path(mutant.file)
    before = path.stat()
    bytecode = f"__pycache__/{path.stem}.*.pyc"
    for file in path.parent.glob(bytecode):
        file.unlink()
    path.write_text(mutant.changed, encoding="utf-8")
    try:
        yield
    finally:
        path.write_text(mutant.source, encoding="utf-8")
        os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
        for file in path.parent.glob(bytecode):
            file.unlink()


def score(
    room: str, n: int, seed: int, covering: Covering, listed: Sequence[Equivalent]
) -> tuple[Score, set[str]]:
    """The fates of so many mutants of a room, and the tests that have seen some."""
    begin = time.monotonic()
    n_places, chosen = drawn(room, n, seed)
    fates: Counter[str] = Counter()
    seeing = set()
    for mutant in chosen:
        reason = next((one.reason for one in listed if one.is_of(mutant)), None)
        outcome = forked.Outcome(None) if reason else fate(mutant, covering)
        name = "equivalent" if reason else "survived"
        if outcome.failed is not None:
            name = "timeout" if outcome.is_late else "killed"
            seeing.add(outcome.failed)
        fates[name] += 1
        print(f"{name}: {mutant}\n  = {(reason or outcome.failed)} {outcome.why[-200:]!r}", flush=True)
    return Score(room, n_places, time.monotonic() - begin, fates), seeing


def prepare(copy: Path) -> None:
    """A copy of the repository whose compiled code is kept while nothing of it is changed."""
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(
        HERE.parents[1], copy, ignore=shutil.ignore_patterns(".*", "__pycache__", "build", "dist")
    )
    path = copy / COMPILED / "compiling.py"
    text = path.read_text(encoding="utf-8")
    asked = '_SOURCES = hashlib.sha256(b"".join(path.read_bytes() for path in _FILES))'
    assert asked in text
    replaced = '_SOURCES = hashlib.sha256(__import__("os").environ["MUTANT"].encode())'
    path.write_text(text.replace(asked, replaced), encoding="utf-8")


def learned(path: Path) -> Covering:
    """Which tests run which lines: as kept for these very files, or found out and kept."""
    files = sorted(file for top in ("exactav", "tests") for file in Path(top).rglob("*.py"))
    digest = hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()
    if path.exists() and (kept := Covering.read(path)).digest == digest:
        return kept
    unused = [f"--ignore-glob=tests/test_{name}.py" for name in UNUSED.split()]
    rooms = [f"exactav/{room}" for room in (*ROOMS, *OTHER_ROOMS)]
    covering = collect(digest, rooms, [*unused, "tests", *rooms])
    covering.write(path)
    return covering


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "rooms",
        nargs="*",
        metavar="ROOM",
        help=f"some of {', '.join((*ROOMS, *OTHER_ROOMS))}; the first seven if none is given",
    )
    parser.add_argument("-n", type=int, default=25, help="mutants in each room (25)")
    parser.add_argument("--seed", type=int, default=0, help="which of them are drawn (0)")
    parser.add_argument(
        "--folder", type=Path, help="where a copy and what is learned are kept for the next run"
    )
    options = parser.parse_args()
    if unknown := set(options.rooms) - {*ROOMS, *OTHER_ROOMS}:
        parser.error(f"no such room: {', '.join(sorted(unknown))}")
    listed = [
        Equivalent(**one) for one in tomllib.loads((HERE / "equivalent.toml").read_text())["equivalent"]
    ]
    with ExitStack() as stack:
        folder = options.folder or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        copy = folder.resolve() / "exactav"
        prepare(copy)
        stack.callback(os.chdir, Path.cwd())
        os.chdir(copy)
        os.environ |= {"MUTANT": "", "NUMBA_CACHE_DIR": str(copy.parent / "numba"), "PYTHONPATH": str(copy)}
        if gone := [one for one in listed if not one.stands()]:
            raise SystemExit("equivalent.toml lists what is no longer there:\n" + "\n".join(map(str, gone)))
        forked.warm_up()
        covering = learned(copy.parent / "covering.json")
        scores, seeing = [], set()
        for room in options.rooms or ROOMS:
            found, those = score(room, options.n, options.seed, covering, listed)
            scores.append(found)
            seeing |= those
            print(found, flush=True)
        tests = sorted(seeing & set(covering.seconds))
        unchanged = forked.run([tests] * bool(tests), {})
    print(f"\nscore of each room, seed {options.seed}", *scores, sep="\n")
    if unchanged.failed is not None:
        raise SystemExit(f"{unchanged.failed} fails without any change: {unchanged.why}")


if __name__ == "__main__":
    main()
