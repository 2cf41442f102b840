"""Input to several units in one slow step: against enumeration, and road against road (derivation 14)."""

import itertools
import json
import pickle
from collections import Counter
from fractions import Fraction
from typing import Any

import oracles
import pytest
import strategies
import sympy
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import exactav as ea
from exactav.command.cli import main
from exactav.engines.durations.plan import METHODS as DURATION_METHODS
from exactav.engines.registry import METHODS
from exactav.errors import (
    ArgumentError,
    InexactError,
    InvalidNetworkError,
    NotRationalError,
    OptionError,
    ParseError,
    TooCostlyError,
    UnboundSymbolError,
    UnknownUnitError,
)
from exactav.phase_space import region, torus
from exactav.sampling.comparison import chi_square

few = settings(max_examples=15)
x = sympy.Symbol("x")
ASYMMETRIC = [
    ["1/7", "1/5", 0, "1/9"],
    ["1/4", 0, "1/3", 0],
    ["1/6", "1/9", 0, "1/8"],
    [0, "1/3", "1/5", "1/10"],
]
NET = ea.Network(ASYMMETRIC, thresholds=[1, 1, "6/5", 1], labels="abcd")
AMOUNTS = {"a": "1/8", "b": "1/4", "d": "1/16"}
MIXED = ea.Drive([("1/2", {"a": "1/8"}), ("1/8", {}), ("1/8", {"b": "1/8", "c": "1/10"}), ("1/4", AMOUNTS)])


def fractions(law: Any) -> dict[Any, Fraction]:
    return {outcome: Fraction(int(p.p), int(p.q)) for outcome, p in law.pmf().items()}


def positive(law: dict[Any, Fraction]) -> dict[Any, Fraction]:
    return {outcome: p for outcome, p in law.items() if p}


@st.composite
def fed_networks(draw: st.DrawFn) -> tuple[Any, list[tuple[Fraction, list[Any]]]]:
    """An integer network, and a law over inputs of whole amounts that are at most the leaks."""
    data = draw(strategies.integer_networks(max_volume=150))
    n_vectors = draw(st.integers(1, 3))
    shares = [draw(st.integers(1, 3)) for _ in range(n_vectors)]
    vectors = [
        (Fraction(share, sum(shares)), [draw(st.integers(0, int(s))) for s in data.leak]) for share in shares
    ]
    assume(any(any(amounts) for _, amounts in vectors))
    return data, vectors


def drive(vectors: list[tuple[Fraction, list[Any]]]) -> ea.Drive:
    return ea.Drive([(p, dict(enumerate(amounts))) for p, amounts in vectors])


@few
@given(fed_networks())
def test_laws_are_those_of_the_dynamics(case: Any) -> None:
    """Every law, per slow step and given an avalanche, as integers."""
    data, vectors = case
    net, given_ = ea.Network(data.weights, data.thresholds), drive(vectors)
    counted = oracles.pattern_law_of_input(data.weights, data.thresholds, vectors)
    avalanches = oracles.given_avalanche(counted)
    laws: list[tuple[Any, Any]] = [
        (ea.pattern_law(net, input=given_), lambda law: law),
        (ea.assembly_law(net, input=given_), oracles.assembly_law),
        (ea.size_law(net, input=given_), oracles.size_law),
        (ea.duration_law(net, input=given_), oracles.duration_law),
        (ea.size_duration_law(net, input=given_), oracles.size_duration_law),
    ]
    for law, of_patterns in laws:
        assert fractions(law) == positive(of_patterns(avalanches))
        assert fractions(law.per_step()) == positive(of_patterns(counted))
    assert ea.avalanche_probability(net, input=given_) == 1 - counted.get((), Fraction(0))
    seen = list(range(0, net.n_units, 2))
    observed = ea.size_law(net, input=given_, observed=seen)
    groups = ea.composition_law(net, [seen], input=given_)
    wanted = oracles.push_forward(avalanches, lambda p: len(oracles.assembly_of(p) & set(seen)))
    assert fractions(observed) == positive(wanted) == {c: p for (c,), p in fractions(groups).items()}
    steps = oracles.push_forward(counted, lambda p: len(oracles.assembly_of(p) & set(seen)))
    assert fractions(observed.per_step()) == positive(steps)


