"""What the Green matrix gives, against sums over laws."""

from random import Random
from typing import Any

import sympy

import exactav as ea
from soak.checks.register import MAX_COST, Figures, check, is_stepping, law_of, needs, same, same_law


@check("the Green matrix")
def _green(net: ea.Network, dice: Random, figures: Figures) -> None:
    green, matrix = ea.green_matrix(net), net.matrix
    k = dice.randrange(net.n_units)
    for i in range(net.n_units):
        product = sympy.Add(*(matrix[i, j] * green[j, k] for j in range(net.n_units) if matrix[i, j]))
        same(product, int(i == k), f"row {i}, column {k} of M G")


@check("participation and mean sizes", most=9)
def _participation(net: ea.Network, dice: Random, figures: Figures) -> None:
    weak = net.with_increment(None)
    start = dice.choice(net.labels)
    law = law_of(weak, start)
    often = {j: sum((p for a, p in law.items() if j in a), sympy.Integer(0)) for j in net.labels}
    column = net.index(start)
    table = ea.participation(weak)
    for i, j in enumerate(net.labels):
        same(table[i, column], often[j], f"participation of {j!r} after {start!r}")
    mean = sum(len(a) * p for a, p in law.items())
    same(ea.mean_size(weak, start), mean, f"mean size after {start!r}")
    same(sum(ea.participation_overall(weak, start)), mean, "sum of participations")
    overall = law_of(weak)
    same(ea.mean_size(weak), sum(len(a) * p for a, p in overall.items()), "mean size")
    for j, p in zip(net.labels, ea.participation_overall(weak), strict=True):
        same(p, sum((q for a, q in overall.items() if j in a), sympy.Integer(0)), f"participation of {j!r}")


@check("mean generations", most=6)
def _generations(net: ea.Network, dice: Random, figures: Figures) -> None:
    weak, start = net.with_increment(None), dice.choice(net.labels)
    law = ea.pattern_law(weak, start, max_cost=MAX_COST)
    found = ea.mean_generations(weak, start, None, max_cost=MAX_COST)
    for place in range(net.n_units):
        wanted = sum((len(g[place]) * p for g, p in law.items() if len(g) > place), sympy.Integer(0))
        same(found[place] if place < len(found) else 0, wanted, f"mean generation {place + 1}")
    second = sum((len(g[1]) * p for g, p in law.items() if len(g) > 1), sympy.Integer(0))
    same(ea.mean_second_generation(weak, start), second, "mean_second_generation")
    same(ea.branching_ratio(weak, start), second, "branching_ratio")


@check("firing rates", most=20)
def _rates(net: ea.Network, dice: Random, figures: Figures) -> None:
    """Units fire dU (G p)_j times a step."""
    green, step = ea.green_matrix(net), net.increment
    needs(step is not None)
    rates = [step * sum(green[j, k] * p for k, p in enumerate(net.drive)) for j in range(net.n_units)]
    for label, found, wanted in zip(net.labels, ea.firing_rates(net), rates, strict=True):
        same(found, wanted, f"firing rate of {label!r}")
    for label, found, wanted in zip(net.labels, ea.firings_per_input(net), rates, strict=True):
        same(found * step, wanted, f"firings per input of {label!r}")


@check("avalanches per slow step", most=9)
def _steps(net: ea.Network, dice: Random, figures: Figures) -> None:
    """P(avalanche | k is fed) = dU G_kk."""
    needs(is_stepping(net))
    green, step = ea.green_matrix(net), net.increment
    often = step * sum(green[k, k] * p for k, p in enumerate(net.drive))
    same(ea.avalanche_probability(net), often, "avalanche_probability")
    law = ea.size_law(net, max_cost=MAX_COST)
    wanted_law: dict[Any, Any] = {size: often * p for size, p in law.items()}
    same_law(law.per_step(), wanted_law | {0: 1 - often}, "per_step")


@check("numbers of firings", most=5, numbers=True)
def _counts(net: ea.Network, dice: Random, figures: Figures) -> None:
    """dU^2 G (diag p - p p') G'."""
    step = net.increment
    needs(step is not None)
    green, p = ea.green_matrix(net), sympy.Matrix(net.drive)
    wanted = sympy.sympify(step) ** 2 * green * (sympy.diag(*net.drive) - p * p.T) * green.T
    found, rates = ea.count_covariance(net), ea.firing_rates(net)
    for i in range(net.n_units):
        same(ea.fano_factors(net)[i], wanted[i, i] / rates[i], "fano_factors") if rates[i] != 0 else None
        for j in range(net.n_units):
            same(found[i, j], wanted[i, j], f"count_covariance[{i}, {j}]")


@check("parts of networks", most=8)
def _parts(net: ea.Network, dice: Random, figures: Figures) -> None:
    """Units that are left once others have fired have the volume of their forests."""
    fired = dice.sample(net.labels, dice.randint(0, net.n_units - 1))
    left = [label for label in net.labels if label not in set(fired)]
    same(net.reduced_by(fired).volume(), ea.forest_weight(net, left), f"volume once {fired!r} have fired")
    part = net.subnetwork(left)
    for label in left:
        same(part.thresholds[part.index(label)], net.thresholds[net.index(label)], "a threshold of a part")
    same_law(
        {label: part.leak[part.index(label)] for label in left},
        {
            label: net.thresholds[net.index(label)]
            - sum(net.entries.get((net.index(label), net.index(j)), sympy.Integer(0)) for j in left)
            for label in left
        },
        "leaks of a part",
    )
