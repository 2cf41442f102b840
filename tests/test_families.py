"""Families against graphs that networkx makes, published numbers, and their closed determinants."""

from collections.abc import Callable
from contextlib import suppress
from fractions import Fraction
from typing import Any

import networkx as nx
import numpy as np
import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

from exactav.errors import (
    ExactavError,
    InexactError,
    InvalidNetworkError,
    OptionError,
    ParseError,
    SingularNetworkError,
    TooCostlyError,
    UnknownUnitError,
)
from exactav.network import families
from exactav.network.families import CATALOGUE, from_spec
from exactav.network.network import Network

R = sympy.Rational
a = sympy.Symbol("a")
EXAMPLES = {
    "homogeneous": ["N=3,alpha=3/4", "N=4,alpha=a"],
    "homogeneous_without_self": ["N=3,alpha=3/4"],
    "populations": [
        "sizes=2;2,weights=1/5;1/10;1/10;1/5",
        "sizes=3,weights=1/5,leak=1/4",
        "sizes=1;2,weights=0;a;b;0,leak=r;s",
        "sizes=1;2,weights=0;1;1;0,thresholds=3;4",
    ],
    "ring": ["N=10,alpha=4/5", "N=3,alpha=1/2,drive=1;0;0,increment=1/2,labels=x;y;z"],
    "k_ring": ["N=5,alpha=1/2,k=2"],
    "directed_ring": ["N=3,alpha=0.5"],
    "line": ["N=10,alpha=4/5", "N=1,alpha=4/5"],
    "star": ["N=4,alpha=1/2"],
    "bipartite": ["n=2,m=3,alpha=1/2"],
    "torus": ["rows=2,columns=3,alpha=1/2", "rows=3,columns=3,alpha=a,neighbourhood=von_neumann"],
    "feedforward": ["sizes=2;3;1,alpha=1"],
    "generic": ["N=3", "N=2,self_coupling=true"],
}


def anything(value: Any) -> Any:
    """``value``, whatever its type; for calls that the types forbid."""
    return value


def graph_weights(graph: Any, weight: sympy.Expr) -> sympy.Matrix:
    """W of an undirected graph whose edges all weigh the same, in the order of its nodes."""
    units = list(graph)
    counts = [[graph.number_of_edges(u, v) for v in units] for u in units]
    return sympy.Matrix(counts) * weight


@pytest.mark.parametrize(
    ("net", "graph", "weight"),
    [
        (families.homogeneous_without_self(5, a), nx.complete_graph(5), a / 4),
        (families.ring(7, a), nx.cycle_graph(7), a / 2),
        (families.k_ring(9, a, 3), nx.circulant_graph(9, [1, 2, 3]), a / 6),
        (families.line(6, a), nx.path_graph(6), a / 2),
        (families.star(6, a), nx.star_graph(5), a / 5),
        (families.bipartite(2, 4, a), nx.complete_bipartite_graph(2, 4), a / 4),
        (families.torus(3, 5, a, "von_neumann"), nx.grid_2d_graph(3, 5, periodic=True), a / 4),
        (
            families.torus(3, 5, a),
            nx.strong_product(nx.cycle_graph(3), nx.cycle_graph(5)),
            a / 8,
        ),
    ],
)
def test_weights_are_those_of_the_graph(net: Network, graph: Any, weight: sympy.Expr) -> None:
    assert net.weights == graph_weights(graph, weight)
    assert net.n_units == graph.number_of_nodes()


def test_homogeneous_weights_and_labels() -> None:
    net = families.homogeneous(3, a)
    assert net.weights == sympy.ones(3) * a / 3
    assert net.labels == (0, 1, 2)
    assert net.leak == (1 - a,) * 3


def test_directed_ring_sends_forward() -> None:
    net = families.directed_ring(3, "1/2")
    assert net.weights == sympy.Matrix([[0, 0, 1], [1, 0, 0], [0, 1, 0]]) / 2


def test_feedforward_sends_forward() -> None:
    net = families.feedforward([2, 3, 1], "3/5")
    assert [(i, j) for i, row in enumerate(net.rows) for j in row] == [
        *((i, j) for i in (2, 3, 4) for j in (0, 1)),
        *((5, j) for j in (2, 3, 4)),
    ]
    assert net.leak == (1, 1, R(2, 5), R(2, 5), R(2, 5), R(2, 5))
    assert net.weights[2, 0] == R(3, 10)
    assert net.weights[5, 4] == R(1, 5)


