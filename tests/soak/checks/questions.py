"""Inputs, waves, states of units, near threshold, sequences, disorder."""

from fractions import Fraction
from itertools import combinations, product
from random import Random
from typing import Any

import oracles
import sympy

import exactav as ea
from soak.checks.register import (
    MAX_COST,
    Figures,
    Plain,
    check,
    fraction,
    is_stepping,
    law_of,
    n_cells,
    needs,
    pushed,
    same,
    same_law,
)


def _fed(net: ea.Network, dice: Random) -> dict[Any, sympy.Expr]:
    """Some units with amounts of at most their leaks."""
    shares = [0, 0, 1, sympy.Rational(1, 2), sympy.Rational(2, 7)]
    amounts = {label: lost * dice.choice(shares) for label, lost in zip(net.labels, net.leak, strict=True)}
    return {label: amount for label, amount in amounts.items() if amount}


def _after_input(net: ea.Network, amounts: dict[Any, Any]) -> dict[Any, Fraction]:
    """P(A) = det(L[A] + D_A) det(L[C] + diag(s_C) - D_C) / det M, by fractions."""
    plain = Plain.of(net)
    fed = [fraction(sympy.sympify(amounts.get(label, 0))) for label in net.labels]

    def det(units: tuple[int, ...], loss: list[Fraction]) -> Fraction:
        return oracles.determinant(
            [
                [
                    (sum(plain.W[i][k] for k in units if k != i) + loss[i]) if i == j else -plain.W[i][j]
                    for j in units
                ]
                for i in units
            ]
        )

    everybody = tuple(range(net.n_units))
    volume = det(everybody, plain.leak)
    law: dict[Any, Fraction] = {}
    for count in range(net.n_units + 1):
        for units in combinations(everybody, count):
            others = tuple(unit for unit in everybody if unit not in units)
            weight = det(units, fed) * det(others, [s - d for s, d in zip(plain.leak, fed, strict=True)])
            law[plain.named(frozenset(units))] = weight / volume
    return law


@check("inputs to several units", most=7, rational=True)
def _inputs(net: ea.Network, dice: Random, figures: Figures) -> None:
    amounts = _fed(net, dice)
    needs(amounts)
    law = _after_input(net, amounts)
    often = 1 - law.pop(frozenset())
    same(ea.avalanche_probability(net, input=amounts), often, f"P(avalanche) after {amounts}")
    wanted = {a: p / often for a, p in law.items()}
    same_law(ea.assembly_law(net, input=amounts, max_cost=MAX_COST), wanted, f"assemblies after {amounts}")
    found = ea.size_law(net, input=amounts, max_cost=MAX_COST)
    same_law(found, pushed(wanted, len), f"sizes after {amounts}")
    durations = ea.size_duration_law(net, input=amounts, max_cost=MAX_COST)
    same_law(durations.size_law(), found, f"sizes with durations after {amounts}")
    same(ea.mean_size(net, input=amounts), found.mean(), f"mean size after {amounts}")
    others = _fed(net, dice)
    if not others:
        return
    second = _after_input(net, others)
    both = ea.Drive([("1/3", amounts), ("2/3", others)])
    chance = often / 3 + 2 * (1 - second.pop(frozenset())) / 3
    mixed = {a: (law.get(a, 0) / 3 + 2 * second.get(a, Fraction(0)) / 3) / chance for a in {**law, **second}}
    same(ea.avalanche_probability(net, input=both), chance, f"P(avalanche) after {both}")
    same_law(ea.size_law(net, input=both, max_cost=MAX_COST), pushed(mixed, len), f"sizes after {both}")


@check("waves", most=7)
def _waves(net: ea.Network, dice: Random, figures: Figures) -> None:
    start = dice.choice(net.labels)
    same_law(ea.wave_law(net, start, max_cost=MAX_COST), law_of(net, start), f"waves after {start!r}")
    needs(net.increment is not None)
    green, k = ea.green_matrix(net), net.index(start)
    same(ea.mean_waves(net, start), net.increment * green[k, k], f"mean_waves({start!r})")


@check("waves, by running the dynamics", most=4, rational=True)
def _run_waves(net: ea.Network, dice: Random, figures: Figures) -> None:
    needs(n_cells(net) <= 600)
    plain, step = Plain.of(net), fraction(net.increment)
    k = dice.choice([unit for unit in range(net.n_units) if net.drive[unit]])
    states = oracles.wave_assemblies(plain.W, plain.U, k, step, step)
    found = ea.mean_waves(net, net.labels[k])
    same(found, Fraction(sum(map(len, states)), len(states)), "mean_waves")
    last: dict[Any, Fraction] = {}
    ends = [plain.named(waves[-1]) for waves in states if waves]
    for assembly in ends:
        last[assembly] = last.get(assembly, Fraction(0)) + Fraction(1, len(ends))
    same_law(ea.last_wave_law(net, net.labels[k], max_cost=MAX_COST), last, "last_wave_law")


