"""What may be spent, in seconds and megabytes, on all that has no argument of its own for it."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from math import inf
from typing import Any

from exactav.errors import TooCostlyError
from exactav.numbers.arguments import amount, seconds
from exactav.running.amounts import duration_text, memory_text
from exactav.running.memory import machine_memory, resident

MAX_COST = 3600.0  # seconds
_MOMENT, _LITTLE = 0.1, 1.0  # seconds and megabytes that are never refused
_LIBRARIES = 400.0  # megabytes of code and libraries that are loaded on the way, which no estimate knows


@dataclass(frozen=True)
class Limits:
    """What may be spent.

    Attributes:
        seconds: on one thing that has no ``max_cost`` of its own.
        megabytes: on one thing of any kind; infinite for all of the machine.
        held: megabytes that this process held when that was said.
    """

    seconds: float = MAX_COST
    megabytes: float = inf
    held: float = 0.0

    @property
    def most(self) -> float:
        """Megabytes that one thing may take: no more than the machine has."""
        return min(self.megabytes, machine_memory())

    @property
    def most_held(self) -> float:
        """Megabytes that this process may hold."""
        return min(self.held + self.megabytes + _LIBRARIES, machine_memory())


_ALLOWED: ContextVar[Limits] = ContextVar("exactav_limits", default=Limits())  # noqa: B039 (it is frozen)


def allowed() -> Limits:
    """What may be spent here."""
    return _ALLOWED.get()


def allow(limits: Limits) -> None:
    """Allow this from here on, as in a process that works for another one."""
    _ALLOWED.set(limits)


@contextmanager
def limits(*, max_cost: float | None = None, max_memory: float | None = None) -> Iterator[None]:
    """A context in which other amounts of time and memory may be spent; what would take more is refused.

    Estimates are made before the work, of reading a file, making a network, and drawing a picture; laws and
    samples have a ``max_cost`` of their own, and obey ``max_memory`` alone.

    Args:
        max_cost: largest estimated cost of one of these, in seconds of an ordinary core; 3600 without limits.
        max_memory: megabytes that one thing may take, on top of what the process holds when this is said.
            Without limits it is the memory of the machine, or what a container or ``ulimit -v`` leaves of
            it, which is never exceeded.

    What is not given stays as it is around. Threads that exactav starts, and its processes, keep the limits.

    Raises:
        OptionError: one of them is no number of at least 0.

    >>> import exactav as ea
    >>> with ea.limits(max_memory=10):
    ...     ea.families.homogeneous(2000, "4/5")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    exactav.errors.TooCostlyError: a network of 2,000 units and 4,000,000 weights would take about ...
    """
    around = _ALLOWED.get()
    new = Limits(
        around.seconds if max_cost is None else seconds(max_cost),
        around.megabytes if max_memory is None else megabytes(max_memory),
        around.held if max_memory is None else resident(),
    )
    token = _ALLOWED.set(new)
    try:
        yield
    finally:
        _ALLOWED.reset(token)


def megabytes(value: Any) -> float:
    """``value``, a number of megabytes from 0 to infinity.

    Raises:
        OptionError: it is none.
    """
    return amount(value, "max_memory", "megabytes")


def memory_said() -> str:
    """What is too little where memory is, as messages call it."""
    here = allowed()
    if here.megabytes >= machine_memory():
        return "this machine has"
    return f"the allowed {memory_text(here.megabytes)}"


def check(what: str, cost: float, memory: float, advice: str) -> None:
    """Nothing, if so many seconds and megabytes may be spent.

    Args:
        what: would take them, as the message calls it.
        advice: what one may do instead.

    Raises:
        TooCostlyError: they may not.

    >>> check("reading it", 1, 10, "give a smaller file")
    """
    here = allowed()
    too_long, too_much = cost > max(here.seconds, _MOMENT), memory > max(here.most, _LITTLE)
    if not (too_long or too_much):
        return
    ways = [advice]
    if too_long:
        bound = f"the allowed {duration_text(here.seconds)}"
        ways = ["raise max_cost of exactav.limits", advice]
    else:
        bound = memory_said()
        if here.megabytes < machine_memory():
            ways = ["raise max_memory of exactav.limits", advice]
    raise TooCostlyError(
        f"{what} would take about {duration_text(cost)} and {memory_text(memory)}, more than {bound}: "
        f"{', or '.join(ways)}"
    )
