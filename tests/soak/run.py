"""Random networks through all public functions by independent roads, until it is stopped.

    .venv/bin/python tests/soak/run.py [--minutes 120] [--seed 0] [--from NUMBER] [--report soak.json]

Network NUMBER of a seed is always the same, and so are the checks of it: a run that was stopped goes on from
its report if that is given again. A case that fails is shrunk and kept under ``found``; tests/test_soak.py
tries all that are kept. A process apart does the work: if it dies or hangs, that is a failure of what it was
at, and the next one goes on behind it. Ctrl-C and SIGTERM end with the report, as JSON and as text beside it.
The exit status is 1 if anything failed.
"""

import argparse
import json
import os
import selectors
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from random import Random
from typing import Any

_SILENCE = 900  # seconds of the clock without a word from the process that works
_EVERY = 60  # seconds between reports
_HANG = 10.0  # seconds of a check while its network is shrunk
_SHRUNK = 30  # failures of a process that are shrunk and kept; more would be the same ones


@dataclass
class Report:
    """What a run, and those before it that it goes on from, found."""

    seed: int = 0
    next_number: int = 0
    minutes: float = 0.0
    worked: float = 0.0  # minutes of the processor in checks; less beside other work
    networks: Counter[str] = field(default_factory=Counter)
    passed: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    ratios: dict[str, float] = field(default_factory=dict)
    costs: dict[str, float] = field(default_factory=dict)
    p_values: dict[str, dict[str, float]] = field(default_factory=dict)
    left_out: int = 0
    slowest: list[Any] = field(default_factory=lambda: [0.0, "", 0])
    failures: list[dict[str, Any]] = field(default_factory=list)

    def told(self, event: dict[str, Any]) -> None:
        """Count an event."""
        kind = event["event"]
        if kind == "network":
            self.networks[event["kind"]] += 1
        elif kind == "done":
            self.next_number = event["number"] + 1
        elif kind == "check":
            if event["ended"] == "passed":
                self.passed[event["check"]] += 1
            elif event["ended"] == "refused":
                self.refused[f"{event['check']}: {event['said']}"] += 1
            else:
                self.left_out += event["ended"] == "left out"
            if event["seconds"] > self.slowest[0]:
                self.slowest = [event["seconds"], event["check"], event["number"]]
            self.worked += event["seconds"] / 60
            self._figures(event["figures"])
        elif kind == "failure":
            self.failures.append({key: value for key, value in event.items() if key != "event"})

    def _figures(self, figures: dict[str, Any]) -> None:
        for name in ("ratios", "costs"):
            mine = getattr(self, name)
            for key, value in figures[name].items():
                mine[key] = max(value, mine.get(key, 0.0))
        for key, values in figures["p_values"].items():
            kept = self.p_values.setdefault(
                key, {"tests": 0, "least": 1.0, "below 1/100": 0, "sum of e": 0.0}
            )
            for p in values:
                kept["tests"] += 1
                kept["least"] = min(kept["least"], p)
                kept["below 1/100"] += p < 0.01
                kept["sum of e"] += 0.5 * max(p, 1e-12) ** -0.5  # an e-value; their mean is one, too

    def text(self) -> str:
        n_checks = self.passed.total()
        lines = [
            f"seed {self.seed}: {self.networks.total()} networks, {n_checks} checks passed, "
            f"{self.refused.total()} refused, {self.left_out} left out, {len(self.failures)} failed, "
            f"in {self.minutes:.1f} minutes, {self.worked:.1f} of them at work",
            "",
            "networks: " + ", ".join(f"{n} {kind}" for kind, n in sorted(self.networks.items())),
            "",
            "checks passed:",
            *(f"  {n:7} {name}" for name, n in sorted(self.passed.items())),
            "",
            "refused:",
            *(f"  {n:7} {name}" for name, n in sorted(self.refused.items())),
            "",
            "worst error of floats, as a share of its bound:",
            *(f"  {ratio:7.3f} {name}" for name, ratio in sorted(self.ratios.items())),
            "",
            "samples against laws: tests, least p-value, share below 1/100, mean e-value",
            *(
                f"  {kept['tests']:7.0f} {kept['least']:.2g} {kept['below 1/100'] / kept['tests']:.4f} "
                f"{kept['sum of e'] / kept['tests']:.3f} {name}"
                for name, kept in sorted(self.p_values.items())
            ),
            "",
            "longest time as a share of the plan's: "
            + ", ".join(f"{x:.2f} {n}" for n, x in self.costs.items()),
            f"slowest check: {self.slowest[0]:.1f} s, {self.slowest[1]} of network {self.slowest[2]}",
            *(f"FAILED {case['check']} (network {case['number']}): {case['said']}" for case in self.failures),
        ]
        return "\n".join(lines) + "\n"

    def save(self, path: Path) -> None:
        said = {path: json.dumps(vars(self), indent=1), path.with_suffix(".txt"): self.text()}
        for file, text in said.items():
            new = file.with_name(f"{file.name}.new")
            new.write_text(f"{text}\n", encoding="utf-8")
            new.replace(file)

    @classmethod
    def load(cls, path: Path) -> "Report":
        found = cls(**json.loads(path.read_text(encoding="utf-8")))
        for name in ("networks", "passed", "refused"):
            setattr(found, name, Counter(getattr(found, name)))
        return found


