"""Networks from what users have, with some numbers changed, shown to be read back, and as JSON."""

import json
import random
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
import oracles
import pandas
import pytest
import scipy.sparse
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import PlainNetwork, rational_networks
from sympy import Rational, sqrt

import exactav as ea
from exactav import Network
from exactav.errors import (
    ArgumentError,
    ExactavError,
    InexactError,
    InvalidNetworkError,
    ParseError,
    TooCostlyError,
    UnknownUnitError,
)

a = sympy.Symbol("alpha")
NET = Network(
    [["1/9", "1/5", 0], ["1/4", 0, "1/3"], [0, "1/7", 0]],
    thresholds=[1, 2, 1],
    drive=["1/2", "1/2", 0],
    increment="1/10",
    labels=["a", "b", "c"],
)


def _network(plain: PlainNetwork) -> Network:
    return Network(plain.weights, plain.thresholds, plain.drive, plain.increment)


# Where they come from.


def test_sparse_matrices_stay_sparse() -> None:
    dense = np.array([[0, 0, 2], [1, 0, 0], [0, 3, 0]])
    kinds: list[Any] = [scipy.sparse.csr_matrix, scipy.sparse.coo_array, scipy.sparse.lil_matrix]
    for kind in kinds:
        assert Network(kind(dense), thresholds=4) == Network(dense, thresholds=4)
    twice = scipy.sparse.coo_array(([1, 2], ([0, 0], [1, 1])), shape=(2, 2))
    assert Network(twice, thresholds=4).weights[0, 1] == 3
    floats = scipy.sparse.csr_matrix(np.array([[0, 0.1], [0.25, 0]]))
    with pytest.raises(InexactError, match=r"W\[0, 1\] = 0\.1 is a float"):
        Network(floats)
    assert Network.from_floats(floats, max_denominator=50) == Network([[0, "1/10"], ["1/4", 0]])
    with pytest.raises(InvalidNetworkError, match="shape"):
        Network(scipy.sparse.csr_matrix((2, 3)))
    ones = np.ones(20_000 - 1, dtype=int)
    large = scipy.sparse.coo_array((ones, (ones.cumsum(), ones.cumsum() - 1)), shape=(20_000, 20_000))
    assert len(Network(large, thresholds=2).entries) == 20_000 - 1


def test_data_frames_have_their_labels() -> None:
    cells = [[0, Fraction(1, 3)], ["1/4", 0]]
    frame = pandas.DataFrame(cells, index=["x", "y"], columns=["x", "y"])
    net = Network(frame)
    assert net == Network(cells, labels=["x", "y"])
    assert Network(frame[["y", "x"]]) == net  # columns are found by name
    assert Network(frame, labels=[0, 1]).labels == (0, 1)
    with pytest.raises(InvalidNetworkError, match="same labels in both"):
        Network(frame.rename(columns={"x": "z"}))
    with pytest.raises(InexactError, match="is a float"):
        Network(pandas.DataFrame([[0, 0.5], [0, 0]]))
    with pytest.raises(InvalidNetworkError, match="truth values"):
        Network(pandas.DataFrame([[True, False], [False, True]]))
    assert Network.from_floats(pandas.DataFrame([[0, 0.5], [0, 0]])) == Network([[0, "1/2"], [0, 0]])


def test_series_are_read_by_their_labels() -> None:
    reverse: Any = pandas.Series({"b": 3, "a": 5})
    net = Network([[0, 1], [0, 0]], thresholds=reverse, labels="ab")
    assert net.thresholds == (5, 3)
    assert Network([[0, 1], [0, 0]], 5, drive=pandas.Series({"b": 1}), labels="ab").drive == (0, 1)
    assert net.replace(thresholds=pandas.Series({"b": 7})).thresholds == (5, 7)
    floats = Network.from_floats([[0, 1], [0, 0]], thresholds=reverse / 2, labels="ab")
    assert floats.thresholds == (Rational(5, 2), Rational(3, 2))
    assert Network([[0, 1], [0, 0]], pandas.Series([5, 3]), labels="ab").thresholds == (5, 3)  # of no index
    edges = pandas.Series({("a", "b"): 1, ("b", "b"): 2})
    assert Network.from_edges(edges, 9) == Network([[0, 0], [1, 2]], 9, labels="ab")
    assert ea.is_inhabited(net, pandas.Series({"b": 2, "a": 4}))
    assert not ea.is_inhabited(net, [2, 4])
    with pytest.raises(UnknownUnitError, match="'z'"):
        Network([[0, 1], [0, 0]], thresholds=pandas.Series({"z": 3, "a": 5}), labels="ab")
    with pytest.raises(InvalidNetworkError, match="each label once"):
        Network([[0, 1], [0, 0]], thresholds=pandas.Series([3, 5], index=["a", "a"]), labels="ab")
    with pytest.raises(InvalidNetworkError, match="choose a column"):
        Network([[0, 1], [0, 0]], thresholds=pandas.DataFrame([[3], [5]]), labels="ab")