@few
@given(fed_networks())
def test_participation_is_that_of_the_dynamics(case: Any) -> None:
    data, vectors = case
    net, given_ = ea.Network(data.weights, data.thresholds), drive(vectors)
    counted = oracles.assembly_law(oracles.pattern_law_of_input(data.weights, data.thresholds, vectors))
    fires = [sum(p for A, p in counted.items() if unit in A) for unit in range(net.n_units)]
    avalanche = 1 - counted.get(frozenset(), Fraction(0))
    assert list(ea.firing_rates(net, input=given_)) == fires
    assert list(ea.participation(net, input=given_)) == [p / avalanche for p in fires]
    assert list(ea.participation_overall(net, input=given_)) == [p / avalanche for p in fires]
    assert ea.mean_size(net, input=given_) == sum(fires) / avalanche


@few
@given(fed_networks())
def test_single_probabilities_are_those_of_the_laws(case: Any) -> None:
    data, vectors = case
    net, given_ = ea.Network(data.weights, data.thresholds), drive(vectors)
    assemblies, patterns = ea.assembly_law(net, input=given_), ea.pattern_law(net, input=given_)
    for size in range(net.n_units + 1):
        for units in itertools.combinations(range(net.n_units), size):
            assert ea.assembly_probability(net, units, input=given_) == assemblies[units]
    for pattern in patterns:
        assert ea.pattern_probability(net, pattern, input=given_) == patterns[pattern]
    assert ea.pattern_probability(net, [], input=given_) == 0


@few
@given(fed_networks())
def test_pieces_are_the_states_that_set_off_patterns(case: Any) -> None:
    data, vectors = case
    net = ea.Network(data.weights, data.thresholds)
    for _, amounts in vectors:
        given_ = dict(enumerate(amounts))
        if not any(amounts):
            continue
        pieces = [*region.pieces(net, input=given_, assembly=[]), *region.pieces(net, input=given_)]
        counted = oracles.pattern_law_of_input(data.weights, data.thresholds, [(Fraction(1), amounts)])
        assert {p.pattern: p.volume / net.volume() for p in pieces} == counted
        for state in sorted(oracles.recurrent_states(data.weights, data.thresholds))[:10]:
            pattern, after = oracles.slow_step(data.weights, data.thresholds, state, amounts)
            assert [p.pattern for p in pieces if state in p] == [pattern]
            assert torus.slow_step(net, state, input=given_) == (after, frozenset().union(*pattern))


def dense(n: int, seed: int) -> tuple[ea.Network, dict[int, Any]]:
    """A network without any symmetry, with self-coupling and zeros, and input to all but one of its units."""
    rows = [
        [sympy.Rational((3 * i + 5 * j + seed) % 7, 9 * n + i) if (i + 2 * j) % 5 else 0 for j in range(n)]
        for i in range(n)
    ]
    net = ea.Network(rows)
    return net, {i: s * sympy.Rational(i % 3 + 1, 3) for i, s in enumerate(net.leak) if i != 1}


def by_determinants(net: ea.Network, amounts: dict[Any, Any]) -> dict[frozenset[int], Fraction]:
    """P(A) per slow step for all sets, from determinants of the oracle."""
    n = net.n_units
    W = [[Fraction(str(w)) for w in net.weights.row(i)] for i in range(n)]
    s = [Fraction(str(leak)) for leak in net.leak]
    d = [Fraction(str(amounts.get(i, 0))) for i in range(n)]

    def weight(units: tuple[int, ...], roots: list[Fraction]) -> Fraction:
        return oracles.determinant(
            [
                [roots[i] + sum(W[i][u] for u in units if u != i) if i == j else -W[i][j] for j in units]
                for i in units
            ]
        )

    volume = weight(tuple(range(n)), s)
    law = {}
    for size in range(n + 1):
        for A in itertools.combinations(range(n), size):
            C = tuple(i for i in range(n) if i not in A)
            law[frozenset(A)] = weight(A, d) * weight(C, [a - b for a, b in zip(s, d, strict=True)]) / volume
    return law


