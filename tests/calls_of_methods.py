"""One valid call of every public method that takes arguments, for tests that make them wrong."""

from collections.abc import Callable, Mapping
from typing import Any

import sympy
from calls_of_functions import ALPHA, INPUT, NET, RING, SYMBOLIC, K, N

import exactav as ea
from exactav import proofs

SIZES, ASSEMBLIES = ea.size_law(NET), ea.assembly_law(NET)
SAMPLE = ea.sample_assemblies(NET, 50, seed=1)
PATTERNS = ea.sample_patterns(NET, 200, seed=1)
SIMULATION = ea.simulate(NET, 50, seed=1)
STATE = ea.state_law(NET, "a")
FORMULA = ea.formulas.get("homogeneous.size")
STRIP = ea.Strip({(0, 0, 1): "2/5", (0, 0, -1): "2/5"}, closed=True)
CHAIN, SQUARE = ea.lattices.chain("1/2"), ea.lattices.square("1/2")
LATTICE = ea.lattices.Lattice("ab", {("a", "b", 0): "1/4", ("b", "a", 1): "1/4"})
LATTICE_SIZES = SQUARE.size_law(1, digits=5)
BLOCKS = proofs.Blocks.of([N], [ALPHA], [[1]])
CIRCULANT = proofs.Circulant.of(N, {0: 1, 1: ALPHA})
PIECE = ea.phase_space.region.piece(NET, [{"a"}, {"b"}])
BOX = ea.phase_space.region.boxes(RING)[0]
HOLDS = proofs.Verdict("holds")
CHECK = proofs.identity("a claim", lambda: ALPHA, lambda: ALPHA)
STEP = proofs.Step("x = x", "", CHECK)
DERIVATION = proofs.Derivation("00", "a title", "x = x", (), "", (STEP,))
LAYOUT = {"line": 20, "environment": "align", "label": "x", "symbol_names": {}}

LAWS: Mapping[str, ea.Law[Any]] = {
    "AssemblyLaw": ASSEMBLIES,
    "CompositionLaw": ea.composition_law(NET, [["a"], ["b", "c"]]),
    "DurationLaw": ea.duration_law(NET),
    "FloatLaw": ea.size_law(NET, arithmetic="float"),
    "NearThresholdLaw": ea.near_threshold_law(NET),
    "ObservedSizeLaw": ea.size_law(NET, observed=["a"]),
    "PatternLaw": ea.pattern_law(NET),
    "SequenceLaw": ea.sequence_law(RING, 2),
    "SizeDurationLaw": ea.size_duration_law(NET),
    "SizeLaw": SIZES,
    "StartLaw": ea.start_law(NET, ["a", "b"]),
    "TruncatedSizeLaw": ea.size_law(NET, up_to=2),
    "ValueLaw": SIZES.map(str),
    "WaitingTimeLaw": ea.waiting_time_law(RING),
    "WaveLaw": ea.wave_law(NET),
    "WaveSizeLaw": ea.wave_law(NET).size_law(),
    "WholeValueLaw": SIZES.map(lambda size: size + 1),
}
"""A law of each class."""


def _of_law(law: ea.Law[Any]) -> dict[str, tuple[Callable[..., Any], dict[str, Any]]]:
    """What depends on the outcomes of a law, or is done again by some."""
    first = next(iter(law))
    return {
        "__getitem__": (law.__getitem__, {"key": first}),
        "__contains__": (law.__contains__, {"key": first}),
        "get": (law.get, {"key": first, "default": 0}),
        "probability": (law.probability, {"event": lambda outcome: outcome == first}),
        "expectation": (law.expectation, {"function": lambda _: 1}),
        "given": (law.given, {"event": [first], "name": "the first"}),
        "map": (law.map, {"function": str, "name": "value", "letter": "X"}),
        "mixed": (law.mixed, {"other": law, "weight": "1/2"}),
        "total_variation": (law.total_variation, {"other": _apart_from(law)}),
        "require_comparable": (law.require_comparable, {"other": law}),
        "plot": (law.plot, {"ax": None}),
        "latex": (law.latex, {"max_rows": 1, "line": 20}),
        "evaluate": (law.evaluate, {"digits": 5}),
        type(law).__name__: (
            type(law),
            {"network": NET, "origin": None, "kind": law.kind, "measure": law.measure, "condition": ""},
        ),
    }


def _apart_from(law: ea.Law[Any]) -> ea.Law[Any]:
    """A law whose distance from this one can be told: of floats, not itself."""
    return ea.size_law(NET, start="b", arithmetic="float") if law.arithmetic == "float" else law


def _within(**given: Any) -> int:
    with ea.limits(**given):
        return RING.n_units


