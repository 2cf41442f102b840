"""The inhabited region and the torus: against subsets listed one by one, the simulator and the laws."""

import pickle
import random
from fractions import Fraction
from itertools import chain, combinations
from typing import Any

import numpy as np
import pytest
import strategies
import sympy
from hypothesis import given, settings

import exactav as ea
from exactav.errors import (
    InvalidNetworkError,
    MissingIncrementError,
    OptionError,
    TooCostlyError,
    UnboundSymbolError,
    UnknownOutcomeError,
    UnknownUnitError,
)
from exactav.phase_space import boxes as boxes_module
from exactav.phase_space import chain as chains
from exactav.phase_space import region, states, torus
from exactav.phase_space.plain import numbers_of
from exactav.sampling.simulate import Dynamics, avalanche

few = settings(max_examples=40)
SQUARE_ROOT = ea.Network([[0, sympy.sqrt(2) / 3], ["1/4", "1/5"]], increment="1/9")


def network(data: Any) -> ea.Network:
    return ea.Network(data.weights, data.thresholds, drive=data.drive, increment=data.increment)


def some_states(net: ea.Network, n: int, seed: int = 1) -> list[list[Fraction]]:
    """Fractions between 0 and the thresholds; on and beside many of the bounds."""
    rng = random.Random(seed)
    tops = [Fraction(int(u.p), int(u.q)) for u in net.thresholds]
    return [[top * Fraction(rng.randrange(12), 12) for top in tops] for _ in range(n)]


def inhabited_states(net: ea.Network, n: int, seed: int = 1) -> list[list[Any]]:
    return [list(torus.representative(net, state)[0]) for state in some_states(net, n, seed)]


def forbidden_units(net: ea.Network, state: list[Fraction]) -> set[int]:
    """The union of all forbidden sets, each found by trying."""
    weights = net.weights
    found: set[int] = set()
    for size in range(1, net.n_units + 1):
        for units in combinations(range(net.n_units), size):
            if all(state[i] < sum(weights[i, j] for j in units) for i in units):
                found |= set(units)
    return found


@few
@given(strategies.rational_networks(max_units=4))
def test_the_burning_test_finds_all_forbidden_sets(data: Any) -> None:
    net = network(data)
    for state in some_states(net, 12):
        forbidden = forbidden_units(net, state)
        assert region.forbidden_set(net, state) == forbidden
        assert region.is_inhabited(net, state) == (not forbidden)
        assert not region.is_inhabited(net, [*state[:-1], net.thresholds[-1]])


@few
@given(strategies.rational_networks(max_units=3))
def test_the_region_in_boxes(data: Any) -> None:
    net = network(data)
    boxes = region.boxes(net)
    assert sum(box.volume for box in boxes) == net.volume()
    for state in some_states(net, 20):
        exact = [sympy.Rational(x.numerator, x.denominator) for x in state]
        assert sum(exact in box for box in boxes) == int(region.is_inhabited(net, state))
    for box in boxes:
        assert len(box.vertices) == 2**net.n_units
        assert region.is_inhabited(net, box.vertices[0])  # the lowest corner belongs to it


@few
@given(strategies.rational_networks(max_units=3))
def test_inclusion_and_exclusion_give_the_determinant(data: Any) -> None:
    net = network(data)
    assert region.volume_by_inclusion_exclusion(net) == net.volume()


@few
@given(strategies.rational_networks(max_units=4))
def test_pieces_are_what_the_dynamics_does(data: Any) -> None:
    """Each inhabited state is in the one piece of the pattern that it sets off, or in none."""
    net = network(data)
    for start in (label for label, p in zip(net.labels, net.drive, strict=True) if p):
        found = list(region.pieces(net, start))
        assert len({piece.pattern for piece in found}) == len(found)
        for state in inhabited_states(net, 4):
            pattern, _ = avalanche(net, [Fraction(int(x.p), int(x.q)) for x in state], start)
            assert [piece.pattern for piece in found if state in piece] == ([pattern] if pattern else [])