@pytest.mark.parametrize("arithmetic", ["exact", "float"])
@pytest.mark.parametrize("method", METHODS)
def test_all_engines_agree(method: str, arithmetic: Any) -> None:
    """Sizes, observed sizes, compositions; sets where the engine lists them."""
    if (method, arithmetic) == ("connected", "float"):
        pytest.skip("exact sums only")
    net, amounts = dense(6, 1)
    by_set = by_determinants(net, amounts)
    avalanche = 1 - by_set[frozenset()]
    groups = [[0, 4], [1, 2]]
    options: Any = {"input": amounts, "method": method, "arithmetic": arithmetic}
    found: dict[str, tuple[Any, Any]] = {
        "sizes": (ea.size_law(net, **options), len),
        "observed": (ea.size_law(net, observed=[1, 2], **options), lambda A: len(A & {1, 2})),
        "groups": (
            ea.composition_law(net, groups, **options),
            lambda A: tuple(len(A & set(group)) for group in groups),
        ),
    }
    if method != "frontier":
        found["sets"] = (ea.assembly_law(net, **options), lambda A: A)
    for law, image in found.values():
        wanted = positive(oracles.push_forward({A: p for A, p in by_set.items() if A}, image))
        assert set(law) == set(wanted)
        for outcome, p in wanted.items():
            share = p / avalanche
            assert abs(Fraction(law[outcome]) - share) <= Fraction(law.error_bound) * share
        assert (law.error_bound > 0) == (arithmetic == "float")
        stepped = law.per_step()
        for outcome, p in oracles.push_forward(by_set, image).items():
            assert abs(Fraction(stepped[outcome]) - p) <= Fraction(stepped.error_bound) * p


@pytest.mark.parametrize("arithmetic", ["exact", "float"])
@pytest.mark.parametrize("method", DURATION_METHODS)
def test_all_engines_of_durations_agree(method: str, arithmetic: Any) -> None:
    """Two lines, one fed at both ends: the larger network is a tree, or a ring, for engines that want one."""
    nets: list[tuple[ea.Network, dict[Any, Any]]] = [dense(5, 2)] if method not in ("trees", "rings") else []
    line = ea.families.line(4, "3/4")
    two = ea.Network.from_entries(
        8, {(i + a, j + a): w for (i, j), w in line.entries.items() for a in (0, 4)}
    )
    nets += [(two, {1: "1/8", 4: "1/5"})] if method != "rings" else []
    if method == "rings":
        with pytest.raises(TooCostlyError, match="rings"):
            ea.duration_law(two, input={1: "1/8", 4: "1/5"}, method=method, arithmetic=arithmetic)
    for net, amounts in nets:
        patterns = ea.pattern_law(net, input=amounts)
        for law, wanted in (
            (
                ea.duration_law(net, input=amounts, method=method, arithmetic=arithmetic),
                patterns.duration_law(),
            ),
            (
                ea.size_duration_law(net, input=amounts, method=method, arithmetic=arithmetic),
                patterns.size_duration_law(),
            ),
        ):
            assert set(law) == set(wanted)
            for outcome, p in wanted.items():
                assert abs(Fraction(law[outcome]) - Fraction(p)) <= Fraction(law.error_bound) * Fraction(p)


def test_a_unit_that_is_like_the_source() -> None:
    """Unit 2 receives nothing and sends what the input feeds: it is interchangeable with the source."""
    net = ea.Network([[0, "1/4", "1/8"], ["1/3", 0, "1/5"], [0, 0, 0]])
    amounts = {0: sympy.Rational(1, 8), 1: sympy.Rational(1, 5)}
    wanted = by_determinants(net, amounts)
    for method in METHODS:
        law = ea.size_law(net, input=amounts, method=method).per_step()
        assert fractions(law) == positive(oracles.push_forward(wanted, len))