@settings(max_examples=40)
@given(rational_networks())
def test_edges_send_from_the_first_to_the_second(plain: PlainNetwork) -> None:
    net = _network(plain)
    units = range(net.n_units)
    edges = {(j, i): plain.weights[i][j] for i in units for j in units if plain.weights[i][j]}
    again = Network.from_edges(edges, plain.thresholds, plain.drive, plain.increment, labels=units)
    assert again == net
    assert ea.from_networkx(ea.to_networkx(net)) == net


def test_edges_that_are_refused() -> None:
    wrong: Any
    for wrong in ({"ab": 1}, {("a",): 1}, [("a", "b", 1)], {("a", "b", "c"): 1}):
        with pytest.raises(ArgumentError, match="sender, receiver"):
            Network.from_edges(wrong)
    with pytest.raises(UnknownUnitError, match="'b'"):
        Network.from_edges({("a", "b"): "1/2"}, labels=["a"])
    assert Network.from_edges({}, labels=["a", "b"]).entries == {}


# What changes.


def test_replacing_changes_only_what_is_named() -> None:
    changed = NET.replace(weights={("a", "b"): "1/6", ("c", "a"): "1/8"}, thresholds={"c": 3})
    assert changed.weights == sympy.Matrix(
        [["1/9", "1/5", "1/8"], ["1/6", 0, "1/3"], [0, "1/7", 0]]
    ).applyfunc(sympy.Rational)
    assert changed.thresholds == (1, 2, 3)
    assert changed.replace(weights={("a", "b"): "1/4", ("c", "a"): 0}, thresholds=[1, 2, 1]) == NET
    assert NET.replace() == NET
    assert NET.replace(increment=None).increment is None
    assert NET.replace(drive={"c": 1}).drive == (0, 0, 1)
    assert NET.replace(drive=[0, 1, 0]).drive == (0, 1, 0)
    assert NET.replace(thresholds=2).thresholds == (2, 2, 2)
    assert NET.replace(labels={"a": "x"}).labels == ("x", "b", "c")
    assert NET.replace(labels="xyz").labels == ("x", "y", "z")
    assert NET.replace(labels="xyz").weights == NET.weights
    with pytest.raises(UnknownUnitError):
        NET.replace(weights={("a", "z"): 1})
    with pytest.raises(InvalidNetworkError, match="sums to"):
        NET.replace(weights={("a", "c"): 9})
    with pytest.raises(InvalidNetworkError, match="used twice"):
        NET.replace(labels={"a": "b"})


def test_replacing_the_whole_matrix() -> None:
    rows = [[0, "1/5", 0], ["1/4", 0, 0], [0, 0, "1/2"]]
    changed = NET.replace(weights=rows)
    assert changed == Network(rows, [1, 2, 1], ["1/2", "1/2", 0], "1/10", "abc")
    assert NET.replace(weights=np.array([[0, 1, 0], [0, 0, 0], [0, 0, 0]]), increment=None).entries == {
        (0, 1): 1
    }
    table = np.array([[0, 0, 0], [1, 0, 0], [0, 0, 0]])
    assert NET.replace(weights=scipy.sparse.csr_array(table)).entries == {(1, 0): 1}
    frame = pandas.DataFrame(table, index=list("cba"), columns=list("cba"))
    assert NET.replace(weights=frame).entries == {(1, 2): 1}  # by label
    with pytest.raises(InvalidNetworkError, match="weights of 2 units for a network of 3"):
        NET.replace(weights=[[0, 0], [0, 0]])
    with pytest.raises(ArgumentError, match="sender, receiver"):
        NET.replace(weights=3)


def test_scaled_is_the_coupling_of_graphs() -> None:
    net = Network([[0, "1/2"], ["1/4", "1/8"]])
    assert net.scaled("9/10") == ea.from_networkx(ea.to_networkx(net), coupling="9/10")
    assert max(sum(row.values()) for row in net.scaled("3/4").weight_rows) == Rational(3, 4)
    assert ea.families.ring(4, a).scaled("1/2") == ea.families.ring(4, "1/2")
    with pytest.raises(InvalidNetworkError, match="no weight is above 0"):
        Network([[0]]).scaled("1/2")


