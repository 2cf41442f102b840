"""One law of sizes by every independent road that applies to a network, and whether they agree."""

from collections import Counter
from collections.abc import Callable, Hashable, Iterator, Mapping
from functools import partial
from typing import Any, NamedTuple

import numpy as np
import sympy
from sympy.polys.matrices import DomainMatrix

from exactav.command.simulation import simulated
from exactav.engines.question import added_up
from exactav.engines.registry import METHODS
from exactav.engines.subsets import by_recursion
from exactav.errors import (
    CheckFailedError,
    FloatRangeError,
    InvalidNetworkError,
    NotRationalError,
    RefutedError,
    TooCostlyError,
    UnboundSymbolError,
    UndecidedError,
)
from exactav.formulas.catalogue import catalogue
from exactav.formulas.formula import Formula
from exactav.formulas.recognition import recognised
from exactav.laws.avalanche import avalanche_probability
from exactav.laws.counting import plan
from exactav.laws.duration import size_duration_law
from exactav.laws.generations import mean_generations
from exactav.laws.marginals import mean_size
from exactav.laws.size import SizeLaw, size_law
from exactav.laws.starts import Starts
from exactav.network.network import Network
from exactav.numbers.digits import evaluate_exact
from exactav.numbers.fields import equal, into
from exactav.phase_space.chain import chain
from exactav.phase_space.ergodicity import coset_law, ergodicity
from exactav.phase_space.region import pieces
from exactav.phase_space.states import refuse_symbols
from exactav.sampling.assemblies import sample_assemblies
from exactav.sampling.patterns import sample_patterns
from exactav.sampling.simulate import chi_square

SIGNIFICANCE = 1e-5  # p-values below are disagreements
_MOST_SETS = 10  # units of the recursion over sets
_DIGITS = 30  # where formulas have no exact value
_MOST_ELIMINATED = 40  # units of a determinant for each start, of a plain algorithm
_MOST_PIECES = 5  # units of the volumes of all patterns
_MOST_STARTS = 8  # for each of which inputs have a law


class Road(NamedTuple):
    """What one road to the law gave.

    ``agrees`` is None where the road does not apply; ``result`` says why, or how well it agrees.
    """

    name: str
    agrees: bool | None
    result: str


def roads(
    net: Network, start: Hashable | None = None, *, max_cost: float = 60.0, n: int = 20_000, seed: int = 1
) -> Iterator[Road]:
    """The law of sizes by all engines, means, volumes, orbits, samples and simulation, one after the other.

    The first road is the law of the engine that a plan chooses, whose sums must be 1 and the determinants;
    all others are compared with it.

    Args:
        start: label of the unit that fires first; None weights all starts by the drive.
        max_cost: estimated seconds allowed to each engine, and to the simulation.
        n, seed: sampled and simulated avalanches.

    Raises:
        TooCostlyError: no engine can find the law at that cost.

    >>> import exactav as ea
    >>> all(road.agrees is not False for road in roads(ea.families.ring(4, "1/2"), n=2000))
    True
    """
    chosen: Any = plan(net, start).choice
    law = size_law(net, start, method=chosen, max_cost=max_cost)
    yield _attempt(f"law of sizes by {chosen}", lambda: _sums(net, start, law))
    for method in METHODS[1:]:
        yield _attempt(f"engine {method}", partial(_engine, net, start, law, method, chosen, max_cost))
    yield _attempt("floats", lambda: _floats(net, start, law, max_cost))
    yield _attempt("recursion over sets", lambda: _recursion(net, start, law))
    yield from _formulas(net, start, law)
    yield _attempt("mean from the Green matrix", lambda: _mean(net, start, law))
    yield _attempt("mean generations", lambda: _generations(net, start, law, max_cost))
    yield _attempt("inputs in place of starts", lambda: _inputs(net, start, law, max_cost))
    yield _attempt("volumes of the regions", lambda: _volumes(net, start, law))
    yield _attempt("cells of the region", lambda: _cells(net, start, law))
    yield _attempt("orbit of one state", lambda: _orbit(net, start, law))
    expected = {} if net.symbols else law.floats()
    yield _attempt("Wilson's algorithm", lambda: _sampled(net, start, expected, n, seed))
    yield _attempt("sampled patterns", lambda: _sampled_patterns(net, start, law, n, seed, max_cost))
    yield _attempt("simulation", lambda: _simulated(net, start, expected, n, seed, max_cost))


class _DoesNotApplyError(Exception):
    pass


def _attempt(name: str, road: Callable[[], tuple[bool, str]]) -> Road:
    try:
        return Road(name, *road())
    except (CheckFailedError, RefutedError) as error:
        return Road(name, False, str(error))
    except (
        _DoesNotApplyError,
        InvalidNetworkError,  # a start that may fire more than once
        TooCostlyError,
        FloatRangeError,
        UndecidedError,
        UnboundSymbolError,
        NotRationalError,
    ) as error:
        return Road(name, None, f"not applicable: {str(error).partition(': ')[0]}")


def _equal(is_equal: bool) -> tuple[bool, str]:
    return is_equal, "exactly equal" if is_equal else "DIFFERENT"