def test_populations_of_fed_units_are_counted() -> None:
    """Interchangeable units with equal amounts stay interchangeable, so 60 units are no obstacle."""
    net = ea.families.homogeneous(60, "9/10")
    amounts = dict.fromkeys(range(30), "1/20")
    assert ea.plan(net, input=amounts, method="populations").n_classes == 2
    law = ea.size_law(net, input=amounts)
    assert law.mean() == ea.mean_size(net, input=amounts)
    assert 1 - law.per_step()[0] == ea.avalanche_probability(net, input=amounts)
    assert ea.plan(net, input=amounts, of="duration").n_units == 60


@pytest.mark.parametrize("arithmetic", ["exact", "float"])
def test_one_unit_is_a_start(arithmetic: Any) -> None:
    """{k: dU} per slow step is the start k of a network with the increment dU."""
    for unit, amount in (("a", "1/8"), ("c", NET.leak[2])):
        net = NET.with_increment(None).replace(drive={unit: 1}, increment=amount)
        for law in (ea.size_law, ea.assembly_law, ea.duration_law, ea.size_duration_law):
            fed = law(net, input={unit: amount, "d": 0}, arithmetic=arithmetic).per_step()
            started = law(net, start=unit).per_step()
            assert arithmetic == "float" or fed == started
            assert set(fed) == set(started)
            for outcome, p in started.items():
                assert abs(Fraction(fed[outcome]) - Fraction(p)) <= Fraction(fed.error_bound) * Fraction(p)
        assert ea.pattern_law(net, input={unit: amount}) == ea.pattern_law(net, start=unit)
        assert ea.avalanche_probability(net, input={unit: amount}) == ea.avalanche_probability(net, unit)


def test_a_law_over_inputs_is_a_mixture() -> None:
    """Those to one unit are all starts at once; with probabilities p_k and one amount they are the drive."""
    parts = [(p, ea.size_law(NET, input=dict(amounts)).per_step()) for p, amounts in MIXED.vectors if amounts]
    law = ea.size_law(NET, input=MIXED).per_step()
    for size in range(5):
        nothing = sympy.Rational(1, 8) if size == 0 else 0
        assert law[size] == sum(p * part[size] for p, part in parts) + nothing
    shares = {"a": "1/2", "b": "1/3", "d": "1/6"}
    driven = NET.replace(drive=shares, increment="1/10")
    singles = ea.Drive([(p, {unit: "1/10"}) for unit, p in shares.items()])
    assert ea.assembly_law(driven, input=singles).per_step() == ea.assembly_law(driven).per_step()
    assert ea.firing_rates(driven, input=singles) == ea.firing_rates(driven)
    assert ea.duration_law(NET, input=MIXED) == ea.pattern_law(NET, input=MIXED).duration_law()
    exact, rounded = ea.size_law(NET, input=MIXED), ea.size_law(NET, input=MIXED, arithmetic="float")
    for size, p in exact.items():
        assert abs(Fraction(rounded[size]) - Fraction(p)) <= Fraction(rounded.error_bound) * Fraction(p)


@pytest.mark.parametrize("amounts", [{0: "1/8"}, {0: "1/8", 3: "1/10"}, dict.fromkeys(range(6), "1/20")])
def test_small_avalanches(amounts: Any) -> None:
    net = ea.families.ring(9, "4/5")
    whole = ea.size_law(net, input=amounts)
    for arithmetic in ("exact", "float"):
        law = ea.size_law(net, input=amounts, up_to=3, arithmetic=arithmetic)
        for size in (1, 2, 3):
            assert abs(Fraction(law[size]) - Fraction(whole[size])) <= Fraction(law.error_bound) * Fraction(
                whole[size]
            )
        larger = sum(p for size, p in whole.items() if size > 3)
        assert abs(Fraction(law["> 3"]) - Fraction(larger)) <= Fraction(law.error_bound) * Fraction(larger)
        silent = 1 - ea.avalanche_probability(net, input=amounts)
        assert abs(float(law.per_step()[0]) - float(silent)) < 1e-9
    with pytest.raises(OptionError, match="each input"):
        ea.size_law(NET, input=MIXED, up_to=2)


