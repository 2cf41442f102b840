"""The door: what a network takes, what it refuses, and with which words."""

import pickle
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
import sympy

import exactav as ea
from exactav.errors import (
    InexactError,
    InvalidNetworkError,
    ParseError,
    SingularNetworkError,
    UnknownSymbolError,
    UnknownUnitError,
)

a = sympy.Symbol("a")
quarter = sympy.Rational(1, 4)


@pytest.mark.parametrize(
    "weights",
    [
        [[0, "1/4"], ["0.25", 0]],
        ((0, Fraction(1, 4)), (Fraction(1, 4), 0)),
        sympy.Matrix([[0, quarter], [quarter, 0]]),
        sympy.ImmutableMatrix([[0, quarter], [quarter, 0]]),
        np.array([[0, Fraction(1, 4)], [Fraction(1, 4), 0]], dtype=object),
        [np.array([0, quarter]), (quarter, 0)],
    ],
)
def test_ways_to_write_weights(weights: Any) -> None:
    net = ea.Network(weights)
    assert net.weights == sympy.Matrix([[0, quarter], [quarter, 0]])
    assert net.leak == (1 - quarter, 1 - quarter)
    assert net.matrix == sympy.Matrix([[1, -quarter], [-quarter, 1]])
    assert net.volume() == sympy.Rational(15, 16)


def test_integer_arrays() -> None:
    net = ea.Network(np.array([[0, 1], [2, 0]]), thresholds=np.array([3, 4]), drive=[1, 0], increment=2)
    assert net.leak == (2, 2)
    assert net.thresholds == (3, 4)
    assert net.drive == (1, 0)
    assert net.increment == 2
    assert net.largest_increment() == 2


