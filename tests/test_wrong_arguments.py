"""Every public function and method with one argument that is wrong gives an error that says what to do, or an
answer where what came makes sense; never an error from inside, and it never hangs."""

import inspect
import math
import operator
import random
import signal
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

import matplotlib as mpl
import networkx as nx
import numpy as np
import pandas as pd
import pytest
import sympy
from calls_of_functions import ALSO, FUNCTIONS, INPUT, NET
from calls_of_methods import BLOCKS, LAWS, METHODS, PATTERNS, SAMPLE
from matplotlib import pyplot
from right_answers import may_answer

import exactav as ea
from exactav.errors import ArgumentError, ExactavError
from exactav.proofs import Check

mpl.use("agg")


class Odd:
    """What has no repr, no equality and no hash."""

    __hash__ = None  # type: ignore[assignment]  # is what is odd

    def __repr__(self) -> str:
        raise RuntimeError("no repr")

    def __eq__(self, other: object) -> bool:
        raise RuntimeError("no equality")


class Plain:
    """A class, which can be called with anything."""

    def __init__(self, *_: Any, **__: Any) -> None:
        pass


def _itself() -> list[Any]:
    found: list[Any] = []
    found.append(found)
    return found


WRONG: Mapping[str, Callable[[], Any]] = {
    "None": lambda: None,
    "True": lambda: True,
    "0": lambda: 0,
    "-1": lambda: -1,
    "7": lambda: 7,
    "10**30": lambda: 10**30,
    "10**5000": lambda: 10**5000,
    "1.5": lambda: 1.5,
    "nan": lambda: math.nan,
    "inf": lambda: math.inf,
    "1j": lambda: 1j,
    "''": lambda: "",
    "text": lambda: "no such thing",
    "'a'": lambda: "a",
    "'1/2'": lambda: "1/2",
    "bytes": lambda: b"ab",
    "half a character": lambda: "\ud800",
    "controls": lambda: "\x1b[31m\x00\n",
    "long text": lambda: "x" * 10**5,
    "[]": lambda: [],
    "[None]": lambda: [None],
    "nested": lambda: ["a", ["b"]],
    "groups": lambda: [["a"], ["b"]],
    "itself": _itself,
    "{}": lambda: {},
    "{'a': 1}": lambda: {"a": 1},
    "{None: None}": lambda: {None: None},
    "set()": lambda: set(),
    "generator": lambda: (letter for letter in "ab"),
    "object": lambda: object(),
    "odd": lambda: Odd(),
    "function": lambda: lambda *_, **__: None,
    "class": lambda: Plain,
    "symbol": lambda: sympy.Symbol("zeta"),
    "zoo": lambda: sympy.zoo,
    "sympy.nan": lambda: sympy.nan,
    "I": lambda: sympy.I,
    "relation": lambda: sympy.Symbol("zeta") < 1,
    "1/3": lambda: sympy.Rational(1, 3),
    "matrix": lambda: sympy.zeros(2, 2),
    "array": lambda: np.array([[0.5, 0.1]]),
    "texts": lambda: np.array(["a", "b"]),
    "array of no axes": lambda: np.array(1),
    "bool_": lambda: np.True_,
    "float64": lambda: np.float64(0.5),
    "int64": lambda: np.int64(1),
    "datetime64": lambda: np.datetime64("2020-01-01"),
    "series": lambda: pd.Series([1, 2], index=["a", "b"]),
    "frame": lambda: pd.DataFrame([[1, 2]]),
    "NA": lambda: pd.NA,
    "Decimal": lambda: Decimal("nan"),
    "graph": lambda: nx.path_graph(3),
    "network": lambda: NET,
    "law": lambda: LAWS["SizeLaw"],
    "drive": lambda: ea.Drive([(1, INPUT)]),
}
"""What could come by mistake, of every kind, made anew for each call."""

