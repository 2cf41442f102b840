"""How probable it is that a slow step sets off an avalanche."""

from collections.abc import Hashable, Sequence
from fractions import Fraction
from math import fsum
from typing import Any, Unpack

import sympy

from exactav.errors import NotRationalError, OptionError
from exactav.kernels.positive import bound
from exactav.laws.measure import Approximation
from exactav.laws.options import Options, asked_of
from exactav.laws.pieces import in_lowest_terms, named_as_in, sign_among
from exactav.laws.starts import Starts, origin_of
from exactav.laws.state import state_law
from exactav.network.asked import of_network
from exactav.network.network import Network
from exactav.numbers.domains import quotient
from exactav.numbers.expressions import shown
from exactav.numbers.fields import normal_form
from exactav.texts import quoted


@of_network
def avalanche_probability(
    net: Network,
    start: Hashable | None = None,
    *,
    increment: Any = None,
    input: Any = None,
    **options: Unpack[Options],
) -> Any:
    """Probability that a slow step sets off an avalanche: dU sum_k p_k G_kk, or dU G_kk given that start k is
    fed, or 1 - det(I - diag(d) G) of an input d, which needs no increment (derivation 14).

    The first two hold for dU up to the leaks of the units that are fed. With ``increment``, dU may be larger:
    the probability given that k is fed is then the integral of the density of its state over [U_k - dU, U_k),
    for dU up to U_k; derivation 17.

    Args:
        start: label of the unit that is fed; None for all, weighted by the drive.
        increment: dU, an exact number; that of the network unless given.
        input: of several units at once, as in :func:`exactav.size_law`; it has amounts in place of dU.
        options: where dU is above a leak, as of :func:`exactav.state_law`.

    Raises:
        MissingIncrementError: neither the network has an increment nor is one given.
        InvalidNetworkError: the increment of the network is above the leak of the start.
        OptionError: ``increment`` is not from 0 to the threshold of each unit that is fed, or there is an
            input besides.
        NotRationalError: symbols leave open whether it is, or which units of those that are fed could fire.
        TooCostlyError: a law of a state takes more than ``max_cost``.

    >>> net = Network([[0, "1/2"], ["1/2", 0]], increment="1/4")
    >>> avalanche_probability(net)
    1/3
    >>> avalanche_probability(net, 0, increment="1/2"), avalanche_probability(net, 0, increment="3/4")
    (2/3, 5/6)
    >>> avalanche_probability(net, input={0: "1/4", 1: "1/4"})
    7/12
    """
    if input is not None and increment is not None:
        raise OptionError("increment and input are both given: leave out one of them")
    starts = Starts.of(net, origin_of(net, start, input, None))
    if increment is None:
        asked_of(options, starts.system)
        above, below = starts.avalanche(net, "avalanche_probability")
        return quotient(starts.system.ring, above, below)
    arithmetic = asked_of(options, net.system)[1]
    step = named_as_in(net, increment, "increment")
    shares = {net.labels[k]: net.drive[k] if start is None else sympy.Integer(1) for k in starts.weights}
    if arithmetic == "float" and not step.is_Rational:
        raise OptionError(f"increment = {shown(step)}: of floats, give a rational number")
    parts = [(share, _of_start(net, unit, step, options)) for unit, share in shares.items()]
    if arithmetic == "float":
        return _rounded(parts)
    field, (total,) = normal_form([sympy.Add(*(share * part for share, part in parts))])
    return in_lowest_terms(field, total)


def _of_start(net: Network, unit: Hashable, step: sympy.Expr, options: Options) -> Any:
    """The probability given that a unit is fed."""
    k = net.index(unit)
    threshold, leak = net.thresholds[k], net.leak[k]
    for difference, least in ((step, 1), (threshold - step, 0)):
        sign = sign_among(net, unit, difference)
        if sign is None:
            raise NotRationalError(_open(step, f"from 0 to the threshold {shown(threshold)}", unit))
        if sign < least:
            raise OptionError(
                f"increment = {shown(step)}: give a number above 0 and at most {shown(threshold)}, the "
                f"threshold of unit {quoted(unit)}"
            )
    within = sign_among(net, unit, leak - step)
    if within is None:
        raise NotRationalError(_open(step, f"at most the leak {shown(leak)}", unit))
    if within >= 0:
        starts = Starts.of(net, unit)
        return quotient(net.system.ring, starts.total, starts.volume) * step
    return state_law(net, unit, **options).sf(threshold - step)


def _open(step: sympy.Expr, what: str, unit: Hashable) -> str:
    return (
        f"whether the increment {shown(step)} is {what} of unit {quoted(unit)} is open: put values in with "
        "net.at(...), or give the network the increment, which is assumed to be at most the leak"
    )


def _rounded(parts: Sequence[tuple[sympy.Expr, Any]]) -> Approximation:
    """The sum of shares times probabilities, positive numbers that are exact or have a bound."""
    total = fsum(_float(share) * _float(part) for share, part in parts)
    errors = (part.error_bound for _, part in parts if isinstance(part, Approximation))
    own = bound(4)  # both factors were rounded, the product, and the sum
    off = max(errors, default=0.0)
    return Approximation(total, (off + own + off * own) * (1 + 2**-50))


def _float(number: Any) -> float:
    """A float, or the nearest to a rational number."""
    return number if isinstance(number, float) else float(Fraction(int(number.p), int(number.q)))
