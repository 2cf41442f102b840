"""Conjectures: false ones get the smallest counterexample of their structure, true ones none."""

import pickle
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import oracles
import pytest
import sympy
from claims import large, one, summed, zero

import exactav as ea
from exactav.conjectures import cases
from exactav.conjectures.clock import Clock, OutOfTimeError
from exactav.conjectures.shrinking import shrunk
from exactav.conjectures.sides import Side, tried
from exactav.errors import ArgumentError, OptionError, TooCostlyError, UndecidedError

Network = ea.Network


def transposed(net: Network) -> Any:
    return ea.size_law(Network(net.weights.T, thresholds=net.thresholds))


def _triples(net: Network) -> Iterator[tuple[Any, Any, Any]]:
    labels = net.labels
    return ((i, j, k) for k in labels for i in labels for j in labels if len({i, j, k}) == 3)


def both(net: Network) -> dict[Any, Any]:
    laws = {k: ea.assembly_law(net, k) for k in net.labels}
    return {(i, j, k): laws[k].probability({i, j}.issubset) for i, j, k in _triples(net)}


def product(net: Network) -> dict[Any, Any]:
    P, at = ea.participation(net), net.index
    return {(i, j, k): P[at(i), at(k)] * P[at(j), at(k)] for i, j, k in _triples(net)}


def test_pairs_of_units_are_not_independent() -> None:
    found = ea.conjecture(both, product)
    assert isinstance(found, ea.Refuted)
    assert found.network.n_units == 3
    assert len(found.network.entries) == 2
    rows = [[Fraction(str(weight)) for weight in row] for row in found.network.weights.tolist()]
    for i, j, k in _triples(found.network):
        law = oracles.assembly_law_by_listing(rows, [1] * 3, [Fraction(unit == k) for unit in range(3)])
        alone = [sum(p for A, p in law.items() if unit in A) for unit in (i, j)]
        together = sum(p for A, p in law.items() if {i, j} <= A)
        assert found.left_value[i, j, k] == sympy.Rational(str(together))
        assert found.right_value[i, j, k] == sympy.Rational(str(alone[0] * alone[1]))
    assert any(found.left_value[triple] != found.right_value[triple] for triple in found.left_value)


@pytest.mark.parametrize(
    ("over", "outcome"),
    [
        ("symmetric", "proved"),
        ("circulant", "proved"),
        ("symmetric and conservative", "proved"),
        ("directed", "refuted"),
        ("conservative", "refuted"),
        ("trees", "refuted"),
    ],
)
def test_where_sizes_are_those_of_the_transposed_weights(over: str, outcome: str) -> None:
    found = ea.conjecture(ea.size_law, transposed, over, max_units=4)
    assert found.outcome == outcome
    if isinstance(found, ea.Refuted):  # with two units they are
        assert found.network.n_units == 3
        assert found.left_value != found.right_value


def test_mean_sizes_depend_on_more_than_row_sums() -> None:
    def spread(net: Network) -> Any:
        rows = [[(1 - s) / net.n_units] * net.n_units for s in net.leak]
        return ea.mean_size(Network(rows))

    found = ea.conjecture(ea.mean_size, spread, over="directed")
    assert isinstance(found, ea.Refuted)
    assert found.network == Network([[0, 0], ["1/2", 0]])
    assert ea.conjecture(ea.mean_size, spread, over="homogeneous", max_units=3).outcome == "proved"


def _run(code: str) -> tuple[dict[str, Any], str]:
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    names: dict[str, Any] = {}
    exec(code, names)
    return names, said


def test_a_counterexample_is_python_to_copy(capsys: pytest.CaptureFixture[str]) -> None:
    found = ea.conjecture(ea.mean_size, ea.formulas.get("ring.mean"), over="star")
    assert isinstance(found, ea.Refuted)
    assert eval(repr(found.network), {"Network": Network}) == found.network
    names, said = _run(found.code)
    assert names["net"] == found.network
    assert said.split() == [str(found.left_value), str(found.right_value)]
    assert found.code.splitlines()[:2] == ["import exactav as ea", "from exactav import Network"]
    found = ea.conjecture(ea.size_law, ea.formulas.get("ring.size"), over="star")
    assert isinstance(found, ea.Refuted)
    exec(found.code)
    assert capsys.readouterr().out.splitlines()[-1] == str(found.right_value)