def _sums(net: Network, start: Hashable | None, law: SizeLaw) -> tuple[bool, str]:
    """Whether the probabilities add up to 1, and the weights to sum_k p_k det(M without k), by SymPy."""
    field, ring = net.field, net.system.ring
    total = sum((into(field, p, "a probability") for p in law.values()), field.zero)
    said = f"{len(law)} sizes, sum exactly {field.to_sympy(total)}"
    if net.n_units > _MOST_ELIMINATED:
        return total == field.one, said
    wanted = into(field, ring.to_sympy(Starts.of(net, start).common), "the drive")
    for scale in net.system.scales:
        wanted *= into(field, ring.to_sympy(scale), "a scale")
    weights = sum((into(field, ring.to_sympy(w), "a weight") for w in law.weights.values()), field.zero)
    agrees = total == field.one and weights == wanted * _determinants(net, start)
    return agrees, f"{said}, weights as by determinants" if agrees else f"{said}, weights DIFFERENT"


def _determinants(net: Network, start: Hashable | None) -> Any:
    """The sum of p_k det(M without k) in the network's field."""
    units = range(net.n_units)
    matrix = DomainMatrix.from_Matrix(net.matrix).convert_to(net.field)
    sums = net.field.zero
    for k in units:
        share = net.drive[k] if start is None else sympy.Integer(int(net.labels[k] == start))
        if share:
            others = [unit for unit in units if unit != k]
            minor = matrix.extract(others, others).det() if others else net.field.one
            sums += into(net.field, share, "the drive") * minor
    return sums


def _formulas(net: Network, start: Hashable | None, law: SizeLaw) -> Iterator[Road]:
    """The closed formulas of the size law, or at least of the mean size, of the families of a network."""
    found = [one for one in recognised(net) if start is None or one.is_transitive]
    if not found:
        yield Road("closed formula", None, "not applicable: the network is of no family with formulas")
    for family, parameters, _ in found:
        if f"{family}.size" in catalogue():
            size_formula = catalogue()[f"{family}.size"]
            agrees = all(
                sympy.expand(size_formula.at({**parameters, "L": size}) - law[size]) == 0
                for size in range(1, net.n_units + 1)
            )
            yield Road(f"formula {family}.size", *_equal(agrees))
        yield Road(f"formula {family}.mean", *_mean_formula(catalogue()[f"{family}.mean"], parameters, law))


def _mean_formula(formula: Formula, parameters: Mapping[str, Any], law: SizeLaw) -> tuple[bool, str]:
    try:
        return _equal(sympy.expand(formula.at(parameters) - law.mean()) == 0)
    except ValueError:  # a sum of irrational terms
        agrees = formula.evaluate(parameters, _DIGITS) == evaluate_exact(law.mean(), _DIGITS)
        return agrees, f"{_DIGITS} digits equal" if agrees else "DIFFERENT"


def _mean(net: Network, start: Hashable | None, law: SizeLaw) -> tuple[bool, str]:
    return _equal(sympy.cancel(law.mean() - mean_size(net, start)) == 0)


def _generations(net: Network, start: Hashable | None, law: SizeLaw, max_cost: float) -> tuple[bool, str]:
    """Whether the means of all generations add up to the mean size. Derivation 15."""
    found = mean_generations(net, start, None, max_cost=max_cost)
    return _equal(equal(sympy.Add(*found), law.mean()))


def _inputs(net: Network, start: Hashable | None, law: SizeLaw, max_cost: float) -> tuple[bool, str]:
    """The laws of single units whose leak is the input, mixed as the drive has them. Derivation 14."""
    driven = [(label, p) for label, p in zip(net.labels, net.drive, strict=True) if p]
    starts = driven if start is None else [(start, sympy.Integer(1))]
    if len(starts) > _MOST_STARTS or net.symbols:
        raise _DoesNotApplyError("it takes a law for each start")
    sums: dict[int, sympy.Expr] = {}
    for label, p in starts:
        amount = net.leak[net.index(label)]
        if not amount:
            raise _DoesNotApplyError("a start has no leak")
        fed = size_law(net, input={label: amount}, max_cost=max_cost)
        often = p * avalanche_probability(net, input={label: amount}) / amount
        for size, probability in fed.items():
            sums[size] = sums.get(size, sympy.Integer(0)) + often * probability
    total = sympy.Add(*sums.values())
    return _equal(all(equal(sums.get(size, sympy.Integer(0)), total * p) for size, p in law.items()))


def _engine(
    net: Network, start: Hashable | None, law: SizeLaw, method: Any, chosen: str, max_cost: float
) -> tuple[bool, str]:
    if method == chosen:
        raise _DoesNotApplyError("it is the one that the others are compared with")
    return _equal(size_law(net, start, method=method, max_cost=max_cost) == law)


def _floats(net: Network, start: Hashable | None, law: SizeLaw, max_cost: float) -> tuple[bool, str]:
    _require_rationals(net)
    floats = size_law(net, start, arithmetic="float", max_cost=max_cost)
    worst = max(abs(sympy.Rational(floats[size]) / p - 1) for size, p in law.items())
    return bool(worst <= floats.error_bound), f"error {float(worst):.1e}, bound {floats.error_bound:.1e}"


