"""Tests in a child of this process, which has imported already what they need of other packages."""

import os
import pickle
import resource
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

OPTIONS = (
    "-q",
    "--no-header",
    "--tb=line",
    "--hypothesis-seed=0",
    "-Wignore:Module already imported:pytest.PytestAssertRewriteWarning",
)
_MEMORY = 8 * 2**30  # bytes of addresses: a mutant that wants more is seen
_WAIT = 8  # how many times longer than its processor time a child may take, beside others


@dataclass(frozen=True)
class Outcome:
    """``failed`` is the test that did first, None if all passed; ``why`` says how it failed."""

    failed: str | None
    why: str = ""
    is_late: bool = False


class _Watch:
    """What pytest tells of each test, which may take so many seconds of a processor."""

    def __init__(self, limits: Mapping[str, float]) -> None:
        self.limits = limits
        self.failed: str | None = None
        self.why = ""

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        signal.setitimer(signal.ITIMER_PROF, self.limits.get(nodeid, 0))  # whose signal ends the process

    def pytest_runtest_logfinish(self) -> None:
        signal.setitimer(signal.ITIMER_PROF, 0)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self._note(report)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        self._note(report)

    def _note(self, report: Any) -> None:
        if report.failed and self.failed is None:
            self.failed, self.why = report.nodeid, str(report.longrepr)[-300:]


def warm_up() -> None:
    """Import here, once, what every child would."""
    import flint
    import hypothesis
    import matplotlib.pyplot
    import networkx
    import pandas
    import scipy.stats
    import sympy

    assert all([flint, matplotlib, networkx, pandas, scipy, sympy])
    # Failing examples need not be the smallest, and how long one takes is no error.
    phases = (hypothesis.Phase.explicit, hypothesis.Phase.generate)
    hypothesis.settings.register_profile("mutants", deadline=None, database=None, phases=phases)
    hypothesis.settings.load_profile("mutants")


def run(batches: Iterable[Sequence[str]], limits: Mapping[str, float], seconds: float = 3600) -> Outcome:
    """What becomes of the tests of all batches, one batch after the other until one fails.

    Args:
        limits: seconds of a processor that each test may take.
        seconds: those that all together may take.
    """

    def work() -> Outcome:
        for batch in batches:
            watch = _Watch(limits)
            code = pytest.main([*OPTIONS, "-x", *batch], plugins=[watch])
            if watch.failed is not None or code != pytest.ExitCode.OK:
                return Outcome(watch.failed or batch[0], watch.why or f"pytest ends with {code}")
        return Outcome(None)

    found = in_child(work, seconds)
    if isinstance(found, Outcome):
        return found
    late = (signal.SIGPROF, signal.SIGXCPU, signal.SIGKILL)
    return Outcome("", f"signal {found}", is_late=found in late)


def in_child(work: Callable[[], Any], seconds: float) -> Any:
    """What ``work`` returns in a child, or the number of the signal that ended it.

    Raises:
        RuntimeError: it neither returned nor was ended by a signal.
    """
    with tempfile.TemporaryDirectory() as folder:
        kept = Path(folder, "result")
        child = os.fork()
        if not child:
            _be_child(work, kept, seconds)
        end = time.monotonic() + _WAIT * seconds
        status = 0
        while time.monotonic() < end:
            ended, status = os.waitpid(child, os.WNOHANG)
            if ended:
                break
            time.sleep(0.02)
        with suppress(ProcessLookupError):
            os.killpg(child, signal.SIGKILL)  # with all that it has started
        if not ended:
            _, status = os.waitpid(child, 0)
        if kept.exists():
            return pickle.loads(kept.read_bytes())
        if not os.WIFSIGNALED(status):
            raise RuntimeError("a child ended before its work was done; MUTANTS_SAY=FILE keeps what it said")
        return os.WTERMSIG(status)


def _be_child(work: Callable[[], Any], kept: Path, seconds: float) -> None:
    try:
        os.setsid()
        limit = int(seconds) + 1
        resource.setrlimit(resource.RLIMIT_CPU, (limit, limit + 5))
        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
        said = os.environ.get("MUTANTS_SAY", os.devnull)
        out = os.open(said, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        for target in (1, 2):
            os.dup2(out, target)
        sys.stdout = sys.stderr = os.fdopen(out, "w", closefd=False)
        sys.path.insert(0, str(Path.cwd()))
        part = kept.with_suffix(".part")
        part.write_bytes(pickle.dumps(work()))
        part.replace(kept)
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(0)
