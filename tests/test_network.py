"""The door: what a network takes, what it refuses, and with which words."""

import copy
import pickle
from decimal import Decimal
from fractions import Fraction
from typing import Any

import mpmath
import numpy as np
import pytest
import sympy

import exactav as ea
from exactav.errors import (
    ArgumentError,
    InexactError,
    InvalidNetworkError,
    MissingIncrementError,
    OptionError,
    ParseError,
    SingularNetworkError,
    UnknownSymbolError,
    UnknownUnitError,
)
from exactav.laws.starts import Starts
from exactav.numbers.domains import quotient

a = sympy.Symbol("a")
quarter = sympy.Rational(1, 4)


def anything(value: Any) -> Any:
    """``value``, whatever its type; for calls that the types forbid."""
    return value


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
        ({"weights": [[0, sympy.sin(a)], [0, 0]]}, InexactError, "not made of symbols by roots"),
        ({"weights": [[0, a**a], [0, 0]]}, InexactError, "not made of symbols by roots"),
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


def test_a_flag_is_no_label() -> None:
    net = ea.Network([[0, "1/2"], [0, 0]])
    assert net.index(np.int64(1)) == 1
    with pytest.raises(UnknownUnitError, match="no unit is labelled True; labels are 0, 1"):
        net.index(True)
    assert ea.Network([[0, 0], [0, 0]], labels=[False, True]).index(True) == 1


def test_collections_of_labels() -> None:
    net = ea.Network([[0, "1/2"], [0, 0]], labels=["ab", "a"])
    assert net.indices(["a", "ab", "a"]) == [0, 1]
    assert net.indices("a") == [1]
    for labels in ("ab", 3, None):
        with pytest.raises(InvalidNetworkError, match="is no collection of labels"):
            net.indices(anything(labels))
    assert net.received(0, {1}) == sympy.Rational(1, 2)
    assert net.received(0, {0}) == 0


@pytest.mark.parametrize("name", ["ab", None])
def test_mappings_from_labels(name: str | None) -> None:
    first, second = list(name) if name else [0, 1]
    given: dict[str, Any] = {"thresholds": {second: 5, first: 7}, "drive": {second: 1}, "labels": name}
    net = ea.Network([[0, 1], [1, 0]], **given)
    assert net.thresholds == (7, 5)
    assert net.drive == (0, 1)
    assert ea.Network.from_entries(2, {(0, 1): 1, (1, 0): 1}, **given) == net
    assert ea.Network.from_floats([[0, 1.0], [1.0, 0]], **given) == net
    for make in (ea.Network, ea.Network.from_floats):
        with pytest.raises(InvalidNetworkError, match=f"no threshold of unit {first!r}: a mapping gives one"):
            make([[0, 1], [1, 0]], thresholds={second: 5}, labels=name)
        with pytest.raises(UnknownUnitError, match="no unit is labelled 2"):
            make([[0, 1], [1, 0]], thresholds={first: 5, second: 6, 2: 7}, labels=name)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"thresholds": {2, 3}}, "threshold = {2, 3}: give a sequence"),
        ({"thresholds": frozenset([2])}, "give a sequence"),
        ({"thresholds": b"23"}, "threshold = b'23': give a sequence"),
        ({"drive": {"1/2"}}, "drive = {'1/2'}: give a sequence"),
        ({"drive": "10"}, "drive = '10': give a sequence"),
        ({"weights": [{0: 1, 1: 2}, {}]}, "not a sequence"),
        ({"weights": [{1, 2}, {3, 4}]}, "not a sequence"),
        ({"weights": {0: {1: 1}, 1: {0: 1}}}, "weights of type dict: give a square matrix"),
        ({"weights": 10**5000}, "weights of type int: give a square matrix"),
        ({"weights": [10**5000]}, "a number of about 5000 digits is not a sequence"),
        ({"labels": {"x", "y"}}, "labels = .*: give a sequence of N labels in order"),
        ({"labels": {"x": 0, "y": 1}}, "labels = .*: give a sequence of N labels in order"),
        ({"labels": 2}, "labels = 2: give a sequence of N labels in order"),
        ({"labels": [None, "x"]}, "label None names nothing"),
        ({"labels": [float("nan"), "x"]}, "label nan names nothing"),
        ({"labels": [1, True]}, "label True is equal to label 1: labels must be distinct"),
        ({"labels": [([],), "x"]}, r"label \(\[\],\) is not hashable"),
    ],
)
def test_what_is_no_list_of_units_is_refused(arguments: dict[str, Any], message: str) -> None:
    everything: dict[str, Any] = {"weights": [[0, 1], [1, 0]], "thresholds": 2} | arguments
    for make in (ea.Network, ea.Network.from_floats):
        with pytest.raises(InvalidNetworkError, match=message):
            make(**everything)


