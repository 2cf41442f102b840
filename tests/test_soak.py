"""The soak finds what is wrong, shrinks it and keeps it; what it once found is tried again: tests/soak."""

import json
import signal
import subprocess
import sys
import time
from pathlib import Path
from random import Random
from typing import Any

import pytest
import sympy
from soak import outcomes
from soak.checks import CHECKS
from soak.checks.register import Figures, Wrong, equal
from soak.networks import STRUCTURES, draw
from soak.outcomes import outcome_of
from soak.run import Report, events
from soak.shrink import FOUND, load

import exactav as ea

SCRIPT = Path(__file__).parent / "soak" / "run.py"


def test_what_was_found_is_mended() -> None:
    for path in sorted(FOUND.glob("*.json")):
        name, net, seed = load(path)
        found = outcome_of(name, net, seed, Figures())
        assert found.ended != "failed", f"{path.name}: {found.said}"


def test_a_short_soak() -> None:
    report = Report()
    for number in (9, 12, 18):
        for event in events(0, number, shrinking=0):
            report.told(event)
    assert not report.failures, report.text()
    assert report.networks.total() == 3
    assert report.passed.total() > 50
    assert all(ratio <= 1 for ratio in report.ratios.values())
    assert "0 failed" in report.text()


def test_networks_are_of_every_kind() -> None:
    drawn = [draw(Random(f"kinds {number}")) for number in range(150)]
    assert {kind.partition(",")[0] for kind, _ in drawn} == set(STRUCTURES)
    nets = [net for _, net in drawn]
    for have in (
        lambda net: net.symbols,
        lambda net: any(leak.is_irrational for leak in net.leak),
        lambda net: 0 in net.leak,
        lambda net: 0 in net.drive,
        lambda net: net.increment is None,
        lambda net: any(i == j for i, j in net.entries),
        lambda net: len(set(net.thresholds)) > 1,
        lambda net: net.n_units == 1,
        lambda net: net.n_units > 10,
        lambda net: any(isinstance(label, tuple | frozenset) for label in net.labels),
    ):
        assert len({bool(have(net)) for net in nets}) == 2


def first_failure(name: str, folder: Path) -> Any:
    for number in range(40):
        for event in events(0, number, folder):
            if event["event"] == "failure" and event["check"] == name:
                return event
    raise AssertionError("nothing was found")


def test_a_wrong_mean_is_found_and_shrunk(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Wrong where a unit with a threshold other than 1 receives something."""
    right, name = ea.mean_size, "participation and mean sizes"

    def wrong(net: ea.Network, *args: Any, **named: Any) -> Any:
        is_hit = any(net.thresholds[i] != 1 for i, j in net.entries if i != j)
        return right(net, *args, **named) + (1 if is_hit else 0)

    with monkeypatch.context() as patched:
        patched.setattr(ea, "mean_size", wrong)
        patched.setattr("soak.checks.CHECKS", {name: CHECKS[name]})
        found = first_failure(name, tmp_path)
        (path,) = tmp_path.iterdir()
        assert path.name == found["kept"]
        kept, net, seed = load(path)
        assert outcome_of(kept, net, seed, Figures()).ended == "failed"
    assert (net.n_units, len(net.entries), net.labels, net.increment) == (2, 1, (0, 1), None)
    assert outcome_of(kept, net, seed, Figures()).ended == "passed"


def test_hangs_and_foreign_errors_are_failures(monkeypatch: pytest.MonkeyPatch) -> None:
    net = ea.families.ring(3, "1/2")

    def hangs(net: ea.Network) -> None:
        while True:
            pass

    def breaks(net: ea.Network) -> None:
        raise IndexError("7")

    monkeypatch.setattr(outcomes, "SECONDS", 0.1)
    for broken, said in ((hangs, "takes more than"), (breaks, "IndexError in test_soak.py")):
        monkeypatch.setattr(ea, "green_matrix", broken)
        found = outcome_of("the Green matrix", net, "0", Figures())
        assert found.ended == "failed"
        assert said in found.said


def test_bounds_and_p_values_fail() -> None:
    figures = Figures()
    third = ea.size_law(ea.Network([[0]])).mean() / 3
    figures.error("good", 1 / 3, third, 1e-15)
    assert 0 < figures.ratios["good"] < 1
    with pytest.raises(Wrong, match="times its bound"):
        figures.error("bad", 0.3333, third, 1e-15)
    figures.p_value("rare", lambda times: 1e-8 if times == 1 else 0.2)
    with pytest.raises(Wrong, match="p-values"):
        figures.p_value("wrong", lambda times: 1e-8)


@pytest.mark.parametrize(
    ("a", "b", "wanted"),
    [
        ("1/3", "2/6", True),
        ("1/3", "333333333333333333333333333333333333333333/10**42", False),
        ("sqrt(2) + sqrt(8)", "sqrt(18)", True),
        ("1/(sqrt(2) - 1)", "sqrt(2) + 1", True),
        ("sqrt(2)", "1414213562373095048801688724209698078/10**36", False),
        ("(a**2 - b**2)/(a - b)", "a + b", True),
        ("a*b", "a*b + a/10**30", False),
    ],
)
def test_equality_apart_from_exactav(a: str, b: str, wanted: bool) -> None:
    assert equal(sympy.sympify(a), sympy.sympify(b)) is wanted


@pytest.mark.slow
def test_a_run_is_stopped_and_goes_on(tmp_path: Path) -> None:
    report = tmp_path / "soak.json"
    command = [sys.executable, str(SCRIPT), "--seed", "3", "--report", str(report)]
    process = subprocess.Popen([*command, "--minutes", "9"], stdout=subprocess.PIPE, text=True)
    time.sleep(20)
    process.send_signal(signal.SIGTERM)
    said, _ = process.communicate(timeout=60)
    assert process.returncode == 0, said
    first = json.loads(report.read_text(encoding="utf-8"))
    done = subprocess.run([*command, "--minutes", "0.15"], stdout=subprocess.PIPE, text=True, timeout=120)
    assert done.returncode == 0, done.stdout
    second = json.loads(report.read_text(encoding="utf-8"))
    assert second["next_number"] >= first["next_number"]
    assert sum(second["networks"].values()) > sum(first["networks"].values())
    assert report.with_suffix(".txt").read_text(encoding="utf-8").startswith("seed 3: ")
