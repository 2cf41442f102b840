"""Laws against the brute-force oracles, as integers, on random networks without symmetry."""

import copy
import pickle
from collections import Counter
from fractions import Fraction
from typing import Any

import oracles
import pytest
import strategies
import sympy
from hypothesis import given, settings

import exactav as ea
from exactav.errors import (
    CheckFailedError,
    InvalidNetworkError,
    MissingIncrementError,
    OptionError,
    TooCostlyError,
    UnboundSymbolError,
    UnknownOutcomeError,
    UnknownSymbolError,
    UnknownUnitError,
)
from exactav.laws.assembly import forest_weight_without
from exactav.laws.measure import Exact, Rounded

few = settings(max_examples=40)
alpha, beta = sympy.symbols("alpha beta")


def network(data: Any) -> ea.Network:
    return ea.Network(data.weights, data.thresholds, drive=data.drive, increment=data.increment)


def fractions(law: Any) -> dict[Any, Fraction]:
    return {outcome: Fraction(int(p.p), int(p.q)) for outcome, p in law.pmf().items()}


def positive(law: dict[Any, Fraction]) -> dict[Any, Fraction]:
    return {outcome: p for outcome, p in law.items() if p}


@few
@given(strategies.integer_networks())
def test_counts_of_recurrent_states_are_the_volumes(data: Any) -> None:
    net = network(data)
    states = oracles.recurrent_states(data.weights, data.thresholds, data.increment)
    assert len(states) == net.volume()
    for start, p in enumerate(data.drive):
        if not p:
            continue
        counts = oracles.count_patterns(data.weights, data.thresholds, start, data.increment)
        assemblies: Counter[frozenset[int]] = Counter()
        for pattern, count in counts.items():
            assemblies[frozenset().union(*pattern)] += count
        for assembly, count in assemblies.items():
            if assembly:
                outside = set(range(net.n_units)) - assembly
                volume = ea.tree_weight(net, assembly, start) * ea.forest_weight(net, outside)
                assert count == data.increment * volume


@few
@given(strategies.integer_networks())
def test_laws_per_step_are_those_of_the_dynamics(data: Any) -> None:
    net = network(data)
    patterns = oracles.pattern_law(data.weights, data.thresholds, data.drive, data.increment)
    assert fractions(ea.pattern_law(net).per_step()) == positive(patterns)
    assert fractions(ea.assembly_law(net).per_step()) == positive(oracles.assembly_law(patterns))
    assert fractions(ea.size_law(net).per_step()) == positive(oracles.size_law(patterns))
    assert fractions(ea.duration_law(net).per_step()) == positive(oracles.duration_law(patterns))
    joint = oracles.size_duration_law(patterns)
    assert fractions(ea.size_duration_law(net).per_step()) == positive(joint)
    assert 1 - patterns.get((), Fraction(0)) == ea.avalanche_probability(net)


@few
@given(strategies.integer_networks())
def test_laws_of_one_start_are_those_of_the_dynamics(data: Any) -> None:
    net = network(data)
    for start, p in enumerate(data.drive):
        if not p:
            continue
        only = [Fraction(int(unit == start)) for unit in range(net.n_units)]
        patterns = oracles.pattern_law(data.weights, data.thresholds, only, data.increment)
        assert fractions(ea.pattern_law(net, start).per_step()) == positive(patterns)
        conditional = oracles.given_avalanche(patterns)
        assert fractions(ea.assembly_law(net, start)) == positive(oracles.assembly_law(conditional))
        sizes = oracles.size_law(conditional)
        assert fractions(ea.size_law(net, start)) == positive(sizes)
        assert ea.mean_size(net, start) == sum(size * q for size, q in sizes.items())
        shares = [
            sum(q for a, q in oracles.assembly_law(conditional).items() if j in a) for j in range(net.n_units)
        ]
        assert list(ea.participation(net).col(start)) == shares
        second = sum(len(pattern[1]) * q for pattern, q in conditional.items() if len(pattern) > 1)
        assert ea.mean_second_generation(net, start) == second


