"""The package reads downwards: every module imports only from modules before it in the reading order."""

import ast
from pathlib import Path

import pytest

import exactav

PACKAGE = Path(exactav.__file__).parent
READING_ORDER = [
    "errors",
    "files",
    "expressions",
    "digits",
    "entries",
    "arithmetic",
    "checks",
    "kernels",
    "kernels.determinants",
    "kernels.polynomials",
    "kernels.modular",
    "kernels.positive",
    "kernels.wilson",
    "kernels.loading",
    "kernels.compiled",
    "kernels.bigints",
    "kernels.orders",
    "kernels.classes",
    "system",
    "network",
    "families",
    "interchange.draft",
    "interchange.graphs",
    "interchange.tables",
    "interchange.documents",
    "interchange.reading",
    "interchange",
    "laplacian",
    "engines",
    "engines.question",
    "engines.running",
    "engines.reduction",
    "engines.populations",
    "engines.subsets",
    "engines.connected",
    "engines.values",
    "engines.frontier",
    "engines.generations",
    "engines.costs",
    "engines.plan",
    "engines.answers",
    "plot",
    "typesetting",
    "latex",
    "listing",
    "derivation",
    "laws",
    "laws.starts",
    "laws.law",
    "laws.floats",
    "laws.counting",
    "laws.size",
    "laws.composition",
    "laws.duration",
    "laws.assembly",
    "laws.pattern",
    "laws.marginals",
    "formulas.evaluation",
    "formulas.formula",
    "formulas.abbreviated",
    "formulas.verification",
    "formulas.sums",
    "formulas.homogeneous",
    "formulas.homogeneous_without_self",
    "formulas.generations",
    "formulas.rings",
    "formulas.fourier",
    "formulas.population_checks",
    "formulas.populations",
    "formulas.two_populations",
    "formulas.stars",
    "formulas.feedforward",
    "formulas.borel",
    "formulas.sandpile",
    "formulas.catalogue",
    "formulas.recognition",
    "formulas",
    "phase_space",
    "phase_space.states",
    "phase_space.region",
    "phase_space.torus",
    "phase_space.sandpile",
    "phase_space.lattices",
    "phase_space.characters",
    "phase_space.chain",
    "phase_space.overlaps",
    "phase_space.flows",
    "phase_space.exactness",
    "phase_space.ergodicity",
    "sampling",
    "stationary",
    "sequences",
    "simulate",
    "validation",
    "report",
    "workers",
    "cli",
]
ALLOWED_ONLY_BY = {"simulate": {"cli", "validation"}, "rich": {"report", "cli"}, "click": {"cli"}}


def module_name(path: Path) -> str:
    return ".".join(path.relative_to(PACKAGE).with_suffix("").parts).removesuffix(".__init__")


MODULES = {module_name(path): path for path in sorted(PACKAGE.rglob("*.py"))}


def imported_modules(path: Path) -> set[str]:
    """Full names of what a file imports, at any depth."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def test_every_module_has_its_place() -> None:
    assert set(MODULES) - {"__init__"} == set(READING_ORDER)


@pytest.mark.parametrize("name", READING_ORDER)
def test_imports_point_up_the_page(name: str) -> None:
    place = READING_ORDER.index(name)
    for full in imported_modules(MODULES[name]):
        root, _, inside = full.partition(".")
        if root in ALLOWED_ONLY_BY:
            assert name in ALLOWED_ONLY_BY[root], f"{name} imports {root}"
        if root != "exactav":
            continue
        if inside.startswith("__"):
            assert name == "cli", f"{name} imports the face"  # the version
            continue
        while inside and inside not in MODULES:
            inside = inside.rpartition(".")[0]
        if inside and inside != name:
            assert READING_ORDER.index(inside) < place, f"{name} imports {inside}, which comes after it"


def test_only_validation_and_the_command_line_know_the_simulator() -> None:
    users = {name for name, path in MODULES.items() if "exactav.simulate" in imported_modules(path)}
    assert users <= {"cli", "validation", "__init__"}