def test_edges_that_join_the_same_pair_add() -> None:
    assert families.ring(2, a).weights == sympy.Matrix([[0, a], [a, 0]])
    assert families.k_ring(4, a, 2).weights[0, 2] == a / 2  # from both sides
    two_wide = families.torus(2, 3, a)
    assert two_wide.leak == (1 - a,) * 6
    assert two_wide.weights[two_wide.index((0, 0)), two_wide.index((1, 0))] == a / 4
    assert families.torus(2, 2, a, "von_neumann").weights == graph_weights(nx.cycle_graph(4), a / 2).permute(
        [0, 1, 3, 2]
    ).permute([0, 1, 3, 2], orientation="cols")


def test_populations_weights_run_from_sender_block_to_receiver_block() -> None:
    net = families.populations([1, 2], [["1/10", "1/5"], ["1/3", 0]])
    assert net.weights == sympy.Matrix([[R(1, 10), R(1, 5), R(1, 5)], [R(1, 3), 0, 0], [R(1, 3), 0, 0]])
    assert net.leak == (R(1, 2), R(2, 3), R(2, 3))


def test_populations_thresholds_follow_from_the_leak() -> None:
    weights = [["1/10", "1/5"], ["1/3", 0]]
    net = families.populations([1, 2], weights, leak=["1/2", a])
    assert net.leak == (R(1, 2), a, a)
    assert net.thresholds == (1, a + R(1, 3), a + R(1, 3))
    assert families.populations([1, 2], weights, leak="1/4").leak == (R(1, 4),) * 3
    assert families.populations([1, 2], weights, thresholds=[2, 3]).thresholds == (2, 3, 3)
    assert families.populations([1, 2], sympy.Matrix(weights), thresholds=2).thresholds == (2, 2, 2)


def test_populations_contain_the_homogeneous_network() -> None:
    assert families.populations([2, 3], [[a / 5, a / 5]] * 2) == families.homogeneous(5, a)
    assert families.populations([4], [[a / 4]]) == families.homogeneous(4, a)


def test_generic_has_nothing_but_weights_and_leaks() -> None:
    net = families.generic(3)
    w_01, w_02, s_0 = sympy.symbols("w_01 w_02 s_0")
    assert list(net.weights.row(0)) == [0, w_01, w_02]
    assert net.leak == sympy.symbols("s_0 s_1 s_2")
    assert net.thresholds[0] == s_0 + w_01 + w_02
    assert families.generic(2, self_coupling=True).weights[1, 1] == sympy.Symbol("w_11")
    assert families.generic(2, self_coupling=True).volume() == families.generic(2).volume()
    large = families.generic(12)
    assert large.weights[1, 10] == sympy.Symbol("w_1_10")
    assert large.weights[11, 0] == sympy.Symbol("w_11_0")
    assert len(large.symbols) == 12 * 12


def probability_of_size_one(net: Network) -> sympy.Expr:
    """Given an avalanche, with uniform drive: forests of the others over det(M without the start)."""

    def laplacian(units: list[int]) -> sympy.Matrix:
        W = net.weights.extract(units, units)
        inside = [sum(W.row(i)) - W[i, i] + net.leak[unit] for i, unit in enumerate(units)]
        return sympy.Matrix(len(units), len(units), lambda i, j: inside[i] if i == j else -W[i, j])

    others = [[unit for unit in range(net.n_units) if unit != start] for start in range(net.n_units)]
    M = net.matrix
    return R(
        sum(laplacian(units).det() for units in others),
        sum(M.extract(units, units).det() for units in others),
    )


@pytest.mark.parametrize(
    ("net", "published"),
    [
        (families.ring(10, "4/5"), R(87381, 349525)),
        (families.line(10, "4/5"), R(132043, 434965)),
        (families.homogeneous(3, "3/4"), R(3, 8)),
        (families.homogeneous(4, "1/2"), R(49, 80)),
        (families.homogeneous_without_self(3, "3/4"), R(16, 55)),
        (families.populations([2, 2], [["1/5", "1/10"], ["1/10", "1/5"]]), R(63, 115)),
    ],
)
def test_published_probabilities_of_size_one(net: Network, published: sympy.Rational) -> None:
    assert probability_of_size_one(net) == published


def test_torus_of_the_authors() -> None:
    """50 x 50, Moore: mean size 1/(1 - alpha) / mean over modes of 1/(1 - w), published as 47.0378."""
    alpha = R("0.9874725997")
    net = families.torus(50, 50, alpha)
    kernel = np.zeros(2500)
    for j, weight in net.weight_rows[0].items():
        kernel[j] = float(weight)
    modes = np.fft.fft2(kernel.reshape(50, 50)).real
    assert 1 / (1 - float(alpha)) / np.mean(1 / (1 - modes)) == pytest.approx(47.0378, abs=1e-4)


