"""What a law that is too costly is refused with: what was asked, an estimate, and what really helps."""

import random
from collections.abc import Callable
from functools import cache
from typing import Any

import pytest
import sympy

import exactav as ea
from exactav.engines.durations import generations
from exactav.errors import TooCostlyError
from exactav.running import memory


@cache
def dense(n: int, factor: Any = 1, density: float = 1.0) -> ea.Network:
    """All weights differ; row sums are below 1."""
    draw = random.Random(n)
    entries = {
        (i, j): factor * sympy.Rational(draw.randint(1, 9999), 10**4 * n)
        for i in range(n)
        for j in range(n)
        if i != j and draw.random() < density
    }
    return ea.Network.from_entries(n, entries)


def joint(net: ea.Network, **options: Any) -> Any:
    """Many groups, of one or two units."""
    n_groups = min(30, net.n_units)
    groups = [list(net.labels[place::n_groups]) for place in range(n_groups)]
    return ea.composition_law(net, groups, **options)


def refusal(law: Callable[..., Any], net: ea.Network, **options: Any) -> str:
    with pytest.raises(TooCostlyError) as caught:
        law(net, **options)
    return str(caught.value)


LARGE = {
    "dense": lambda: dense(40),
    "random": lambda: dense(60, density=0.2),
    "symbols": lambda: dense(26, sympy.Symbol("a", positive=True)),
}
LAWS: dict[str, Callable[..., Any]] = {
    "size": ea.size_law,
    "duration": ea.duration_law,
    "both": ea.size_duration_law,
    "assembly": ea.assembly_law,
    "composition": joint,
}


@pytest.mark.parametrize(
    ("net", "law", "start"),
    [
        *(("dense", law, start) for law in LAWS for start in (None, 0)),
        ("random", "size", 0),
        *(
            pytest.param("random", law, 0, marks=pytest.mark.slow)
            for law in ("duration", "both", "assembly", "composition")
        ),
        ("symbols", "size", 0),
        pytest.param("symbols", "duration", 0, marks=pytest.mark.slow),
    ],
)
def test_nobody_is_told_of_a_method_nor_of_floats_in_vain(net: str, law: str, start: Any) -> None:
    made = LARGE[net]()
    said = refusal(LAWS[law], made, start=start)
    assert "method" not in said
    assert "arithmetic='float'" not in said
    assert "or put values in and sample" in said if net == "symbols" else "or sample" in said
    assert "ask for size_law" not in said
    if "no engine" in said:
        assert f"{made.n_units} units" in said
        assert "out of reach" in said
    else:
        assert " and take about " in said
    if net != "symbols":
        refusal(LAWS[law], made, start=start, arithmetic="float")


def test_floats_are_offered_where_they_are_allowed() -> None:
    net = dense(18)
    exact = ea.plan(net).chosen.seconds
    rounded = ea.plan(net, arithmetic="float").chosen.seconds
    between, below = (exact * rounded) ** 0.5, rounded / 2
    assert "raise max_cost" in (said := refusal(ea.size_law, net, max_cost=between))
    assert "ask for arithmetic='float'" in said
    assert "float" not in refusal(ea.size_law, net, max_cost=below)
    assert sum(ea.size_law(net, max_cost=between, arithmetic="float").values()) == pytest.approx(1)


def test_the_law_of_sizes_is_offered_where_it_is_allowed() -> None:
    net = dense(16)
    sizes, durations = (ea.plan(net, of=of).chosen.seconds for of in ("size", "duration"))
    assert "for size_law" in refusal(ea.duration_law, net, max_cost=(sizes * durations) ** 0.5)
    assert "for size_law" not in refusal(ea.duration_law, net, max_cost=sizes / 2)


def test_values_for_symbols_are_offered_where_they_help() -> None:
    a = sympy.Symbol("a", positive=True)
    assert "with values for symbols" in refusal(ea.size_law, dense(12, a), max_cost=1)
    assert "with values for symbols" not in refusal(ea.size_law, dense(26, a), max_cost=1)