def test_symbols_of_amounts_and_of_weights() -> None:
    """Laws with symbols, at values, are the laws at these values; names tell symbols, whatever is assumed."""
    a = sympy.Symbol("a", positive=True)
    net = ea.Network([[0, a, "1/5"], ["1/4", 0, 0], ["1/3", a, 0]])
    given_ = {0: "a/4", 1: x}
    for function in (ea.size_law, ea.assembly_law, ea.duration_law, ea.pattern_law):
        law = function(net, input=given_)
        values = {"a": sympy.Rational(1, 7), "x": sympy.Rational(2, 9)}
        put = law.at(values)
        assert put == function(net.at(a="1/7"), input={0: "1/28", 1: "2/9"})
        assert put.input == ea.Drive([(1, {0: "1/28", 1: "2/9"})])
        assert put.per_step() == law.per_step().at(values)
    assert ea.avalanche_probability(net, input=given_).free_symbols == {a, x}
    with pytest.raises(InvalidNetworkError, match="above its leak"):
        ea.size_law(net, input=given_).at(x="4/5")
    weighted = ea.Drive([("p", {0: "1/8", 1: "1/8"}), ("1 - p", {2: "1/8"})])
    assert ea.size_law(net, input=weighted).at(p=1) == ea.size_law(net, input={0: "1/8", 1: "1/8"})
    assert ea.size_law(net, input={0: "x", 1: "x"}).limit("x", 0).network == net


def test_irrational_amounts() -> None:
    net = ea.families.line(3, "3/4")
    law = ea.size_law(net, input={0: "sqrt(2)/8", 2: "1/8"})
    assert law.mean() == ea.mean_size(net, input={0: "sqrt(2)/8", 2: "1/8"})
    assert law.per_step()[0].has(sympy.sqrt(2))
    with pytest.raises(NotRationalError):
        ea.size_law(net, input={0: "sqrt(2)/8", 2: "1/8"}, arithmetic="float")
    with pytest.raises(NotRationalError):
        ea.sample_assemblies(net, 5, seed=1, input={0: "sqrt(2)/8"})


@pytest.mark.parametrize("given_", [AMOUNTS, MIXED, {"a": x, "c": "x/2"}])
def test_laws_remember_their_input(given_: Any) -> None:
    wanted = given_ if isinstance(given_, ea.Drive) else ea.Drive([(1, given_)])
    law = ea.size_law(NET, input=given_)
    assert law.start is None
    made = [law.per_step(), ea.assembly_law(NET, input=given_).size_law(), law.map(lambda size: size % 2)]
    again = [pickle.loads(pickle.dumps(law)), ea.from_json(law.to_json())]
    for other in (law, *made, *again):
        assert other.input == wanted
        assert hash(other.input) == hash(wanted)
    assert again == [law, law]
    assert ea.size_law(NET).input is None
    assert "input" in repr(law)
    assert r"\mid d" in law.latex()
    document = json.loads(law.to_json())
    for damaged in ([[1, [["e", "1/8"]]]], [[1, [["a", "2"]]]], "a", [[1, 2, 3]], [["1/2", [["a", "1/8"]]]]):
        with pytest.raises(ParseError, match="input"):
            ea.from_json(json.dumps({**document, "input": damaged}))
    with pytest.raises(ParseError, match="no start"):
        ea.from_json(json.dumps({**document, "start": "a"}))