def test_what_is_in_order_is_taken() -> None:
    for thresholds in (
        (u for u in (5, 7)),
        {5: 0, 7: 0}.keys(),
        np.array([5, 7]),
        sympy.Matrix([5, 7]),
        sympy.Matrix([[5, 7]]),
    ):
        assert ea.Network([[0, 1], [1, 0]], thresholds).thresholds == (5, 7)
    assert ea.Network([[0, 1], [1, 0]], np.array(5)).thresholds == (5, 5)
    assert (
        ea.Network.from_floats([[0, 1], [1, 0]], thresholds=np.array(5.5)).thresholds
        == (sympy.Rational(11, 2),) * 2
    )
    assert ea.Network.from_floats([[0, 1], [1, 0]], thresholds=sympy.Matrix([5.5, 7])).thresholds[1] == 7
    assert ea.Network([[0]], labels={"x": 0}.keys()).labels == ("x",)
    assert ea.Network([[np.False_, np.True_], [0, 0]], thresholds=2).weights == sympy.Matrix([[0, 1], [0, 0]])


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


@pytest.mark.parametrize(
    ("value", "exact"),
    [
        (5e-324, sympy.Rational(1, 2**1074)),
        (1e308, sympy.Integer(int(1e308))),
        (np.float32(0.1), sympy.Rational(13421773, 2**27)),
        (np.longdouble(1) / 3, sympy.Rational(*map(int, (np.longdouble(1) / 3).as_integer_ratio()))),
        (mpmath.mpf(2) ** -5000, sympy.Rational(1, 2**5000)),
        (sympy.Float(2) ** 5000, sympy.Integer(2) ** 5000),
        (sympy.Float("0.1", 40), None),
        (Decimal("1e-330"), sympy.Rational(1, 10**330)),
        (2**70, sympy.Integer(2) ** 70),
        (np.uint64(2**63 + 1), sympy.Integer(2**63 + 1)),
        (True, sympy.Integer(1)),
    ],
)
def test_floats_of_all_kinds_are_the_fractions_they_are(value: Any, exact: sympy.Expr | None) -> None:
    wanted = sympy.Rational(value) if exact is None else exact
    net = ea.Network.from_floats([[0]], thresholds=[value], increment=value)
    assert net.thresholds == (wanted,)
    assert net.increment == wanted
    assert ea.Network.from_floats([[0, value], [0, 0]], thresholds=2**5001).weights[0, 1] == wanted


@pytest.mark.parametrize(
    "value",
    [
        float("nan"),
        float("-inf"),
        np.float32("inf"),
        np.longdouble("inf"),
        mpmath.inf,
        mpmath.nan,
        mpmath.mpc(1),
        mpmath.iv.mpf([1, 2]),
        sympy.oo,
        sympy.nan,
        sympy.true,
        Decimal("sNaN"),
        Decimal("1e999999999"),
        1j,
        [1],
        None,
        a > 1,
        sympy.Poly(a),
    ],
)
def test_what_is_no_number_is_refused_everywhere(value: Any) -> None:
    calls: list[Any] = [
        lambda make: make([[0, value], [0, 0]]),
        lambda make: make([[0, 0], [0, 0]], thresholds=[value, 1]),
        lambda make: make([[0, 0], [0, 0]], drive=[value, 1]),
        lambda make: make([[0, 0], [0, 0]], drive={0: value, 1: 1}),
    ]
    if value is not None:
        calls.append(lambda make: make([[0, 0], [0, 0]], increment=value))
    for call in calls:
        for make in (ea.Network, ea.Network.from_floats):
            with pytest.raises(InexactError):
                call(make)


@pytest.mark.parametrize("bound", [0, -1, 1.5, "10", True])
def test_largest_denominators_are_whole_numbers(bound: Any) -> None:
    with pytest.raises(OptionError, match=r"max_denominator = .*: give a whole number"):
        ea.Network.from_floats([[0.1]], max_denominator=bound)