@few
@given(strategies.integer_networks())
def test_rates_are_those_of_the_dynamics(data: Any) -> None:
    net = network(data)
    patterns = oracles.pattern_law(data.weights, data.thresholds, data.drive, data.increment)
    firings = [
        sum(q for a, q in oracles.assembly_law(patterns).items() if j in a) for j in range(net.n_units)
    ]
    assert list(ea.firing_rates(net)) == firings


@few
@given(strategies.rational_networks())
def test_assembly_law_is_that_of_listed_forests(data: Any) -> None:
    net = network(data)
    expected = oracles.assembly_law_by_listing(data.weights, data.thresholds, data.drive)
    law = ea.assembly_law(net)
    assert fractions(law) == positive(expected)
    for assembly, p in list(expected.items())[:5]:
        assert ea.assembly_probability(net, assembly) == p
    assert ea.pattern_law(net).assembly_law() == law
    assert ea.pattern_law(net).size_duration_law() == ea.size_duration_law(net)
    assert law.size_law() == ea.size_law(net) == ea.size_duration_law(net).size_law()
    assert ea.size_law(net).mean() == ea.mean_size(net) == sum(ea.participation_overall(net))


@few
@given(strategies.rational_networks())
def test_patterns_have_the_probability_of_their_formula(data: Any) -> None:
    net = network(data)
    for pattern, p in list(ea.pattern_law(net).pmf().items())[:20]:
        assert ea.pattern_probability(net, pattern) == p
        (start,) = pattern[0]
        assert ea.pattern_probability(net, pattern, start) == ea.pattern_law(net, start)[pattern]


@few
@given(strategies.rational_networks(max_units=3))
def test_symbols_and_numbers_commute(data: Any) -> None:
    """The recursion in symbols, with numbers put in, gives what modular determinants give of the numbers."""
    n = len(data.weights)
    names = {f"w{i}{j}": data.weights[i][j] for i in range(n) for j in range(n)}
    names |= {f"U{i}": data.thresholds[i] for i in range(n)}
    symbolic = ea.Network(
        [[f"w{i}{j}" if data.weights[i][j] else 0 for j in range(n)] for i in range(n)],
        [f"U{i}" for i in range(n)],
        drive=data.drive,
    )
    used = {name: value for name, value in names.items() if name in {s.name for s in symbolic.symbols}}
    net = network(data)
    assert ea.size_law(symbolic).at(used) == ea.size_law(net)
    assert ea.assembly_law(symbolic).at(used) == ea.assembly_law(net)
    assert ea.size_duration_law(symbolic).at(used) == ea.size_duration_law(net)
    by_substitution = ea.size_law(symbolic)[1].subs(used)
    assert sympy.cancel(by_substitution - ea.size_law(net)[1]) == 0


def test_algebraic_numbers_are_exact() -> None:
    root = sympy.sqrt(2)
    net = ea.Network(
        [[0, root / 2, 0], ["1/3", root / 10, "1/5"], [0, "1/5", 0]],
        drive=[root / 2, 1 - root / 2, 0],
        increment=1 - 3 * root / 5,
    )
    symbolic = ea.Network(
        [[0, "r/2", 0], ["1/3", "r/10", "1/5"], [0, "1/5", 0]],
        drive=["r/2", "1 - r/2", 0],
        increment="1 - 3*r/5",
    )
    for question in (ea.size_law, ea.assembly_law, ea.pattern_law, ea.size_duration_law):
        assert question(symbolic).at({"r": root}) == question(net)
        assert question(symbolic).per_step().at({"r": root}) == question(net).per_step()
    assert sum(ea.size_law(net).pmf().values()).equals(1)
    assert sympy.simplify(ea.size_law(net).mean() - ea.mean_size(net)) == 0
    assert sympy.simplify(ea.size_law(net).per_step()[0] - 1 + ea.avalanche_probability(net)) == 0


def test_symbols_and_roots_together() -> None:
    net = ea.Network([[0, sympy.sqrt(3) * alpha / 3], [alpha, 0]])
    law = ea.size_law(net)
    assert law.at({alpha: "1/2"}) == ea.size_law(ea.Network([[0, sympy.sqrt(3) / 6], ["1/2", 0]]))
    assert sympy.simplify(sum(law.pmf().values())) == 1


# Laws as objects.


