"""Characters against orbits that are enumerated, and laws on orbits against those of the region."""

import pickle
from collections import Counter
from itertools import product
from typing import Any, NamedTuple

import oracles
import pytest
import strategies
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

import exactav as ea
from exactav.errors import MissingIncrementError, NotRationalError, OptionError, TooCostlyError
from exactav.phase_space import ergodicity, exactness, lattices, torus
from exactav.phase_space.ergodicity import coset_law
from exactav.phase_space.exactness import KINDS, outcome_of

sqrt2, sqrt3 = sympy.sqrt(2), sympy.sqrt(3)
ODD = ea.Network([[0, 0, 1], [1, 1, 1], [3, 1, 3]], thresholds=[7, 6, 12], increment=2)
PATTERNS_FAIL = ea.Network([[0, 1, 0], [0, 0, 0], [2, 1, 0]], thresholds=[4, 3, 6], increment=3)


def orbit_of(net: ea.Network, state: Any) -> set[Any]:
    """All states that slow steps of driven units lead to."""
    seen, waiting = {state}, [state]
    while waiting:
        following = waiting.pop()
        for label, p in zip(net.labels, net.drive, strict=True):
            after = torus.slow_step(net, following, label)[0] if p else following
            if after not in seen:
                seen.add(after)
                waiting.append(after)
    return seen


@settings(max_examples=25)
@given(strategies.integer_networks(max_units=3, max_volume=30), st.integers(1, 2), st.booleans())
def test_rational_orbits_have_as_many_states_as_components(data: Any, parts: int, even: bool) -> None:
    """Also with units that are not driven, and an increment that does not divide the weights."""
    weights = [[sympy.Rational(w, 1 + even) for w in row] for row in data.weights]
    thresholds = [sympy.Rational(u, 1 + even) for u in data.thresholds]
    net = ea.Network(weights, thresholds, drive=data.drive)
    net = net.with_increment(sympy.Rational(1, 1 + even) / parts)
    found = ergodicity.ergodicity(net)
    assert (found.unique, found.dimension, len(found.characters)) == (False, 0, net.n_units)
    state = torus.representative(net, [sympy.Rational(1, 5)] * net.n_units)[0]
    assert len(orbit_of(net, state)) == found.n_components


@settings(max_examples=25)
@given(strategies.rational_networks(max_units=3))
def test_characters_are_what_the_translations_leave(data: Any) -> None:
    """Each is an integer on dU e_k for every driven k, and no small integer vector outside is."""
    net = ea.Network(data.weights, data.thresholds, drive=data.drive, increment=data.increment)
    green, characters = ea.green_matrix(net), ergodicity.ergodicity(net).characters
    basis = sympy.Matrix(characters)
    for vector in [*characters, *product(range(-2, 3), repeat=net.n_units)]:
        pairing = sympy.Matrix([vector]) * green * data.increment
        is_character = all(pairing[k].is_Integer for k, p in enumerate(net.drive) if p)
        coordinates = sympy.Matrix([vector]) * basis.inv()
        assert is_character == all(x.is_Integer for x in coordinates)


@pytest.mark.parametrize(
    ("weights", "drive", "dimension", "n_components"),
    [
        ([[0, sqrt3 / 3], [sqrt2 / 5, 0]], None, 2, 1),
        ([[0, sqrt3 / 3], ["1/4", 0]], None, 1, 2),  # the rational row makes the character (-2, 8)
        ([[0, "1/4"], [sqrt2 / 5, 0]], [1, 0], 1, 2),
        ([[0, "x"], ["y", 0]], None, 2, 1),
        ([["x", 0], [0, "1/2"]], None, 1, 4),
        ([["x", 0], [0, "1/2"]], [1, 0], 1, 1),
    ],
)
def test_irrational_and_symbolic_networks(
    weights: Any, drive: Any, dimension: int, n_components: int
) -> None:
    net = ea.Network(weights, drive=drive, increment="1/8")
    found = ergodicity.ergodicity(net)
    assert (found.dimension, found.n_components) == (dimension, n_components)
    assert found.unique == (dimension == net.n_units)
    assert found.laws_exact is True  # of two units, the means fix all laws