@few
@given(strategies.rational_networks(max_units=4))
def test_volumes_of_pieces_are_the_laws(data: Any) -> None:
    net = network(data)
    for start in (label for label, p in zip(net.labels, net.drive, strict=True) if p):
        patterns = ea.pattern_law(net, start)
        total = net.increment * ea.green_matrix(net)[net.index(start), net.index(start)]
        for piece in region.pieces(net, start):
            assert piece.volume == patterns[piece.pattern] * total * net.volume()
        for assembly, probability in ea.assembly_law(net, start).items():
            volumes = [piece.volume for piece in region.pieces(net, start, assembly)]
            assert sum(volumes) == probability * total * net.volume()
        found = list(region.pieces(net, start))
        for units in chain.from_iterable(combinations(net.labels, n) for n in range(1, net.n_units + 1)):
            wanted = {piece for piece in found if piece.assembly == set(units)}
            assert set(region.pieces(net, start, units)) == wanted


def test_pieces_of_one_assembly_need_no_others() -> None:
    """Of 60 units that all reach each other."""
    net = ea.families.homogeneous(60, "1/2", increment="1/2")
    volumes = [piece.volume for piece in region.pieces(net, 3, {3, 5})]
    assert volumes == [
        net.volume() * ea.avalanche_probability(net, 3) * ea.assembly_probability(net, {3, 5}, 3)
    ]


@few
@given(strategies.rational_networks(max_units=4))
def test_self_similarity_there_and_back(data: Any) -> None:
    net = network(data)
    start = next(label for label, p in zip(net.labels, net.drive, strict=True) if p)
    for piece in region.pieces(net, start):
        if piece.rest is None:
            continue
        assert piece.rest.volume() == ea.forest_weight(net, piece.rest.labels)
        for silent in inhabited_states(piece.rest, 2):
            places = {label: sympy.Rational(i, 7) for i, label in enumerate(piece.assembly)}
            state = piece.joined(places, silent)
            assert state in piece
            assert region.is_inhabited(net, state)
            assert piece.split(state) == (places, tuple(silent))


@few
@given(strategies.rational_networks(max_units=3))
def test_the_region_holds_each_point_of_the_torus_once(data: Any) -> None:
    net = network(data)
    rng = random.Random(2)
    for _ in range(3):
        point = [sympy.Rational(rng.randint(-40, 40), 7) for _ in net.labels]
        state, firings = torus.representative(net, point)
        assert region.is_inhabited(net, state)
        shift = net.matrix * sympy.Matrix(firings)
        assert all(x - y == s for x, y, s in zip(point, state, shift, strict=True))
        assert torus.coordinates(net, state) == torus.coordinates(net, point)
        for seed in range(3):  # the abelian property
            assert torus.representative(net, point, seed=seed) == (state, firings)
        moved = [
            x + y for x, y in zip(state, net.matrix * sympy.Matrix([3, -2, 1][: net.n_units]), strict=True)
        ]
        assert torus.representative(net, moved)[0] == state


@few
@given(strategies.rational_networks(max_units=4))
def test_slow_steps_are_translations(data: Any) -> None:
    net = network(data)
    dynamics = Dynamics(net, "exact")
    for state in inhabited_states(net, 3):
        for k, label in enumerate(net.labels):
            if not net.drive[k]:
                continue
            after, assembly = torus.slow_step(net, state, label)
            fed = [x + data.increment * (i == k) for i, x in enumerate(state)]
            assert torus.representative(net, fed)[0] == after
            jump = net.matrix * sympy.Matrix([int(other in assembly) for other in net.labels])
            assert all(x - j == y for x, y, j in zip(fed, after, jump, strict=True))
            simulated: list[Any] = [Fraction(int(x.p), int(x.q)) for x in state]
            generations = dynamics.slow_step(simulated, k)
            assert set().union(*generations) == {net.index(other) for other in assembly}
            assert [sympy.Rational(x.numerator, x.denominator) for x in simulated] == list(after)


def test_square_roots() -> None:
    net = SQUARE_ROOT
    boxes = region.boxes(net)
    assert sympy.expand(sum(box.volume for box in boxes) - net.volume()) == 0
    bar = sympy.sqrt(2) / 3
    assert region.is_inhabited(net, [bar, "1/5"])
    assert not region.is_inhabited(net, ["4/9", "2/5"])  # 4/9 is below the square root of 2/9
    assert region.forbidden_set(net, ["4/9", "2/5"]) == {0, 1}
    state, firings = torus.representative(net, [5 * bar, -7])
    assert region.is_inhabited(net, state)
    shift = net.matrix * sympy.Matrix(firings)
    assert all(sympy.expand(x - y - s) == 0 for x, y, s in zip([5 * bar, -7], state, shift, strict=True))
    total = sum(piece.volume for piece in region.pieces(net, 0))
    assert sympy.expand(total - net.increment * (net.thresholds[1] - net.weights[1, 1])) == 0


