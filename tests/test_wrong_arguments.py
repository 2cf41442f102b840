"""Every public function with one argument that is wrong gives an answer or an error that says what to do, and
never an error from inside."""

import inspect
import math
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import matplotlib as mpl
import networkx as nx
import numpy as np
import pytest
import sympy
from matplotlib import pyplot

import exactav as ea
from exactav.errors import ArgumentError, ExactavError

mpl.use("agg")
NET = ea.Network(
    [["1/9", "1/5", 0], ["1/4", 0, "1/3"], [0, "1/7", 0]],
    labels=["a", "b", "c"],
    increment="1/10",
)
RING = ea.families.ring(3, "3/5", increment="1/5")
INTEGERS = ea.Network([[0, 1], [1, 0]], thresholds=3, increment=1)
ALPHA = sympy.Symbol("alpha")
SYMBOLIC = ea.families.homogeneous(3, ALPHA)

WRONG: Mapping[str, Any] = {
    "None": None,
    "True": True,
    "0": 0,
    "-1": -1,
    "7": 7,
    "1.5": 1.5,
    "nan": math.nan,
    "inf": math.inf,
    "''": "",
    "text": "no such thing",
    "bytes": b"ab",
    "[]": [],
    "[None]": [None],
    "nested": ["a", ["b"]],
    "groups": [["a"], ["b"]],
    "{}": {},
    "{'a': 1}": {"a": 1},
    "{None: None}": {None: None},
    "set()": set(),
    "object": object(),
    "function": lambda *_: None,
    "symbol": sympy.Symbol("zeta"),
    "zoo": sympy.zoo,
    "1/3": sympy.Rational(1, 3),
    "matrix": sympy.zeros(2, 2),
    "array": np.array([[0.5, 0.1]]),
    "float64": np.float64(0.5),
    "graph": nx.path_graph(3),
    "network": NET,
    "law": ea.size_law(NET),
}
"""What could come by mistake, of every kind."""

OPTIONS = {
    "method": "subsets",
    "arithmetic": "exact",
    "max_cost": 60.0,
    "executor": None,
    "checkpoint": None,
    "progress": None,
}

