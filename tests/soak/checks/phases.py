"""The inhabited region: volumes, cells, cosets, the torus, sandpiles, states."""

from random import Random
from typing import Any

import oracles
import sympy

import exactav as ea
from exactav.phase_space import region, sandpile, torus
from exactav.sampling.simulate import avalanche
from soak.checks.register import (
    MAX_COST,
    Figures,
    Plain,
    Wrong,
    check,
    fraction,
    is_stepping,
    law_of,
    n_cells,
    needs,
    same,
    same_law,
)


@check("volumes of the regions of patterns", most=4, numbers=True)
def _volumes(net: ea.Network, dice: Random, figures: Figures) -> None:
    needs(is_stepping(net))
    start = dice.choice([label for label, p in zip(net.labels, net.drive, strict=True) if p])
    k, green, volume = net.index(start), ea.green_matrix(net), net.volume()
    sums: dict[Any, Any] = {}
    for piece in region.pieces(net, start):
        sums[piece.assembly] = sums.get(piece.assembly, 0) + piece.volume
    often = net.increment * green[k, k]
    wanted = {a: p * often * volume for a, p in law_of(net, start).items()}
    sums.pop(frozenset(), None)
    same_law(sums, wanted, f"volumes after {start!r}")


@check("orbits, where these have the law", most=4, rational=True)
def _orbits(net: ea.Network, dice: Random, figures: Figures) -> None:
    needs(is_stepping(net))
    found = ea.ergodicity(net)
    state = [u * sympy.Rational(dice.randint(0, 9), 10) for u in net.thresholds]
    law = ea.coset_law(net, state)
    same(sum(law.values()), 1, "the law of an orbit")
    if found.verdicts["assembly"].exact:
        same_law(law, law_of(net), f"the orbit of {state}")
    if found.verdicts["size"].exact:
        same_law(law.size_law(), ea.size_law(net, max_cost=MAX_COST), f"sizes of the orbit of {state}")


@check("states", most=6, rational=True)
def _states(net: ea.Network, dice: Random, figures: Figures) -> None:
    """Inhabited states stay so, and points of the torus have one representative each."""
    plain = Plain.of(net)
    for state in ea.sample_states(net, 3, seed=dice.randrange(1000), max_cost=MAX_COST):
        exact = [sympy.sympify(value) for value in state]
        if not ea.is_inhabited(net, exact):
            raise Wrong(f"a drawn state is not inhabited: {exact}")
        point = list(net.matrix * sympy.Matrix(torus.coordinates(net, exact)))
        back, _ = torus.representative(net, point)
        same_law(dict(enumerate(back)), dict(enumerate(exact)), f"the representative of {point}")
        if not is_stepping(net):
            continue
        start = dice.choice([label for label, p in zip(net.labels, net.drive, strict=True) if p])
        k, step = net.index(start), fraction(net.increment)
        pattern, after = oracles.avalanche(plain.W, plain.U, [fraction(x) for x in exact], k, step)
        found, ended = avalanche(net, exact, start)
        if tuple(found) != tuple(map(plain.named, pattern)):
            raise Wrong(f"avalanche of {start!r} from {exact}: {found}, and on another road {pattern}")
        same_law(dict(enumerate(ended)), dict(enumerate(after)), "the state after an avalanche")
        if not ea.is_inhabited(net, [sympy.Rational(x.numerator, x.denominator) for x in after]):
            raise Wrong(f"{exact} leads to {after}, which is not inhabited")
        moved, fired = torus.slow_step(net, exact, start)
        same_law(dict(enumerate(moved)), dict(enumerate(after)), "slow_step")
        if fired != frozenset().union(*found):
            raise Wrong(f"slow_step: {fired}, and in an avalanche {found}")


@check("sandpiles", most=4, rational=True)
def _sandpile(net: ea.Network, dice: Random, figures: Figures) -> None:
    needs(is_stepping(net) and n_cells(net) <= 600)
    scale = 1 / sympy.sympify(net.increment)
    grains = ea.Network.from_entries(
        net.n_units,
        {place: w * scale for place, w in net.entries.items()},
        thresholds=[u * scale for u in net.thresholds],
        increment=1,
    )
    plain = Plain.of(grains)
    states = {tuple(map(int, state)) for state in oracles.recurrent_states(plain.W, plain.U)}
    found = {tuple(map(int, state)) for state in sandpile.recurrent_states(grains)}
    if found != states:
        raise Wrong(f"recurrent states: {len(found)}, and by running the dynamics {len(states)}")
    same(sympy.prod(sandpile.invariant_factors(grains)), len(states), "the order of the group")
    one = sandpile.identity(grains)
    state = dice.choice(sorted(states))
    if tuple(map(int, sandpile.added(grains, one, state))) != state:
        raise Wrong(f"{state} plus the identity {one} is another state")
    polynomial = sandpile.avalanche_polynomial(grains)
    sizes: dict[int, int] = {}
    for k in range(grains.n_units):
        for assembly, count in oracles.count_assemblies(plain.W, plain.U, k).items():
            sizes[len(assembly)] = sizes.get(len(assembly), 0) + count
    wanted = {size: count for size, count in sizes.items() if count}
    same_law({int(m[0]): c for m, c in polynomial.terms()}, wanted, "avalanche_polynomial")