def test_what_laws_and_drives_say() -> None:
    assert repr(MIXED).startswith("Drive([('1/2', {'a': '1/8'}), ('1/8', {}),")
    assert eval(repr(MIXED), {"Drive": ea.Drive}) == MIXED
    assert pickle.loads(pickle.dumps(MIXED)) == MIXED
    assert ea.Drive([(1, AMOUNTS)]) != MIXED
    assert MIXED != 1
    assert repr(ea.size_law(NET, input=AMOUNTS)).startswith(
        "<SizeLaw given an avalanche, input 'a': 1/8, 'b': 1/4, 'd': 1/16: 1: "
    )
    assert "4 inputs" in repr(ea.size_law(NET, input=MIXED))
    ring = ea.families.ring(9, "4/5")
    assert "input to 9 units" in repr(ea.size_law(ring, input=dict.fromkeys(range(9), "1/9")))
    mixture = ea.size_law(NET, input=AMOUNTS).mixed(ea.size_law(NET), "1/3")
    assert "input 'a'" in mixture.condition
    with pytest.raises(AttributeError, match="immutable"):
        MIXED.vectors = ()
    with pytest.raises(AttributeError, match="immutable"):
        del MIXED.vectors


@pytest.mark.parametrize("given_", [{"a": "1/8"}, AMOUNTS, MIXED])
def test_samples_and_simulations_follow_the_laws(given_: Any) -> None:
    sample = ea.sample_assemblies(NET, 4000, seed=1, input=given_)
    law = ea.assembly_law(NET, input=given_)
    assert chi_square(Counter(sample), law.floats()).p_value > 1e-3
    assert len(sample) == len(sample.sizes) == 4000
    assert sample == ea.sample_assemblies(NET, 4000, seed=1, input=given_)
    assert pickle.loads(pickle.dumps(sample)) == sample
    assert sample.input == law.input
    assert "input" in repr(sample)
    with pytest.raises(OptionError, match="several units"):
        _ = sample.starts
    patterns = ea.sample_patterns(NET, 4000, seed=1, input=given_)
    assert patterns.assemblies() == sample
    assert pickle.loads(pickle.dumps(patterns)) == patterns
    assert patterns.input == law.input
    for of in (ea.pattern_law, ea.assembly_law, ea.size_law, ea.duration_law, ea.size_duration_law):
        assert patterns.compare(of(NET, input=given_)).p_value > 1e-3
    for sampled, other in ((patterns, ea.pattern_law(NET)), (ea.sample_patterns(NET, 9, seed=1), law)):
        with pytest.raises(OptionError, match="a law of the same"):
            sampled.compare(other)
    simulation = ea.simulate(NET, 1000, seed=2, input=given_)
    share = 1000 / simulation.n_steps
    assert abs(share - float(ea.avalanche_probability(NET, input=given_))) < 0.03
    for of in (ea.pattern_law, ea.assembly_law, ea.size_law, ea.size_duration_law):
        assert simulation.compare(of(NET, input=given_)).p_value > 1e-3


def test_samples_with_long_numbers() -> None:
    """Sums of weights beyond 63 bits take another kernel."""
    tiny = sympy.Rational(1, 3**50)
    exact = ea.assembly_law(NET, input=AMOUNTS)
    amounts = {"a": sympy.Rational(1, 8) + tiny, "b": "1/4", "d": "1/16"}
    mixed = ea.Drive([(sympy.Rational(1, 2) + tiny, amounts), (sympy.Rational(1, 2) - tiny, AMOUNTS)])
    sample = ea.sample_assemblies(NET, 1500, seed=3, input=mixed)
    assert chi_square(Counter(sample), exact.floats()).p_value > 1e-3


@pytest.mark.parametrize(
    ("given_", "error", "said"),
    [
        ({"a": 0.1}, InexactError, "float"),
        ({"e": "1/8"}, UnknownUnitError, "'e'"),
        ({"a": 1}, InvalidNetworkError, "above its leak"),
        ({"a": "-1/8"}, OptionError, ">= 0"),
        ({}, InvalidNetworkError, "feeds no unit"),
        ({"a": 0}, InvalidNetworkError, "feeds no unit"),
        ("a", ArgumentError, "mapping"),
        (["a"], ArgumentError, "mapping"),
    ],
)
def test_inputs_are_checked_at_the_door(given_: Any, error: Any, said: str) -> None:
    functions: list[Any] = [
        ea.size_law, ea.assembly_law, ea.composition_law, ea.duration_law, ea.size_duration_law,
        ea.pattern_law, ea.mean_size, ea.participation, ea.firing_rates, ea.avalanche_probability, ea.plan,
    ]  # fmt: skip
    for function in functions:
        with pytest.raises(error, match=said):
            function(NET, input=given_)
    with pytest.raises(error, match=said):
        ea.sample_assemblies(NET, 5, seed=1, input=given_)
    with pytest.raises(error, match=said):
        ea.simulate(NET, 5, seed=1, input=given_)
    with pytest.raises(error, match=said):
        ea.pattern_probability(NET, [{"a"}], input=given_)