def test_a_sandpile_has_the_laws_on_every_orbit() -> None:
    net = ea.Network([[0, 1, 1], [1, 0, 1], [2, 0, 1]], thresholds=[4, 3, 4], increment=1)
    found = ergodicity.ergodicity(net)
    assert (found.unique, found.laws_exact, found.n_components) == (False, True, net.volume())
    for point in ([0, 0, 0], ["1/3", "1/7", "2/5"]):
        assert coset_law(net, point) == ea.assembly_law(net)


def test_orbits_with_another_law() -> None:
    """The network of the theory: 11/73 or 12/73 on an orbit where the region says 23/146."""
    net = ODD
    found = ea.ergodicity(net)
    assert (found.unique, found.laws_exact) == (False, False)
    for kind in KINDS:
        witness = found.verdicts[kind].witness
        assert witness is not None
        assert ea.coset_law(net, witness.state, witness.start) != ea.assembly_law(net, witness.start)
    by_boxes = exactness.by_boxes(net, exactness.Spectrum(net), [0, 1, 2], KINDS)
    assert [by_boxes[kind].exact for kind in KINDS] == [False] * 3
    assert {witness.character for _, _, witness in by_boxes.values() if witness} == {(2, -2, -4)}


def test_patterns_may_fail_where_assemblies_do_not() -> None:
    found = ea.ergodicity(PATTERNS_FAIL)
    assert [found.verdicts[kind].exact for kind in KINDS] == [False, True, True]
    assert not found.laws_exact
    assert found.witness is not None


class Counted(NamedTuple):
    """(coset, start) -> how often each pattern occurs, all orbits of integers enumerated."""

    counts: dict[tuple[int, int], Counter[Any]]
    n_cosets: int

    def is_exact(self, kind: Any) -> bool:
        by_start: dict[int, list[Any]] = {}
        for (_, start), patterns in self.counts.items():
            law: Counter[Any] = Counter()
            for pattern, count in patterns.items():
                law[outcome_of(kind, tuple(frozenset(g) for g in pattern))] += count
            by_start.setdefault(start, []).append(law)
        return all(law == laws[0] for laws in by_start.values() for law in laws)


def counted(data: Any, step: int) -> Counted:
    left = oracles.recurrent_states(data.weights, data.thresholds)
    counts: dict[tuple[int, int], Counter[Any]] = {}
    coset = 0
    while left:
        waiting = [left.pop()]
        for state in waiting:
            for start in data.driven:
                pattern, after = oracles.avalanche(data.weights, data.thresholds, state, start, step)
                counts.setdefault((coset, start), Counter())[pattern] += 1
                if after in left:
                    left.remove(after)
                    waiting.append(after)
        coset += 1
    return Counted(counts, coset)


@settings(max_examples=60)
@given(strategies.integer_networks(max_units=3, max_volume=40), st.integers(1, 3))
def test_verdicts_are_those_of_all_orbits(data: Any, step: int) -> None:
    """Patterns, assemblies and sizes, by the first way that can decide, by cells and by boxes."""
    thresholds = [u + (step - 1) * (k in data.driven) for k, u in enumerate(data.thresholds)]
    data = data._replace(thresholds=thresholds)
    net = ea.Network(data.weights, thresholds, drive=data.drive, increment=step)
    found, wanted = ergodicity.ergodicity(net), counted(data, step)
    assert found.n_components * wanted.n_cosets == net.volume()
    by_cells = exactness.by_cells(net, KINDS)
    by_boxes = exactness.by_boxes(net, exactness.Spectrum(net), data.driven, KINDS)
    for kind in KINDS:
        verdict = wanted.is_exact(kind)
        assert [found.verdicts[kind].exact, by_cells[kind].exact, by_boxes[kind].exact] == [verdict] * 3, kind
        for way in (found.verdicts, by_cells, by_boxes):
            assert (way[kind].witness is None) == verdict
    for start in data.driven:
        fixed = exactness._fixed_by_means(net.system, start)
        only = Counted({key: law for key, law in wanted.counts.items() if key[1] == start}, wanted.n_cosets)
        assert all(only.is_exact(kind) for kind in fixed)