def test_a_large_counterexample_is_python_too() -> None:
    ring = ea.families.ring(8, "1/2", labels=[("a", i) for i in range(8)])
    found = ea.conjecture(ea.mean_size, one, over=ring)
    assert isinstance(found, ea.Refuted)
    assert found.shrinking == "a network of one's own, as it is"
    assert "# one of net is 1" in found.code
    names: dict[str, Any] = {}
    exec(found.code, names)
    assert names["net"] == ring == found.network


@pytest.mark.parametrize(
    ("name", "over"),
    [
        ("homogeneous.size", "homogeneous"),
        pytest.param("ring.size", ea.families.ring, marks=pytest.mark.slow),
        ("bipartite.size", "bipartite"),
        ("star.mean", "star"),
        ("k_ring.mean", "k_ring"),
        ("homogeneous.no_avalanche", "homogeneous and with increment"),
    ],
)
def test_formulas_have_the_values_of_their_family(name: str, over: Any) -> None:
    def silent(net: Network) -> Any:
        return 1 - ea.avalanche_probability(net)

    left = {"size": ea.size_law, "mean": ea.mean_size, "no_avalanche": silent}[name.partition(".")[2]]
    found = ea.conjecture(left, ea.formulas.get(name), over, max_units=3, count=6, max_cost=600)
    assert isinstance(found, ea.ProvedUpTo)
    assert found.n_units == 3
    other = ea.conjecture(ea.formulas.get("homogeneous.mean"), ea.formulas.get("star.mean"), "star")
    assert other.outcome == "refuted"


def test_a_formula_without_values_is_refused() -> None:
    with pytest.raises(ArgumentError, match=r"ring.mean.* needs alpha, and networks over trees have N only"):
        ea.conjecture(ea.mean_size, ea.formulas.get("ring.mean"), over="trees")
    with pytest.raises(ArgumentError, match="needs k, and networks over ring have N, alpha only"):
        ea.conjecture(ea.mean_size, ea.formulas.get("k_ring.mean"), over="ring")


def test_what_was_only_tested_is_not_called_true() -> None:
    rings = [ea.families.ring(n, "1/2") for n in (5, 3, 4)]
    found = ea.conjecture(ea.mean_size, summed, over=rings)
    assert isinstance(found, ea.NotRefuted)
    assert [(row.n_units, row.agreed) for row in found.covered] == [(3, 1), (4, 1), (5, 1)]
    said = found.text() + repr(found) + found._repr_html_()
    assert "not refuted in 3 networks with N = 3 to 5, and not proved" in said
    assert not {"true", "holds", "correct"} & set(said.lower().split())


def test_networks_of_ones_own() -> None:
    by_size = ea.conjecture(ea.mean_size, summed, over=lambda n: ea.families.ring(n, "1/2"), max_units=4)
    assert [row.n_units for row in by_size.covered] == [2, 3, 4]  # there is no ring of one
    assert by_size.outcome == "not refuted"
    several = ea.conjecture(
        large, zero, over=lambda n: [ea.families.ring(n, "1/2")] * 2 if n > 1 else [], max_units=4
    )
    assert isinstance(several, ea.Refuted)
    assert (several.network, several.n_agreed) == (ea.families.ring(3, "1/2"), 2)
    both = ea.conjecture(ea.mean_size, summed, over=["trees", ea.families.ring(3, "1/2")], max_units=2)
    assert both.over == ("networks of one's own", "trees")
    assert both.outcome == "not refuted"
    stream = (ea.families.ring(n, "1/2") for n in range(2, 5))
    assert ea.conjecture(ea.mean_size, summed, over=stream).n_agreed == 3


def test_networks_of_ones_own_may_have_symbols() -> None:
    ring = ea.families.ring(3, "alpha")
    assert ea.conjecture(ea.mean_size, summed, over=ring).outcome == "not refuted"
    found = ea.conjecture(ea.mean_size, lambda net: 1 + net.weights[0, 1] ** 2, over=ring)
    assert isinstance(found, ea.Refuted)
    assert not found.network.symbols
    assert found.left_value == ea.mean_size(found.network) != found.right_value