@pytest.mark.parametrize(
    ("vectors", "error", "said"),
    [
        ([("1/2", {"a": 1})], OptionError, "sum to 1/2"),
        ([("3/2", {"a": 1}), ("-1/2", {"a": 1})], OptionError, ">= 0"),
        ([], OptionError, "sum to 0"),
        ([{"a": 1}], ArgumentError, "probability"),
        ({"a": 1}, ArgumentError, "pairs"),
        ([(1, "a")], ArgumentError, "mapping"),
        ([(0.5, {"a": 1}), (0.5, {})], InexactError, "float"),
        ([("x", {"a": 1}), ("1 - x", {"a": sympy.Symbol("x", positive=True)})], OptionError, "one name"),
    ],
)
def test_laws_over_inputs_are_checked(vectors: Any, error: Any, said: str) -> None:
    with pytest.raises(error, match=said):
        ea.Drive(vectors)


def test_what_has_no_meaning_is_refused(tmp_path: Any) -> None:
    with pytest.raises(OptionError, match="both"):
        ea.size_law(NET, "a", input=AMOUNTS)
    with pytest.raises(OptionError, match="input="):
        ea.size_law(NET, AMOUNTS)  # type: ignore[arg-type]
    with pytest.raises(OptionError, match="checkpoint"):
        ea.size_law(NET, input=MIXED, checkpoint=tmp_path / "kept")
    with pytest.raises(OptionError, match="increment"):
        ea.simulate(NET, 5, seed=1, input=AMOUNTS, increment="1/8")
    with pytest.raises(UnboundSymbolError):
        ea.simulate(NET, 5, seed=1, input={"a": "x"})
    with pytest.raises(UnboundSymbolError):
        ea.sample_assemblies(NET, 5, seed=1, input={"a": "x"})
    with pytest.raises(TooCostlyError):
        ea.size_law(dense(14, 1)[0], input=dense(14, 1)[1], max_cost=1e-9)
    with pytest.raises(TooCostlyError):
        ea.sample_assemblies(NET, 10**6, seed=1, input={"a": "1/1000000"}, max_cost=0.5)
    with pytest.raises(OptionError, match="each by itself"):
        list(region.pieces(NET, input=MIXED))
    with pytest.raises(OptionError, match="a start or an input"):
        region.pieces(NET)
    with pytest.raises(InvalidNetworkError, match="not fed"):
        region.piece(NET, [{"c"}], input=AMOUNTS)
    first = region.piece(NET, [{"a", "b"}], input=AMOUNTS)
    with pytest.raises(OptionError, match="no start"):
        _ = first.start
    several = ea.simulate(NET, 300, seed=1, input=dict(zip(NET.labels, NET.leak, strict=True)))
    with pytest.raises(OptionError, match="several units"):
        _ = several.starts