def test_a_law_is_an_immutable_mapping() -> None:
    law = ea.size_law(ea.families.homogeneous(3, "3/4"))
    assert dict(law) == {1: sympy.Rational(3, 8), 2: sympy.Rational(1, 4), 3: sympy.Rational(3, 8)}
    assert list(law) == [1, 2, 3]
    assert len(law) == 3
    assert 3 in law
    assert 4 not in law
    with pytest.raises(AttributeError, match="immutable"):
        law.total = 1
    with pytest.raises(TypeError):
        law.weights[1] = 5  # type: ignore[index]


@pytest.mark.parametrize("parameter", ["3/4", alpha, sympy.sqrt(2) / 2, sympy.sqrt(2) * alpha])
def test_laws_can_be_copied_and_pickled(parameter: Any) -> None:
    net = ea.families.homogeneous(3, parameter, increment="1/10")
    for law in (ea.assembly_law(net), ea.size_law(net, start=1).per_step(), ea.pattern_law(net)):
        for copied in (copy.copy(law), copy.deepcopy(law), pickle.loads(pickle.dumps(law))):
            assert copied == law
            assert copied.pmf() == law.pmf()


def test_outcomes_that_cannot_happen_have_probability_zero() -> None:
    net = ea.Network([[0, 0], ["1/2", 0]])
    law = ea.assembly_law(net, start=1)
    assert law[{0, 1}] == 0
    assert {0, 1} not in law
    assert ea.pattern_law(net)[[{1}, {0}]] == 0
    assert ea.pattern_probability(net, [{0, 1}]) == 0
    assert ea.pattern_probability(net, [{0}, {1}], start=1) == 0
    assert ea.assembly_probability(net, set()) == 0


@pytest.mark.parametrize("key", [0, 4, "x", 1.5, None])
def test_sizes_that_are_no_outcomes(key: Any) -> None:
    with pytest.raises(UnknownOutcomeError, match="wanted an integer from 1 to 3"):
        ea.size_law(ea.families.homogeneous(3, "3/4"))[key]


def test_sets_and_patterns_that_are_no_outcomes() -> None:
    net = ea.families.homogeneous(3, "3/4")
    with pytest.raises(UnknownOutcomeError, match="no set of units"):
        ea.assembly_law(net)[3]
    with pytest.raises(UnknownUnitError, match="no unit is labelled 7"):
        ea.assembly_law(net)[{0, 7}]
    with pytest.raises(UnknownOutcomeError, match="at most once"):
        ea.pattern_law(net)[[{0}, {0, 1}]]
    with pytest.raises(UnknownOutcomeError, match="nonempty"):
        ea.pattern_probability(net, [{0}, set()])
    with pytest.raises(UnknownOutcomeError, match=r"wanted \(size, duration\)"):
        ea.size_duration_law(net)[3]
    with pytest.raises(UnknownUnitError, match="no unit is labelled 'Medici'"):
        ea.size_law(net, start="Medici")
    nonsense: Any = "x"
    assert nonsense not in ea.size_law(net)


def test_labels_name_units_everywhere() -> None:
    net = ea.Network([[0, "1/2"], ["1/4", 0]], labels=["a", "b"], drive={"a": 1})
    assert ea.assembly_law(net).pmf() == {
        frozenset({"a"}): sympy.Rational(3, 4),
        frozenset({"a", "b"}): sympy.Rational(1, 4),
    }
    assert (
        ea.assembly_law(net)[["b", "a"]] == ea.assembly_probability(net, {"a", "b"}) == sympy.Rational(1, 4)
    )
    assert ea.pattern_law(net)[[{"a"}, {"b"}]] == sympy.Rational(1, 4)
    assert ea.mean_size(net, "b") == ea.size_law(net, start="b").mean()
    assert repr(ea.assembly_law(net)) == "<AssemblyLaw given an avalanche: {a}: 3/4, {a, b}: 1/4>"


def test_moments() -> None:
    law = ea.size_law(ea.families.homogeneous(4, "1/2"))
    assert law.moment(0) == 1
    assert law.mean() == sum(size * p for size, p in law.items())
    assert law.variance() == sympy.Rational(133, 40) - law.mean() ** 2
    symbolic = ea.size_law(ea.families.homogeneous(4, alpha))
    assert symbolic.variance().subs(alpha, sympy.Rational(1, 2)) == law.variance()