@settings(max_examples=30)
@given(st.integers(2, 9), st.fractions(0, Fraction(19, 20), max_denominator=20))
def test_closed_determinants(N: int, alpha: Fraction) -> None:
    r, w = R(alpha.numerator, alpha.denominator), R(alpha.numerator, 2 * alpha.denominator)
    assert families.homogeneous(N, alpha).volume() == 1 - r
    assert families.directed_ring(N, alpha).volume() == 1 - r**N
    assert families.star(N, alpha).volume() == 1 - r**2 / (N - 1)
    without_self = families.homogeneous_without_self(N, alpha)
    assert without_self.volume() == (1 - r) * (1 + r / (N - 1)) ** (N - 1)
    if w:
        assert families.ring(N, alpha).volume() == 2 * w**N * (sympy.chebyshevt(N, 1 / r) - 1)
        assert families.line(N, alpha).volume() == w**N * sympy.chebyshevu(N, 1 / r)


def test_every_kind_of_exact_parameter_is_taken() -> None:
    expected = families.ring(4, R(1, 2))
    for alpha in ("1/2", "0.5", Fraction(1, 2), R(1, 2)):
        assert families.ring(4, alpha) == expected
    assert (
        families.ring(anything(np.int64(4)), R(1, 2)) == families.ring(sympy.Integer(4), R(1, 2)) == expected
    )
    irrational = families.ring(4, sympy.sqrt(2) / 2)
    assert irrational.weights[0, 1] == sympy.sqrt(2) / 4
    assert (
        families.populations(anything(np.array([2, 2])), np.array([[1, 1], [1, 1]]), leak=1).thresholds
        == (5,) * 4
    )


def build(name: str, **others: Any) -> Network:
    parameters: dict[str, dict[str, Any]] = {
        "populations": {"sizes": [1, 2], "weights": [["1/5", "1/5"]] * 2},
        "k_ring": {"N": 3, "alpha": "3/5", "k": 1},
        "bipartite": {"n": 1, "m": 2, "alpha": "3/5"},
        "torus": {"rows": 2, "columns": 2, "alpha": "3/5"},
        "feedforward": {"sizes": [1, 2], "alpha": "3/5"},
        "generic": {"N": 3},
    }
    return CATALOGUE[name](**parameters.get(name, {"N": 3, "alpha": "3/5"}), **others)


@pytest.mark.parametrize("name", CATALOGUE)
def test_options_reach_the_network(name: str) -> None:
    plain = build(name)
    labels = [f"unit {i}" for i in range(plain.n_units)]
    net = build(name, labels=labels, drive={"unit 1": 1}, increment="s_1" if name == "generic" else "1/10")
    assert net.labels == tuple(labels)
    assert net.drive[1] == 1
    assert net.increment is not None
    assert net.weights == plain.weights
    assert build(name, labels=None) == plain
    with pytest.raises(InvalidNetworkError, match="labels"):
        build(name, labels=["one"])
    with pytest.raises(InvalidNetworkError, match="drive sums to"):
        build(name, drive=[R(1, 7)] * plain.n_units)


@pytest.mark.parametrize("name", sorted(set(CATALOGUE) - {"populations", "generic"}))
def test_alpha_out_of_range_is_refused(name: str) -> None:
    arguments = {"N": 3, "k": 1, "n": 2, "m": 2, "rows": 3, "columns": 3, "sizes": [2, 2]}
    wanted = {key: arguments[key] for key in families._parameters(name) if key in arguments}
    with pytest.raises(InexactError, match=r"alpha = 0\.8 is a float; write"):
        CATALOGUE[name](**wanted, alpha=0.8)
    with pytest.raises(InvalidNetworkError, match="is negative"):
        CATALOGUE[name](**wanted, alpha=-1)
    with pytest.raises(InvalidNetworkError, match="lower the weights"):
        CATALOGUE[name](**wanted, alpha=3)
    if name not in ("line", "star", "feedforward"):
        with pytest.raises(SingularNetworkError):
            CATALOGUE[name](**wanted, alpha=1)


