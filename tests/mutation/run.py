"""How many small errors in the mathematics the tests see: mutants made by cosmic-ray, room by room.

    .venv/bin/pip install cosmic-ray
    .venv/bin/python tests/mutation/run.py [ROOM ...] [-n 8] [--seed 0]

Places in the code of a room are drawn at random, at each one change is made (another operator, number,
comparison, a loop that never runs), and the tests of the room run until one fails. All of that happens in a
copy of the repository. Printed are each room's score and, as diffs, the mutants that no test has seen.
"""

import argparse
import ast
import os
import random
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from cosmic_ray.commands.init import init
from cosmic_ray.mutating import mutate_and_test
from cosmic_ray.testing import run_tests
from cosmic_ray.work_db import WorkDB, use_db
from cosmic_ray.work_item import MutationSpec, TestOutcome

ROOT = Path(__file__).parents[2]
ROOMS = {
    "numbers": "test_digits test_expressions test_fields test_network test_laws",
    "kernels": "test_kernels test_laplacian test_engines test_sampling",
    "network": "test_network test_laplacian test_families test_laws",
    "engines": "test_engines test_float_laws test_laws test_running test_published",
    "laws": "test_laws test_float_laws test_published test_engines test_latex",
    "formulas": "test_formulas*",
    "conjectures": "test_conjectures test_structures test_same_law",
    "phase_space": "test_phase_space test_ergodicity test_sandpile test_plot",
    "sampling": "test_sampling test_simulate test_statistics",
    "sequences": "test_sequences",
}
"""The rooms that compute, and the tests that are to see what is wrong in each, beside its own examples."""

# What changes no number is left alone: caches, classes of exceptions, names that are bound to None.
OPERATORS = ("NumberReplacer", "Replace", "AddNot", "ZeroIteration")
PATIENCE = 4  # how many times longer than unchanged code a mutant may take


@dataclass(frozen=True)
class Score:
    """What became of the mutants of a room."""

    room: str
    n_places: int
    seconds: float
    fates: Counter[str]
    survivors: tuple[str, ...]

    def __str__(self) -> str:
        n = self.fates.total()
        seen = n - self.fates["survived"]
        fates = ", ".join(f"{self.fates[fate]} {fate}" for fate in ("killed", "timeout", "survived"))
        return f"{self.room:12} {seen}/{n}: {fates}; {self.n_places} places, tests take {self.seconds:.0f} s"


def without_numbers(path: Path) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
    """Where changes change no number, as (line, column) of begin and end: types, and ``strict`` of zip."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        skipped = [getattr(node, "annotation", None), getattr(node, "returns", None)]
        if isinstance(node, ast.keyword) and node.arg == "strict":
            skipped.append(node.value)
        for part in skipped:
            if isinstance(part, ast.expr):
                end = part.end_lineno or 0, part.end_col_offset or 0
                yield (part.lineno, part.col_offset), end


def mutants(room: str) -> dict[tuple[str, tuple[int, int]], list[MutationSpec]]:
    """By place, all changes that cosmic-ray knows to make there."""
    paths = sorted(Path("exactav", room).rglob("*.py"))
    skipped = {str(path): list(without_numbers(path)) for path in paths}
    places: dict[tuple[str, tuple[int, int]], list[MutationSpec]] = {}
    with (
        tempfile.TemporaryDirectory() as folder,
        use_db(str(Path(folder, "mutants.sqlite")), WorkDB.Mode.create) as db,
    ):
        init(paths, db, {})
        for item in db.work_items:
            (mutation,) = item.mutations
            path, place = str(mutation.module_path), tuple(mutation.start_pos)
            is_wanted = mutation.operator_name.removeprefix("core/").startswith(OPERATORS)
            if is_wanted and not any(begin <= place < end for begin, end in skipped[path]):
                places.setdefault((path, place), []).append(mutation)
    return places


def score(room: str, n_mutants: int, seed: int) -> Score:
    """The fates of so many mutants of a room. The tests must pass without them."""
    files = [str(path) for name in ROOMS[room].split() for path in sorted(Path("tests").glob(f"{name}.py"))]
    command = f"{sys.executable} -m pytest -x -q --hypothesis-seed=0 exactav/{room} {' '.join(files)}"
    begin = time.monotonic()
    outcome, output = run_tests(command, 3600)
    seconds = time.monotonic() - begin
    if outcome != TestOutcome.SURVIVED:
        raise SystemExit(f"the tests of {room} fail without any change:\n{output}")
    places = mutants(room)
    dice = random.Random(f"{seed} {room}")
    fates: Counter[str] = Counter()
    survivors = []
    for place in dice.sample(sorted(places), min(n_mutants, len(places))):
        mutation = dice.choice(sorted(places[place], key=lambda mutation: mutation.operator_name))
        result = mutate_and_test([mutation], command, PATIENCE * seconds + 30)
        if result.test_outcome not in (TestOutcome.SURVIVED, TestOutcome.KILLED):
            raise SystemExit(f"{mutation}: {result.output}")
        if result.test_outcome == TestOutcome.SURVIVED:
            fates["survived"] += 1
            survivors.append(result.diff or "")
        else:
            fates["timeout" if result.output == "timeout" else "killed"] += 1
    return Score(room, len(places), seconds, fates, tuple(survivors))


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "rooms", nargs="*", metavar="ROOM", help=f"some of {', '.join(ROOMS)}; all if none is given"
    )
    parser.add_argument("-n", type=int, default=8, help="mutants in each room (8)")
    parser.add_argument("--seed", type=int, default=0, help="which of them are drawn (0)")
    options = parser.parse_args()
    if unknown := set(options.rooms) - set(ROOMS):
        parser.error(f"no such room: {', '.join(sorted(unknown))}")
    scores = []
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder, "exactav")
        hidden = shutil.ignore_patterns(".*", "__pycache__", "build", "dist")
        shutil.copytree(ROOT, copy, ignore=hidden)
        os.chdir(copy)
        for room in options.rooms or ROOMS:
            scores.append(score(room, options.n, options.seed))
            print(scores[-1], *scores[-1].survivors, sep="\n", flush=True)
        os.chdir(ROOT)
    print(f"\nscore of each room, seed {options.seed}", *scores, sep="\n")


if __name__ == "__main__":
    main()