def events(
    seed: int, number: int, folder: Path | None = None, shrinking: float = 60.0
) -> Iterator[dict[str, Any]]:
    """All checks of one network, told one by one; failures are shrunk, and kept in a folder.

    Args:
        shrinking: seconds for it; with 0 a failure is only told.
    """
    from soak.checks import CHECKS
    from soak.checks.register import Figures
    from soak.networks import draw
    from soak.outcomes import outcome_of
    from soak.shrink import FOUND, save, shrunk

    said_seed = f"{seed} {number}"
    kind, net = draw(Random(said_seed))
    yield {"event": "network", "kind": kind, "number": number}
    for name, check in CHECKS.items():
        if not check.applies(net):
            continue
        yield {"event": "begins", "check": name, "number": number}
        figures = Figures()
        found = outcome_of(name, net, said_seed, figures)
        told = {"check": name, "number": number, "said": found.said}
        yield {
            "event": "check",
            "ended": found.ended,
            "seconds": found.seconds,
            "figures": asdict(figures),
            **told,
        }
        if found.ended != "failed":
            continue

        def fails(one: Any, name: str = name) -> bool:
            is_asked: bool = CHECKS[name].applies(one)
            return is_asked and outcome_of(name, one, said_seed, Figures(), _HANG).ended == "failed"

        if not shrinking:
            yield {"event": "failure", **told, "kept": ""}
            continue
        small = shrunk(net, fails, shrinking)
        said = outcome_of(name, small, said_seed, Figures()).said
        path = save(name, small, said_seed, said, FOUND if folder is None else folder)
        yield {"event": "failure", **told, "said": said or found.said, "kept": path.name}
    yield {"event": "done", "number": number}


def work(seed: int, number: int) -> None:
    """All networks from a number on, told on standard output; ends when nobody listens."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides
    n_failures = 0
    while True:
        for event in events(seed, number, shrinking=60.0 if n_failures < _SHRUNK else 0.0):
            n_failures += event["event"] == "failure"
            print(json.dumps(event), flush=True)
        number += 1


class _Stopped(BaseException):
    pass


def _stop(*_: Any) -> None:
    raise _Stopped


def supervise(report: Report, path: Path, minutes: float) -> None:
    """Let processes work until time is over, and count what they tell."""
    begun, before, saved = time.monotonic(), report.minutes, time.monotonic()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _stop)
    end = begun + 60 * minutes
    process: subprocess.Popen[str] | None = None
    try:
        while time.monotonic() < end:
            command = [sys.executable, __file__, "--child", str(report.seed), str(report.next_number)]
            process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, start_new_session=True)
            at: dict[str, Any] = {}
            for event in _lines(process, end):
                report.told(event)
                at = event if event["event"] == "begins" else {} if event["event"] == "check" else at
                if time.monotonic() - saved > _EVERY:
                    saved, report.minutes = time.monotonic(), before + (time.monotonic() - begun) / 60
                    report.save(path)
            if time.monotonic() < end:
                status = process.poll()
                said = (
                    f"no word for {_SILENCE} s"
                    if status is None
                    else f"the process ended with status {status}"
                )
                case = {
                    "check": at.get("check", "(between checks)"),
                    "number": at.get("number", report.next_number),
                }
                report.failures.append({**case, "said": said, "kept": ""})
                report.next_number += 1
            _kill(process)
    except _Stopped:
        pass
    finally:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_IGN)
        if process is not None:
            _kill(process)
        report.minutes = before + (time.monotonic() - begun) / 60
        report.save(path)


def _lines(process: "subprocess.Popen[str]", end: float) -> Iterator[dict[str, Any]]:
    """What a process tells, until it ends, is silent for too long, or time is over."""
    assert process.stdout is not None
    with selectors.DefaultSelector() as ready:
        ready.register(process.stdout, selectors.EVENT_READ)
        while (left := end - time.monotonic()) > 0:
            if not ready.select(min(left, _SILENCE)):
                return
            if not (line := process.stdout.readline()):
                process.wait()
                return
            yield json.loads(line)


def _kill(process: "subprocess.Popen[str]") -> None:
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    if process.stdout is not None:
        process.stdout.close()


def main() -> int:
    if sys.argv[1:2] == ["--child"]:
        try:
            work(int(sys.argv[2]), int(sys.argv[3]))
        except BrokenPipeError:
            os._exit(0)
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--minutes", type=float, default=120, help="how long (120)")
    parser.add_argument("--seed", type=int, default=0, help="which networks (0)")
    parser.add_argument("--from", dest="number", type=int, help="the first of them (0, or behind the report)")
    parser.add_argument("--report", type=Path, default=Path("soak.json"), help="its file (soak.json)")
    options = parser.parse_args()
    report = Report.load(options.report) if options.report.exists() else Report(options.seed)
    if report.seed != options.seed:
        parser.error(f"{options.report} is of seed {report.seed}: name another file, or give that seed")
    if options.number is not None:
        report.next_number = options.number
    supervise(report, options.report, options.minutes)
    print(report.text(), end="")
    return int(bool(report.failures))


if __name__ == "__main__":
    sys.path[0] = str(Path(__file__).parents[1])
    sys.exit(main())
