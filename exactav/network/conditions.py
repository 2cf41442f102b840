"""What makes numbers a network: one function a condition, in the order in which they are checked.

Symbols whose sign is open are assumed to be as they must.
"""

from functools import reduce

import sympy

from exactav.errors import InvalidNetworkError, MissingIncrementError, SingularNetworkError
from exactav.network.entries import name_some, weight_name
from exactav.network.model import Model, different_in
from exactav.network.system import without_way_out
from exactav.numbers.domains import field_symbols
from exactav.numbers.expressions import shown
from exactav.numbers.sums import total
from exactav.texts import quoted


def check(model: Model) -> None:
    """Nothing, if all conditions hold.

    Raises:
        InvalidNetworkError: one does not; the message says where and what to do.
        SingularNetworkError: some units cannot lose what they receive.
    """
    for condition in (
        symbols_have_names_of_their_own,
        weights_are_not_negative,
        thresholds_are_positive,
        rows_are_within_thresholds,
        drive_is_a_probability,
        increment_is_positive,
        every_unit_leads_to_a_leak,
    ):
        condition(model)


def symbols_have_names_of_their_own(model: Model) -> None:
    """Two symbols of one name, which assume different things, cannot be told apart in print or by name."""
    named: dict[str, sympy.Symbol] = {}
    for symbol in field_symbols(model.field):
        other = named.setdefault(symbol.name, symbol)
        if other != symbol:
            said = " and ".join(sorted(map(sympy.srepr, (other, symbol))))
            raise InvalidNetworkError(
                f"two different symbols are called {symbol.name}, {said}: use one of them everywhere"
            )


def weights_are_not_negative(model: Model) -> None:
    """w_ij >= 0."""
    if all(model.sign(weight) != -1 for weight in different_in(model.rows).values()):
        return
    for i, row in enumerate(model.rows):
        for j, weight in row.items():
            if model.sign(weight) == -1:
                raise InvalidNetworkError(
                    f"{weight_name(i, j, model.labels)} = {shown(model.expr(weight))} is negative: "
                    "weights must be >= 0"
                )


def thresholds_are_positive(model: Model) -> None:
    """U_i > 0."""
    for label, threshold in zip(model.labels, model.thresholds, strict=True):
        if model.sign(threshold) in (-1, 0):
            raise InvalidNetworkError(
                f"threshold of unit {quoted(label)} is {shown(model.expr(threshold))}: thresholds must be > 0"
            )


def rows_are_within_thresholds(model: Model) -> None:
    """s_i = U_i - sum_j w_ij >= 0."""
    for label, threshold, leak in zip(model.labels, model.thresholds, model.leak, strict=True):
        if model.sign(leak) == -1:
            raise InvalidNetworkError(
                f"row {quoted(label)} of W sums to {shown(model.expr(threshold - leak))}, threshold is "
                f"{shown(model.expr(threshold))}: lower the weights or raise the threshold"
            )


def drive_is_a_probability(model: Model) -> None:
    """p_k >= 0, sum 1."""
    for label, share in zip(model.labels, model.drive, strict=True):
        if model.sign(share) == -1:
            raise InvalidNetworkError(
                f"drive of unit {quoted(label)} is {shown(model.expr(share))}: probabilities must be >= 0"
            )
    whole = total(model.field, model.drive)
    if whole - model.field.one:
        raise InvalidNetworkError(
            f"drive sums to {shown(model.expr(whole))}: probabilities must sum to exactly 1"
        )


def increment_is_positive(model: Model) -> None:
    """dU > 0, if there is one."""
    if model.increment is not None and model.sign(model.increment) in (-1, 0):
        raise InvalidNetworkError(f"increment is {shown(model.expr(model.increment))}: it must be > 0")