def test_errors_are_shown_and_counted_apart() -> None:
    def without_one(net: Network) -> Any:
        if net.n_units == 2:
            raise KeyError("no such unit")
        return ea.mean_size(net)

    found = ea.conjecture(ea.mean_size, without_one, over="directed", max_units=3, count=5)
    assert found.outcome == "not refuted"
    assert [(row.n_units, row.agreed, row.failed) for row in found.covered] == [
        (1, 1, 0),
        (2, 0, 5),
        (3, 5, 0),
    ]
    (failure,) = found.failures
    assert (failure.where, failure.network.n_units) == ("right", 2)
    assert failure.error == "KeyError: 'no such unit'"
    assert "KeyError: 'no such unit'" in found.text()
    with pytest.raises(
        UndecidedError, match=r"error on all of 11 networks, first in left of Network.*ZeroDiv"
    ) as caught:
        ea.conjecture(lambda net: 1 // 0, zero, over="directed", max_units=3, count=5)
    assert isinstance(caught.value.__cause__, ZeroDivisionError)
    with pytest.raises(UndecidedError, match="is a float"):
        ea.conjecture(lambda net: ea.assembly_law(net).entropy(10), one)
    with pytest.raises(UndecidedError, match="returned None"):
        ea.conjecture(lambda net: None, lambda net: None)


def test_undecided_comparisons_are_counted_apart() -> None:
    found = ea.conjecture(lambda net: object(), lambda net: object(), over="directed", max_units=2, count=3)
    assert isinstance(found, ea.NotRefuted)
    assert (found.n_agreed, found.n_undecided) == (0, 4)
    assert "no equality is known of object" in found.text()


def test_sizes_of_which_nothing_is_known_are_left_out_of_a_proof() -> None:
    def of_pairs(net: Network) -> Any:
        return net.weights[0, 1] * ea.participation(net)[0, 1]

    found = ea.conjecture(of_pairs, of_pairs, over="directed", max_units=3, count=4)
    assert isinstance(found, ea.ProvedUpTo)
    assert found.sizes == (2, 3)
    assert "proved for N = 2 to 3" in repr(found)
    assert found.n_failed == 1


def test_functions_that_take_no_symbols_are_not_proved() -> None:
    def by_digits(net: Network) -> Any:
        return ea.mean_size(net) if all(weight > 0 for weight in net.entries.values()) else 0

    found = ea.conjecture(ea.mean_size, by_digits, over="directed", max_units=3, count=4)
    assert isinstance(found, ea.NotRefuted)
    assert "with symbols for the numbers of 2 units, right fails: TypeError" in found.unproved


def test_symbols_that_are_treated_otherwise_refute_nothing() -> None:
    def mean(net: Network) -> Any:
        return 7 if net.symbols else ea.mean_size(net)

    found = ea.conjecture(ea.mean_size, mean, over="directed", max_units=3, count=4)
    assert isinstance(found, ea.NotRefuted)
    assert "refuted: " in found.unproved
    assert found.n_agreed > 100  # more were drawn of the size at which symbols differ


def test_what_symbols_refute_is_found_in_numbers() -> None:
    def rare(net: Network) -> Any:
        """Another number only where a weight is 1/7."""
        return 1 + sympy.prod(7 * weight - 1 for weight in net.entries.values())

    found = ea.conjecture(rare, one, over="directed", max_units=3, count=1)
    assert isinstance(found, ea.Refuted)
    seven = ea.conjecture(rare, one, over=[Network([[0, "1/7"], ["1/2", 0]])])
    assert seven.outcome == "not refuted"


def test_a_seed_says_which_networks_are_tried() -> None:
    def tried(seed: int) -> list[Network]:
        seen: list[Network] = []

        def noted(net: Network) -> int:
            seen.append(net)
            return 1

        ea.conjecture(noted, one, max_units=3, count=5, seed=seed)
        return seen

    assert tried(1) == tried(1) != tried(2)


def test_a_result_is_neither_true_nor_false() -> None:
    for over, right in (("directed", one), ("directed", summed), ([Network([[0]])], summed)):
        found = ea.conjecture(ea.mean_size, right, over, max_units=2)
        with pytest.raises(ArgumentError, match=f"{found.outcome} is neither True nor False"):
            bool(found)
        assert pickle.loads(pickle.dumps(found)) == found
        assert found.text() in (found._repr_html_(), found.text())
        with pytest.raises(AttributeError):
            found.stopped = "by hand"  # type: ignore[misc]


@pytest.mark.parametrize(
    ("arguments", "error", "said"),
    [
        ({"left": 3}, ArgumentError, "left = 3: give a function of a network, or a formula"),
        ({"over": "symetric"}, OptionError, "no structure is called 'symetric' .did you mean 'symmetric'?"),
        ({"over": "trees and rings"}, OptionError, "trees and rings both say which units are connected"),
        ({"over": "ring and symmetric"}, OptionError, "symmetric would change the weights of a ring network"),
        ({"over": "trees and zero weights", "max_units": 2}, OptionError, "there are no such networks of at"),
        ({"over": []}, OptionError, "over = nothing: name a structure"),
        ({"over": lambda n: n}, ArgumentError, r"over: <lambda>\(1\) gave 1: return a network"),
        ({"over": iter([3])}, ArgumentError, "over: 3: name a structure"),
        ({"count": 0}, OptionError, "count = 0: wanted a whole number of at least 1"),
        ({"max_cost": 0}, TooCostlyError, "not one network was tried, .* raise max_cost"),
    ],
)
def test_wrong_arguments_say_what_was_wanted(arguments: dict[str, Any], error: type, said: str) -> None:
    given: dict[str, Any] = {"left": ea.mean_size, "right": summed, "over": "any", **arguments}
    with pytest.raises(error, match=said):
        ea.conjecture(**given)


def stuck(net: Network) -> int:
    time.sleep(9 * (net.n_units > 1))
    return 1


def slow(net: Network) -> Any:
    time.sleep(0.02 * 4 ** (net.n_units - 1))
    return ea.mean_size(net)


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="there is no timer")
def test_the_time_limits_all_of_it() -> None:
    before = signal.getsignal(signal.SIGALRM)
    begun = time.monotonic()
    found = ea.conjecture(stuck, one, "directed", max_cost=0.3)
    assert time.monotonic() - begun < 1
    assert isinstance(found, ea.NotRefuted)
    assert found.covered == (found.covered[0],)
    assert "for the search were over at 2 units over directed" in found.stopped
    assert signal.getsignal(signal.SIGALRM) == before
    assert signal.getitimer(signal.ITIMER_REAL)[0] == 0


