"""Laws of assemblies, patterns, sizes and durations: engines, oracles, marginals."""

from itertools import accumulate
from random import Random
from typing import Any

import oracles
import sympy

import exactav as ea
from exactav.engines.durations.plan import METHODS as DURATION_METHODS
from exactav.engines.registry import METHODS
from exactav.errors import TooCostlyError
from soak.checks.register import (
    MAX_COST,
    Figures,
    Plain,
    Wrong,
    check,
    equal,
    law_of,
    pushed,
    same,
    same_law,
)

_MOST_COUNTED = 12  # units: asked for by name, this engine counts its steps for a minute before it refuses


def weak(net: ea.Network) -> ea.Network:
    return net.with_increment(None)


@check("assemblies, by listing all forests", listed=True)
def _assemblies(net: ea.Network, dice: Random, figures: Figures) -> None:
    plain = Plain.of(net)
    listed = oracles.assembly_law_by_listing(plain.W, plain.U, plain.drive)
    same_law(law_of(net), {plain.named(a): p for a, p in listed.items()}, "assemblies")


@check("patterns, by listing all forests", listed=True)
def _patterns(net: ea.Network, dice: Random, figures: Figures) -> None:
    plain = Plain.of(net)
    listed = oracles.pattern_law_by_listing(plain.W, plain.U, plain.drive)
    wanted = {tuple(map(plain.named, pattern)): p for pattern, p in listed.items()}
    law = ea.pattern_law(weak(net), max_cost=MAX_COST)
    same_law(law, wanted, "patterns")
    pattern = dice.choice([*wanted])
    same(ea.pattern_probability(weak(net), pattern), wanted[pattern], "pattern_probability")
    same_law(ea.size_duration_law(weak(net), max_cost=MAX_COST), law.size_duration_law(), "their durations")


@check("sizes, by every engine")
def _engines(net: ea.Network, dice: Random, figures: Figures) -> None:
    net, start = weak(net), dice.choice([None, *net.labels])
    law = ea.size_law(net, start, max_cost=MAX_COST)
    for method in METHODS[1:]:
        try:
            found = ea.size_law(net, start, method=method, max_cost=MAX_COST)
        except TooCostlyError:
            continue
        same_law(found, law, f"start {start!r} by {method}")
        if found != law:
            raise Wrong(f"start {start!r} by {method}: equal probabilities, but not equal laws")


@check("sizes, from assemblies", most=10)
def _marginals(net: ea.Network, dice: Random, figures: Figures) -> None:
    net, start = weak(net), dice.choice([None, *net.labels])
    law = ea.assembly_law(net, start, max_cost=MAX_COST)
    same(sum(law.values()), 1, "the sum of all assemblies")
    sizes = ea.size_law(net, start, max_cost=MAX_COST)
    same_law(sizes, pushed(law, len), "sizes")
    same_law(law.size_law(), sizes, "AssemblyLaw.size_law")
    if net.n_units > 1:
        highest = dice.randint(1, net.n_units - 1)
        small = ea.size_law(net, start, up_to=highest, max_cost=MAX_COST)
        for size in range(1, highest + 1):
            same(small[size], sizes[size], f"P({size}) of a law up to {highest}")
        same(small.sf(highest), sizes.sf(highest), "what is above")


@check("durations, by every engine", most=25)
def _durations(net: ea.Network, dice: Random, figures: Figures) -> None:
    net, start = weak(net), dice.choice([None, *net.labels])
    law = ea.size_duration_law(net, start, max_cost=MAX_COST)
    sizes = ea.size_law(net, start, max_cost=MAX_COST)
    same_law(pushed(law, lambda pair: pair[0]), sizes, f"sizes of durations, start {start!r}")
    durations = pushed(law, lambda pair: pair[1])
    for method in DURATION_METHODS:
        if method == "generations" and net.n_units > _MOST_COUNTED:
            continue
        for function, wanted in ((ea.size_duration_law, law), (ea.duration_law, durations)):
            try:
                found: Any = function(net, start, method=method, max_cost=MAX_COST)
            except TooCostlyError:
                continue
            same_law(found, wanted, f"{function.__name__}, start {start!r} by {method}")


@check("all starts, from single ones", most=12)
def _starts(net: ea.Network, dice: Random, figures: Figures) -> None:
    """Starts count by p_k G_kk."""
    net, green = weak(net), ea.green_matrix(net)
    shares = {
        label: p * green[k, k] for k, (label, p) in enumerate(zip(net.labels, net.drive, strict=True)) if p
    }
    sums: dict[Any, Any] = {}
    for label, share in shares.items():
        for outcome, p in ea.size_law(net, label, max_cost=MAX_COST).items():
            sums[outcome] = sums.get(outcome, 0) + share * p
    total = sum(shares.values())
    same_law({o: x / total for o, x in sums.items()}, ea.size_law(net, max_cost=MAX_COST), "all starts")


@check("observed units and groups", most=10)
def _observed(net: ea.Network, dice: Random, figures: Figures) -> None:
    net, start = weak(net), dice.choice([None, *net.labels])
    law = law_of(net, start)
    watched = dice.sample(net.labels, dice.randint(1, net.n_units))
    found = ea.size_law(net, start, observed=watched, max_cost=MAX_COST)
    same_law(found, pushed(law, lambda a: len(a & set(watched))), f"sizes of {watched!r}")
    groups = {"one": watched[::2], "two": watched[1::2]} if len(watched) > 1 else {"one": watched}
    joint = ea.composition_law(net, groups, start, max_cost=MAX_COST)
    counts = pushed(law, lambda a: tuple(len(a & set(group)) for group in groups.values()))
    same_law(joint, counts, f"composition of {groups!r}")
    if len(groups) == 2:
        means = [sum(p * o[place] for o, p in counts.items()) for place in range(2)]
        product = sum(p * o[0] * o[1] for o, p in counts.items())
        same(joint.covariance(), product - means[0] * means[1], "covariance of two groups")


