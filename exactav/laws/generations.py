"""The mean number of units in each generation."""

from collections.abc import Hashable

import sympy

from exactav.engines.paths.plan import path_sums
from exactav.engines.paths.question import PathQuestion
from exactav.engines.plan import MAX_COST
from exactav.errors import CheckFailedError
from exactav.laws.marginals import mean_size
from exactav.laws.starts import Starts, origin_of
from exactav.network.asked import of_network
from exactav.network.network import Network
from exactav.numbers.arguments import seconds
from exactav.numbers.domains import quotient
from exactav.numbers.whole import whole

_MOST_ASKED = 10**6
_MOST_CHECKED = 60
_MOST_CHECKED_SYMBOLIC = 6


@of_network
def mean_generations(
    net: Network, start: Hashable | None = None, up_to: int | None = 3, *, max_cost: float = MAX_COST
) -> tuple[sympy.Expr, ...]:
    """The mean number of units in the first, second, .. generation given an avalanche: E|G_1| = 1, E|G_2|, ..

    Avalanches that have ended count as empty generations. A unit j is in generation d + 1 if the way of its
    parents leads to the start k by d steps, j = j_d, .., j_0 = k, which has the probability
    prod w_{j_i j_{i-1}} det(M without the way) / det(M without k), a minor of the Green matrix; the mean is
    the sum over all ways that visit no unit twice. Derivation 15.

    For ``up_to`` = 3 the cost is that of about N^2 minors for a start, N^3 for all, however large they may
    be. All generations are found quickly where couplings form trees or rings or where units are
    interchangeable; elsewhere sums over sets of units are made, which are exponential. They add up to the
    mean size, and that is checked.

    Args:
        start: label of the unit that fires first; None weights all starts by the drive.
        up_to: number of generations; None for all that can occur.
        max_cost: largest estimated cost allowed, in seconds of an ordinary core.

    Raises:
        TooCostlyError: there are too many ways; fewer generations have fewer.
        OptionError: ``up_to`` is no whole number of at least 1.
        InvalidNetworkError: the increment is above the leak of a driven start; the message names what holds.

    >>> import exactav as ea
    >>> net = ea.families.homogeneous(4, "1/2")
    >>> mean_generations(net, up_to=None), ea.mean_size(net)
    ((1, 9/20, 21/160, 3/160), 8/5)
    >>> sum(mean_generations(net, up_to=None)) == ea.mean_size(net)
    True
    """
    n = net.n_units if up_to is None else whole(up_to, "up_to", 1, _MOST_ASKED)
    limit = seconds(max_cost)
    starts = Starts.of(net, origin_of(net, start, None, "mean_generations"))
    system = net.system
    sums = path_sums(PathQuestion(system, starts.weights, min(n, net.n_units)), limit)
    means = [quotient(system.ring, above, below) for above, below in sums]
    if means[0] != 1:
        raise CheckFailedError(f"the first generation has {means[0]} units on average instead of 1")
    while up_to is None and not means[-1]:
        means.pop()
    most = _MOST_CHECKED if system.ring.is_ZZ else _MOST_CHECKED_SYMBOLIC
    if n >= net.n_units <= most:
        _check_sum(net, start, means)
    return tuple(means) + (sympy.Integer(0),) * (0 if up_to is None else n - len(means))


def _check_sum(net: Network, start: Hashable | None, means: list[sympy.Expr]) -> None:
    if sympy.cancel(sum(means) - mean_size(net, start)):
        raise CheckFailedError(f"generations have {sum(means)} units on average, avalanches others")