def test_from_entries() -> None:
    net = ea.Network.from_entries(3, {(1, 0): "1/2", (2, 1): a}, labels="xyz")
    assert net == ea.Network([[0, 0, 0], ["1/2", 0, 0], [0, a, 0]], labels="xyz")
    assert ea.Network.from_entries(2, anything({(np.int64(1), np.int8(0)): "1/2"})).weights[
        1, 0
    ] == sympy.Rational(1, 2)
    with pytest.raises(InvalidNetworkError, match=r"weight at \(3, 0\) of a network of 3 units"):
        ea.Network.from_entries(3, {(3, 0): 1})
    for key in (1, (1,), (1.0, 0), (0, 1, 2), "01"):
        with pytest.raises(InvalidNetworkError, match="give two whole numbers"):
            ea.Network.from_entries(2, {anything(key): 1})
    for n_units in (-1, 1.0, "2", True):
        with pytest.raises(InvalidNetworkError, match="units: give a whole number"):
            ea.Network.from_entries(anything(n_units), {})
    with pytest.raises(InvalidNetworkError, match="entries of type list: give a mapping"):
        ea.Network.from_entries(2, anything([(0, 1, "1/2")]))


def test_putting_values_in() -> None:
    net = ea.Network([[0, a], [a, 0]], thresholds=[2, 1], labels="xy", increment=a / 2)
    assert net.symbols == (a,)
    assert net.at({"a": "1/2"}) == ea.Network(
        [[0, "1/2"], ["1/2", 0]], thresholds=[2, 1], labels="xy", increment="1/4"
    )
    assert net.at({a: "5/6"}).increment == sympy.Rational(5, 12)  # above the leak 1/6
    with pytest.raises(InvalidNetworkError, match="row 'y' of W sums to 6/5"):
        net.at({a: "6/5"})
    with pytest.raises(SingularNetworkError):
        ea.Network([[0, a], [a, 0]]).at({a: 1})
    with pytest.raises(UnknownSymbolError, match="not a symbol"):
        net.at({"b": 1})
    with pytest.raises(UnknownSymbolError, match="given two values"):
        net.at({"a": "1/2", a: "1/3"})
    with pytest.raises(ArgumentError, match="give a mapping"):
        net.at(anything([("a", 1)]))


def test_two_symbols_of_one_name_are_refused() -> None:
    positive = sympy.Symbol("a", positive=True)
    with pytest.raises(
        InvalidNetworkError, match=r"called a, Symbol\('a'\) and Symbol\('a', positive=True\): use one"
    ):
        ea.Network([[0, a], [positive, 0]])
    for other in (positive, sympy.Dummy("a")):
        with pytest.raises(InvalidNetworkError, match="two different symbols are called a"):
            ea.Network([[0, a], [sympy.Symbol("b"), 0]], increment=other)
    assert ea.Network([[0, a], [0, 0]]).at({positive: "1/2"}) == ea.Network([[0, "1/2"], [0, 0]])
    assert ea.Network([[0, positive], [0, 0]]).at({"a": "1/2"}).symbols == ()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (sympy.sqrt(5 + 2 * sympy.sqrt(6)) / 10, (sympy.sqrt(2) + sympy.sqrt(3)) / 10),
        (sympy.cbrt(7 + 5 * sympy.sqrt(2)) / 10, (1 + sympy.sqrt(2)) / 10),
        (sympy.cbrt(2) ** 2 / 10, sympy.cbrt(4) / 10),
        (sympy.CRootOf(a**3 - 2, 0) / 10, sympy.cbrt(2) / 10),
        (sympy.rootof(a**2 - 2, 1, radicals=False) / 10, sympy.sqrt(2) / 10),
        (sympy.GoldenRatio / 10, (1 + sympy.sqrt(5)) / 20),
        (sympy.cos(sympy.pi / 7) / 10, sympy.CRootOf(8 * a**3 - 4 * a**2 - 4 * a + 1, 2) / 10),
        (sympy.sqrt(2 + sympy.sqrt(3)) / 10, sympy.sqrt(2) * (1 + sympy.sqrt(3)) / 20),
        (a * sympy.sqrt(2) / (2 * a + sympy.sqrt(8)), a / (sympy.sqrt(2) * a + 2)),
        ((sympy.sqrt(2) - 1) * (sympy.sqrt(2) + 1) / 4, quarter),
        ((a + 1) ** 2 - a**2 - 2 * a - sympy.Rational(1, 2), sympy.Rational(1, 2)),
        (a * sympy.Symbol("b") / a / 9, sympy.Symbol("b") / 9),
        (sympy.Mul(2, quarter, evaluate=False), sympy.Rational(1, 2)),
        (sympy.Pow(4, -1, evaluate=False), quarter),
        (sympy.exp(0, evaluate=False) / 4, quarter),
    ],
)
def test_equal_numbers_make_equal_networks(one: sympy.Expr, other: sympy.Expr) -> None:
    first, second = (ea.Network([[0, weight], ["1/3", 0]]) for weight in (one, other))
    assert first == second
    assert hash(first) == hash(second)
    assert first.symbols == second.symbols
    copied = pickle.loads(pickle.dumps(first))
    assert copied == first
    assert copied.symbols == first.symbols
    assert first != ea.Network([[0, other * sympy.Rational(10**12 + 1, 10**12)], ["1/3", 0]])