@pytest.mark.parametrize("value", [0, -1, True, 3.0, "3", None, R(5, 2), a])
def test_sizes_that_are_no_positive_whole_numbers(value: Any) -> None:
    calls: list[Callable[[], Network]] = [
        lambda: families.homogeneous(value, "1/2"),
        lambda: families.k_ring(5, "1/2", value),
        lambda: families.torus(value, 3, "1/2"),
        lambda: families.torus(3, value, "1/2"),
        lambda: families.bipartite(1, value, "1/2"),
        lambda: families.feedforward([1, value], "1/2"),
        lambda: families.populations([value], [["1/5"]]),
        lambda: families.generic(value),
    ]
    for call in calls:
        with pytest.raises(InvalidNetworkError, match=r" = .*: give a whole number"):
            call()


@pytest.mark.parametrize(
    "family",
    [families.ring, families.homogeneous_without_self, families.directed_ring, families.star],
)
def test_families_that_need_two_units(family: Any) -> None:
    with pytest.raises(InvalidNetworkError, match="N = 1: give a whole number of at least 2"):
        family(1, "1/2")
    assert family(2, "1/2").n_units == 2


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: families.k_ring(5, "1/2", 3), "k = 3 neighbours on .* ring of 5: give k from 1 to 2"),
        (lambda: families.torus(1, 5, "1/2"), "rows = 1: give a whole number of at least 2"),
        (lambda: families.torus(3, 3, "1/2", "hexagonal"), "give one of moore, von_neumann"),
        (lambda: families.feedforward([], 1), "sizes is empty"),
        (lambda: families.feedforward(anything("22"), 1), "sizes = '22': give a sequence"),
        (lambda: families.feedforward(anything(3), 1), "sizes = 3: give a sequence"),
        (lambda: families.populations([2, 2], [["1/5"]]), "rows of 1 entries for 2 blocks: give 2 x 2"),
        (lambda: families.populations([2], [["1/5", 0]]), "rows of 2 entries for 1 blocks"),
        (lambda: families.populations([2], "1/5"), "weights = '1/5': give a sequence"),
        (lambda: families.populations([2], ["1/5"]), r"weights\[0\] = '1/5': give a sequence"),
        (lambda: families.populations([2], [[0]], leak=1, thresholds=1), "both leak and thresholds"),
        (lambda: families.populations([2], [[0]], leak=[1, 1]), "2 entries of leak for 1 blocks"),
        (lambda: families.populations([2], [[0]], leak=-1), "threshold of unit 0 is -1"),
    ],
)
def test_parameters_that_are_refused(call: Any, message: str) -> None:
    with pytest.raises((InvalidNetworkError, OptionError), match=message):
        call()


def test_populations_take_mappings_of_block_numbers() -> None:
    table = [["1/5", 0], ["1/3", 0]]
    by_block = families.populations([1, 2], table, leak={1: "1/2", 0: "1/4"})
    assert by_block == families.populations([1, 2], table, leak=["1/4", "1/2"])
    assert families.populations([1, 2], table, thresholds={0: 2, 1: 3}).thresholds == (2, 3, 3)
    with pytest.raises(InvalidNetworkError, match="no leak of block 1: a mapping gives one for each block"):
        families.populations([1, 2], table, leak={0: 1})
    with pytest.raises(UnknownUnitError, match="no block is labelled 2; labels are 0, 1"):
        families.populations([1, 2], table, thresholds={0: 1, 1: 1, 2: 1})
    calls: list[Callable[[], Network]] = [
        lambda: families.populations([1, 2], table, leak={"1/4", "1/2"}),
        lambda: families.populations(anything({1, 2}), table),
        lambda: families.populations(anything({1: 1, 2: 2}), table),
        lambda: families.populations([1, 2], {0: table[0], 1: table[1]}),
        lambda: families.feedforward(anything({1, 2}), "1/2"),
    ]
    for call in calls:
        with pytest.raises(InvalidNetworkError, match="give a sequence"):
            call()


def test_floats_are_refused_where_they_stand() -> None:
    with pytest.raises(InexactError, match=r"weights\[0\]\[1\] = 0.1 is a float"):
        families.populations([1, 1], [[0, 0.1], [0, 0]])
    with pytest.raises(InexactError, match=r"leak\[0\] = 0.5 is a float"):
        families.populations([1], [[0]], leak=[0.5])


def test_unknown_option_is_a_type_error() -> None:
    with pytest.raises(TypeError, match="step"):
        families.ring(3, "1/2", step=1)  # type: ignore[call-arg]