FUNCTIONS: Mapping[str, dict[str, Any]] = {
    "annealed": {"net": NET, "chances": "1/2", "mean": None},
    "assembly_latex": {"net": NET, "assembly": {"a", "b"}, "start": "a"},
    "assembly_law": {"net": NET, "start": "a", **OPTIONS},
    "assembly_probability": {"net": NET, "assembly": {"a", "b"}, "start": "a"},
    "autocorrelation": {"net": RING, "max_lag": 2, "assembly": {0}},
    "avalanche_probability": {"net": NET, "start": "a", "increment": "1/2", **OPTIONS},
    "branching_ratio": {"net": NET, "start": "a"},
    "composition_law": {"net": NET, "groups": [["a"], ["b", "c"]], "start": "a", **OPTIONS},
    "check_paper": {"text_or_path": r"\[ 1 + 1 = 2 \]", "seconds": 10},
    "conjecture": {
        "left": ea.mean_size,
        "right": ea.mean_size,
        "over": "directed",
        "max_units": 2,
        "count": 2,
        "seed": 1,
        "max_cost": 0.3,
    },
    "count_correlation": {"net": NET},
    "count_covariance": {"net": NET},
    "coset_law": {"net": RING, "state": ["1/2", "1/2", "1/2"], "start": 0},
    "duration_law": {"net": NET, "start": "a", **OPTIONS},
    "ergodicity": {"net": RING},
    "evaluate": {"expr": sympy.Rational(1, 3), "digits": 10},
    "fano_factors": {"net": NET},
    "firing_rates": {"net": NET, "input": {"a": "1/8", "c": "1/4"}},
    "firings_per_input": {"net": NET},
    "forest_weight": {"net": NET, "units": {"a"}},
    "from_networkx": {
        "G": nx.path_graph(3),
        "coupling": "1/2",
        "weight": "weight",
        "thresholds": 1,
        "drive": None,
        "increment": "1/9",
    },
    "green_matrix": {"net": NET},
    "induced_laplacian": {"net": NET, "units": {"a", "b"}, "leak": True, "without": "a"},
    "is_inhabited": {"net": NET, "state": ["1/2", "1/2", "1/2"]},
    "last_wave_law": {"net": NET, "start": "a", **OPTIONS},
    "mean_generations": {"net": NET, "start": "a", "up_to": 3, "max_cost": 60.0},
    "mean_second_generation": {"net": NET, "start": "a"},
    "mean_size": {"net": NET, "start": "a"},
    "mean_waves": {"net": NET, "start": "a"},
    "near_threshold": {"net": NET, "units": ["a"]},
    "near_threshold_law": {"net": NET, "max_cost": 60.0},
    "participation": {"net": NET, "input": {"a": "1/8", "c": "1/4"}},
    "participation_overall": {"net": NET, "start": "a"},
    "pattern_law": {"net": NET, "start": "a", "max_cost": 60.0},
    "pattern_probability": {"net": NET, "pattern": [{"a"}, {"b"}], "start": "a"},
    "plan": {
        "net": NET,
        "start": "a",
        "observed": ["a"],
        "method": "auto",
        "arithmetic": "exact",
        "of": "size",
    },
    "read_network": {
        "source": "ring:N=3,alpha=1/2",
        "coupling": None,
        "format": None,
        "increment": "1/9",
        "max_denominator": None,
    },
    "same_law": {
        "net": NET,
        "other": NET,
        "of": "composition",
        "start": "a",
        "other_start": "b",
        "groups": [["a"], ["b", "c"]],
        "max_cost": 60.0,
    },
    "sample_patterns": {"net": NET, "n": 5, "start": "a", "seed": 1, "max_cost": 60.0},
    "sample_assemblies": {"net": NET, "n": 5, "start": "a", "seed": 1, "max_cost": 60.0},
    "sample_near_threshold": {"net": NET, "n": 2, "seed": 1, "max_cost": 60.0},
    "sample_sequences": {"net": NET, "n_steps": 2, "n": 3, "seed": 1, "max_cost": 60.0},
    "sample_states": {"net": NET, "n": 2, "seed": 1, "max_cost": 60.0},
    "sequence_law": {"net": RING, "n": 2, "starts": [0, 1]},
    "simulate": {
        "net": NET,
        "n_avalanches": 5,
        "seed": 1,
        "start": "a",
        "arithmetic": "float",
        "increment": "1/20",
        "max_steps": 1000,
        "progress": None,
    },
    "size_duration_law": {"net": NET, "start": "a", **OPTIONS},
    "size_law": {"net": NET, "start": "a", "observed": ["a"], **OPTIONS},
    "solve": {"expression": "x**2", "symbol": "x", "value": "1/2", "between": (0, 1)},
    "start_law": {"net": NET, "assembly": {"a", "b"}},
    "state_law": {"net": NET, "unit": "a", **OPTIONS},
    "to_networkx": {"net": NET},
    "from_json": {"text": NET.to_json()},
    "plot_participation": {"net": NET, "ax": None},
    "tree_weight": {"net": NET, "assembly": {"a", "b"}, "start": "a"},
    "waiting_time_law": {"net": RING},
    "wave_law": {"net": NET, "start": "a", **OPTIONS},
    "families.bipartite": {"n": 1, "m": 2, "alpha": "1/2"},
    "families.directed_ring": {"N": 3, "alpha": "1/2"},
    "families.feedforward": {"sizes": [1, 2], "alpha": "1/2"},
    "families.from_spec": {"text": "ring:N=3,alpha=1/2"},
    "families.generic": {"N": 2, "self_coupling": True},
    "families.homogeneous": {
        "N": 3,
        "alpha": "1/2",
        "drive": ["1/2", "1/2", 0],
        "increment": "1/9",
        "labels": "xyz",
    },
    "families.homogeneous_without_self": {"N": 3, "alpha": "1/2"},
    "families.k_ring": {"N": 5, "alpha": "1/2", "k": 2},
    "families.line": {"N": 3, "alpha": "1/2"},
    "families.populations": {
        "sizes": [1, 2],
        "weights": [["1/9", "1/9"], ["1/9", "1/9"]],
        "leak": None,
        "thresholds": 1,
    },
    "families.ring": {"N": 3, "alpha": "1/2"},
    "families.star": {"N": 3, "alpha": "1/2"},
    "families.torus": {"rows": 3, "columns": 3, "alpha": "1/2", "neighbourhood": "moore"},
    "formulas.get": {"formula_id": "homogeneous.size"},
    "phase_space.region.boxes": {"net": RING},
    "phase_space.region.forbidden_set": {"net": RING, "state": ["1/2", "1/2", "1/2"]},
    "phase_space.region.piece": {"net": RING, "pattern": [{0}, {1}]},
    "phase_space.region.pieces": {"net": RING, "start": 0, "assembly": {0, 1}},
    "phase_space.region.volume_by_inclusion_exclusion": {"net": RING},
    "phase_space.torus.coordinates": {"net": RING, "state": ["1/2", "1/2", "1/2"]},
    "phase_space.torus.representative": {"net": RING, "point": ["1/2", "1/2", "1/2"], "seed": 1},
    "phase_space.torus.slow_step": {"net": RING, "state": ["1/2", "1/2", "1/2"], "start": 0},
    "phase_space.sandpile.added": {"net": INTEGERS, "state": [2, 2], "other": [2, 2]},
    "phase_space.sandpile.avalanche_polynomial": {"net": INTEGERS},
    "phase_space.sandpile.identity": {"net": INTEGERS},
    "phase_space.sandpile.invariant_factors": {"net": INTEGERS},
    "phase_space.sandpile.of_graph": {"graph": nx.path_graph(3), "sink": 0},
    "phase_space.sandpile.recurrent_states": {"net": INTEGERS},
}
"""Arguments with which each public function answers."""