@settings(max_examples=60)
@given(rational_networks(max_units=4), st.data())
def test_subnetworks_and_what_is_left(plain: PlainNetwork, data: st.DataObject) -> None:
    net = _network(plain)
    units = range(net.n_units)
    kept = data.draw(st.sets(st.sampled_from(units), min_size=1))
    sub = net.subnetwork(kept)
    assert sub == net.without(set(units) - kept)
    assert sub.labels == tuple(sorted(kept))
    assert all(sub.thresholds[i] == net.thresholds[u] for i, u in enumerate(sorted(kept)))
    for i, u in enumerate(sorted(kept)):
        for j, v in enumerate(sorted(kept)):
            assert sub.weights[i, j] == net.weights[u, v]
    # the law by brute force, on the smaller matrix
    rows = [[plain.weights[u][v] for v in sorted(kept)] for u in sorted(kept)]
    listed = oracles.assembly_law_by_listing(rows, [plain.thresholds[u] for u in sorted(kept)], sub.drive)
    named = {frozenset(sub.labels[i] for i in assembly): p for assembly, p in listed.items() if p}
    assert ea.assembly_law(sub).pmf() == named


# How they are shown.


SHOWN = [
    NET,
    Network([[0]]),
    Network([[0, a], [1 - a, 0]], increment=a / 9),
    Network([[0, sqrt(2) / 3], [sqrt(a) / 2, 0]], thresholds=5, labels=[("x", 1), True]),
    Network([[0, sympy.exp(-a)], [0, 0]], labels=["'", "\\"]),
    ea.families.ring(6, "4/5"),
]


@pytest.mark.parametrize("net", SHOWN)
def test_the_repr_of_a_small_network_gives_it_back(net: Network) -> None:
    assert eval(repr(net), {"Network": Network}) == net
    assert repr(net).startswith("Network(")


@settings(max_examples=40)
@given(rational_networks())
def test_reprs_of_random_networks_give_them_back(plain: PlainNetwork) -> None:
    assert eval(repr(_network(plain)), {"Network": Network}) == _network(plain)


def test_what_cannot_be_written_is_summed_up() -> None:
    positive = sympy.Symbol("w", positive=True)
    for net in (
        Network([[positive]]),
        Network([[0]], labels=[object()]),
        Network([[sympy.CRootOf(a**5 + a - 1, 0)]]),
        Network([[Rational(1, 7**4000)]]),
        ea.families.ring(7, "1/2"),
    ):
        assert repr(net).startswith("<Network of ")


# JSON of laws.


def _laws() -> list[Any]:
    ring = ea.families.ring(3, "3/5", increment="1/5")
    named = NET.replace(labels=[("x", 1), "\n", frozenset({2})])
    rooted = Network([[0, sqrt(2) / 3], ["1/4", 0]])
    symbolic = Network([[0, a], [sympy.Symbol("w", positive=True) / 3, 0]], increment=a / 9)
    nets = [NET, named, rooted, symbolic, ea.families.homogeneous(2, sympy.exp(-a))]
    laws: list[Any] = [law(net) for net in nets for law in (ea.size_law, ea.assembly_law, ea.pattern_law)]
    laws += [ea.size_law(net, start=net.labels[0]) for net in nets]
    laws += [ea.size_law(named, observed=["\n"]), ea.composition_law(NET), ea.duration_law(rooted)]
    laws += [ea.size_duration_law(NET), ea.sequence_law(ring, 2), ea.waiting_time_law(ring)]
    laws += [ea.sequence_law(ring, 2, [0, 1]), ea.size_law(ring).per_step(), ea.assembly_law(ring).per_step()]
    laws += [ea.size_law(NET, arithmetic="float"), ea.assembly_law(named, arithmetic="float")]
    laws += [ea.assembly_law(named).containing([("x", 1)]), ea.size_law(ea.families.ring(60, "9/10"))]
    laws += [ea.assembly_law(NET).map(lambda assembly: tuple(sorted(map(str, assembly))), name="units")]
    laws += [ea.assembly_law(NET).map(len, letter="K"), ea.size_law(symbolic).limit("alpha", 0)]
    laws += [ea.assembly_law(NET).map(lambda assembly: Rational(len(assembly), 2))]
    return laws


