"""Floats and their bounds, digits, symbols, plans, parts; what is written and read again."""

import copy
import pickle
import tempfile
import time
from decimal import Decimal, localcontext
from pathlib import Path
from random import Random
from typing import Any

import sympy

import exactav as ea
from exactav.command.validation import roads
from exactav.engines.durations.plan import METHODS as DURATION_METHODS
from exactav.engines.registry import METHODS
from exactav.errors import TooCostlyError
from soak.checks.register import (
    MAX_COST,
    Figures,
    Wrong,
    check,
    is_rational,
    is_stepping,
    needs,
    same,
    same_law,
)


def _within(figures: Figures, name: str, floats: Any, exact: ea.Law[Any]) -> None:
    """Each probability of a law in floating point within its bound."""
    for outcome, p in exact.items():
        figures.error(name, floats[outcome], p, floats.error_bound)


@check("sizes in floating point", rational=True)
def _floats(net: ea.Network, dice: Random, figures: Figures) -> None:
    net, start = net.with_increment(None), dice.choice([None, *net.labels])
    exact = ea.size_law(net, start, max_cost=MAX_COST)
    for method in METHODS:
        try:
            law = ea.size_law(net, start, method=method, arithmetic="float", max_cost=MAX_COST)
        except TooCostlyError:
            continue
        _within(figures, f"sizes, {method}", law, exact)
    watched = dice.sample(net.labels, dice.randint(1, net.n_units))
    some = ea.size_law(net, start, observed=watched, max_cost=MAX_COST)
    law = ea.size_law(net, start, observed=watched, arithmetic="float", max_cost=MAX_COST)
    _within(figures, "observed sizes", law, some)


@check("other laws in floating point", most=9, rational=True)
def _other_floats(net: ea.Network, dice: Random, figures: Figures) -> None:
    net, start = net.with_increment(None), dice.choice([None, *net.labels])
    durations = ea.size_duration_law(net, start, max_cost=MAX_COST)
    for method in DURATION_METHODS:
        try:
            law = ea.size_duration_law(net, start, method=method, arithmetic="float", max_cost=MAX_COST)
        except TooCostlyError:
            continue
        _within(figures, f"durations, {method}", law, durations)
    assemblies = ea.assembly_law(net, start, max_cost=MAX_COST)
    rounded = ea.assembly_law(net, start, arithmetic="float", max_cost=MAX_COST)
    _within(figures, "assemblies", rounded, assemblies)
    unit = dice.choice(net.labels)
    state = ea.state_law(net, unit, max_cost=MAX_COST)
    floats = ea.state_law(net, unit, arithmetic="float", max_cost=MAX_COST)
    for height, p in zip(floats.heights, state.heights, strict=True):
        if p:
            figures.error("states", height, p, floats.error_bound)


@check("digits, and twenty more", most=12, numbers=True)
def _digits(net: ea.Network, dice: Random, figures: Figures) -> None:
    law = ea.size_law(net.with_increment(None), max_cost=MAX_COST)
    n = dice.randint(3, 60)
    few, many = law.evaluate(n), law.evaluate(n + 20)
    values: list[tuple[Any, Any]] = [(few[size], many[size]) for size in law]
    mean = ea.mean_size(net.with_increment(None))
    values.append((ea.evaluate(mean, n), ea.evaluate(mean, n + 20)))
    values.append((law.entropy(n), law.entropy(n + 20)))
    for short, long in values:
        few_digits, many_digits = Decimal(str(short)), Decimal(str(long))
        place = Decimal(1).scaleb(many_digits.adjusted() - n + 1)
        with localcontext(prec=n + 30):
            if abs(few_digits - many_digits) > place / 2 + place.scaleb(-18):
                raise Wrong(f"{short} of {n} digits, and {long} of {n + 20}")


@check("symbols, and numbers in their place", most=4, rational=True)
def _symbols(net: ea.Network, dice: Random, figures: Figures) -> None:
    needs(net.entries)
    net = net.with_increment(None)
    named = dice.sample([*net.entries], min(2, len(net.entries)))
    symbols = {place: sympy.Symbol(f"t{number}") for number, place in enumerate(named)}
    symbolic = ea.Network.from_entries(
        net.n_units, {**net.entries, **symbols}, thresholds=net.thresholds, drive=net.drive, labels=net.labels
    )
    values = {symbol: net.entries[place] for place, symbol in symbols.items()}
    start = dice.choice([None, *net.labels])
    law = ea.size_law(symbolic, start, max_cost=MAX_COST)
    wanted = ea.size_law(net, start, max_cost=MAX_COST)
    same_law({o: sympy.sympify(p).xreplace(values) for o, p in law.items()}, wanted, "symbols replaced")
    same_law(law.at(values), wanted, "law.at")
    if symbolic.at(values) != net:
        raise Wrong("net.at: another network")
    mean = ea.mean_size(symbolic, start)
    same(mean.xreplace(values), ea.mean_size(net, start), "the mean size, symbols replaced")