def test_row_is_receiver() -> None:
    net = ea.Network([[0, "1/2"], [0, 0]])
    assert ea.assembly_law(net, start=1)[{0, 1}] == sympy.Rational(1, 2)
    assert ea.assembly_law(net, start=0)[{0, 1}] == 0


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        (
            {"weights": [[0, 0.25], [0, 0]]},
            InexactError,
            r"W\[0, 1\] = 0.25 is a float; write Rational\(1, 4\)",
        ),
        ({"weights": np.array([[0, 0.1], [0, 0]])}, InexactError, r"W\[0, 0\] = 0.0 is a float"),
        ({"weights": [[0, float("nan")], [0, 0]]}, InexactError, r"W\[0, 1\] = nan is not a finite"),
        ({"weights": [[0, sympy.pi / 8], [0, 0]]}, InexactError, "not a real algebraic number"),
        ({"weights": [[0, sympy.I], [0, 0]]}, InexactError, "not a real algebraic number"),
        ({"weights": [[0, sympy.sqrt(a)], [0, 0]]}, InexactError, "not a rational function of its symbols"),
        ({"weights": [[0, sympy.exp(a)], [0, 0]]}, InexactError, "not a rational function of its symbols"),
        ({"weights": [[0, sympy.Symbol("z", imaginary=True)], [0, 0]]}, InexactError, "not real"),
        ({"weights": [[0, 1 / ((a + 1) ** 2 - a**2 - 2 * a - 1)], [0, 0]]}, InexactError, "divides by zero"),
        ({"weights": [[0, "x("], [0, 0]]}, ParseError, r"W\[0, 1\] = 'x\('"),
        ({"weights": [[0, -1], [0, 0]]}, InvalidNetworkError, r"W\[0, 1\] = -1 is negative"),
        ({"weights": [[0, 1 - sympy.sqrt(2)], [0, 0]]}, InvalidNetworkError, "is negative"),
        ({"weights": [[0, -sympy.Symbol("p", positive=True)], [0, 0]]}, InvalidNetworkError, "is negative"),
        ({"weights": [[0, 1]]}, InvalidNetworkError, "row 0 of W has 2 entries in a matrix of 1 rows"),
        ({"weights": [[0, 1], [1]]}, InvalidNetworkError, "must be square"),
        ({"weights": []}, InvalidNetworkError, "0 units"),
        ({"weights": 5}, InvalidNetworkError, "give a square matrix"),
        ({"weights": "1"}, InvalidNetworkError, "give a square matrix"),
        ({"weights": [1, 2]}, InvalidNetworkError, "not a sequence"),
        (
            {"weights": [["1/5", "1/2"], [1, "1/5"]]},
            InvalidNetworkError,
            "row 1 of W sums to 6/5, threshold is 1: lower the weights or raise the threshold",
        ),
        ({"weights": [[sympy.sqrt(2)]]}, InvalidNetworkError, r"sums to sqrt\(2\), threshold is 1"),
        ({"weights": [[0, 1], [1, 0]]}, SingularNetworkError, "units 0, 1 have no leak"),
        ({"weights": [[0, 1, 0], [1, 0, 0], ["1/2", 0, 0]]}, SingularNetworkError, "units 0, 1 have no leak"),
        (
            {"weights": [[0, 1], [1, 0]], "labels": ["x", "y"]},
            SingularNetworkError,
            "units 'x', 'y' have no leak",
        ),
        ({"weights": [[0]], "thresholds": 0}, InvalidNetworkError, "thresholds must be > 0"),
        ({"weights": [[0]], "thresholds": [1, 2]}, InvalidNetworkError, "2 entries of threshold for 1 units"),
        ({"weights": [[0]], "thresholds": 0.5}, InexactError, "threshold = 0.5 is a float"),
        ({"weights": [[0, 0], [0, 0]], "drive": [1, 1]}, InvalidNetworkError, "drive sums to 2"),
        ({"weights": [[0, 0], [0, 0]], "drive": [2, -1]}, InvalidNetworkError, "drive of unit 1 is -1"),
        ({"weights": [[0, 0], [0, 0]], "drive": [1]}, InvalidNetworkError, "1 entries of drive for 2 units"),
        ({"weights": [[0, 0], [0, 0]], "drive": {7: 1}}, UnknownUnitError, "no unit is labelled 7"),
        (
            {"weights": [[0, 0], [0, 0]], "drive": [0.5, 0.5]},
            InexactError,
            "drive of unit 0 = 0.5 is a float",
        ),
        (
            {"weights": [[0, "1/2"], [0, 0]], "increment": "3/4"},
            InvalidNetworkError,
            "increment 3/4 is above the leak 1/2 of the driven unit 0: it must be at most 1/2",
        ),
        ({"weights": [[0, 1], [0, 0]], "increment": "1/9"}, InvalidNetworkError, "it must be omitted"),
        (
            {"weights": [[10**5000]]},
            InvalidNetworkError,
            "sums to a number of about 5000 digits, threshold is 1",
        ),
        ({"weights": [[0]], "increment": 0}, InvalidNetworkError, "increment is 0: it must be > 0"),
        ({"weights": [[0]], "increment": 0.1}, InexactError, "increment = 0.1 is a float"),
        ({"weights": [[0, 0], [0, 0]], "labels": ["x", "x"]}, InvalidNetworkError, "'x' is used twice"),
        ({"weights": [[0, 0], [0, 0]], "labels": ["x"]}, InvalidNetworkError, "1 labels for 2 units"),
        ({"weights": [[0]], "labels": [["x"]]}, InvalidNetworkError, "not hashable"),
    ],
)
def test_refusals(arguments: dict[str, Any], error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        ea.Network(**arguments)


def test_units_that_are_not_driven_may_have_less_leak_than_the_increment() -> None:
    net = ea.Network([[0, 1], [0, 0]], drive=[0, 1], increment="1/2")
    assert net.leak == (0, 1)
    assert ea.avalanche_probability(net) == sympy.Rational(1, 2)


def test_self_coupling_alone_is_no_way_out() -> None:
    with pytest.raises(SingularNetworkError):
        ea.Network([[1, 0], [0, 0]])


def test_labels() -> None:
    net = ea.Network([[0, "1/2"], [0, 0]], labels=["x", ("y", 1)], drive={("y", 1): 1})
    assert net.labels == ("x", ("y", 1))
    assert net.index(("y", 1)) == 1
    assert net.drive == (0, 1)
    with pytest.raises(UnknownUnitError, match=r"labels are 'x', \('y', 1\)"):
        net.index(0)
    with pytest.raises(UnknownUnitError):
        net.index([0])  # type: ignore[arg-type]


def test_from_floats_is_exact_or_rounds() -> None:
    binary = ea.Network.from_floats([[0, 0.1], [0.5, 0]], thresholds=1.5, drive=[0.25, 0.75])
    assert binary.weights[0, 1] == sympy.Rational(3602879701896397, 36028797018963968)
    assert binary.thresholds == (sympy.Rational(3, 2),) * 2
    rounded = ea.Network.from_floats(np.array([[0, 0.1], [0.3, 0]]), max_denominator=10, labels="xy")
    assert rounded.weights == sympy.Matrix([[0, sympy.Rational(1, 10)], [sympy.Rational(3, 10), 0]])
    assert rounded.labels == ("x", "y")
    mixed = ea.Network.from_floats(
        [[0, "1/3"], [sympy.Float(0.5), Fraction(1, 7)]], drive={1: 1.0}, increment=0.125
    )
    assert mixed.weights[0, 1] == sympy.Rational(1, 3)
    with pytest.raises(InexactError, match=r"W\[0, 0\] = nan"):
        ea.Network.from_floats([[float("nan")]])


def test_from_entries() -> None:
    net = ea.Network.from_entries(3, {(1, 0): "1/2", (2, 1): a}, labels="xyz")
    assert net == ea.Network([[0, 0, 0], ["1/2", 0, 0], [0, a, 0]], labels="xyz")
    with pytest.raises(InvalidNetworkError, match=r"weight at \(3, 0\) of a network of 3 units"):
        ea.Network.from_entries(3, {(3, 0): 1})


def test_putting_values_in() -> None:
    net = ea.Network([[0, a], [a, 0]], thresholds=[2, 1], labels="xy", increment=a / 2)
    assert net.symbols == (a,)
    assert net.at({"a": "1/2"}) == ea.Network(
        [[0, "1/2"], ["1/2", 0]], thresholds=[2, 1], labels="xy", increment="1/4"
    )
    with pytest.raises(InvalidNetworkError, match="increment 5/12 is above the leak 1/6"):
        net.at({a: "5/6"})
    with pytest.raises(SingularNetworkError):
        ea.Network([[0, a], [a, 0]]).at({a: 1})
    with pytest.raises(UnknownSymbolError, match="not a symbol"):
        net.at({"b": 1})


def test_networks_are_values() -> None:
    net = ea.Network([[0, a], ["1/3", 0]])
    assert net == ea.Network([["0", "a"], ["1/3", 0]])
    assert hash(net) == hash(ea.Network([["0", "a"], ["1/3", 0]]))
    assert net != ea.Network([[0, a], ["1/3", 0]], increment=a)
    assert net.with_increment("1/9").increment == sympy.Rational(1, 9)
    assert repr(net) == "<Network of 2 units in a, W = [[0, a], [1/3, 0]]>"
    assert repr(ea.Network([[0]], thresholds=2)) == "<Network of 1 unit, W = [[0]], U = [2]>"
    assert repr(ea.families.ring(7, "1/2")) == "<Network of 7 units>"
    assert "\\left" in net._repr_latex_()
    with pytest.raises(TypeError):
        net.rows[0][0] = 1  # type: ignore[index]
    assert pickle.loads(pickle.dumps(net)) == net


def test_an_ill_formed_increment_of_symbols_is_assumed_fine() -> None:
    net = ea.Network([[0, a], [a, 0]], increment="d")
    assert net.largest_increment() == 1 - a
    assert ea.Network([[0, a], [0, 0]]).largest_increment() is None