SHARE = 0.05  # of all calls that the default suite makes
HANGS = 20  # seconds of processor time


class HangError(BaseException):
    """A call takes too long."""


@contextmanager
def hang_guard() -> Iterator[None]:
    def ring(*_: Any) -> None:
        raise HangError

    before = signal.signal(signal.SIGPROF, ring)
    signal.setitimer(signal.ITIMER_PROF, HANGS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def calls() -> Iterator[tuple[str, Callable[..., Any], dict[str, Any]]]:
    """(name, what is called, right arguments)."""
    for table in (FUNCTIONS, ALSO):
        for name, arguments in table.items():
            yield name, found(name), arguments
    for name, (method, arguments) in METHODS.items():
        yield name, method, arguments


def answered(function: Callable[..., Any], arguments: Mapping[str, Any]) -> Any:
    pyplot.close("all")
    answer = function(**arguments)
    if isinstance(answer, Check):
        answer = answer.verdict()
    return list(answer) if isinstance(answer, Iterator) else answer


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A text may be taken for the name of a file."""
    monkeypatch.chdir(tmp_path)


def faults(share: float) -> tuple[int, dict[str, str]]:
    """How many calls were made, and those that went wrong."""
    drawn, n_calls, wrong = random.Random(1), 0, {}
    for name, function, arguments in calls():
        for parameter in arguments:
            for kind, make in WRONG.items():
                if drawn.random() >= share:
                    continue
                n_calls += 1
                said = fault(function, {**arguments, parameter: make()}, may_answer(name, parameter, kind))
                if said:
                    wrong[f"{name}({parameter}={kind})"] = said
    return n_calls, wrong


def fault(function: Callable[..., Any], arguments: Mapping[str, Any], is_right: bool) -> str:
    """What is wrong with how a call ends; empty if nothing is."""
    try:
        with hang_guard():
            answer = answered(function, arguments)
    except ExactavError as error:
        return "" if str(error) else "an error without a word"
    except HangError:
        return f"more than {HANGS} s"
    except Exception as error:
        return f"{type(error).__name__}: {error}"[:200]
    return "" if is_right else f"answered {type(answer).__name__}"


@pytest.mark.filterwarnings("ignore::UserWarning")
def test_wrong_arguments_are_refused() -> None:
    n_calls, wrong = faults(SHARE)
    assert n_calls > 2000
    assert not wrong


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::UserWarning")
def test_all_wrong_arguments_are_refused() -> None:
    n_calls, wrong = faults(1)
    assert n_calls > 50_000
    assert not wrong


@pytest.mark.parametrize("name", [name for name, arguments in FUNCTIONS.items() if "net" in arguments])
@pytest.mark.parametrize("kind", ["None", "text", "matrix", "graph", "law", "object"])
def test_what_is_no_network_is_named(name: str, kind: str) -> None:
    with pytest.raises(ArgumentError, match=r"wanted a network") as caught:
        answered(found(name), {**FUNCTIONS[name], "net": WRONG[kind]()})
    assert name.rsplit(".", 1)[-1] in str(caught.value)


def test_every_example_is_right() -> None:
    for _, function, arguments in calls():
        answered(function, arguments)


ROOMS = (
    "",
    "families",
    "formulas",
    "lattices",
    "proofs",
    "phase_space.region",
    "phase_space.torus",
    "phase_space.sandpile",
)


def test_all_public_functions_are_here() -> None:
    for room in ROOMS:
        module = found(room)
        for name in module.__all__:
            path = f"{room}.{name}".lstrip(".")
            if (
                inspect.isfunction(getattr(module, name))
                and inspect.signature(getattr(module, name)).parameters
            ):
                assert path in FUNCTIONS or path in METHODS or path in ("latex_document", "limits"), path


def test_all_public_methods_are_here() -> None:
    known = {id(_plain(method)) for method, _ in METHODS.values()}
    written = {name.split("(")[0] for name in METHODS}
    for room in ROOMS:
        module = found(room)
        for name in module.__all__:
            thing = getattr(module, name)
            if not inspect.isclass(thing) or issubclass(thing, BaseException):
                continue
            for method, function in inspect.getmembers(thing, inspect.isroutine):
                if method.startswith("_") or not _takes_arguments(function):
                    continue
                owners = {owner.__name__ for owner in thing.__mro__}
                is_known = id(_plain(function)) in known or any(
                    f"{owner}.{method}" in written for owner in owners
                )
                assert is_known or method in INTERNAL, f"{name}.{method}"


INTERNAL = {"on", "pushed", "equation_rows", "checks", "bounds", "outcome", "count", "index"}
"""What rooms ask of each other's classes, or what comes from Python's own classes."""


def _plain(method: Any) -> Any:
    return getattr(method, "__func__", method)


def _takes_arguments(function: Any) -> bool:
    module = getattr(_plain(function), "__module__", None) or ""
    if not module.startswith("exactav"):
        return False
    return bool([p for p in inspect.signature(function).parameters if p != "self"])


def found(path: str) -> Any:
    thing: Any = ea
    for name in filter(None, path.split(".")):
        thing = getattr(thing, name)
    return thing


@pytest.mark.parametrize("kind", WRONG)
def test_foreign_objects_are_other_objects(kind: str) -> None:
    other = WRONG[kind]()
    if kind == "odd" or type(other).__module__.startswith(("numpy", "pandas")):
        return  # these compare in ways of their own, as with each item
    for mine in (NET, SAMPLE, PATTERNS, BLOCKS, ea.Drive([(1, INPUT)]), *LAWS.values()):
        assert (mine == other) in (True, False)
        assert (mine != other) is not (mine == other)


@pytest.mark.parametrize("of", [NET, *LAWS.values()])
def test_operators_are_as_python_has_them(of: Any) -> None:
    for calculate in (operator.add, operator.mul, operator.lt, operator.matmul, operator.pow):
        with pytest.raises(TypeError):
            calculate(of, 1)
        with pytest.raises(TypeError):
            calculate(1, of)


PLACES: list[tuple[Any, type[Exception]]] = [
    (None, TypeError),
    ("a", TypeError),
    (0.0, TypeError),
    (10**30, IndexError),
]


def test_places_of_samples_are_as_in_lists() -> None:
    for sequence in (SAMPLE, PATTERNS, ea.solve("x**2", "x", "1/3")):
        for place, error in PLACES:
            with pytest.raises(error):
                sequence[place]


def test_what_a_network_was_made_of_may_change() -> None:
    rows: list[list[Any]] = [[0, "1/2"], ["1/4", 0]]
    thresholds, labels = [1, 2], ["a", "b"]
    drive: list[Any] = ["1/2", "1/2"]
    edges, array = {("a", "b"): "1/2"}, np.array([[0, 1], [0, 0]])
    made = [ea.Network(rows, thresholds, drive, labels=labels), ea.Network.from_edges(edges)]
    made.append(ea.Network(array, thresholds=2))
    kept = [net.to_json() for net in made]
    rows[0][1], thresholds[0], drive[0], labels[0], edges["b", "a"], array[0, 1] = "1/3", 5, 1, "x", "1/9", 0
    assert [net.to_json() for net in made] == kept
    weights: dict[Any, Any] = {("a", "a", 1): "1/4"}
    strip, lattice = ea.Strip(weights), ea.lattices.Lattice(["a"], weights)
    weights["a", "a", 1] = "1/2"
    assert strip.network(2).weights[0, 1] == lattice.torus(3).weights[0, 2] == sympy.Rational(1, 4)
    amounts = {"a": "1/8"}
    given = ea.Drive([(1, amounts)])
    amounts["b"] = "1/8"
    assert given == ea.Drive([(1, {"a": "1/8"})])