def test_most_probable_and_events() -> None:
    law = ea.assembly_law(ea.families.ring(5, "4/5"))
    best = law.most_probable(3)
    assert [p for _, p in best] == sorted(law.pmf().values(), reverse=True)[:3]
    assert law.probability(lambda units: 2 in units) == ea.participation_overall(law.network)[2]
    with pytest.raises(TypeError, match="not ordered"):
        ea.size_law(ea.families.ring(3, alpha)).most_probable(1)


def test_equality_is_that_of_mathematics() -> None:
    ring = ea.families.ring(4, alpha)
    assert ea.size_law(ring).at({alpha: "1/2"}) == ea.size_law(ea.families.ring(4, "1/2"))
    assert ea.size_law(ring) != ea.size_law(ea.families.line(4, alpha))
    assert ea.size_law(ring) != ea.duration_law(ring)
    assert ea.size_law(ea.families.ring(4, beta)).at({beta: alpha}) == ea.size_law(ring)
    assert hash(ea.size_law(ring)) == hash(ea.size_law(ea.families.ring(4, alpha)))


def test_substitution() -> None:
    law = ea.size_law(ea.families.homogeneous(4, alpha))
    assert law.at({alpha: 2 * beta}).at({"beta": "1/4"}) == law.at({"alpha": "1/2"})
    root = sympy.sqrt(2) / 2
    assert sympy.radsimp(law.at({alpha: root})[4] - law[4].subs(alpha, root)).expand() == 0
    with pytest.raises(UnknownSymbolError, match="its symbols: alpha"):
        law.at({beta: 1})
    with pytest.raises(InvalidNetworkError, match="sums to 2, threshold is 1"):
        law.at({alpha: 2})
    with pytest.raises(TypeError, match="write Rational"):
        law.at({alpha: 0.5})


def test_limits_of_the_parameters() -> None:
    law = ea.size_law(ea.families.homogeneous(4, alpha))
    assert law.at({alpha: 0}).pmf() == {1: 1}
    assert ea.size_law(ea.Network([["1/2"]])).pmf() == {1: 1}


def test_per_step_needs_an_increment() -> None:
    net = ea.families.homogeneous(3, "3/4")
    with pytest.raises(MissingIncrementError, match=r"increment=\.\.\.\) of at most 1/4"):
        ea.size_law(net).per_step()
    with pytest.raises(MissingIncrementError, match="avalanche_probability"):
        ea.avalanche_probability(net)
    with pytest.raises(MissingIncrementError, match="firing_rates"):
        ea.firing_rates(net)
    closed = ea.Network([[0, 1], ["1/2", 0]])
    with pytest.raises(MissingIncrementError, match="without leak allows none"):
        ea.size_law(closed).per_step()


def test_weak_drive_of_a_unit_without_leak() -> None:
    net = ea.Network([[0, 1], ["1/2", 0]])
    assert ea.size_law(net, start=0).pmf() == {1: sympy.Rational(1, 2), 2: sympy.Rational(1, 2)}


def test_per_step_of_a_start() -> None:
    net = ea.families.homogeneous(3, "3/4", increment="1/8")
    law = ea.assembly_law(net, start=1).per_step()
    assert law[()] == law[law.nothing] == 1 - ea.avalanche_probability(net, start=1)
    assert sum(law.values()) == 1
    assert law.per_step() is law
    assert ea.pattern_law(net).per_step()[()] == law[()]
    assert ea.size_duration_law(net).per_step()[0, 0] == law[()]


def test_increment_and_drive_in_symbols() -> None:
    step, p = sympy.symbols("dU p")
    net = ea.Network([[0, alpha], [alpha, 0]], drive=[p, 1 - p], increment=step)
    law = ea.size_law(net).per_step()
    values = {alpha: "1/3", step: "1/5", p: "1/7"}
    number = ea.Network([[0, "1/3"], ["1/3", 0]], drive=["1/7", "6/7"], increment="1/5")
    assert law.at(values) == ea.size_law(number).per_step()
    assert sympy.cancel(ea.avalanche_probability(net) - 1 + law[0]) == 0


