"""Every derivation runs, names its theorem, is named by the package, and fails if its formula is wrong."""

import importlib.util
import os
import random
import re
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import product
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import sympy

import exactav as ea
from exactav.command import proving
from exactav.command.cli import main
from exactav.errors import UnknownNameError
from exactav.proofs import cells, derivation
from exactav.proofs.verdicts import HOLDS
from exactav.showing import latex

PACKAGE = Path(ea.__file__).parent
FOLDER = Path(__file__).parents[1] / "derivations"
FILES = {path.name[:2]: path for path in sorted(FOLDER.glob("[0-9][0-9]_*.py"))}
# Their steps take a second or more each.
LONG = ("01", "08", "09", "10", "14", "15", "16", "17", "18", "19", "20")
QUICK = [name for name in FILES if name not in (*LONG, "04")]


def run_script(path: Path) -> "subprocess.CompletedProcess[str]":
    """The script as a reader runs it."""
    paths = [str(PACKAGE.parent), *filter(None, [os.environ.get("PYTHONPATH")])]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(paths)}
    return subprocess.run(
        [sys.executable, "-W", "error", str(path)],
        capture_output=True, text=True, timeout=300, check=False, env=environment,
    )  # fmt: skip


def load(path: Path) -> Any:
    """A file as a module, although its name begins with a digit."""
    name = f"derivation_{path.stem}"
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


def test_there_are_derivations() -> None:
    assert "01" in FILES
    assert [path.name[:2] for path in sorted(FOLDER.glob("[0-9]*.py"))] == list(FILES), "an ID is used twice"


@pytest.mark.parametrize("name", ["04", *(pytest.param(name, marks=pytest.mark.slow) for name in QUICK)])
def test_the_script_holds(name: str) -> None:
    """In a process of its own; the steps of all run below."""
    result = run_script(FILES[name])
    assert result.returncode == 0, result.stdout + result.stderr
    assert result.stderr == ""
    lines = result.stdout.splitlines()
    assert lines[-1] == f"derivation {name} holds"
    numbers = [int(number) for number in re.findall(r"^step (\d+): ", result.stdout, flags=re.MULTILINE)]
    assert numbers == list(range(1, len(numbers) + 1))
    assert numbers


@pytest.mark.parametrize("name", FILES)
def test_the_file_says_what_it_derives(name: str) -> None:
    docstring = load(FILES[name]).__doc__ or ""
    title = docstring.partition("\n")[0]
    assert title.startswith(f"Derivation {name}: the ")
    headings = re.findall(r"^(\w[\w ]*)$", docstring, flags=re.MULTILINE)
    assert {"Statement", "Assumptions", "Source"} <= set(headings)
    assert "arXiv:" in docstring
    index = (FOLDER / "README.md").read_text(encoding="utf-8").splitlines()
    (row,) = [line for line in index if line.startswith("| [") and FILES[name].name in line]
    assert row.startswith(f"| [{name}]({FILES[name].name}) | ")
    assert row.split("|")[2].strip().lower() == title.partition(": ")[2].rstrip(".").lower()


def test_no_id_dangles() -> None:
    named = set()
    for path in PACKAGE.rglob("*.py"):
        named |= set(re.findall(r"[Dd]erivation\s+(\d\d)\b", path.read_text(encoding="utf-8")))
    assert named == set(FILES)


# What all derivations promise

LONG_STEPS = {("02", 1), ("03", 3), ("07", 1), ("12", 3)}
STEPS = [
    pytest.param(
        derivation.load(name),
        number,
        id=f"{name}-{number + 1}",
        marks=[pytest.mark.slow] * (name in LONG or (name, number) in LONG_STEPS),
    )
    for name in FILES
    for number in range(len(derivation.load(name).steps))
]


@pytest.mark.parametrize("name", FILES)
def test_the_derivation_is_the_file(name: str) -> None:
    assert derivation.available()[name] == FILES[name]
    theorem = derivation.load(name)
    assert theorem.id == name
    docstring = load(FILES[name]).__doc__ or ""
    assert docstring.startswith(f"Derivation {name}: {theorem.title}.")
    assert theorem.assumptions
    assert theorem.source