def test_what_cancels_leaves_the_field() -> None:
    both = [[0, (sympy.sqrt(2) - 1) * (sympy.sqrt(2) + 1) / 4], [a * (1 + 1 / a) - a, 0]]
    net = ea.Network(both, thresholds=2)
    assert net.field.is_QQ
    assert net.weights == sympy.Matrix([[0, quarter], [1, 0]])
    assert ea.size_law(net) == ea.size_law(ea.Network([[0, quarter], [1, 0]], thresholds=2))
    assert len(ea.sample_assemblies(net, 10, seed=1)) == 10
    smaller = ea.Network([[0, sympy.sqrt(2) * (1 + sympy.sqrt(3)) / 9 - sympy.sqrt(2) / 9], [0, 0]])
    assert smaller.field == sympy.QQ.algebraic_field(sympy.sqrt(6))


def test_networks_are_values() -> None:
    net = ea.Network([[0, a], ["1/3", 0]])
    assert net == ea.Network([["0", "a"], ["1/3", 0]])
    assert hash(net) == hash(ea.Network([["0", "a"], ["1/3", 0]]))
    assert net != ea.Network([[0, a], ["1/3", 0]], increment=a)
    assert net.with_increment("1/9").increment == sympy.Rational(1, 9)
    assert repr(net) == "Network([[0, 'a'], ['1/3', 0]])"
    assert repr(ea.Network([[0]], thresholds=2)) == "Network([[0]], thresholds=2)"
    assert repr(ea.families.ring(7, "1/2")) == "<Network of 7 units>"
    assert "pmatrix" in net._repr_latex_()
    with pytest.raises(TypeError):
        net.rows[0][0] = 1  # type: ignore[index]
    assert pickle.loads(pickle.dumps(net)) == net
    assert copy.copy(net) is copy.deepcopy(net) is net


@pytest.mark.parametrize("name", ["labels", "weights", "thresholds", "increment", "leak", "rows", "other"])
def test_nothing_of_a_network_can_be_set(name: str) -> None:
    net = ea.families.ring(4, "1/2")
    before = repr(net), hash(net)
    with pytest.raises(AttributeError, match=f"a network is immutable: {name} cannot be set"):
        setattr(net, name, 1)
    with pytest.raises(AttributeError, match="immutable"):
        delattr(net, name)
    assert (repr(net), hash(net)) == before
    with pytest.raises(TypeError):
        net.entries[0, 1] = 1  # type: ignore[index]


def test_hashes_see_the_weights() -> None:
    assert len({hash(ea.families.ring(5, sympy.Rational(k, 20))) for k in range(1, 15)}) == 14
    assert len({hash(ea.families.ring(5, sympy.sqrt(2) / k)) for k in range(2, 16)}) == 14
    assert len({hash(ea.families.ring(5, a / k)) for k in range(2, 16)}) == 14
    assert len({hash(ea.families.ring(5, sympy.sqrt(2) * a / k)) for k in range(2, 16)}) == 14


