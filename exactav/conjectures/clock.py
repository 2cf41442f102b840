"""A number of seconds for a whole search, whatever functions of others take of it."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic
from types import FrameType

from exactav.running.amounts import duration_text

_AGAIN = 0.5  # seconds until a stop that was lost, as within a destructor, is repeated
_LONGEST = 1e7  # seconds that are counted
_LEAST_GROWTH, _MOST_GROWTH = 2.0, 50.0  # of the time from one size to the next
_TELLING = 0.02  # seconds; shorter times say nothing of growth


class OutOfTimeError(BaseException):
    """The seconds are over. No ``Exception``, since functions that are tried may catch those."""


class Clock:
    """Seconds that are left.

    >>> Clock(0).left()
    0.0
    """

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._end = monotonic() + seconds

    def left(self) -> float:
        """Seconds until the end, 0 after it."""
        return max(0.0, self._end - monotonic())

    def part(self, share: float) -> "Clock":
        """A clock for a share of what is left."""
        return Clock(share * self.left())

    @contextmanager
    def running(self) -> Iterator[None]:
        """Stop what is done here when the time is over.

        The stop is a signal, as that of Ctrl-C is. Where there is none, in other threads than the first and
        on Windows, what has begun is not stopped.

        Raises:
            OutOfTimeError: it is over.
        """
        seconds = self.left()
        if not seconds:
            raise OutOfTimeError
        is_first = threading.current_thread() is threading.main_thread()
        if seconds > _LONGEST or not hasattr(signal, "setitimer") or not is_first:
            yield
            return
        is_running = True

        def stop(number: int, frame: FrameType | None) -> None:
            if is_running:
                raise OutOfTimeError

        handler = signal.signal(signal.SIGALRM, stop)
        before = signal.setitimer(signal.ITIMER_REAL, seconds, _AGAIN)
        try:  # twice, since the stop may come between the end of what is done and the next line
            try:
                yield
            finally:
                is_running = False
        finally:
            signal.setitimer(signal.ITIMER_REAL, *before)
            signal.signal(signal.SIGALRM, signal.SIG_DFL if handler is None else handler)


class Pace:
    """What one network of each size took, and what that lets one expect of the next size."""

    def __init__(self) -> None:
        self._took: dict[int, float] = {}

    def note(self, n_units: int, seconds: float) -> None:
        """One of so many units took so long."""
        self._took[n_units] = max(seconds, self._took.get(n_units, 0.0))

    def expected(self, n_units: int) -> float:
        """Seconds that one of so many units takes, if time grows as before; 0 if none was smaller by one.

        >>> pace = Pace()
        >>> pace.note(2, 1.0)
        >>> pace.note(3, 10.0)
        >>> pace.expected(4), pace.expected(9)
        (100.0, 0.0)
        """
        last, before = self._took.get(n_units - 1, 0.0), self._took.get(n_units - 2, 0.0)
        growth = last / before if before > _TELLING else _LEAST_GROWTH
        return last * min(max(growth, _LEAST_GROWTH), _MOST_GROWTH)

    def refusal(self, n_units: int, clock: Clock) -> str:
        """Why none of so many units is begun; empty where there is time for one."""
        seconds = self.expected(n_units)
        if seconds <= clock.left():
            return ""
        return (
            f"one network of {n_units} units would take about {duration_text(seconds)}, and "
            f"{duration_text(clock.left())} were left"
        )