@settings(max_examples=20)
@given(strategies.integer_networks(max_units=3, max_volume=40), st.integers(1, 3))
def test_participation_holds_on_every_orbit(data: Any, step: int) -> None:
    """The mean state does not change: feeding k makes unit j fire with probability dU G_jk."""
    thresholds = [u + (step - 1) * (k in data.driven) for k, u in enumerate(data.thresholds)]
    net = ea.Network(data.weights, thresholds, drive=data.drive, increment=step)
    green = ea.green_matrix(net)
    for (_, start), patterns in counted(data._replace(thresholds=thresholds), step).counts.items():
        total = sum(patterns.values())
        for unit in range(net.n_units):
            fired = sum(count for pattern, count in patterns.items() if any(unit in g for g in pattern))
            assert sympy.Rational(fired, total) == step * green[unit, start]


def test_irrational_networks_with_several_orbits() -> None:
    """Decided by boxes; a chain that only leads forward is decided by means, whatever its size."""
    weights = [[0, sqrt2 / 4, "1/5"], ["1/3", 0, "1/7"], ["1/5", "1/4", "1/9"]]
    found = ergodicity.ergodicity(ea.Network(weights, drive=[1, 0, 0], increment="1/8"))
    assert (found.dimension, found.laws_exact, found.verdicts["size"].reason) == (
        1, True, "the Fourier coefficients of all regions vanish"
    )  # fmt: skip
    forward = [["2/3" if i == j + 1 else 0 for j in range(7)] for i in range(7)]
    found = ergodicity.ergodicity(ea.Network(forward, increment="1/8"))
    assert not found.unique
    assert (found.laws_exact, found.reason) == (True, "the means fix the law, and hold on every orbit")


@pytest.mark.slow
@pytest.mark.parametrize("net", [PATTERNS_FAIL, ODD])
def test_a_common_irrational_factor_changes_nothing(net: ea.Network) -> None:
    """The dynamics is the same, decided in a field of numbers by boxes with irrational corners."""
    factor = 1 + sqrt2
    scaled = ea.Network(
        net.weights * factor, [u * factor for u in net.thresholds], increment=net.increment * factor
    )
    found, wanted = ergodicity.ergodicity(scaled), ergodicity.ergodicity(net)
    assert found.characters == wanted.characters
    assert [found.verdicts[kind].exact for kind in KINDS] == [wanted.verdicts[kind].exact for kind in KINDS]
    assert found.witness is not None
    assert found.witness.character is not None


def test_what_is_not_decided_says_why() -> None:
    weights = [["a", "1/2", "1/3"], ["1/5", 0, "1/2"], ["1/3", "1/3", 0]]
    symbolic = ergodicity.ergodicity(ea.Network(weights, drive=[1, 0, 0], increment="1/8"))
    large = ergodicity.ergodicity(ea.families.homogeneous(7, "3/4", increment="1/8"))
    for found, why in ((symbolic, "symbols"), (large, "7 units")):
        assert found.laws_exact is None
        assert why in found.reason


def test_lattices() -> None:
    rows = [[6, 10, 15, 7], [4, 0, 2, 9]]
    kernel = lattices.integer_kernel(rows, 4)
    assert len(kernel) == 2
    assert all(sum(a * b for a, b in zip(row, vector, strict=True)) == 0 for row in rows for vector in kernel)
    assert lattices.index_in_span(kernel) == 1  # a kernel holds all integer vectors of its span
    assert lattices.index_in_span([[2 * x for x in vector] for vector in kernel]) == 4
    assert lattices.integer_kernel([[1, 0], [0, 1]], 2) == []


def test_the_law_of_an_orbit_per_slow_step() -> None:
    """Against all states of the orbit, with and without a start, and where it differs from the region's."""
    witness = ergodicity.ergodicity(ODD).witness
    assert witness is not None
    for net, state in ((ODD, witness.state), (PATTERNS_FAIL, (0, 0, 0))):
        for start in (None, 0, 2):
            law: Counter[Any] = Counter()
            orbit = orbit_of(net, torus.representative(net, state)[0])
            fed = dict(enumerate(net.drive)) if start is None else {start: sympy.Integer(1)}
            for here, (k, p) in product(orbit, fed.items()):
                law[torus.slow_step(net, here, k)[1]] += p / len(orbit)
            found = coset_law(net, state, start)
            assert found.start == start
            assert found.per_step().pmf() == {a: p for a, p in law.items() if p}
            assert sum(found.values()) == 1
            assert pickle.loads(pickle.dumps(found)) == found
    assert coset_law(ODD, witness.state, 0).per_step() != ea.assembly_law(ODD, 0).per_step()