def every_unit_leads_to_a_leak(model: Model) -> None:
    """From every unit a chain of senders leads to one with leak: M is nonsingular."""
    stuck = [model.labels[unit] for unit in without_way_out(model.rows, model.leak)]
    if stuck:
        raise SingularNetworkError(
            f"units {name_some(stuck)} have no leak, and no chain of senders leads from them to a unit "
            "with leak, so diag(U) - W is singular: lower a weight into one of them, or raise its "
            "threshold"
        )


def driven_above_leak(model: Model) -> list[int]:
    """The driven units whose leak is below the increment."""
    if model.increment is None:
        return []
    return [unit for unit, share in enumerate(model.drive) if share and exceeds_leak(model, unit)]


def exceeds_leak(model: Model, unit: int) -> bool:
    """Whether the increment is above the leak of a unit, which can then fire twice in one slow step."""
    return model.increment is not None and model.sign(model.leak[unit] - model.increment) == -1


def largest_increment(model: Model) -> sympy.Expr | None:
    """The least leak of driven units; None where symbols decide which it is."""
    leaks = {leak for leak, share in zip(model.leak, model.drive, strict=True) if share}
    if len(leaks) > 1 and any(model.expr(leak).free_symbols for leak in leaks):
        return None
    return model.expr(reduce(lambda a, b: b if model.sign(a - b) == 1 else a, leaks))


def any_increment(model: Model, question: str) -> None:
    """Nothing, if there is an increment, of whatever size.

    Raises:
        MissingIncrementError: there is none, and the ``question`` needs one.
    """
    if model.increment is None:
        raise MissingIncrementError(
            f"{question} needs the input per slow step: give Network(..., increment=...)"
        )


def require_increment(model: Model, question: str) -> None:
    """Nothing, if there is an increment with which no driven unit fires twice.

    Raises:
        MissingIncrementError: there is none, and the ``question`` needs one.
        InvalidNetworkError: it is above the leak of a driven unit.
    """
    if model.increment is not None:
        require_single_firing(model, question)
        return
    largest = largest_increment(model)
    if largest == 0:
        raise MissingIncrementError(
            f"{question} needs an increment with which no unit fires twice, and a driven unit without leak "
            "allows none: drive only units with leak, or ask for laws given an avalanche"
        )
    hint = f" of at most {shown(largest)}" if largest else ""
    raise MissingIncrementError(
        f"{question} needs the input per slow step: give Network(..., increment=...){hint}"
    )


def require_single_firing(model: Model, question: str, unit: int | None = None) -> None:
    """Nothing, unless the increment is above the leak of a driven unit, or of this one if it is driven.

    Without an increment, and of units that no slow step feeds, what is asked is that of weak drive.

    Raises:
        InvalidNetworkError: it is.
    """
    for above in driven_above_leak(model):
        if unit in (None, above):
            most = largest_increment(model) if unit is None else model.expr(model.leak[above])
            raise InvalidNetworkError(_several_waves(model, question, above, most))


def require_one_wave(model: Model, question: str, unit: int) -> None:
    """Nothing, if a unit fires at most once in a slow step that feeds it, driven or not.

    Raises:
        InvalidNetworkError: the increment is above its leak.
    """
    if exceeds_leak(model, unit):
        raise InvalidNetworkError(_several_waves(model, question, unit, model.expr(model.leak[unit])))


def _several_waves(model: Model, question: str, unit: int, most: sympy.Expr | None) -> str:
    """Why there is no answer, and what holds instead.

    Args:
        most: the largest increment for which there is one; 0 or None where there is none, or it is open.
    """
    assert model.increment is not None
    step, leak = shown(model.expr(model.increment)), model.expr(model.leak[unit])
    remedy = f"Or give an increment of at most {shown(most)}" if most else "Or give no increment (weak drive)"
    return (
        f"{question} of start {quoted(model.labels[unit])}: the increment {step} is above its leak "
        f"{shown(leak)}, "
        "so it can fire more than once in a slow step, in several waves. What holds: wave_law, the law of a "
        "wave, and last_wave_law, of the last one; mean_waves, how many there are; firing_rates and "
        f"count_covariance. {remedy}"
    )