@check("networks, written and read")
def _networks(net: ea.Network, dice: Random, figures: Figures) -> None:
    if ea.from_json(net.to_json()) != net:
        raise Wrong("JSON: another network")
    if pickle.loads(pickle.dumps(net)) != net or copy.deepcopy(net) != net:
        raise Wrong("pickle or copy: another network")
    if ea.from_networkx(ea.to_networkx(net)) != net:
        raise Wrong("networkx: another network")
    if hash(ea.from_json(net.to_json())) != hash(net):
        raise Wrong("equal networks with different hashes")
    for text in (repr(net), net.latex(), net._repr_html_()):
        if not text:
            raise Wrong("an empty representation")


@check("laws, written and read", most=6)
def _laws(net: ea.Network, dice: Random, figures: Figures) -> None:
    weak = net.with_increment(None)
    laws: list[Any] = [
        ea.size_law(weak, max_cost=MAX_COST),
        ea.assembly_law(weak, dice.choice(net.labels), max_cost=MAX_COST),
        ea.size_duration_law(weak, max_cost=MAX_COST),
        ea.duration_law(weak, max_cost=MAX_COST),
        ea.wave_law(net, max_cost=MAX_COST),
        ea.composition_law(weak, {"one": [net.labels[0]]}, max_cost=MAX_COST),
    ]
    if is_rational(net):
        laws.append(ea.size_law(weak, arithmetic="float", max_cost=MAX_COST))
    if is_stepping(net):
        laws.append(ea.assembly_law(net, max_cost=MAX_COST).per_step())
    law = dice.choice(laws)
    if ea.from_json(law.to_json()) != law:
        raise Wrong(f"JSON: another {type(law).__name__}")
    if pickle.loads(pickle.dumps(law)) != law:
        raise Wrong(f"pickle: another {type(law).__name__}")
    for text in (repr(law), law.latex(), law._repr_html_()):
        if not text:
            raise Wrong("an empty representation")


@check("plans, and what they cost")
def _plans(net: ea.Network, dice: Random, figures: Figures) -> None:
    net, start = net.with_increment(None), dice.choice([None, *net.labels])
    for of, function in (("size", ea.size_law), ("duration", ea.duration_law)):
        found = ea.plan(net, start, of=of)
        cost = found.chosen.seconds
        if cost > MAX_COST:
            try:
                function(net, start, max_cost=min(1.0, cost / 2))
            except TooCostlyError:
                continue
            raise Wrong(f"a law of {of} that is to cost {cost} s is not refused")
        begun = time.process_time()
        function(net, start, max_cost=MAX_COST)
        spent = time.process_time() - begun
        ratio = spent / (cost + 0.2)  # what is planned and loaded costs, too
        figures.costs[of] = max(ratio, figures.costs.get(of, 0.0))
        if ratio > 50:
            raise Wrong(f"a law of {of} was to cost {cost:.3g} s and took {spent:.3g} s of processor time")


@check("sums in parts, kept in a file", most=8)
def _checkpoints(net: ea.Network, dice: Random, figures: Figures) -> None:
    net = net.with_increment(None)
    law = ea.assembly_law(net, max_cost=MAX_COST) if net.symbols else ea.size_law(net, max_cost=MAX_COST)
    sizes = law.size_law() if isinstance(law, ea.AssemblyLaw) else law
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "law.checkpoint")
        for _ in range(2):
            found = ea.size_law(net, method="subsets", checkpoint=path, max_cost=MAX_COST)
            same_law(found, sizes, "from a checkpoint")


@check("every road of validate", most=6)
def _roads(net: ea.Network, dice: Random, figures: Figures) -> None:
    start, net = dice.choice([None, *net.labels]), net if is_stepping(net) else net.with_increment(None)
    for road in roads(net, start, max_cost=MAX_COST, n=500, seed=dice.randrange(1000)):
        if road.agrees is False and "p-value" not in road.result:  # samples have thresholds of their own
            raise Wrong(f"{road.name}: {road.result}, start {start!r}")


@check("LaTeX of one assembly", most=6)
def _latex(net: ea.Network, dice: Random, figures: Figures) -> None:
    start = dice.choice(net.labels)
    assembly = {start, *dice.sample(net.labels, dice.randint(0, net.n_units - 1))}
    text = ea.assembly_latex(net.with_increment(None), assembly, start)
    if text.count("{") != text.count("}") or text.count(r"\begin") != text.count(r"\end"):
        raise Wrong(f"LaTeX that does not close what it opens: {text}")