def test_what_is_left_may_never_be_driven() -> None:
    chain = ea.Network([[0, 1, 0], [0, 0, 0], [0, 0, 0]], [2, 1, 1], drive=[0, 1, 0], increment=1)
    rest = chain.reduced_by({1})
    assert rest.drive == (sympy.Rational(1, 2),) * 2
    assert rest.increment is None
    half = sympy.Rational(1, 2)
    with pytest.raises(SingularNetworkError, match="units 0, 1 have no leak"):
        ea.Network([[0, half, half], [half, 0, half], [0, 0, 0]], drive=[0, 0, 1]).reduced_by({2})
    with pytest.raises(InvalidNetworkError, match="threshold of unit 0 is 0"):
        ea.Network([[0, 1], [0, 0]], drive=[0, 1]).reduced_by({1})


def test_steps_above_the_leak_of_an_undriven_start() -> None:
    net = ea.Network([[0, 1], [9, 0]], thresholds=[3, 10], drive=[1, 0], increment=2)
    assert net.require_one_wave("a law") == net.require_one_wave("a law", 0) == 2
    with pytest.raises(
        InvalidNetworkError, match="a law of start 1: the increment 2 is above its leak 1, so"
    ):
        net.require_one_wave("a law", 1)
    with pytest.raises(MissingIncrementError, match="a law needs the input per slow step"):
        net.with_increment(None).require_one_wave("a law", 1)
    with pytest.raises(UnknownUnitError):
        net.require_one_wave("a law", 2)
    irrational = ea.Network([[0, 0], [0, sympy.sqrt(2) / 2]], drive=[1, 0], increment=1)
    with pytest.raises(InvalidNetworkError, match="above its leak"):
        irrational.require_one_wave("a law", 1)
    assert irrational.with_increment(1 - sympy.sqrt(2) / 2).require_one_wave("a law", 1)
    open_sign = ea.Network([[0, a], [0, 0]], drive=[0, 1], increment=1)
    assert open_sign.require_one_wave("a law", 0) == 1


def test_close_leaks_are_compared_exactly() -> None:
    root, near = sympy.sqrt(2) / 10, sympy.Rational(665857, 4708320)
    assert ea.Network([[0, root], [near, 0]]).largest_increment() == 1 - near


def test_an_ill_formed_increment_of_symbols_is_assumed_fine() -> None:
    net = ea.Network([[0, a], [a, 0]], increment="d")
    assert net.largest_increment() == 1 - a
    assert ea.Network([[0, a], [0, 0]]).largest_increment() is None


def test_determinants_of_trees_in_symbols() -> None:
    """Of 31 units in two symbols, which elimination in polynomials takes minutes for, against numbers."""
    alpha, beta = sympy.symbols("alpha beta", positive=True)
    edges = {(unit, (unit - 1) // 2): alpha / 3 for unit in range(1, 31)}
    edges |= {((unit - 1) // 2, unit): beta / 4 for unit in range(1, 31)}
    net = ea.Network.from_entries(31, edges)
    values = {alpha: sympy.Rational(1, 2), beta: sympy.Rational(2, 3)}
    assert net.volume().subs(values) == net.at(values).volume()
    found = [
        quotient(starts.system.ring, starts.total, starts.volume)
        for starts in (Starts.of(net, None), Starts.of(net.at(values), None))
    ]
    assert found[0].subs(values) == found[1]


def test_latex_of_large_networks_lists_what_differs() -> None:
    few = ea.Network.from_entries(30, {(i, i + 1): "1/3" for i in range(5)}, thresholds=[1, 2] * 15)
    text = few.latex()
    assert r"(30 \times 30 \text{ matrix with } 5 \text{ weights})" in text
    assert r"U_i &= \{1,\  2\}" in text
    assert text.count(r"\frac{1}{3}$") == 5
    assert r"\vdots" not in text
    many = ea.Network.from_entries(
        30, {(i, i - j): "1/99" for i in range(30) for j in range(1, i + 1)}, thresholds=list(range(1, 31))
    )
    assert r"U_i &= \text{30 different values}" in many.latex()
    assert r"\vdots" in many.latex()


def test_what_is_left_out_or_misnamed_is_said_as_python_says_it() -> None:
    ask: Any = ea.mean_size
    with pytest.raises(TypeError, match="missing 1 required positional argument: 'net'"):
        ask()
    with pytest.raises(TypeError, match="unexpected keyword argument 'network'"):
        ask(network=ea.families.ring(3, "1/2"))
    assert ea.families.ring(3, "1/2")._model != "a model"