@check("single assemblies and their starts", most=9)
def _single(net: ea.Network, dice: Random, figures: Figures) -> None:
    net = weak(net)
    law = law_of(net)
    assembly = dice.choice([*law])
    same(ea.assembly_probability(net, assembly), law[assembly], f"assembly_probability of {assembly}")
    absent = frozenset(dice.sample(net.labels, dice.randint(1, net.n_units)))
    same(ea.assembly_probability(net, absent), law.get(absent, 0), f"assembly_probability of {absent}")
    weights = {}
    for label, p in zip(net.labels, net.drive, strict=True):
        if p and label in assembly:
            weights[label] = p * ea.tree_weight(net, assembly, label)
    total = sum(weights.values())
    same_law(ea.start_law(net, assembly), {k: w / total for k, w in weights.items()}, "start_law")


@check("conditioned, mixed and mapped laws", most=8)
def _conditioned(net: ea.Network, dice: Random, figures: Figures) -> None:
    net = weak(net)
    law = ea.assembly_law(net, max_cost=MAX_COST)
    unit = dice.choice(net.labels)
    inside = {o: p for o, p in law.items() if unit in o}
    if inside and not net.symbols:
        total = sum(inside.values())
        wanted = {o: p / total for o, p in inside.items()}
        same_law(law.given(lambda o: unit in o), wanted, f"given that {unit!r} fires")
        same_law(law.containing([unit]), wanted, f"containing {unit!r}")
        same(law.probability(lambda o: unit in o), total, f"P({unit!r} fires)")
    sizes = ea.size_law(net, max_cost=MAX_COST)
    single = ea.size_law(net, unit, max_cost=MAX_COST)
    mixed = {o: sizes[o] / 3 + 2 * single[o] / 3 for o in range(1, net.n_units + 1)}
    same_law(sizes.mixed(single, "1/3"), mixed, "mixed")
    same_law(law.map(lambda o: len(o) % 2), pushed(law.pmf(), lambda o: len(o) % 2), "mapped")


@check("moments", most=12)
def _moments(net: ea.Network, dice: Random, figures: Figures) -> None:
    law = ea.size_law(weak(net), max_cost=MAX_COST)
    pmf = law.pmf()
    mean = sum(size * p for size, p in pmf.items())
    square = sum(size**2 * p for size, p in pmf.items())
    same(law.mean(), mean, "mean")
    same(law.variance(), square - mean**2, "variance")
    same(law.factorial_moment(2), square - mean, "factorial moment")
    same(
        law.pgf(sympy.Rational(2, 3)), sum(sympy.Rational(2, 3) ** size * p for size, p in pmf.items()), "pgf"
    )
    sizes = sorted(pmf)
    below = list(accumulate(pmf[size] for size in sizes))
    for size, p in zip(sizes, below, strict=True):
        same(law.cdf(size), p, f"cdf({size})")
        same(law.sf(size), 1 - p, f"sf({size})")
    if not net.symbols:
        q = sympy.Rational(dice.randint(1, 99), 100)
        wanted = next(s for s, p in zip(sizes, below, strict=True) if sympy.N(p - q, 40) >= 0 or equal(p, q))
        same(law.quantile(q), wanted, f"quantile({q})")
        largest = max(pmf.values(), key=lambda p: sympy.N(p, 40))
        same(pmf[law.mode()], largest, "mode")


@check("units in another order", most=9)
def _relabelled(net: ea.Network, dice: Random, figures: Figures) -> None:
    order = dice.sample(range(net.n_units), net.n_units)
    place = {unit: i for i, unit in enumerate(order)}
    other = ea.Network.from_entries(
        net.n_units,
        {(place[i], place[j]): w for (i, j), w in net.entries.items()},
        thresholds=[net.thresholds[unit] for unit in order],
        drive=[net.drive[unit] for unit in order],
        increment=net.increment,
        labels=[net.labels[unit] for unit in order],
    )
    same_law(law_of(net), law_of(other), "assemblies")
    same_law(ea.size_law(weak(net), max_cost=MAX_COST), ea.size_law(weak(other), max_cost=MAX_COST), "sizes")
    verdict = ea.same_law(weak(net), weak(other), max_cost=MAX_COST)
    if verdict.outcome != "equal":
        raise Wrong(f"same_law of a network in another order: {verdict!r}")


@check("trees and forests", listed=True, most=5)
def _weights(net: ea.Network, dice: Random, figures: Figures) -> None:
    plain = Plain.of(net)
    units = dice.sample(range(net.n_units), dice.randint(1, net.n_units))
    named = [net.labels[unit] for unit in units]
    root = dice.choice(units)
    tree = oracles.tree_weight_by_listing(plain.W, units, root)
    same(ea.tree_weight(net, named, net.labels[root]), tree, f"trees of {named!r}")
    forest = oracles.forest_weight_by_listing(plain.W, plain.leak, units)
    same(ea.forest_weight(net, named), forest, f"forests of {named!r}")
    rows = [
        [(u if i == j else 0) - w for j, w in enumerate(row)]
        for i, (u, row) in enumerate(zip(plain.U, plain.W, strict=True))
    ]
    same(net.volume(), oracles.determinant(rows), "volume")