def test_the_time_is_kept_by_estimates_elsewhere() -> None:
    """In other threads nothing that has begun is stopped."""
    found: list[Any] = []

    def ask() -> None:
        found.append(ea.conjecture(slow, summed, over=lambda n: ea.families.line(n, "1/2"), max_cost=1))

    thread = threading.Thread(target=ask)
    begun = time.monotonic()
    thread.start()
    thread.join()
    assert time.monotonic() - begun < 2
    assert [row.n_units for row in found[0].covered] == [1, 2, 3]
    assert "one network of 4 units would take about" in found[0].stopped


def test_shrinking_stops_when_the_time_is_over() -> None:
    sides = Side.of(large, "left"), Side.of(zero, "right")
    ground = cases.structured("directed")
    trial = next(
        found for case in ground.cases(4, 9, seed=1) if (found := tried(*sides, case)).outcome == "refuted"
    )
    assert shrunk(trial, ground, lambda case: tried(*sides, case), Clock(0)) == (trial, False)
    smallest, is_through = shrunk(trial, ground, lambda case: tried(*sides, case), Clock(60))
    assert is_through
    assert smallest.case.network == Network([[0, 0, 0], [0, 0, "1/2"], ["1/2", 0, 0]])


def test_an_interrupt_passes_through() -> None:
    def interrupted(net: Network) -> Any:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        ea.conjecture(interrupted, one)


def test_a_clock_that_is_over_starts_nothing() -> None:
    with pytest.raises(OutOfTimeError), Clock(0).running():
        raise AssertionError


def test_a_proof_ends_before_it_takes_too_long() -> None:
    found = ea.conjecture(ea.mean_size, summed, over="any", max_units=9, count=1, max_cost=2)
    assert isinstance(found, ea.ProvedUpTo)
    assert found.n_units < 7
    assert "the proof, one network of" in found.stopped
