"""Equal laws of two networks, and where they differ."""

import pickle
from fractions import Fraction
from typing import Any

import oracles
import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import PlainNetwork, integer_networks

import exactav as ea
from exactav.errors import ArgumentError, ExactavError, OptionError, TooCostlyError, UndecidedError

Network = ea.Network
TURNED = [2, 1, 0]  # the names that the units of OTHER have in ONE
ONE = Network([[0, "a", 0], [0, 0, "a"], ["b", 0, 0]])
OTHER = Network([[0, 0, "b"], ["a", 0, 0], [0, "a", 0]])
OF = ("size", "duration", "size_duration", "assembly", "pattern", "participation")


def _network(plain: PlainNetwork) -> Network:
    return Network(plain.weights, plain.thresholds, plain.drive)


@given(integer_networks(max_units=3, max_volume=60), integer_networks(max_units=3, max_volume=60))
@settings(max_examples=12)
def test_laws_are_equal_where_enumeration_says_so(one: PlainNetwork, other: PlainNetwork) -> None:
    plain = [
        oracles.given_avalanche(oracles.pattern_law(net.weights, net.thresholds, net.drive))
        for net in (one, other)
    ]
    pushes: dict[str, Any] = {"size": oracles.size_law, "duration": oracles.duration_law}
    if len(one.thresholds) == len(other.thresholds):
        pushes |= {"assembly": oracles.assembly_law, "pattern": dict}
    for of, push in pushes.items():
        laws = [push(law) for law in plain]
        found = ea.same_law(_network(one), _network(other), of)
        assert bool(found) == (laws[0] == laws[1])
        if not found:
            expected = [law.get(found.where, Fraction(0)) for law in laws]
            assert [found.left, found.right] == [sympy.Rational(str(p)) for p in expected]
            assert found.difference == sympy.Rational(str(expected[0] - expected[1])) != 0
        else:
            assert found.difference == 0
            assert found.where is None


@given(integer_networks(max_units=3, max_volume=60), st.permutations(range(3)))
@settings(max_examples=12)
def test_units_are_told_by_their_labels(plain: PlainNetwork, order: list[int]) -> None:
    net = _network(plain)
    places = [unit for unit in order if unit < net.n_units]
    turned = Network(
        [[net.weights[i, j] for j in places] for i in places],
        [net.thresholds[i] for i in places],
        [net.drive[i] for i in places],
        labels=places,
    )
    for of in OF:
        assert ea.same_law(net, turned, of), of
    assert ea.same_law(net, turned, "composition", groups=[[0]])


def test_a_renaming_of_units_changes_laws_of_units_alone() -> None:
    for of in ("size", "duration", "size_duration"):
        found = ea.same_law(ONE, OTHER, of)
        assert found
        assert found.detail == "for all values of a, b"
    for of in ("assembly", "pattern", "participation"):
        assert not ea.same_law(ONE, OTHER, of)
    named = OTHER.replace(labels=TURNED)
    for of in OF:
        assert ea.same_law(ONE, named, of), of


@pytest.mark.parametrize("of", ["duration", "assembly", "pattern", "participation"])
def test_where_symbols_make_a_difference_both_are_networks(of: str) -> None:
    found = ea.same_law(ONE, OTHER, of)
    if of == "duration":
        found = ea.same_law(ONE, OTHER, of, start=0)
    nets = [net.at(found.point) for net in (ONE, OTHER)]  # which refuses values that are not allowed
    start = 0 if of == "duration" else None
    if of == "participation":
        sides = [ea.participation_overall(net)[net.index(found.where)] for net in nets]
    else:
        law_of: Any = getattr(ea, f"{of}_law")
        sides = [law_of(net, start)[found.where] for net in nets]
    assert [found.left, found.right] == sides
    assert found.difference == sides[0] - sides[1] != 0
    assert found.detail.endswith(", ".join(f"{name} = {value}" for name, value in found.point.items()))


def test_values_are_looked_for_where_rows_are_tight() -> None:
    """With many symbols, most of their values are above the thresholds."""
    symbols = [[0 if i == j else f"w_{i}{j}" for j in range(4)] for i in range(4)]
    found = ea.same_law(Network(symbols), Network(symbols, drive=["1/2", "1/2", 0, 0]))
    assert found.outcome == "different"
    assert Network(symbols).at(found.point).n_units == 4