def test_inputs_need_no_increment_and_take_any() -> None:
    """Amounts are in its place, so one above the leaks, with which starts may fire twice, has no part."""
    often = NET.with_increment(1)
    for ask in (ea.size_law, ea.assembly_law, ea.pattern_law, ea.duration_law, ea.size_duration_law):
        with pytest.raises(InvalidNetworkError, match="above its leak"):
            ask(often)
        law = ask(often, input=MIXED)
        assert law.per_step() == ask(NET, input=MIXED).per_step()
        again = ea.from_json(law.to_json())
        assert isinstance(again, ea.Law)
        assert (again, again.input) == (law, MIXED)
    for number in (ea.mean_size, ea.participation, ea.participation_overall, ea.avalanche_probability):
        with pytest.raises(InvalidNetworkError, match="above its leak"):
            number(often)
        assert number(often, input=MIXED) == number(NET, input=MIXED)
    assert ea.firing_rates(often, input=AMOUNTS) == ea.firing_rates(NET, input=AMOUNTS)
    fed = ea.size_law(often, input={"a": x, "b": "1/4", "d": "1/16"})
    assert fed.at(x="1/8") == ea.size_law(NET, input=AMOUNTS)
    assert ea.simulate(often, 500, seed=1, input=AMOUNTS).compare(fed.at(x="1/8")).p_value > 1e-3
    with pytest.raises(OptionError, match="leave out one"):
        ea.avalanche_probability(NET, input=AMOUNTS, increment="1/8")


def test_all_leaks_are_fed() -> None:
    """Then something fires always: there is no forest of silent units."""
    amounts = dict(zip(NET.labels, NET.leak, strict=True))
    law = ea.assembly_law(NET, input=amounts)
    assert ea.avalanche_probability(NET, input=amounts) == 1
    assert law.pmf() == law.per_step().pmf() == {frozenset("abcd"): 1}
    assert ea.size_law(NET, input=amounts, arithmetic="float").per_step().pmf() == {4: 1.0}


def test_progress_and_kept_sums(tmp_path: Any) -> None:
    """One input keeps a checkpoint as a start does; several report the progress of all together."""
    shares: list[float] = []
    net, amounts = dense(12, 3)
    path = tmp_path / "kept"
    law = ea.size_law(net, input=amounts, method="subsets", checkpoint=path, progress=shares.append)
    assert path.exists()
    assert shares[-1] == 1.0
    assert law == ea.size_law(net, input=amounts, method="subsets", checkpoint=path)
    shares.clear()
    ea.size_law(NET, input=MIXED, progress=shares.append)
    assert shares == sorted(shares)
    assert shares[-1] == 1.0


def test_the_command_line(capsys: pytest.CaptureFixture[str]) -> None:
    def out(*arguments: str) -> str:
        assert main(arguments) == 0
        return capsys.readouterr().out

    net, amounts = ea.families.ring(5, "4/5"), {0: "1/8", 2: "1/16"}
    fed = ["ring:N=5,alpha=4/5", "--input", "0=1/8, 2=1/16", "--format", "csv"]
    for command, law in (("sizes", ea.size_law), ("durations", ea.duration_law)):
        table = out(command, *fed)
        assert all(f",{p}," in table for p in law(net, input=amounts).pmf().values())
    assert "{0}" in out("assemblies", *fed[:3])
    assert "5 units that can fire" in out("plan", *fed[:3])
    assert "probability" in out("simulate", *fed, "-n", "300", "--compare")
    again = ["--input", "0=1/8", "--input", "2=1/16"]
    assert out("sizes", fed[0], *again) == out("sizes", *fed[:3])
    for wrong, said in (("0", "LABEL=EXACT"), ("0=1/8,0=1/8", "twice"), ("9=1/8", "'9'"), ("0=1", "leak")):
        assert main(["sizes", fed[0], "--input", wrong]) == 2
        assert said in capsys.readouterr().err
    for command in ("report", "starts", "validate"):
        assert main([command, fed[0], "--input", "0=1/8"]) == 2
        assert "--input has no meaning here" in capsys.readouterr().err


@pytest.mark.parametrize("arithmetic", ["exact", "float"])
def test_small_avalanches_after_an_input_that_never_fails(arithmetic: Any) -> None:
    """Then nothing is said of no avalanche, not even that it has probability 0."""
    net = ea.Network([[0, 0], ["1/2", 0]])
    law = ea.size_law(net, input={0: 1, 1: "1/4"}, up_to=1, arithmetic=arithmetic)
    assert [float(p) for p in law.values()] == [0.25, 0.75]
    assert law.per_step()[0] == 0