@check("states of a unit", most=8, numbers=True)
def _state(net: ea.Network, dice: Random, figures: Figures) -> None:
    unit = dice.choice(net.labels)
    k, green = net.index(unit), ea.green_matrix(net)
    law = ea.state_law(net, unit, max_cost=MAX_COST)
    assemblies = law_of(net, unit)
    x = net.thresholds[k] * sympy.Rational(dice.randint(0, 99), 100)
    below = sympy.Integer(0)
    for assembly, p in assemblies.items():
        given = sum(
            (net.entries.get((k, net.index(j)), sympy.Integer(0)) for j in assembly), sympy.Integer(0)
        )
        below += p if sympy.N(given - x, 40) <= 0 or given == x else 0
    same(law.density(x), green[k, k] * below, f"density of {unit!r} at {x}")
    same(law.cdf(net.thresholds[k]), 1, "cdf at the threshold")
    lost = net.leak[k]
    if lost:
        same(law.sf(net.thresholds[k] - lost), ea.near_threshold(net, [unit]), "near threshold")
    mean = sum(h * (high**2 - low**2) / 2 for h, (low, high) in zip(law.heights, law.pieces, strict=True))
    same(law.mean(), mean, f"mean state of {unit!r}")


@check("near threshold", most=7)
def _near(net: ea.Network, dice: Random, figures: Figures) -> None:
    """Factorial moments of the number are sums over sets; of each set prod s_i det G_SS."""
    green, law = ea.green_matrix(net), ea.near_threshold_law(net, max_cost=MAX_COST)
    units = dice.sample(range(net.n_units), dice.randint(1, min(3, net.n_units)))
    det = green.extract(units, units).det() * sympy.prod([net.leak[i] for i in units])
    same(ea.near_threshold(net, [net.labels[i] for i in units]), det, "near_threshold of a set")
    for count in (1, 2):
        sets = combinations(net.labels, count)
        wanted = sum((ea.near_threshold(net, s) for s in sets), sympy.Integer(0))
        same(law.factorial_moment(count) / count, wanted, f"sets of {count} near threshold")


@check("several slow steps", most=3, numbers=True)
def _sequences(net: ea.Network, dice: Random, figures: Figures) -> None:
    needs(is_stepping(net))
    law = ea.sequence_law(net, 2)
    step = ea.assembly_law(net, max_cost=MAX_COST).per_step()
    for place in range(2):
        same_law(law.marginal(place), step, f"step {place}")
    green = ea.green_matrix(net)
    often = net.increment * sum(green[k, k] * p for k, p in enumerate(net.drive))
    both = sum((p for (a, b), p in law.items() if a and b), sympy.Integer(0))
    same(law.probability(lambda steps: bool(steps[0] and steps[1])), both, "two avalanches in a row")
    if not equal_one(often):
        found = ea.autocorrelation(net, 1)
        same(found[1], (both - often**2) / (often - often**2), "autocorrelation at lag 1")


def equal_one(p: sympy.Expr) -> bool:
    return bool(sympy.N(1 - p, 40) == 0)


@check("random networks on the average", most=4, rational=True)
def _disorder(net: ea.Network, dice: Random, figures: Figures) -> None:
    """All networks that some edges, each there with its chance, make: E[Z P(A)] / E[Z]."""
    needs(net.increment is None or is_stepping(net))
    edges = dice.sample([*net.entries], min(3, len(net.entries)))
    needs(edges)
    chance = {edge: sympy.Rational(dice.randint(1, 3), 4) for edge in edges}
    start = dice.choice(net.labels)
    found = ea.annealed(net, {(net.labels[j], net.labels[i]): p for (i, j), p in chance.items()})
    sums: dict[Any, Any] = {}
    total = sympy.Integer(0)
    for there in product((False, True), repeat=len(edges)):
        kept = dict(zip(edges, there, strict=True))
        entries = {place: w for place, w in net.entries.items() if kept.get(place, True)}
        one = ea.Network.from_entries(
            net.n_units, entries, thresholds=net.thresholds, drive=net.drive, labels=net.labels
        )
        share = sympy.prod(
            [chance[edge] if is_there else 1 - chance[edge] for edge, is_there in kept.items()]
        )
        k = net.index(start)
        volume = share * one.volume() * ea.green_matrix(one)[k, k]
        total += volume
        for assembly, p in law_of(one, start).items():
            sums[assembly] = sums.get(assembly, 0) + volume * p
    same_law(law_of(found, start), {a: x / total for a, x in sums.items()}, "annealed")


@check("patterns, by running the dynamics", most=4, rational=True)
def _run(net: ea.Network, dice: Random, figures: Figures) -> None:
    needs(is_stepping(net) and n_cells(net) <= 300)
    plain = Plain.of(net)
    listed = oracles.pattern_law(plain.W, plain.U, plain.drive, fraction(net.increment))
    wanted = {tuple(map(plain.named, pattern)): p for pattern, p in listed.items()}
    same_law(ea.pattern_law(net, max_cost=MAX_COST).per_step(), wanted, "patterns per slow step")
    step = fraction(net.increment)
    # the oracle solves an equation for each state; with smaller leaks it may not begin in the region
    if n_cells(net) > 60 or min(plain.leak) < step:
        return
    covariance = ea.count_covariance(net)
    W, U = [[w / step for w in row] for row in plain.W], [u / step for u in plain.U]
    counted = oracles.count_covariance(W, U, plain.drive, 1)
    for i, row in enumerate(counted):
        for j, value in enumerate(row):
            same(covariance[i, j], value, f"count_covariance[{i}, {j}]")