def test_numbers_of_units_may_differ() -> None:
    found = ea.same_law(ea.families.ring(4, "3/4"), ea.families.ring(5, "3/4"))
    assert found.outcome == "different"
    assert found.point == {}
    lonely = Network([[0, "1/2", 0], ["1/2", 0, 0], [0, 0, 0]], drive=["1/2", "1/2", 0])
    assert ea.same_law(Network([[0, "1/2"], ["1/2", 0]]), lonely)
    assert ea.same_law(lonely, Network([[0, "1/2"], ["1/2", 0]]), "size_duration")
    longest = ea.same_law(
        Network([[0, 0], [1, 0]], drive=[1, 0]), Network([[0] * 3, [1, 0, 0], [1, 0, 0]], drive=[1, 0, 0])
    )
    assert (longest.where, longest.left, longest.right) == (2, 1, 0)


def test_starts_are_those_of_each_network() -> None:
    star = ea.families.star(4, "alpha")
    assert ea.same_law(star, star, start=1, other_start=3)
    assert not ea.same_law(star, star, start=0, other_start=3)
    assert not ea.same_law(star, star, start=0, other_start=None)
    assert ea.same_law(star, star, start=2) == ea.same_law(star, star)


def test_symbols_are_told_by_their_names() -> None:
    positive = sympy.Symbol("alpha", positive=True)
    assert ea.same_law(ea.families.ring(3, positive), ea.families.ring(3, "alpha"))
    found = ea.same_law(ea.families.ring(4, positive), ea.families.star(4, "alpha"))
    assert found.point == {"alpha": sympy.Rational(1, 2)}
    assert not ea.same_law(ea.families.ring(3, "alpha"), ea.families.ring(3, "beta"))


def test_roots_and_exponentials() -> None:
    root, squared = ea.families.ring(3, "sqrt(a)"), ea.families.ring(3, "a")
    assert ea.same_law(root, ea.families.homogeneous_without_self(3, "sqrt(a)"), "pattern")
    assert not ea.same_law(root, squared)
    rates = ea.same_law(ea.families.ring(4, "exp(-beta)"), ea.families.star(4, "exp(-beta)"))
    assert rates.point == {"beta": sympy.log(2)}
    half = ea.same_law(ea.families.ring(4, "1/2"), ea.families.star(4, "1/2"))
    assert (rates.left, rates.right) == (half.left, half.right)
    irrational = ea.same_law(ea.families.ring(3, sympy.sqrt(2) / 2), ea.families.ring(3, "1/2"))
    assert irrational.left is not None
    assert irrational.left.is_irrational
    assert irrational.difference == irrational.left - irrational.right != 0


def test_what_is_undecided_is_neither_true_nor_false() -> None:
    """The weight is an allowed one at a = 1/7 alone."""
    tight = Network([[0, "1 + (7*a - 1)**2"], [0, 0]], thresholds=1)
    found = ea.same_law(tight, Network([[0, 1], ["a", 0]], thresholds=1))
    assert found.outcome == "undecided"
    with pytest.raises(UndecidedError, match=r"laws of size are equal is undecided: P\(1\) is .* no values"):
        bool(found)
    with pytest.raises(UndecidedError):
        _ = found.difference


def test_results_are_values() -> None:
    found = ea.same_law(ONE, OTHER, "assembly")
    assert pickle.loads(pickle.dumps(found)) == found
    assert hash(found) == hash(ea.same_law(ONE, OTHER, "assembly"))
    assert repr(found) == f"<SameLaw: the laws of assembly are different: {found.detail}>"
    assert "a" in found._repr_html_()
    with pytest.raises(AttributeError):
        found.of = "size"  # type: ignore[misc]


@pytest.mark.parametrize(
    ("arguments", "error", "said"),
    [
        ({"other": "ring"}, ArgumentError, "same_law with 'ring': wanted a network"),
        ({"of": "sizes"}, OptionError, "of = 'sizes': give one of size, duration"),
        ({"groups": [[0]]}, OptionError, "of = 'size' with groups = .* are those of a composition"),
        ({"of": "composition"}, OptionError, "of = 'composition' with groups = None"),
        (
            {"of": "assembly", "other": ONE.replace(labels="abc")},
            OptionError,
            "only the first network has 0, 1, 2",
        ),
        ({"of": "pattern", "net": ea.families.ring(2, "a")}, OptionError, "only the second network has 2"),
        ({"start": "z"}, ExactavError, "no unit is labelled 'z'"),
    ],
)
def test_what_cannot_be_compared_is_refused(arguments: dict[str, Any], error: type, said: str) -> None:
    with pytest.raises(error, match=said):
        ea.same_law(**{"net": ONE, "other": OTHER, **arguments})


def test_costs_are_planned() -> None:
    dense = ea.families.homogeneous(8, "1/2").replace(weights={(0, j): f"1/{17 + j}" for j in range(8)})
    with pytest.raises(TooCostlyError, match="raise max_cost"):
        ea.same_law(dense, dense, max_cost=0)
    with pytest.raises(TooCostlyError):
        ea.same_law(dense, dense, "pattern", max_cost=0)