def test_digits_of_symbols_name_the_symbol() -> None:
    with pytest.raises(UnboundSymbolError, match="no value for alpha"):
        ea.size_law(ea.families.homogeneous(3, alpha)).evaluate(10)


def test_cost_is_refused_at_once() -> None:
    net = ea.Network.from_entries(34, {(i, j): f"{i + 2 * j + 1}/5000" for i in range(34) for j in range(34)})
    for law in (ea.size_law, ea.assembly_law):
        with pytest.raises(TooCostlyError, match="17,179,869,184 sets"):
            law(net)
    questions: list[Any] = [ea.duration_law, ea.size_duration_law, ea.pattern_law]
    for question in questions:
        with pytest.raises(TooCostlyError, match=r"raise max_cost|more than this machine has"):
            question(net, max_cost=1)
    with pytest.raises(TooCostlyError, match=r"more than the allowed 1e-06 seconds"):
        ea.size_duration_law(ea.families.homogeneous(8, "1/2"), max_cost=1e-6)
    assert ea.mean_size(net) > 1
    assert 0 < ea.assembly_probability(net, {0, 5, 33}) < 1
    assert 0 < ea.pattern_probability(net, [{0}, {1, 2}]) < 1


def test_a_law_that_does_not_sum_to_its_determinant_is_refused() -> None:
    measure = ea.size_law(ea.families.homogeneous(3, "3/4")).measure
    assert isinstance(measure, Exact)
    with pytest.raises(CheckFailedError, match="closed determinant"):
        Exact(measure.ring, {**measure.weights, 1: measure.weights[1] + 1}, measure.total)
    with pytest.raises(CheckFailedError, match="negative"):
        Exact(measure.ring, {1: measure.total + 1, 2: measure.ring(-1)}, measure.total)
    with pytest.raises(CheckFailedError, match="more than their error bound"):
        Rounded({1: 0.5, 2: 0.5 + 1e-12}, 10)


def test_per_step_laws_of_networks_with_values_put_in() -> None:
    """Whatever factor the weights were cleared by."""
    net = ea.families.populations([1, 2], [["1/3", alpha / 5], ["1/7", "1/9"]], increment="1/8")
    law = ea.size_law(net)
    values = {alpha: sympy.Rational(3, 4)}
    assert law.at(values).per_step() == law.per_step().at(values) == ea.size_law(net.at(values)).per_step()
    again = pickle.loads(pickle.dumps(law.at(values)))
    assert again.per_step() == law.at(values).per_step()


def test_a_start_that_may_fire_twice_has_no_law_per_step() -> None:
    """Its leak is below the increment; the numbers that came out were those of waves."""
    undriven = ea.Network([[0, 1], [9, 0]], thresholds=[3, 10], drive=[1, 0], increment=2)
    selfish = ea.Network([[0, 0], [0, "9/10"]], drive=[1, 0], increment=1)
    root = ea.Network([[0, 0], [0, sympy.sqrt(2) / 2]], drive=[1, 0], increment=1)
    for net in (undriven, selfish, root):
        with pytest.raises(InvalidNetworkError, match="of start 1: the increment"):
            ea.avalanche_probability(net, 1)
        for law in (ea.size_law(net, 1), ea.pattern_law(net, 1), ea.duration_law(net, 1)):
            with pytest.raises(InvalidNetworkError, match="can fire more than once"):
                law.per_step()
        step = ea.size_law(net, 0).per_step()
        assert step[0] == 1 - ea.avalanche_probability(net, 0)
        assert all(p > 0 for p in step.values())
    half = ea.Network([[0, 1], [9, 0]], thresholds=[3, 10], drive=[1, 0], increment=1)
    assert ea.avalanche_probability(half, 1) == ea.green_matrix(half)[1, 1]


def test_moments_are_of_whole_orders() -> None:
    law = ea.size_law(ea.families.homogeneous(3, "3/4"))
    assert (law.moment(0), law.moment(1), law.moment(sympy.Integer(2))) == (1, 2, sympy.Rational(19, 4))
    for order in (sympy.Rational(1, 2), -1, 0.5, True, "2"):
        with pytest.raises(OptionError, match="wanted a whole number of at least 0"):
            law.moment(order)  # type: ignore[arg-type]


