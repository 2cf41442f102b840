"""The search for a good tree decomposition, which may take a share of the time of the answer."""

import random
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from math import exp, inf, log

from exactav.engines.sweep.couplings import Couplings
from exactav.engines.sweep.outline import Part, outlined, slots_of
from exactav.engines.sweep.scheme import Scheme, scheme_of
from exactav.kernels.decompositions import Decomposition, Kinds, makers, moved, states_of
from exactav.running.effort import BASE, SHARE, STEP, Effort, Exhausted

_CERTAIN = 4  # orders without chance
_ORDERS = 60  # orders that are tried
_MOVES = 4000  # single units that are moved
_WORTH = 60.0  # seconds of an answer from which on no more is spent
_QUICK = 0.02  # seconds of an answer for which nothing better is looked for
_UNIT_STEPS = 20  # to find the cost of an order, measured
_WIDEST = 40  # units in a bag
_STATE = 1e-8  # seconds for a state, at least


@dataclass(frozen=True)
class Found:
    """An outline that was found, whose scheme is written once it is wanted."""

    part: Part
    couplings: Couplings
    decomposition: Decomposition

    @property
    def n_slots(self) -> int:
        """Units that are open at a time, at most."""
        return 1 + max(slots_of(self.part.outline, self.couplings, self.decomposition).values(), default=-1)

    @cached_property
    def scheme(self) -> Scheme:
        """The scheme with this outline."""
        return scheme_of(self.couplings, self.decomposition, self.part)


def best_sweep(
    couplings: Couplings,
    seconds: Callable[[Part], float] = lambda part: 0.0,
    limit: float = inf,
    effort: Effort | None = None,
) -> Found | None:
    """The sweep of least cost that is found with some effort; None if there is none within reach.

    Args:
        seconds: what a sweep with such an outline takes.
        limit: seconds from which on nobody needs to know.
        effort: what may be spent; unless given, whatever it takes to find one.
    """
    search = _Search(couplings, seconds, limit, effort or Effort())
    search.run()
    if search.best is None:
        return None
    part, order = search.best
    return Found(part, couplings, search.along(order))


class _Search:
    def __init__(
        self, couplings: Couplings, seconds: Callable[[Part], float], limit: float, effort: Effort
    ) -> None:
        self.couplings, self.seconds, self.limit, self.effort = couplings, seconds, limit, effort
        self.better = effort.part(BASE / STEP)  # to find another than the first ones
        self.neighbours = couplings.joined
        self.best: tuple[Part, list[int]] | None = None
        self.is_forest = False
        rows = couplings.weights
        is_mutual = all(i in rows[j] for i, row in enumerate(rows) for j in row)
        self.widest = _WIDEST
        while is_mutual and self.widest and states_of(Kinds(heard=self.widest)) * _STATE > limit:
            self.widest -= 1

    def along(self, order: Sequence[int]) -> Decomposition:
        """The decomposition along an order."""
        return Decomposition.of(self.couplings.neighbours, order, self.neighbours)

    def run(self) -> None:
        """Look at orders without chance, then with chance, then move single units."""
        for number, make in enumerate(islice(makers(self.neighbours, self.widest), _ORDERS)):
            effort = self.effort if self.best is None else self.better
            if self.is_forest and self.best is not None:
                return  # at most one unit is open in each table, in an order of least degree
            if number >= _CERTAIN and self._is_done():
                return
            with suppress(Exhausted):
                order = make(effort)
                if order is not None:
                    self._tell(order, effort)
        with suppress(Exhausted):
            self._improve()

    def _is_done(self) -> bool:
        """Whether there is nothing, or nothing more to be gained."""
        if self.best is None or self.better.left <= 0:
            return True
        return min(self.limit, self.seconds(self.best[0])) < _QUICK

    def _tell(self, order: list[int], effort: Effort) -> float:
        """The cost of an order, which is kept if it is the least."""
        decomposition = self.along(order)
        if decomposition.width > self.widest:
            return inf
        self.is_forest = decomposition.width <= 1
        part = outlined(self.couplings, decomposition)
        if self.best is None or part.cost < self.best[0].cost:
            self.best = part, order
            worth = min(self.seconds(part), self.limit, _WORTH)
            self.effort.raise_to(worth)
            # Less than before if much has been gained, and little beside a quick answer.
            self.better.most = (min(BASE, worth / 4) + SHARE * worth) / STEP
        effort.spend(_UNIT_STEPS * len(order) + 5 * sum(map(len, decomposition.bags)))
        return part.cost

    def _improve(self) -> None:
        """Simulated annealing with moves of single units."""
        assert self.best is not None
        rng = random.Random(len(self.neighbours))
        part, current = self.best
        cost = part.cost
        for attempt in range(_MOVES):
            order = moved(self.neighbours, current, rng)
            found = self._tell(order, self.better)
            temperature = 0.3 * (1 - attempt / _MOVES)
            if found <= cost or rng.random() < exp((log(cost) - log(found)) / temperature):
                current, cost = order, found
