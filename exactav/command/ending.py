"""How a command ends that is told to, or cannot say what it has to."""

import codecs
import json
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

_SIGNALS = tuple(getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name))
_ESCAPED = "exactav.escaped"


class Terminated(KeyboardInterrupt):
    """A signal that ends the process has come; whatever stops for Ctrl-C stops for it."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.number = number


def status_of(cause: BaseException | None) -> tuple[str, int]:
    """What is said of an interrupt, and the exit status, 128 and the number of the signal as in shells."""
    if isinstance(cause, Terminated):
        return f"terminated by {signal.Signals(cause.number).name}", 128 + cause.number
    return "interrupted", 128 + signal.SIGINT


@contextmanager
def ended_by_signals() -> Iterator[None]:
    """SIGTERM, and SIGHUP of a terminal that closes, end the work as Ctrl-C does, unless they are ignored."""
    before: dict[int, Any] = {}

    def stop(number: int, frame: FrameType | None) -> None:
        raise Terminated(number)

    if threading.current_thread() is threading.main_thread():
        before = {number: signal.getsignal(number) for number in _SIGNALS}
    handled = [number for number, handler in before.items() if handler is signal.SIG_DFL]
    for number in handled:
        signal.signal(number, stop)
    try:
        yield
    finally:
        for number in handled:
            signal.signal(number, signal.SIG_DFL)


@contextmanager
def escaped_where_needed() -> Iterator[None]:
    r"""What standard output has no character for is written as in JSON, such as ``\u6771``."""
    stream = sys.stdout
    before = getattr(stream, "errors", None)
    if before is None or not hasattr(stream, "reconfigure"):
        yield
        return
    codecs.register_error(_ESCAPED, _escaped)
    stream.reconfigure(errors=_ESCAPED)
    try:
        yield
    finally:
        stream.reconfigure(errors=before)


def _escaped(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeEncodeError)
    return json.dumps(error.object[error.start : error.end])[1:-1], error.end