def test_laws_that_are_equal_as_mathematics_are_equal() -> None:
    nested = sympy.sqrt(5 + 2 * sympy.sqrt(6)) / 10
    plain = (sympy.sqrt(2) + sympy.sqrt(3)) / 10
    one, other = (ea.size_law(ea.families.homogeneous_without_self(3, w)) for w in (nested, plain))
    assert one == other
    assert one != ea.size_law(ea.families.homogeneous_without_self(3, plain + sympy.Rational(1, 10**9)))
    squared = ea.size_law(ea.Network([[0, alpha**2 / 3], ["1/4", 0]])).at({alpha: sympy.sqrt(2)})
    assert squared == ea.size_law(ea.Network([[0, "2/3"], ["1/4", 0]]))
    assert squared.most_probable(1) == [(1, sympy.Rational(13, 24))]
    cube = sympy.cbrt(2)
    rooted = sympy.CRootOf(sympy.Symbol("x") ** 3 - 2, 0)
    assert ea.size_law(ea.families.ring(4, cube / 2)) == ea.size_law(ea.families.ring(4, rooted / 2))


def test_a_law_given_a_size_is_a_law() -> None:
    net = ea.families.populations([2, 1], [["1/5", "1/7"], ["1/9", 0]], increment="1/8")
    law = ea.composition_law(net)
    given_two = law.given_size(2)
    assert isinstance(given_two, ea.CompositionLaw)
    assert sum(given_two.values()) == 1
    assert given_two[1, 1] == law[1, 1] / law.probability(lambda counts: sum(counts) == 2)
    assert "given size 2" in repr(given_two)
    assert r"\mid \text{size 2}" in given_two.latex()
    assert pickle.loads(pickle.dumps(given_two)) == given_two
    with pytest.raises(OptionError, match="given size 2"):
        given_two.per_step()
    with pytest.raises(UnknownOutcomeError, match="never fire"):
        law.given_size(9)
    rounded = ea.composition_law(net, arithmetic="float").given_size(2)
    for counts, probability in given_two.items():
        assert abs(sympy.Rational(float(rounded[counts])) / probability - 1) <= rounded.error_bound


def test_old_names_of_laws_warn() -> None:
    law = ea.assembly_law(ea.families.ring(4, "1/2"))
    with pytest.warns(DeprecationWarning, match="AssemblyLaw.outcome_text is now .kind.text"):
        assert law.outcome_text(frozenset({0, 1})) == "{0, 1}"
    with pytest.warns(DeprecationWarning, match="is now .measure.total"):
        assert law.total == sum(law.weights.values())
    with pytest.warns(DeprecationWarning, match="Plan.estimates is now .bids"):
        assert ea.plan(law.network).estimates == ea.plan(law.network).bids


@pytest.mark.parametrize("arithmetic", ["exact", "float"])
def test_laws_of_sizes_know_their_outcomes_in_both_arithmetics(arithmetic: Any) -> None:
    """An avalanche has one unit at least; of those that are watched, none may fire."""
    net = ea.families.ring(5, "4/5")
    law = ea.size_law(net, arithmetic=arithmetic)
    watched = ea.size_law(net, observed=[0, 2], arithmetic=arithmetic)
    assert (sorted(law), sorted(watched)) == ([1, 2, 3, 4, 5], [0, 1, 2])
    for wrong in (0, 6):
        with pytest.raises(UnknownOutcomeError):
            law[wrong]
    with pytest.raises(UnknownOutcomeError):
        watched[6]


def test_the_determinants_behind_a_probability() -> None:
    """Rows have scales of their own, which must not be in the normaliser."""
    net = ea.Network([[0, "1/2", "1/3"], ["1/4", 0, "1/5"], ["1/7", "1/6", 0]], thresholds=[2, 1, 3])
    for start in range(3):
        minor = net.matrix.minor_submatrix(start, start).det()
        assert forest_weight_without(net, start) == minor
        shown = ea.assembly_latex(net, {start}, start=start)
        assert sympy.latex(minor) in shown
        assert sympy.latex(ea.assembly_probability(net, {start}, start)) in shown