def test_reduced_networks() -> None:
    net = ea.families.line(4, "9/10", increment="1/20")
    reduced = net.reduced_by([1])
    assert reduced.labels == (0, 2, 3)
    assert reduced.leak == (net.leak[0], net.leak[2], net.leak[3])
    assert reduced.drive == (sympy.Rational(1, 3),) * 3
    assert reduced.increment == net.increment
    driven = ea.Network([[0, "1/2"], ["1/2", 0]], drive=[1, 0], increment="1/4").reduced_by([0])
    assert (driven.drive, driven.increment) == ((1,), None)
    with pytest.raises(InvalidNetworkError, match="no unit is left"):
        net.reduced_by(net.labels)
    with pytest.raises(UnknownUnitError):
        net.reduced_by(["x"])


def test_wrong_questions() -> None:
    net = ea.Network([[0, "1/2"], ["1/4", 0]], increment="1/8", labels="ab")
    assert ea.is_inhabited(net, {"b": "1/4", "a": "1/3"})
    with pytest.raises(InvalidNetworkError, match="says nothing of unit 'b'"):
        region.is_inhabited(net, {"a": 0})
    with pytest.raises(InvalidNetworkError, match="3 entries of state for 2 units"):
        region.is_inhabited(net, [0, 0, 0])
    with pytest.raises(ea.errors.InexactError):
        region.is_inhabited(net, [0.5, 0])
    with pytest.raises(UnboundSymbolError, match="no value for x"):
        region.is_inhabited(net, ["x", 0])
    with pytest.raises(UnboundSymbolError, match="no value for alpha"):
        region.boxes(ea.families.homogeneous(2, "alpha"))
    with pytest.raises(MissingIncrementError):
        region.piece(ea.families.homogeneous(2, "1/2"), [{0}])
    with pytest.raises(InvalidNetworkError, match="begins with one unit"):
        region.piece(net, [{"a", "b"}])
    with pytest.raises(InvalidNetworkError, match="does not set off"):
        region.piece(net, [{"a"}]).split(["1/2", "1/2"])
    with pytest.raises(UnknownOutcomeError, match="no pattern"):
        region.piece(net, None)  # type: ignore[arg-type]  # refused
    single = region.piece(net, [{"a"}])
    assert single.joined({"a": "1/2"}, ["1/2"]) == (sympy.Rational(15, 16), sympy.Rational(1, 2))
    wrong: list[tuple[Any, Any, str]] = [
        ({"b": 0}, [0], "give those of {'a'}"),
        ({"a": 1}, ["1/2"], "places from 0 to below 1"),
        ({"a": 0}, [1], "an inhabited state of the rest"),
        ({"a": 0}, [], "0 entries of state for 1 units"),
    ]
    for places, silent, why in wrong:
        with pytest.raises(InvalidNetworkError, match=why):
            single.joined(places, silent)
    whole = region.piece(net, [{"a"}, {"b"}])
    assert whole.joined({"a": 0, "b": 0}, []) in whole
    with pytest.raises(InvalidNetworkError, match="1 silent units, where all fire"):
        whole.joined({"a": 0, "b": 0}, [0])
    with pytest.raises(InvalidNetworkError, match="receives nothing"):
        region.piece(ea.Network([[0, 0], [0, 0]], increment="1/8"), [{0}, {1}])
    with pytest.raises(TooCostlyError, match="ask is_inhabited"):
        region.boxes(wide())
    with pytest.raises(TooCostlyError, match=r"5 units have 2\^31 families"):
        region.volume_by_inclusion_exclusion(ea.families.ring(5, "1/2"))