@pytest.mark.parametrize("law", _laws(), ids=lambda law: type(law).__name__)
def test_laws_come_back_from_json(law: Any) -> None:
    text = law.to_json()
    back: Any = ea.from_json(text)
    assert type(back) is type(law)
    assert back == law
    assert back.network == law.network
    assert (back.start, back.condition, back.is_per_step) == (law.start, law.condition, law.is_per_step)
    assert back.pmf() == law.pmf()
    assert back.error_bound == law.error_bound
    assert repr(back) == repr(law)
    assert ea.from_json(back.to_json()) == law


DAMAGED: list[tuple[Callable[[dict[str, Any]], Any], str]] = [
    (lambda d: d.pop("kind"), "a law without kind"),
    (lambda d: d.update(format=99), "format 99"),
    (lambda d: d.update(law="object"), "wanted one of"),
    (lambda d: d.update(start="z"), "no such unit"),
    (lambda d: d.update(per_step=1), "per_step = 1"),
    (lambda d: d.update(total=7), "do not sum"),
    (lambda d: d.update(total="1/2"), "whole numbers"),
    (lambda d: d["outcomes"].append([1, 1]), "comes twice"),
    (lambda d: d["outcomes"].append([9, 1]), "no outcome of this law"),
    (lambda d: d["outcomes"].append([{"tuple": 3}, 1]), "wanted a list"),
    (lambda d: d["outcomes"][0].pop(), "wanted .outcome, number"),
    (lambda d: d.update(kind={"of": "colour"}), "is not known here"),
    (lambda d: d.update(arithmetic="double"), "wanted exact or float"),
    (lambda d: d["kind"].update(lowest="a"), "lowest = 'a'"),
    (lambda d: d.update(network={}), "wanted either 'weights'"),
    (lambda d: d.update(law="PatternLaw"), "no PatternLaw is of this kind"),
    (lambda d: d.update(law="Law"), "wanted one of"),
    (lambda d: d.update(kind={"of": "assembly"}), "no outcome|of this kind|no unit"),
    (lambda d: d.update(colour=1), "unknown key 'colour'"),
    (lambda d: d.update(roundings=1), "unknown key 'roundings'"),
    (lambda d: d.update(outcomes=[[1, -1], [2, 2]], total=1), "negative"),
    (lambda d: d.update(format=True), "format True"),
]


@pytest.mark.parametrize(("damage", "message"), DAMAGED)
def test_damaged_laws_are_refused(damage: Callable[[dict[str, Any]], Any], message: str) -> None:
    document = json.loads(ea.size_law(NET).to_json())
    damage(document)
    with pytest.raises(ParseError, match=message):
        ea.from_json(json.dumps(document))


DAMAGED_KINDS: list[tuple[ea.Law[Any], Callable[[dict[str, Any]], Any], str]] = [
    *(
        (
            ea.size_law(NET, arithmetic="float"),
            lambda d, wrong=wrong: d.update(roundings=wrong),
            "roundings = ",
        )
        for wrong in (None, True, -1, 1.5, "3")
    ),
    (
        ea.composition_law(NET),
        lambda d: d["kind"].update(groups="ab"),
        "groups = 'ab': wanted a list of names",
    ),
    (ea.composition_law(NET), lambda d: d["kind"].update(groups=[1, 2]), r"groups = \[1, 2\]: wanted a list"),
    (ea.size_duration_law(NET), lambda d: d["kind"].update(size=3), "kind = 3: wanted an object with name"),
    (
        ea.size_duration_law(NET),
        lambda d: d["kind"].pop("duration"),
        "kind = None: wanted an object with name",
    ),
]


@pytest.mark.parametrize(("law", "damage", "message"), DAMAGED_KINDS)
def test_damaged_laws_of_every_kind_are_refused(
    law: ea.Law[Any], damage: Callable[[dict[str, Any]], Any], message: str
) -> None:
    document = json.loads(law.to_json())
    assert ea.from_json(json.dumps(document)) == law
    damage(document)
    with pytest.raises(ParseError, match=message):
        ea.from_json(json.dumps(document))


def test_what_is_no_text_is_no_law() -> None:
    read: Any = ea.from_json
    wrong: Any
    for wrong in (3, None, b"{}", {}):
        with pytest.raises(ArgumentError, match="is no JSON text: read the file first"):
            read(wrong)


def test_a_law_with_symbols_whose_numbers_were_changed_is_refused() -> None:
    document = json.loads(ea.size_law(Network([[0, a], [0, 0]])).to_json())
    document["outcomes"][0][1] = "alpha/3"
    with pytest.raises(ParseError, match="do not sum to 1"):
        ea.from_json(json.dumps(document))