SIZES, ASSEMBLIES = ea.size_law(NET), ea.assembly_law(NET)
SAMPLE = ea.sample_assemblies(NET, 50, seed=1)
PATTERNS = ea.sample_patterns(NET, 200, seed=1)
SIMULATION = ea.simulate(NET, 50, seed=1)
STATE = ea.state_law(NET, "a")
FORMULA = ea.formulas.get("homogeneous.size")

METHODS: Mapping[str, tuple[Callable[..., Any], dict[str, Any]]] = {
    "Network": (
        ea.Network,
        {"weights": [[0, "1/2"], [0, 0]], "thresholds": 1, "drive": None, "increment": None, "labels": "ab"},
    ),
    "Network.from_entries": (ea.Network.from_entries, {"n_units": 2, "entries": {(0, 1): "1/2"}}),
    "Network.from_floats": (ea.Network.from_floats, {"weights": [[0, 0.5], [0, 0]], "max_denominator": 10}),
    "Network.at": (SYMBOLIC.at, {"values": {"alpha": "1/2"}}),
    "Network.from_edges": (ea.Network.from_edges, {"edges": {("a", "b"): "1/2"}, "labels": ["a", "b"]}),
    "Network.replace": (
        NET.replace,
        {
            "weights": {("a", "b"): "1/9"},
            "thresholds": {"a": 2},
            "drive": {"a": 1},
            "increment": "1/20",
            "labels": {"a": "x"},
        },
    ),
    "Network.scaled": (NET.scaled, {"coupling": "1/2"}),
    "Network.subnetwork": (NET.subnetwork, {"units": ["a"]}),
    "Network.without": (NET.without, {"units": ["a"]}),
    "Network.latex": (NET.latex, {"line": 20, "environment": "align", "label": "x", "symbol_names": {}}),
    "Network.draw": (NET.draw, {"ax": None, "start": "a"}),
    "Law.plot": (SIZES.plot, {"ax": None, "label": "x"}),
    "AssemblyLaw.plot": (ASSEMBLIES.plot, {"ax": None, "count": 3}),
    "Law.plot_over": (
        ea.size_law(SYMBOLIC).plot_over,
        {"symbol": "alpha", "values": ["1/3"], "of": None, "outcomes": [1], "ax": None},
    ),
    "Law.latex_table": (SIZES.latex_table, {"digits": 3, "max_rows": 2, "caption": "x", "label": "y"}),
    "Network.index": (NET.index, {"label": "a"}),
    "Network.indices": (NET.indices, {"labels": ["a"]}),
    "Network.reduced_by": (NET.reduced_by, {"fired": ["a"]}),
    "Network.with_increment": (NET.with_increment, {"increment": "1/20"}),
    "Law[]": (lambda key: SIZES[key], {"key": 1}),
    "AssemblyLaw[]": (lambda key: ASSEMBLIES[key], {"key": ["a"]}),
    "Law.at": (ea.size_law(SYMBOLIC).at, {"values": {"alpha": "1/2"}}),
    "Law.evaluate": (SIZES.evaluate, {"digits": 5}),
    "Law.latex": (
        SIZES.latex,
        {"max_rows": 2, "line": 20, "environment": "align", "label": "x", "symbol_names": {}},
    ),
    "Law.moment": (SIZES.moment, {"order": 2}),
    "Law.most_probable": (SIZES.most_probable, {"count": 2}),
    "Law.probability": (SIZES.probability, {"event": lambda size: size > 1}),
    "Law.diff": (ea.size_law(SYMBOLIC).diff, {"symbol": "alpha", "order": 1}),
    "Law.series": (ea.size_law(SYMBOLIC).series, {"symbol": "alpha", "point": 0, "order": 2}),
    "Law.limit": (ea.size_law(SYMBOLIC).limit, {"symbol": "alpha", "point": 0}),
    "Law.given": (SIZES.given, {"event": [1], "name": "one"}),
    "Law.map": (SIZES.map, {"function": lambda size: size, "name": "size", "letter": "L"}),
    "Law.expectation": (SIZES.expectation, {"function": lambda size: size}),
    "Law.mixed": (SIZES.mixed, {"other": ea.size_law(NET, start="a"), "weight": "1/2"}),
    "Law.total_variation": (SIZES.total_variation, {"other": SIZES}),
    "Law.kolmogorov_smirnov": (SIZES.kolmogorov_smirnov, {"other": SIZES}),
    "Law.entropy": (SIZES.entropy, {"digits": 5, "base": 2}),
    "Law.divergence": (SIZES.divergence, {"other": SIZES, "digits": 5, "base": 2}),
    "Law.cdf": (SIZES.cdf, {"x": 2}),
    "Law.sf": (SIZES.sf, {"x": 2}),
    "Law.quantile": (SIZES.quantile, {"q": "1/2"}),
    "Law.factorial_moment": (SIZES.factorial_moment, {"order": 2}),
    "Law.cumulant": (SIZES.cumulant, {"order": 2}),
    "Law.pgf": (SIZES.pgf, {"z": "1/2"}),
    "AssemblyLaw.containing": (ASSEMBLIES.containing, {"units": ["a"]}),
    "AssemblyLaw.avoiding": (ASSEMBLIES.avoiding, {"units": ["a"]}),
    "CompositionLaw.marginal": (
        lambda group: ea.composition_law(NET).marginal(group),
        {"group": 0},
    ),
    "CompositionLaw.given_size": (ea.composition_law(NET).given_size, {"size": 1}),
    "JointLaw.covariance": (ea.composition_law(NET).covariance, {"first": 0, "second": 1}),
    "JointLaw.correlation": (ea.composition_law(NET).correlation, {"first": 0, "second": 1}),
    "SizeDurationLaw.marginal": (ea.size_duration_law(NET).marginal, {"of": "size"}),
    "StateLaw.density": (STATE.density, {"x": "1/2"}),
    "StateLaw.cdf": (STATE.cdf, {"x": "1/2"}),
    "StateLaw.sf": (STATE.sf, {"x": "1/2"}),
    "StateLaw.quantile": (STATE.quantile, {"q": "1/2"}),
    "StateLaw.moment": (STATE.moment, {"order": 2}),
    "StateLaw.at": (ea.state_law(SYMBOLIC, 0).at, {"values": {"alpha": "1/2"}}),
    "StateLaw.plot": (STATE.plot, {"ax": None, "label": "x"}),
    "StateLaw.latex": (STATE.latex, {"line": 20, "environment": "align", "label": "x", "symbol_names": {}}),
    "SequenceLaw.marginal": (ea.sequence_law(RING, 2).marginal, {"step": 1}),
    "Formula.at": (FORMULA.at, {"values": {"N": 3, "L": 2, "alpha": "1/2"}}),
    "Formula.evaluate": (FORMULA.evaluate, {"values": {"N": 3, "L": 2, "alpha": "1/2"}, "digits": 5}),
    "AssemblySample.pair_probability": (SAMPLE.pair_probability, {"unit": "a", "other": "b"}),
    "AssemblySample.mean_size": (SAMPLE.mean_size, {"confidence": 0.9}),
    "PatternSample.compare": (PATTERNS.compare, {"law": SIZES}),
    "PatternSample.mean_shape": (PATTERNS.mean_shape, {"duration": 1, "size": 1, "confidence": 0.9}),
    "PatternSample.mean_size_given_duration": (PATTERNS.mean_size_given_duration, {"confidence": 0.9}),
    "PatternSample.plot": (PATTERNS.plot, {"ax": None, "of": "size", "label": "x"}),
    "Simulation.compare": (SIMULATION.compare, {"law": SIZES}),
    "latex_document": (
        lambda part, **options: ea.latex_document(part, **options),
        {"part": SIZES, "title": "Sizes"},
    ),
}
"""Public methods, and what has no named first argument."""