def _require_rationals(net: Network) -> None:
    if not net.system.ring.is_ZZ:
        raise _DoesNotApplyError("weights are not rational")


def _recursion(net: Network, start: Hashable | None, law: SizeLaw) -> tuple[bool, str]:
    if net.n_units > _MOST_SETS:
        raise _DoesNotApplyError(f"more than {_MOST_SETS} units")
    starts = Starts.of(net, start)
    found = added_up((mask.bit_count(), w) for mask, w in by_recursion(net.system, starts.weights))
    return _equal(found == dict(law.weights))


def _volumes(net: Network, start: Hashable | None, law: SizeLaw) -> tuple[bool, str]:
    if net.n_units > _MOST_PIECES:
        raise _DoesNotApplyError(f"more than {_MOST_PIECES} units")
    refuse_symbols(net)
    net = _stepping(net)
    found: dict[int, sympy.Expr] = {}
    for label, p in zip(net.labels, net.drive, strict=True):
        share = p if start is None else sympy.Integer(int(label == start))
        for piece in pieces(net, label) if share else ():
            found[len(piece.assembly)] = found.get(len(piece.assembly), 0) + share * piece.volume
    total = net.volume() * avalanche_probability(net, start)
    return _equal(all(sympy.expand(found[size] - law[size] * total) == 0 for size in law))


def _stepping(net: Network) -> Network:
    """The network with an increment."""
    if net.increment is not None:
        return net
    largest = net.largest_increment()
    if not largest:
        raise _DoesNotApplyError("a driven unit has no leak")
    return net.with_increment(largest)


def _cells(net: Network, start: Hashable | None, law: SizeLaw) -> tuple[bool, str]:
    _require_rationals(net)
    cells = chain(_stepping(net))
    sizes = [sum(map(len, pattern)) for pattern in cells.outcomes]
    weights: dict[int, sympy.Expr] = {}
    for k, outcome in zip(cells.starts, cells.outcome, strict=True):
        share = net.drive[k] if start is None else sympy.Integer(int(net.labels[k] == start))
        for place, count in enumerate(np.bincount(outcome, minlength=len(sizes)).tolist()):
            weights[sizes[place]] = weights.get(sizes[place], 0) + share * count
    weights.pop(0, None)  # nothing fires
    total = sum(weights.values())
    if not total:
        raise _DoesNotApplyError("the start is not driven")
    agrees = all(weights.get(size, 0) == p * total for size, p in law.items())
    return agrees, f"exactly equal, {cells.n_cells:,} cells" if agrees else "DIFFERENT"


def _orbit(net: Network, start: Hashable | None, law: SizeLaw) -> tuple[bool, str]:
    if start is not None:
        raise _DoesNotApplyError("orbits are driven by all starts")
    if net.n_units > _MOST_SETS:
        raise _DoesNotApplyError(f"more than {_MOST_SETS} units")
    _require_rationals(net)
    net = _stepping(net)
    decided = ergodicity(net).verdicts["size"]
    if not decided.exact:
        raise _DoesNotApplyError(f"an orbit may have another law ({decided.reason})")
    sizes: dict[int, sympy.Expr] = {}
    for assembly, probability in coset_law(net, [0] * net.n_units).items():
        sizes[len(assembly)] = sizes.get(len(assembly), 0) + probability
    return _equal(sizes == law.pmf())


def _sampled(
    net: Network, start: Hashable | None, expected: dict[int, float], n: int, seed: int
) -> tuple[bool, str]:
    _require_rationals(net)
    return _tested(Counter(sample_assemblies(net, n, start, seed=seed).sizes.tolist()), expected)


def _sampled_patterns(
    net: Network, start: Hashable | None, law: SizeLaw, n: int, seed: int, max_cost: float
) -> tuple[bool, str]:
    """Sizes and durations of sampled patterns against the joint law, whose sizes are those of the law."""
    _require_rationals(net)
    joint = size_duration_law(net, start, max_cost=max_cost)
    if joint.size_law() != law:
        return False, "sizes of the law of sizes and durations are DIFFERENT"
    sample = sample_patterns(net, n, start, seed=seed, max_cost=max_cost)
    p_value = sample.compare(joint).p_value
    return p_value >= SIGNIFICANCE, f"p-value {p_value:.3g} of {n:,}, with durations"


def _simulated(
    net: Network, start: Hashable | None, expected: dict[int, float], n: int, seed: int, max_cost: float
) -> tuple[bool, str]:
    refuse_symbols(net)
    _stepping(net)
    if net.n_units > 1000:
        raise TooCostlyError("more than 1000 units")
    found = simulated(net, n, start=start, seed=seed, max_cost=max_cost)
    return _tested(Counter(found.sizes), expected)


def _tested(found: Counter[int], expected: dict[int, float]) -> tuple[bool, str]:
    p_value = chi_square(found, expected).p_value
    return p_value >= SIGNIFICANCE, f"p-value {p_value:.3g} of {sum(found.values()):,}"