def test_a_start_that_may_fire_twice_is_refused() -> None:
    """The undriven start has leak 1, below the increment 2."""
    net = ea.Network([[0, 1], [9, 0]], thresholds=[3, 10], drive=[1, 0], increment=2)
    for ask in (
        lambda: region.piece(net, [{1}]),
        lambda: region.pieces(net, 1),
        lambda: torus.slow_step(net, [2, 9], 1),
        lambda: region.draw(net, 1),
    ):
        with pytest.raises(
            InvalidNetworkError, match=r"start 1: the increment 2 is above its leak 1.*at most 1"
        ):
            ask()
    assert sum(piece.volume for piece in region.pieces(net, 0)) == 2 * 10  # dU det(M without 0)
    lower = net.with_increment(1)
    assert sum(piece.volume for piece in region.pieces(lower, 1)) == 3
    assert torus.slow_step(lower, [2, 9], 1) == ((0, 9), frozenset({0, 1}))
    without = ea.Network([[0, 1], [10, 0]], thresholds=[3, 10], drive=[1, 0], increment=2)
    with pytest.raises(InvalidNetworkError, match=r"the increment 2 is above its leak 0.*give no increment"):
        region.piece(without, [{1}])


def test_slow_steps_begin_below_threshold() -> None:
    net = ea.Network([[0, "1/2"], ["1/4", 0]], increment="1/8")
    for state in ([1, 0], {1: 7, 0: 0}):
        with pytest.raises(InvalidNetworkError, match="give a state below all thresholds"):
            torus.slow_step(net, state, 0)


def test_regions_are_values() -> None:
    net = ea.Network([[0, "1/2"], ["1/4", 0]], increment="1/8", labels="ab")
    piece, box = region.piece(net, [{"b"}, {"a"}]), region.boxes(net)[0]
    for value, same in ((piece, region.piece(net, [{"b"}, {"a"}])), (box, region.boxes(net)[0])):
        again = pickle.loads(pickle.dumps(value))
        assert again == value == same
        assert len({again, value, same}) == 1
    assert piece != region.piece(net, [{"b"}])
    assert repr(piece.sides) == "{'b': (7/8, 1), 'a': (1/2, 1)}"
    with pytest.raises(TypeError):
        piece.sides["b"] = (0, 1)  # type: ignore[index]  # nothing changes it


@pytest.mark.parametrize("factor", [6, sympy.Rational(5, 7), sympy.Rational(1, 1001)])
def test_another_unit_of_activity_has_the_same_cells(factor: sympy.Rational) -> None:
    net = ea.Network([[0, "1/2", "1/3"], ["1/4", 0, 0], [0, "1/6", "1/6"]], increment="1/12")
    scaled = ea.Network(net.weights * factor, factor, increment=net.increment * factor)
    found, wanted = chains.chain(scaled), chains.chain(net)
    assert found.side == factor * wanted.side == factor * sympy.Rational(1, 12)
    assert np.array_equal(found.corners, wanted.corners)
    assert np.array_equal(found.after, wanted.after)
    assert np.array_equal(found.outcome, wanted.outcome)
    assert found.outcomes == wanted.outcomes
    assert found.state(3) == tuple(factor * x for x in wanted.state(3))
    assert np.array_equal(found.cosets(), wanted.cosets())
    assert found.n_cells == net.volume() * 12**3
    with pytest.raises(TooCostlyError, match=f"{found.n_cells:,} cells of side {found.side}"):
        chains.chain(scaled, found.n_cells - 1)


@pytest.mark.parametrize("more", [0, 3, 10**6, 2 * 10**8, 10**9, 3 * 10**9, 10**12, 10**18, 10**30])
def test_cells_with_large_numbers(more: int) -> None:
    """A unit that receives from itself as much more as its threshold is higher does the same, higher up."""
    weights = [[0, 1, 1], [1, 1, 0], [2, 0, 1]]
    shift = np.array([more, 0, 2 * more], dtype=object)
    large = [[w + int(shift[i]) * (i == j) for j, w in enumerate(row)] for i, row in enumerate(weights)]
    found = chains.chain(ea.Network(large, [4 + more, 3, 4 + 2 * more], increment=1))
    wanted = chains.chain(ea.Network(weights, [4, 3, 4], increment=1))
    assert (found.corners.dtype == object) == (more >= 10**9)
    assert moves(found, shift) == moves(wanted, 0 * shift)