def _module(path: str) -> Any:
    found: Any = ea
    for name in path.split("."):
        found = getattr(found, name)
    return found


def cases() -> Iterator[Any]:
    """Every function or method, and every parameter of it."""
    for name, arguments in FUNCTIONS.items():
        for parameter in arguments:
            yield pytest.param(_module(name), arguments, parameter, id=f"{name}-{parameter}")
    for name, (method, arguments) in METHODS.items():
        for parameter in arguments:
            yield pytest.param(method, arguments, parameter, id=f"{name}-{parameter}")


def _answered(function: Callable[..., Any], arguments: Mapping[str, Any]) -> Any:
    pyplot.close("all")
    answer = function(**arguments)
    return list(answer) if isinstance(answer, Iterator) else answer


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A text may be taken for the name of a file."""
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize(("function", "arguments", "parameter"), list(cases()))
@pytest.mark.filterwarnings("ignore::UserWarning")
def test_a_wrong_argument_is_refused_or_answered(
    function: Callable[..., Any], arguments: Mapping[str, Any], parameter: str
) -> None:
    escaped = {}
    for kind, value in WRONG.items():
        try:
            _answered(function, {**arguments, parameter: value})
        except ExactavError as error:
            if not str(error):
                escaped[kind] = "an error without a word"
        except Exception as error:
            escaped[kind] = f"{type(error).__name__}: {error}"[:200]
    assert not escaped


@pytest.mark.parametrize("name", [name for name, arguments in FUNCTIONS.items() if "net" in arguments])
@pytest.mark.parametrize("kind", ["None", "text", "matrix", "graph", "law", "object"])
def test_what_is_no_network_is_named(name: str, kind: str) -> None:
    with pytest.raises(ArgumentError, match=r"wanted a network") as caught:
        _answered(_module(name), {**FUNCTIONS[name], "net": WRONG[kind]})
    assert name.rsplit(".", 1)[-1] in str(caught.value)


def test_all_public_functions_are_here() -> None:
    public = {name for name in ea.__all__ if inspect.isfunction(getattr(ea, name))}
    assert public - {"latex_document"} <= set(FUNCTIONS)
    elsewhere = {"phase_space.region.draw", "phase_space.region.is_inhabited"}
    for room in ("families", "formulas", "phase_space.region", "phase_space.torus", "phase_space.sandpile"):
        module = _module(room)
        functions = {name for name in module.__all__ if inspect.isfunction(getattr(module, name))}
        assert {f"{room}.{name}" for name in functions} <= set(FUNCTIONS) | elsewhere


def test_every_example_is_right() -> None:
    for name, arguments in FUNCTIONS.items():
        _answered(_module(name), arguments)
    for method, arguments in METHODS.values():
        _answered(method, arguments)