@pytest.mark.parametrize(
    "call",
    [
        lambda: families.ring(10**9, "1/2"),
        lambda: families.homogeneous(10**5, "1/2"),
        lambda: families.torus(10**5, 10**5, "1/2"),
        lambda: families.populations([10**9], [[0]]),
        lambda: families.generic(10**4),
    ],
)
def test_networks_that_would_fill_the_memory_are_refused(call: Any) -> None:
    with pytest.raises(TooCostlyError, match=r"make it smaller|no memory holds"):
        call()


@pytest.mark.parametrize("name", CATALOGUE)
def test_specs_name_every_family(name: str) -> None:
    for text in EXAMPLES[name]:
        assert isinstance(from_spec(f"{name}:{text}"), Network)


def test_specs_are_the_calls_they_look_like() -> None:
    assert from_spec("ring:N=10,alpha=4/5") == families.ring(10, "4/5")
    assert from_spec(" torus : rows = 3, columns=4 , alpha=a ") == families.torus(3, 4, a)
    assert from_spec("populations:sizes=1;2,weights=0;1/5;1/3;0,leak=1/2;a") == families.populations(
        [1, 2], [[0, "1/5"], ["1/3", 0]], leak=["1/2", a]
    )
    assert from_spec("ring:N=3,alpha=1/2,drive=1;0;0,increment=1/4,labels=x;y;z") == families.ring(
        3, "1/2", drive=[1, 0, 0], increment="1/4", labels="xyz"
    )
    assert from_spec("generic:N=2,self_coupling=True") == families.generic(2, True)
    assert from_spec("line:N=1,alpha=0,drive=1").drive == (1,)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("rign:N=3", "no family 'rign' .did you mean 'ring'.*; families are homogeneous, .*, generic"),
        ("", "no family ''"),
        ("ring", "N and alpha missing; ring takes N, alpha, drive .optional."),
        ("ring:N=3", "alpha missing"),
        ("ring:N=3,alpa=1/2", "no parameter 'alpa' .did you mean 'alpha'"),
        ("ring:N=3,alpha=1/2,N=4", "N is given twice"),
        ("ring:N=3,alpha", "'alpha' is not parameter=value"),
        ("ring:N=3,alpha=", "'alpha=' is not parameter=value"),
        ("ring:3,1/2", "'3' is not parameter=value"),
        ("ring:N=3,alpha=1/0", "alpha = '1/0': division by zero"),
        ('ring:N=3,alpha=__import__("os")', "alpha = .*unexpected"),
        ("ring:N=3,alpha=1/2,options=1", "no parameter 'options'"),
        ("populations:sizes=2;2,weights=1/5;1/5", "2 entries: give K x K"),
        ("generic:N=3,self_coupling=maybe", "write true or false"),
    ],
)
def test_specs_that_are_refused(text: str, message: str) -> None:
    with pytest.raises(ParseError, match=message):
        from_spec(text)


def test_specs_leave_conditions_to_the_family() -> None:
    with pytest.raises(InvalidNetworkError, match="N = 5/2: give a whole number"):
        from_spec("ring:N=5/2,alpha=1/2")
    with pytest.raises(InvalidNetworkError, match="N = x: give a whole number"):
        from_spec("ring:N=x,alpha=1/2")
    with pytest.raises(SingularNetworkError):
        from_spec("ring:N=5,alpha=1")
    with pytest.raises(UnknownUnitError):
        from_spec("ring:N=2,alpha=1/2,labels=x;y").index(0)


@settings(max_examples=150)
@given(
    st.one_of(
        st.text(max_size=20),
        st.builds(
            "{}:{}".format,
            st.sampled_from([*CATALOGUE]),
            st.lists(
                st.builds(
                    "{}={}".format,
                    st.sampled_from(
                        ["N", "alpha", "k", "n", "rows", "sizes", "weights", "leak", "drive", "x"]
                    ),
                    st.text("012;/a-.,() =", max_size=3),
                ),
                max_size=4,
            ).map(",".join),
        ),
    )
)
def test_no_spec_fails_in_any_other_way(text: str) -> None:
    with suppress(ExactavError):
        from_spec(text)


def test_the_catalogue_holds_every_family() -> None:
    public = {
        name
        for name, thing in vars(families).items()
        if callable(thing) and getattr(thing, "__module__", "") == families.__name__ and name.islower()
        if not name.startswith("_") and name not in ("from_spec", "suggestion")
    }
    assert set(CATALOGUE) == public == set(EXAMPLES)
    for family in CATALOGUE.values():
        assert family.__doc__ is not None
        assert all(part in family.__doc__ for part in ("Args:", "Source:", ">>> "))