def moves(cells: chains.Chain, shift: Any) -> Any:
    """(what each cell answers to each start, and where it goes; the cells of each orbit)"""
    corners = [tuple(map(int, corner)) for corner in cells.corners - shift]
    answers = {
        (corner, start): (cells.outcomes[outcome], corners[after])
        for start, outcomes, afters in zip(cells.starts, cells.outcome, cells.after, strict=True)
        for corner, outcome, after in zip(corners, outcomes, afters, strict=True)
    }
    orbits: dict[int, set[Any]] = {}
    for corner, orbit in zip(corners, cells.cosets().tolist(), strict=True):
        orbits.setdefault(orbit, set()).add(corner)
    assert len(set(corners)) == cells.n_cells
    return answers, {frozenset(orbit) for orbit in orbits.values()}


def test_numbers_are_compared_exactly() -> None:
    """By intervals, and by algebra where they leave it open; equal numbers are not below each other."""
    root = sympy.sqrt(2)
    near = sympy.Rational(int(sympy.floor(root * 10**40)), 10**40)  # 1e-40 below, inside the intervals
    disguised = sympy.sqrt(5 + 2 * sympy.sqrt(6)) - sympy.sqrt(3)  # the root of 2
    for low, high in ((near, root), (root, near + sympy.Rational(1, 10**40)), (1, root), (root, 2)):
        low, high = sympy.sympify(low), sympy.sympify(high)
        assert states.is_below(low, high)
        assert not states.is_below(high, low)
    for one in (root, disguised):
        assert not states.is_below(one, root)
        assert not states.is_below(root, one)
    numbers = (disguised - root, root, -root, 3 - root + disguised)
    assert [states.floor_of(x) for x in numbers] == [0, 1, -2, 3]
    assert states.floor_of(near * 10**40 - root * 10**40) == -1
    net = ea.Network([[0, root / 3], ["1/4", "1/5"]], increment="1/9")
    listed = numbers_of(net).ascending([sympy.Integer(2), disguised, sympy.Integer(1), root])
    assert listed in ([1, root, 2], [1, disguised, 2])
    theta, same = (torus.coordinates(net, [x / 3 * 7, "1/5"]) for x in (root, disguised))
    assert not any(states.is_below(x, y) or states.is_below(y, x) for x, y in zip(theta, same, strict=True))


def test_boxes_are_refused_before_sums_are_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(boxes_module, "unburnt", None)
    star = {(0, j): sympy.Rational(2**j, 2**41) for j in range(1, 41)}
    for net in (ea.families.homogeneous(30, "1/2"), wide(), ea.Network.from_entries(41, star)):
        with pytest.raises(TooCostlyError, match="more than 200,000 cells: ask is_inhabited"):
            region.boxes(net)
    monkeypatch.undo()
    net = ea.Network([[0, "1/2"], ["1/4", 0]])  # 2 x 2 cells
    monkeypatch.setattr(boxes_module, "MAX_GRID", 4)
    assert len(region.boxes(net)) == 2
    monkeypatch.setattr(boxes_module, "MAX_GRID", 3)
    with pytest.raises(TooCostlyError):
        region.boxes(net)


def wide() -> ea.Network:
    """All row sums over sets differ."""
    return ea.Network([[sympy.Rational(2**j, 2**7) if i != j else 0 for j in range(6)] for i in range(6)])


def test_the_start_of_a_piece_is_the_unit_that_fires_first() -> None:
    net = ea.Network([[0, "1/2"], ["1/4", 0]], labels="ab", increment="1/2")
    assert [piece.start for piece in region.pieces(net, "b")] == ["b", "b"]
    fed = region.piece(net, [{"a", "b"}], input={"a": "1/2", "b": "1/2"})
    with pytest.raises(OptionError, match="has no start: ask for its first generation"):
        _ = fed.start


def test_firings_are_counted_up_to_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two units that pass all but a hundredth to each other fire 50 times each to lose one threshold."""
    thresholds, received = [100, 100], [{1: 99}, {0: 99}]
    state = [100, 100]
    fired = torus.relax(state, thresholds, received)
    assert all(0 <= value < 100 for value in state)
    assert [100 - 100 * own + 99 * other for own, other in (fired, fired[::-1])] == state
    monkeypatch.setattr(torus, "MAX_FIRINGS", sum(fired))
    assert torus.relax([100, 100], thresholds, received) == fired
    monkeypatch.setattr(torus, "MAX_FIRINGS", sum(fired) - 1)
    with pytest.raises(
        TooCostlyError, match=f"more than {sum(fired) - 1:,} firings until no unit is at threshold"
    ):
        torus.relax([100, 100], thresholds, received)