def _step(**given: Any) -> Any:
    return proofs.Draft("a").step(**given)(lambda: (N, N))


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
    "limits": (_within, {"max_cost": 60.0, "max_memory": 1e6}),
    "latex_document": (
        lambda part, **options: ea.latex_document(part, **options),
        {"part": SIZES, "title": "Sizes"},
    ),
    "Network.received": (NET.received, {"unit": 0, "senders": {1}}),
    "Network.ring_parts": (NET.ring_parts, {"expr": sympy.Rational(1, 9)}),
    "Network.any_increment": (NET.any_increment, {"question": "a question"}),
    "Network.require_increment": (NET.require_increment, {"question": "a question"}),
    "Network.require_one_wave": (NET.require_one_wave, {"question": "a question", "start": "a"}),
    "Network.require_single_firing": (NET.require_single_firing, {"question": "a question", "start": "a"}),
    "Drive": (ea.Drive, {"vectors": [("1/2", {"a": "1/8"}), ("1/2", {"b": "1/8"})]}),
    "Drive.of": (ea.Drive([(1, INPUT)]).of, {"net": NET}),
    "Drive.changed": (ea.Drive([(1, INPUT)]).changed, {"put": lambda x: x}),
    "MoreThan": (ea.MoreThan, {"bound": 3}),
    "Strip": (
        ea.Strip,
        {
            "weights": {("a", "a", 1): "1/4"},
            "units": ["a"],
            "thresholds": 1,
            "drive": [1],
            "closed": False,
        },
    ),
    "Strip.at": (ea.Strip({(0, 0, 1): "alpha"}).at, {"values": {"alpha": "1/2"}}),
    "Strip.formula": (STRIP.formula, {"size": 2}),
    "Strip.mean": (STRIP.mean, {"n": 4}),
    "Strip.network": (STRIP.network, {"n": 4}),
    "Strip.of_size": (STRIP.of_size, {"size": 2}),
    "Strip.probability": (STRIP.probability, {"size": 2, "n": 4}),
    "Strip.size_law": (STRIP.size_law, {"n": 4}),
    "Strip.weight": (STRIP.weight, {"size": 2, "n": 4}),
    "GeneratingFunction.coefficient": (STRIP.normaliser().coefficient, {"n": 4}),
    "Plan.allows": (ea.plan(NET).allows, {"max_cost": 60.0}),
    "Plan.check": (ea.plan(NET).check, {"max_cost": 60.0, "what": "a law", "advice": "ask for less"}),
    "Solutions.evaluate": (ea.solve("x**2", "x", "1/3").evaluate, {"digits": 5}),
    "Solution.evaluate": (ea.solve("x**2", "x", "1/3")[0].evaluate, {"digits": 5}),
    "Solution.enclosure": (ea.solve("x**2", "x", "1/3")[0].enclosure, {"digits": 5}),
    "Chain": (ea.lattices.Chain, {"alpha": sympy.Rational(1, 2), "reach": 1}),
    "Chain.assembly_probability": (
        CHAIN.assembly_probability,
        {"units": [0, 1], "start": 0, "digits": 5, "max_cost": 60.0},
    ),
    "Chain.green": (CHAIN.green, {"unit": 1, "start": 0, "digits": 5, "max_cost": 60.0}),
    "Chain.mean_size": (CHAIN.mean_size, {"digits": 5, "start": 0, "max_cost": 60.0}),
    "Chain.participation": (CHAIN.participation, {"unit": 1, "start": 0, "digits": 5, "max_cost": 60.0}),
    "Chain.size_in_root": (ea.lattices.Chain(sympy.Rational(1, 2), 2).size_in_root, {"size": 2}),
    "Chain.size_law": (
        CHAIN.size_law,
        {"up_to": 2, "digits": 5, "start": 0, "max_cost": 60.0, "progress": None},
    ),
    "Chain.torus": (lambda side: CHAIN.torus(side), {"side": 3}),
    "Lattice": (
        ea.lattices.Lattice,
        {"cell": "ab", "weights": {("a", "b", 0): "1/4"}, "thresholds": 1, "drive": ["1/2", "1/2"]},
    ),
    "Lattice.assembly_probability": (
        LATTICE.assembly_probability,
        {"units": [("a", 0)], "start": "a", "digits": 5, "max_cost": 60.0},
    ),
    "Lattice.green": (LATTICE.green, {"unit": ("a", 0), "start": "a", "digits": 5, "max_cost": 60.0}),
    "Lattice.mean_size": (LATTICE.mean_size, {"digits": 5, "start": "a", "max_cost": 60.0}),
    "Lattice.participation": (
        LATTICE.participation,
        {"unit": ("a", 0), "start": "a", "digits": 5, "max_cost": 60.0},
    ),
    "Lattice.size_law": (
        LATTICE.size_law,
        {"up_to": 1, "digits": 5, "start": "a", "max_cost": 60.0, "progress": None},
    ),
    "Lattice.torus": (lambda side: LATTICE.torus(side), {"side": 3}),
    "Square.exact_green": (SQUARE.exact_green, {"unit": (1, 0)}),
    "LatticeSizeLaw.__getitem__": (LATTICE_SIZES.__getitem__, {"key": 1}),
    "LatticeSizeLaw.__contains__": (LATTICE_SIZES.__contains__, {"key": 1}),
    "LatticeSizeLaw.bounds": (LATTICE_SIZES.bounds, {"outcome": 1}),
    "LatticeSizeLaw.evaluate": (LATTICE_SIZES.evaluate, {"digits": 2}),
    "LatticeSizeLaw.latex": (LATTICE_SIZES.latex, LAYOUT),
    "LatticeSizeLaw.plot": (LATTICE_SIZES.plot, {"ax": None, "label": "x"}),
    "Blocks.of": (proofs.Blocks.of, {"sizes": [N], "diagonal": [ALPHA], "coupling": [[1]]}),
    "Blocks.at": (lambda size: BLOCKS.at(size), {"size": 2}),
    "Blocks.characteristic": (BLOCKS.characteristic, {"z": ALPHA}),
    "Blocks.without": (BLOCKS.without, {"block": 0}),
    "Circulant.of": (proofs.Circulant.of, {"size": N, "row": {0: 1, 1: ALPHA}}),
    "Circulant.at": (CIRCULANT.at, {"size": 3}),
    "Circulant.symbol": (CIRCULANT.symbol, {"z": ALPHA}),
    "Certificate": (
        proofs.Certificate,
        {"term": sympy.binomial(N, K), "k": K, "n": N, "recurrence": (-2, 1), "rational": K / (K - N - 1)},
    ),
    "Check": (
        proofs.Check,
        {
            "kind": "numeric",
            "claim": "a",
            "computation": lambda: HOLDS,
            "sizes": None,
            "parts": (),
            "where": (),
        },
    ),
    "Step": (
        proofs.Step,
        {
            "equation": "x",
            "reason": "",
            "check": CHECK,
            "mutant": None,
            "also": (),
            "label": "",
            "proves": {},
        },
    ),
    "Derivation": (
        proofs.Derivation,
        {"id": "00", "title": "a", "statement": "", "assumptions": (), "source": "", "steps": (STEP,)},
    ),
    "Derivation.latex": (DERIVATION.latex, {"line": 20}),
    "Draft": (
        proofs.Draft,
        {"title": "a", "statement": "", "assumptions": (), "where": ALPHA < 1, "source": "", "name": "a"},
    ),
    "Draft.latex": (proofs.Draft("a").latex, {"line": 20}),
    "Draft.step": (_step, {"equation": "x", "reason": "", "label": "x", "false": None}),
    "Draft.step()": (lambda function: proofs.Draft("a").step("x")(function), {"function": lambda: (N, N)}),
    "Verdict": (proofs.Verdict, {"outcome": "holds", "detail": ""}),
    "Verdict.at": (proofs.Verdict("refuted", "there").at, {"place": "here"}),
    "Verdict.require": (HOLDS.require, {"claim": "a claim"}),
    "proofs.several": (
        lambda claim, part: proofs.several(claim, CHECK, part),
        {"claim": "a claim", "part": CHECK},
    ),
    "proofs.chain": (
        lambda claim, member, **others: proofs.chain(claim, ALPHA, member, **others),
        {"claim": "a claim", "member": ALPHA, "sizes": None, "where": ALPHA < 1},
    ),
    "Box.__contains__": (BOX.__contains__, {"state": BOX.sides[0][:1] * 3}),
    "Piece.__contains__": (PIECE.__contains__, {"state": ["1/2", "1/2", "1/2"]}),
    "Piece.split": (PIECE.split, {"state": ["19/20", "9/10", "1/2"]}),
    "Piece.joined": (PIECE.joined, {"places": {"a": "1/2", "b": "1/2"}, "silent": ["1/2"]}),
    "AssemblySample.compare": (SAMPLE.compare, {"law": SIZES}),
    "AssemblySample.plot": (SAMPLE.plot, {"ax": None, "label": "x"}),
    "PatternSample.pair_probability": (
        PATTERNS.pair_probability,
        {"unit": "a", "other": "b", "confidence": 0.9},
    ),
    "SizeLaw.kind_of": (ea.SizeLaw.kind_of, {"network": NET}),
    "ObservedSizeLaw.kind_of_some": (ea.ObservedSizeLaw.kind_of_some, {"n_observed": 2}),
    "Formula.latex": (FORMULA.latex, LAYOUT),
    **{f"{name}.{method}": call for name, law in LAWS.items() for method, call in _of_law(law).items()},
}
"""Public methods, and what has no named first argument."""