def test_a_start_is_the_unit_itself() -> None:
    net = Network([[0, "1/2"], ["1/4", 0]])
    document = json.loads(ea.size_law(net, start=1).to_json())
    with pytest.raises(ParseError, match="start = True: the network has no such unit"):
        ea.from_json(json.dumps(document | {"start": True}))


def test_negative_probabilities_that_are_not_rational_are_refused() -> None:
    document = json.loads(ea.size_law(Network([[0, sqrt(2) / 3], ["1/4", 0]])).to_json())
    document["outcomes"] = [[1, "1 - sqrt(2)"], [2, "sqrt(2)"]]
    with pytest.raises(ParseError, match="a probability is negative"):
        ea.from_json(json.dumps(document))


def test_large_powers_come_back_and_what_would_not_is_not_written() -> None:
    with pytest.raises(TooCostlyError, match="above 10,000"):
        Network([[0, a**20_000], [0, 0]])
    large = Network([[0, a**2000 / 3], [0, 0]])
    assert ea.from_json(large.to_json()) == large
    w = sympy.Symbol("w" * 250, positive=True)
    named = Network([[0, w], [0, 0]])
    assert ea.from_json(named.to_json()) == named
    label: Any = ()
    for _ in range(300):
        label = (label,)
    for net, message in (
        (Network([[0, sympy.Wild("w")], [0, 0]]), "no form in JSON"),
        (Network([[0]], labels=[label]), "nested too deeply"),
    ):
        with pytest.raises(InvalidNetworkError, match=message):
            net.to_json()


NASTY: list[Any] = [
    {"power": [{"+": ["a", "b", "c", "d"]}, 1000]},
    {"*": [{"+": [f"a{i}", f"b{i}"]} for i in range(15)]},
    {"power": [{"integer": hex(7**2000)}, 9999]},
    {"power": [{"power": ["a", 9999]}, 9999]},
    {"power": ["a", "1/99999"]},
    {"power": ["a", "b"]},
    {"power": [{"power": [9, 999]}, 999]},
    {"root": [1, 0, "x"], "index": 0},
    {"root": [1, 1], "index": 10**9},
    {"symbol": "a", "positive": True, "negative": True},
    {"symbol": "a", "__class__": True},
    {"quotient": ["1", "0"]},
    {"exp": {"exp": {"exp": 1}}},
    {"integer": "__import__"},
    {"+": 3},
    {"unknown": 3},
    {"*": [{"power": [0, -1]}]},
    {"log": 0},
    [],
    None,
]


@pytest.mark.parametrize("nasty", NASTY, ids=str)
def test_nasty_numbers_are_refused(nasty: Any) -> None:
    for document in ({"weights": [[nasty]]}, {"weights": [[0]], "thresholds": [nasty]}):
        with pytest.raises(ExactavError):
            ea.from_json(json.dumps({"format": 2, **document}))


def _mutated(data: Any, rng: random.Random) -> Any:
    """A document with something replaced somewhere."""
    choices: list[Any] = [None, -1, 10**30, "", "a", "1/0", [], {}, {"tuple": []}, {"exp": "a"}, True, *NASTY]
    if rng.random() < 0.1:
        return rng.choice(choices)
    if isinstance(data, list) and data:
        place = rng.randrange(len(data))
        return [_mutated(part, rng) if i == place else part for i, part in enumerate(data)]
    if isinstance(data, dict) and data:
        key = rng.choice(list(data))
        return {k: _mutated(part, rng) if k == key else part for k, part in data.items()}
    return rng.choice(choices)


DOCUMENTS = [
    ea.size_law(NET).to_json(),
    ea.assembly_law(Network([[0, sqrt(2) / 3], [a / 4, 0]], labels=[("x",), 1.5])).to_json(),
]


@settings(max_examples=300)
@given(st.integers(0, 10**9))
def test_damaged_documents_fail_in_no_other_way(seed: int) -> None:
    rng = random.Random(seed)
    document = json.loads(rng.choice(DOCUMENTS))
    for _ in range(rng.randint(1, 3)):
        document = _mutated(document, rng)
    try:
        found = ea.from_json(json.dumps(document))
    except ExactavError:
        return
    assert isinstance(found, Network) or sum(found.values()) == 1


def test_laws_in_many_symbols_come_back() -> None:
    units = range(4)
    weights = [[sympy.Symbol(f"w{i}{j}") if i != j else 0 for j in units] for i in units]
    law = ea.assembly_law(Network(weights))
    assert ea.from_json(law.to_json()) == law