@pytest.mark.parametrize(("theorem", "number"), STEPS)
def test_a_step_holds_and_its_mutant_does_not(theorem: derivation.Derivation, number: int) -> None:
    step = theorem.steps[number]
    assert step.mutant is not None
    assert step.mutant.claim != step.check.claim
    assert step.verdict() == HOLDS
    assert step.mutant.verdict().is_refuted


def test_an_unknown_derivation_lists_the_known_ones() -> None:
    with pytest.raises(UnknownNameError, match="no derivation has the ID '77'; there are 01, 02"):
        derivation.load("77")


def test_commands(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["derive"]) == 0
    assert [line[:2] for line in capsys.readouterr().out.splitlines()] == list(FILES)
    assert main(["derive", "03"]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "derivation 03 holds"
    assert main(["derive", "03", "--latex", str(tmp_path / "out.tex")]) == 0
    assert "Cayley" in (tmp_path / "out.tex").read_text()
    assert main(["derive", "77"]) == 2
    assert "no derivation has the ID" in capsys.readouterr().err


@pytest.mark.slow
def test_verify_runs_derivations_and_formulas(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """All that there are, of which other tests verify each one: here, some that take no time."""
    assert vars(proving)["derivation"] is derivation
    assert vars(proving)["catalogue"] is ea.formulas.catalogue
    catalogue = ea.formulas.catalogue()
    few, formulas = ("04", "05"), ("k_ring.mean", "torus_four_neighbours.mean")
    listed = SimpleNamespace(available=lambda: few, load=derivation.load)
    monkeypatch.setattr(proving, "derivation", listed)
    monkeypatch.setattr(proving, "catalogue", lambda: {name: catalogue[name] for name in formulas})
    assert main(["verify"]) == 0
    out = capsys.readouterr().out
    assert all(f"derivation {name}" in out for name in few)
    assert all(name in out for name in formulas)
    assert "FAILED" not in out


def test_verify_counts_what_fails(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    broken, only = derivation.load("04"), {"04": derivation.available()["04"]}
    false = broken.steps[0].mutant
    assert false is not None
    steps = (replace(broken.steps[0], check=false), *broken.steps[1:])
    monkeypatch.setattr("exactav.command.proving.derivation.available", lambda: only)
    monkeypatch.setattr("exactav.command.proving.catalogue", dict)
    assert main(["verify"]) == 0
    assert "FAILED" not in capsys.readouterr().out
    monkeypatch.setattr("exactav.command.proving.derivation.load", lambda _: replace(broken, steps=steps))
    assert main(["verify"]) == 1
    assert "FAILED: derivation 04, step 1" in " ".join(capsys.readouterr().out.split())


@pytest.mark.slow
@pytest.mark.parametrize("name", FILES)
def test_a_derivation_compiles(name: str, tmp_path: Path) -> None:
    (tmp_path / "d.tex").write_text(latex.document(derivation.load(name)), encoding="utf-8")
    command = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "d.tex"]
    result = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout[-2000:]
    log = (tmp_path / "d.log").read_text(encoding="utf-8", errors="replace")
    too_wide = [float(width) for width in re.findall(r"Overfull \\hbox \(([\d.]+)pt", log)]
    assert max(too_wide, default=0) < 5


# Derivation 01


@pytest.fixture
def volumes() -> Any:
    """Derivation 01, loaded anew so that a test may break it."""
    return load(FILES["01"])


def test_all_steps_of_01_hold_for_other_random_networks(volumes: Any) -> None:
    seeds = (1000, 1001)
    for check in (
        volumes.region("(1)", seeds, volumes.f),
        volumes.boxes("(2)", seeds, volumes.received),
        volumes.by_assembly("(3)", seeds, volumes.recruited),
        volumes.normaliser("(4)", seeds, volumes.minor),
    ):
        check.run()


def step_of_01(module: Any, number: int) -> Any:
    """The check of a step for one random network, as the derivation has it."""
    return [
        lambda: module.region("step 1", [1], module.f),
        lambda: module.boxes("step 2", [1], module.received),
        lambda: module.trees("step 3", module.tau),
        lambda: module.by_assembly("step 4", [1], module.recruited),
        lambda: module.normaliser("step 5", [1], module.minor),
        lambda: module.every_order("step 6", module.f),
    ][number - 1]()


def transposed(module: Any) -> None:
    symbols = cells.RING.symbols
    weights = sympy.Matrix(3, 3, symbols[:9]).T
    module.network = lambda: ea.Network(weights, thresholds=symbols[9:12])


def without_self_coupling(module: Any) -> None:
    symbols = cells.RING.symbols
    weights = sympy.Matrix(3, 3, lambda i, j: symbols[3 * i + j] if i != j else 0)
    module.network = lambda: ea.Network(weights, thresholds=symbols[9:12])


def forest_of_the_assembly(module: Any) -> None:
    module.recruited = lambda A, k: module.DU * module.tau(A, k) * module.f(A)


def without_increment(module: Any) -> None:
    module.recruited = lambda A, k: module.tau(A, k) * module.f(module.ALL - A)


def any_root(module: Any) -> None:
    right = module.tau
    module.tau = lambda assembly, start: right(assembly, min(assembly))


def all_earlier_senders(module: Any) -> None:
    """As if a unit could be recruited by any earlier generation, not just by the last."""

    def wrong(pattern: tuple[frozenset[int], ...]) -> Any:
        weights, result = module.network().weights, sympy.Integer(1)
        for d in range(1, len(pattern)):
            for j in pattern[d]:
                result *= sum(weights[j, i] for generation in pattern[:d] for i in generation)
        return module.polynomial(result)

    module.received = wrong


def another_minor(module: Any) -> None:
    right = module.minor
    module.minor = lambda start: right((start + 1) % 3)


def only_pairs_are_forbidden(rows: Any, state: Any, units: Any = range(3)) -> bool:
    return not any(
        state[i] < rows[i][i] + rows[i][j] and state[j] < rows[j][j] + rows[j][i]
        for i in units
        for j in units
        if i < j
    )


def one_fires_after_the_other(rows: Any, state: Any, start: int) -> tuple[frozenset[int], ...]:
    """Of all units at threshold only the first one fires: same assemblies, other patterns."""
    u, fired = list(state), []
    u[start] += rows[start][4]
    while ready := [i for i in range(3) if u[i] >= rows[i][3]]:
        fired.append(frozenset(ready[:1]))
        u[ready[0]] -= rows[ready[0]][3]
        u = [u[i] + rows[i][ready[0]] for i in range(3)]
    return tuple(fired)


all_breakpoints = cells.breakpoints


def a_missing_breakpoint(unit: int, is_start: bool) -> Any:
    return all_breakpoints(unit, is_start)[: -1 - is_start]


@pytest.mark.parametrize(
    ("mistake", "number"),
    [
        (without_self_coupling, 1),
        (transposed, 2),
        (all_earlier_senders, 2),
        (transposed, 3),
        (any_root, 3),
        (all_earlier_senders, 3),
        (forest_of_the_assembly, 4),
        (without_increment, 4),
        (any_root, 4),
        (another_minor, 5),
        (any_root, 5),
        pytest.param(transposed, 6, marks=pytest.mark.slow),
        pytest.param(all_earlier_senders, 6, marks=pytest.mark.slow),
    ],
)
def test_a_mistake_in_the_formulas_of_01_is_found(
    volumes: Any, mistake: Callable[[Any], None], number: int
) -> None:
    assert step_of_01(volumes, number).verdict() == HOLDS
    broken = load(FILES["01"])
    mistake(broken)
    assert step_of_01(broken, number).verdict().is_refuted


@pytest.mark.parametrize(
    ("name", "mistake", "number"),
    [
        ("is_inhabited", only_pairs_are_forbidden, 1),
        ("breakpoints", a_missing_breakpoint, 1),
        ("run", one_fires_after_the_other, 2),
        ("run", one_fires_after_the_other, 6),
        ("is_inhabited", only_pairs_are_forbidden, 6),
        ("breakpoints", a_missing_breakpoint, 6),
    ],
)
def test_a_mistake_in_the_geometry_of_01_is_found(
    volumes: Any, name: str, mistake: Any, number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cells, name, mistake)
    assert step_of_01(volumes, number).verdict().is_refuted


@pytest.mark.slow
def test_a_wrong_formula_makes_the_script_fail(tmp_path: Path) -> None:
    right = "return DU * tau(assembly, start) * f(ALL - assembly)"
    source = FILES["01"].read_text(encoding="utf-8")
    assert source.count(right) == 1
    path = tmp_path / "01_wrong.py"
    path.write_text(source.replace(right, right.replace("ALL - assembly", "assembly")), encoding="utf-8")
    result = run_script(path)
    assert result.returncode == 1
    last = result.stdout.splitlines()[-1]
    assert last.startswith("derivation 01 FAILED: derivation 01, step 4: the volumes of all assemblies")


def test_the_two_sides_of_01_share_no_code() -> None:
    """The geometry imports listings alone, and the formulas use none of it."""
    geometry = Path(str(cells.__file__)).read_text(encoding="utf-8")
    assert re.findall(r"^(?:from|import) (exactav\S*)", geometry, flags=re.MULTILINE) == [
        "exactav.proofs.listing"
    ]
    source = FILES["01"].read_text(encoding="utf-8")
    formulas = source.partition("# Formulas:")[2].partition("# The checks:")[0]
    assert "tree_weight" in formulas
    assert "cells" not in formulas
    for name in re.findall(r"^def (\w+)", geometry, flags=re.MULTILINE):
        assert not re.search(rf"\b{name}\(", formulas), name


@pytest.mark.parametrize("is_start", [False, True])
def test_random_rows_have_no_order_that_01_does_not_list(is_start: bool) -> None:
    """Fourier-Motzkin elimination against throwing dice."""
    points = cells.breakpoints(0, is_start)

    def order(row: Sequence[int]) -> tuple[int, ...] | None:
        at = [cells.value(point, row) for point in points]
        return tuple(sorted(range(len(at)), key=at.__getitem__)) if len(set(at)) == len(at) else None

    listed = [order(row) for row in cells.all_orders(0, is_start)]
    assert len(set(listed)) == len(listed) == (26 if is_start else 12)
    dice = random.Random(7)
    met = set()
    for _ in range(4000):
        *weights, increment, spare = (dice.randint(1, 1 << dice.randint(1, 8)) for _ in range(5))
        threshold = sum(weights) + spare + increment * is_start
        met.add(order((*weights, threshold, increment)))
    assert met - {None} == set(listed)


def test_elimination_finds_points_iff_there_are_any() -> None:
    dice = random.Random(3)
    outcomes = set()
    # A homogeneous system with these coefficients that has solutions has one on this grid.
    grid = list(product(range(-4, 5), repeat=3))
    for _ in range(300):
        forms = [tuple(dice.randint(-1, 1) for _ in range(3)) for _ in range(dice.randint(1, 6))]
        point = cells.inner_point(forms, 3)
        outcomes.add(point is None)
        if point is not None:
            assert all(cells.value(form, point) > 0 for form in forms)
        else:
            assert not any(all(cells.value(form, x) > 0 for form in forms) for x in grid)
    assert outcomes == {True, False}


@pytest.mark.parametrize("start", range(3))
def test_the_fate_of_a_cell_depends_on_its_kinds_alone(start: int) -> None:
    """What step 6 rests on, in random networks in which only the start leaks as much as the increment."""
    dice = random.Random(start)
    fates: dict[Any, Any] = {}
    n_met_again = 0
    for _ in range(25):
        rows = []
        for unit in range(3):
            *weights, increment, spare = (2 * dice.randint(1, 1 << dice.randint(1, 8)) for _ in range(5))
            rows.append((*weights, sum(weights) + spare + increment * (unit == start), increment))
        try:
            axes = [cells.intervals(unit, unit == start, row) for unit, row in enumerate(rows)]
        except ValueError:
            continue  # two breakpoints coincide
        for cell in product(*axes):
            state = [part.middle for part in cell]
            fate = cells.is_inhabited(rows, state), cells.run(rows, state, start)
            kinds = tuple(part.above for part in cell)
            n_met_again += kinds in fates
            assert fates.setdefault(kinds, fate) == fate
    assert n_met_again > 1000