def test_orbits_of_irrational_drives_and_of_other_units_of_activity() -> None:
    share = sympy.sqrt(2) / 2
    net = ea.Network(ODD.weights, ODD.thresholds, drive=[share, 1 - share, 0], increment=2)
    for start in (None, 0):
        law = coset_law(net, [0, 0, 0], start)
        assert sympy.radsimp(sum(law.values())) == 1
        assert sympy.radsimp(sympy.expand(sum(law.per_step().values()))) == 1
    thirds = ea.Network(ODD.weights / 3, [u / 3 for u in ODD.thresholds], increment="2/3")
    assert coset_law(thirds, ["1/7", 0, 0]) == coset_law(ODD, ["3/7", 0, 0])


def test_verdicts_are_values() -> None:
    found = ergodicity.ergodicity(ODD)
    again = pickle.loads(pickle.dumps(found))
    assert again == found
    assert len({found, again, ergodicity.ergodicity(PATTERNS_FAIL)}) == 2
    assert hash(found.witness) == hash(again.witness)
    with pytest.raises(TypeError):
        found.verdicts["size"] = None  # type: ignore[index]  # nothing changes it


def test_what_decides_for_a_sandpile_and_what_means_leave_open() -> None:
    sandpile = ergodicity.ergodicity(ea.families.homogeneous(2, "1/2", increment="1/4"))
    assert sandpile.reason == "regions are made of cubes that each orbit visits once each"
    # one unit recruits two others, each or both: four sets, of three sizes, whose indicators depend
    fan = ea.Network.from_entries(4, {(1, 0): sympy.Rational(1, 2), (2, 0): sympy.Rational(1, 3)})
    assert exactness._fixed_by_means(fan.system, 0) == set()
    pair = ea.Network.from_entries(2, {(1, 0): sympy.Rational(1, 2)})
    assert exactness._fixed_by_means(pair.system, 0) == {"size", "assembly", "pattern"}


def test_a_card_says_whether_the_law_is_the_only_one() -> None:
    net = ea.Network([[0, 1 / sympy.sqrt(3)], [sqrt2 / 5, 0]], increment="1/8")
    for one, said, other in (
        (net, "the only stationary law", "one of several"),
        (ODD, "one of several stationary laws", "the only"),
    ):
        found = ergodicity.ergodicity(one)
        assert found.unique == (one is net)
        assert said in found._repr_html_()
        assert other not in found._repr_html_().replace(said, "")


def test_long_orbits_are_not_begun(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ergodicity, "relax", None)
    with pytest.raises(TooCostlyError, match=r"the orbit has .* states, more than 200,000"):
        coset_law(ea.families.ring(20, "1/2", increment="1/8"), [0] * 20)
    monkeypatch.undo()
    net = ea.families.homogeneous(2, "1/2", increment="1/4")  # orbits of 8 states
    monkeypatch.setattr(ergodicity, "MAX_ORBIT", 8)
    assert coset_law(net, [0, 0]) == ea.assembly_law(net)
    monkeypatch.setattr(ergodicity, "MAX_ORBIT", 7)
    with pytest.raises(TooCostlyError, match="8 states, more than 7"):
        coset_law(net, [0, 0])


def test_wrong_questions() -> None:
    with pytest.raises(MissingIncrementError):
        ergodicity.ergodicity(ea.families.ring(5, "1/2"))
    with pytest.raises(NotRationalError, match="orbits are infinite"):
        coset_law(ea.Network([[sqrt2 / 2]], increment="1/8"), [0])
    with pytest.raises(NotRationalError, match="sqrt\\(2\\) is irrational, so that its orbit is infinite"):
        coset_law(ea.families.ring(5, "1/2", increment="1/8"), [sqrt2, 0, 0, 0, 0])
    with pytest.raises(OptionError, match=r"unit 1 is not driven.*name a driven unit \(0\)"):
        coset_law(ea.Network([[0, "1/2"], [0, 0]], drive=[1, 0], increment="1/8"), [0, 0], 1)
    with pytest.raises(TooCostlyError, match="states, more than 200,000"):
        coset_law(ea.families.ring(8, "1/2", increment="1/8"), [0] * 8)
