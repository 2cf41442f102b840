"""What is loaded when: nothing heavy before it is needed."""

import ast
import inspect
import subprocess
import sys
from importlib import import_module
from types import ModuleType

import click
import pytest

import exactav as ea
from exactav.command.group import COMMANDS, cli
from exactav.deprecation import MOVED
from exactav.engines.bid import Deferred
from exactav.engines.durations import plan as durations
from exactav.engines.registry import ENGINES

HEAVY = {
    "asyncio",
    "dask",
    "distributed",
    "IPython",
    "latex2mathml",
    "matplotlib",
    "multiprocessing",
    "networkx",
    "numba",
    "pandas",
    "scipy",
    "sympy.stats",
    "xml.etree",
}
"""What neither the package nor its shortest command loads, where it is installed."""


DEFERRED = ("", "interchange", "lattices", "network", "papers", "phase_space", "sampling", "sequences")
"""Packages that load their modules when these are asked for."""
ROOMS = ("conjectures", "formulas", "lattices", "papers", "phase_space", "proofs", "sampling", "sequences")
"""Those that no law needs."""


def loaded(code: str, *arguments: str) -> set[str]:
    """The modules of a new process that has run ``code``."""
    code = f"import sys\n{code}\nprint('modules', *sys.modules)"
    command = [sys.executable, "-c", code, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    begin, *names = done.stdout.splitlines()[-1].split()
    assert begin == "modules"
    return set(names)


def test_the_package_loads_nothing() -> None:
    found = loaded("import exactav")
    assert not sorted(found & (HEAVY | {"click", "flint", "mpmath", "numpy", "rich", "sympy"}))
    assert {name for name in found if name.startswith("exactav.")} == {
        "exactav.deferred",
        "exactav.deprecation",
    }


def test_a_law_loads_no_other_room() -> None:
    found = loaded("import exactav\nexactav.size_law(exactav.families.ring(5, '4/5'))")
    assert not sorted(found & (HEAVY | {"click", "rich"}))
    assert not sorted(found & {f"exactav.{name}" for name in (*ROOMS, "command", "interchange", "showing")})
    assert not sorted(found & {"exactav.engines.frontier", "exactav.kernels.minors", "exactav.laws.assembly"})


def test_a_command_loads_what_it_needs() -> None:
    command = "from exactav.command.cli import main\nmain(sys.argv[1:])"
    found = loaded(command, "sizes", "ring:N=5,alpha=4/5")
    assert not sorted(found & (HEAVY | {"rich.progress"}))
    others = (*ROOMS, "command.page", "command.proving", "showing")
    assert not sorted(found & {f"exactav.{name}" for name in others})
    assert sum(name.startswith("exactav.") for name in found) < 110  # of more than 400


@pytest.mark.parametrize("package", DEFERRED)
def test_names_are_where_type_checkers_look_for_them(package: str) -> None:
    module = import_module(f"exactav.{package}".rstrip("."))
    (block,) = (
        node
        for node in ast.parse(inspect.getsource(module)).body
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
    )
    named = set()
    for node in block.body:
        assert isinstance(node, ast.ImportFrom)
        assert node.module is not None
        place = import_module(node.module)
        for name in node.names:
            named.add(name.asname or name.name)
            thing = getattr(place, name.name, None) or import_module(f"{node.module}.{name.name}")
            found = getattr(module, name.asname or name.name)
            # where another test has loaded a module by its old name, the package has that one
            assert found is thing or (name.name in MOVED and isinstance(found, ModuleType))
    assert named == set(module.__all__)


def test_a_name_that_is_not_there_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match=r"^module 'exactav' has no attribute 'size_laws'"):
        ea.size_laws  # type: ignore[attr-defined]  # noqa: B018
    with pytest.raises(ImportError, match="cannot import name 'size_laws'"):
        exec("from exactav import size_laws")


def test_deferred_engines_are_those_of_their_modules() -> None:
    deferred = [engine for engine in (*ENGINES, *durations.ENGINES) if isinstance(engine, Deferred)]
    assert len(deferred) == 6
    for engine in deferred:
        found = import_module(engine.module).ENGINE
        assert (found.name, found.summary) == (engine.name, engine.summary)


def test_commands_are_those_of_their_modules() -> None:
    for name, module in COMMANDS.items():
        command = vars(import_module(f"exactav.command.{module}"))[name]
        assert isinstance(command, click.Command)
        assert cli.get_command(click.Context(cli), name) is command
    assert set(cli.commands) == set(COMMANDS)