@pytest.mark.slow
def test_values_for_symbols_are_offered_with_floats_where_only_they_help() -> None:
    a, numbers = sympy.Symbol("a", positive=True), dense(16)
    exact = ea.plan(numbers).chosen.seconds
    rounded = ea.plan(numbers, arithmetic="float").chosen.seconds
    offered = "with values for symbols and arithmetic='float'"
    assert offered in refusal(ea.size_law, dense(16, a), max_cost=(exact * rounded) ** 0.5)
    assert offered not in refusal(ea.size_law, dense(16, a), max_cost=2 * exact)


def test_the_law_of_sizes_is_offered_for_that_of_many_groups() -> None:
    net = ea.families.homogeneous(60, "1/2")
    assert "ask for the law of sizes" in refusal(joint, net)
    assert sum(ea.size_law(net).values()) == 1
    assert "the law of sizes" not in refusal(joint, dense(60))


def test_a_method_is_named_to_who_asked_for_it() -> None:
    net = dense(8)
    said = refusal(ea.duration_law, net, method="rings")
    assert "by method='rings': the couplings form no ring: leave method out, or ask" in said
    said = refusal(ea.duration_law, net, method="rings", max_cost=1e-9)
    assert "leave method out" not in said
    assert "leave method out" not in refusal(ea.size_law, dense(41), method="subsets")


def test_a_plan_in_which_nothing_applies_marks_nothing() -> None:
    plan = ea.plan(dense(60, density=0.2))
    assert "*" not in plan.text()
    assert "✓" not in plan._repr_html_()
    asked = ea.plan(dense(60, density=0.2), method="subsets")
    assert "* subsets" in asked.text()
    assert "✓" in asked._repr_html_()


def test_more_time_is_offered_only_where_it_would_pass() -> None:
    assert "raise max_cost and give more machines" in refusal(ea.size_law, dense(36))
    assert "raise max_cost" not in refusal(ea.size_law, dense(40), arithmetic="exact", method="populations")


def test_patterns_are_refused_with_what_helps(monkeypatch: pytest.MonkeyPatch) -> None:
    net = ea.families.homogeneous(20, "1/2")
    said = refusal(ea.pattern_law, net, max_cost=1)
    assert "raise max_cost" in said
    assert "for size_duration_law" in said
    assert "size_duration_law" not in refusal(ea.pattern_law, dense(34), max_cost=1)
    monkeypatch.setattr(generations, "_MOST_PATTERNS", 100)
    assert "raise max_cost" not in refusal(ea.pattern_law, net, max_cost=1)


def test_small_avalanches_are_refused_with_what_helps() -> None:
    net = ea.families.homogeneous(40, "1/2")
    said = refusal(ea.size_law, net, up_to=9, max_cost=20)
    assert "for a smaller up_to" in said
    assert "for the whole law" in said
    assert "float" not in said
    said = refusal(ea.size_law, net, up_to=3, max_cost=1e-9)
    assert "smaller up_to" not in said
    assert "whole law" not in said


def test_a_run_that_outgrows_its_memory_is_not_told_of_floats(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "resident", lambda: 99.0)
    with pytest.raises(TooCostlyError) as caught:
        memory.Memory(10.0, 100.0).check()
    assert "float" not in str(caught.value)


def test_a_unit_that_too_many_receive_from_has_no_list_of_generations() -> None:
    """2^29 second generations are not listed, nor are those of which a half is."""
    n = 30
    entries = {(i, 0): sympy.Rational(1, i + 2) for i in range(1, n)}
    net = ea.Network.from_entries(n, {**entries, (1, 2): "1/7", (2, 1): "1/9"})
    bid = ea.plan(net, start=0, of="duration", method="generations").chosen
    assert bid.seconds == float("inf")
    assert bid.reason == "more than 33,554,432 steps from one generation to the next"
    exact = ea.duration_law(net, 1)  # one that few receive from
    assert sum(exact.values()) == 1
