"""One check of one network: what came out, within a time."""

import signal
import time
import traceback
import warnings
from dataclasses import dataclass
from pathlib import Path
from random import Random
from types import FrameType
from typing import Literal

import exactav as ea
from exactav.errors import CheckFailedError, ExactavError, RefutedError
from soak.checks import CHECKS
from soak.checks.register import Figures, NotAskedError, Wrong

SECONDS = 60.0  # of processor time that a check may take; whatever takes longer hangs

Ended = Literal["passed", "left out", "refused", "failed"]


@dataclass(frozen=True)
class Outcome:
    """What became of a check.

    Attributes:
        ended: left out is what such a network cannot be asked.
        said: the class of the error that refused, or what is wrong.
        seconds: of processor time.
    """

    ended: Ended
    said: str
    seconds: float


class _Hang(BaseException):
    pass


def _too_long(number: int, frame: FrameType | None) -> None:
    raise _Hang


def outcome_of(name: str, net: ea.Network, seed: str, figures: Figures, most: float | None = None) -> Outcome:
    """Run a check, for at most so many seconds of processor time, ``SECONDS`` unless given.

    Failed is what differs, hangs, contradicts itself, or ends in an error of another kind.
    """
    begun, most = time.process_time(), SECONDS if most is None else most
    before = signal.signal(signal.SIGVTALRM, _too_long)
    signal.setitimer(signal.ITIMER_VIRTUAL, most)
    ended: Ended = "failed"
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            CHECKS[name].run(net, Random(f"{seed} {name}"), figures)
        ended, said = "passed", ""
    except NotAskedError:
        ended, said = "left out", ""
    except Wrong as error:
        said = str(error)
    except (CheckFailedError, RefutedError) as error:
        said = f"{type(error).__name__}: {error}"
    except ExactavError as error:
        ended, said = "refused", type(error).__name__
    except _Hang:
        said = f"takes more than {most:g} s"
    except Exception as error:
        place = traceback.extract_tb(error.__traceback__)[-1]
        said = f"{type(error).__name__} in {Path(place.filename).name}:{place.lineno}: {error}"
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
    return Outcome(ended, said, time.process_time() - begun)
