"""Results of this installation beside stored exact values, which other programs found.

Where they come from is said in stored.json, and by the script that made it, tests/references/make_stored.py.
"""

import json
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from functools import partial
from importlib.resources import files
from typing import Any, NamedTuple

from exactav.engines.durations.plan import ENGINES as DURATION_ENGINES
from exactav.engines.registry import METHODS
from exactav.errors import ExactavError
from exactav.formulas import get as get_formula
from exactav.lattices import square
from exactav.laws.assembly import assembly_law
from exactav.laws.documents import from_json
from exactav.laws.duration import duration_law, size_duration_law
from exactav.laws.marginals import mean_size
from exactav.laws.pattern import pattern_law
from exactav.laws.size import size_law
from exactav.network.families import from_spec
from exactav.network.network import Network
from exactav.numbers.digits import evaluate_exact
from exactav.numbers.expressions import parse_expression
from exactav.running.amounts import duration_text
from exactav.running.tasks import Progress, no_progress
from exactav.sampling.assemblies import sample_assemblies
from exactav.sampling.patterns import sample_patterns
from exactav.sampling.simulate import simulate
from exactav.texts import as_text, shortened

MAX_COST = 60.0  # seconds that one law may be estimated to take
_LARGEST_ERROR = 1e-9  # that a law in floating point may say of itself
_SAMPLES = 20_000
_SIMULATED = 3_000
_ONLY = {"rings": "ring", "trees": "tree"}  # engines of durations for one kind of network
NONE = {("connected", "float")}  # what no engine does
Stored = Mapping[str, Any]
Compare = Callable[[Any, Stored], str]


class Compared(NamedTuple):
    """One result beside a stored one; ``said`` is what is wrong, or how long it took."""

    what: str
    road: str
    agrees: bool
    said: str
    seconds: float


class Check(NamedTuple):
    """What is computed, how, and a function that says what is wrong with it, or nothing."""

    what: str
    road: str
    wrong: Callable[[], str]


def stored() -> Stored:
    """The stored values."""
    text = files("exactav.command").joinpath("stored.json").read_text(encoding="utf-8")
    content: Stored = json.loads(text)
    return content


def compared(values: Stored, *, quick: bool, progress: Progress = no_progress) -> Iterator[Compared]:
    """Every check in turn.

    Args:
        values: as :func:`stored` has them.
        quick: those alone that take a moment.
        progress: is called with the share of the checks that are done.
    """
    checks = list(_checks(values, quick))
    for number, check in enumerate(checks, start=1):
        begun = time.perf_counter()
        try:
            wrong = check.wrong()
        except Exception as error:  # whatever is broken is what is looked for
            known = isinstance(error, ExactavError)
            wrong = as_text(error) if known else f"{type(error).__name__}: {as_text(error)}"
        took = time.perf_counter() - begun
        said = shortened(wrong or duration_text(took), 200)
        yield Compared(check.what, check.road, not wrong, said, took)
        progress(number / len(checks))


def _checks(values: Stored, quick: bool) -> Iterator[Check]:
    for name, case in values["small"].items():
        net = network(case["network"])
        yield from _small(name, net, case)
    yield from _digits(values)
    if quick:
        return
    net = network(values["grid"]["network"])
    yield from _sizes("grid of 12", net, values["grid"]["sizes"])
    yield from _samples(net, values)
    large = values["homogeneous"]
    yield from _sizes("homogeneous, 18", from_spec(large["spec"]), large["sizes"], ("subsets", "populations"))
    yield Check("square lattice", "P(L = 1)", lambda: _lattice(values["square lattice"]))


def network(written: Mapping[str, Any]) -> Network:
    """The network that is stored."""
    increment = 1 if written["thresholds"][0] != "1" else None  # small ones are sandpiles
    return Network(
        written["weights"], thresholds=written["thresholds"], drive=written["drive"], increment=increment
    )


def _small(name: str, net: Network, case: Stored) -> Iterator[Check]:
    yield from _sizes(name, net, case["sizes"])
    for engine in DURATION_ENGINES:
        if _ONLY.get(engine.name, name) == name:
            road = partial(_law, _exact, case["durations"], duration_law, net, method=engine.name)
            yield Check(f"{name}: durations", engine.name, road)
    laws: tuple[tuple[str, str, Callable[[], str]], ...] = (
        (
            "durations",
            "float",
            partial(_law, _float, case["durations"], duration_law, net, arithmetic="float"),
        ),
        ("sizes and durations", "exact", partial(_law, _exact, case["both"], size_duration_law, net)),
        ("assemblies", "exact", partial(_law, _exact, case["assemblies"], assembly_law, net)),
        ("assemblies", "patterns", partial(_law, _exact, case["assemblies"], _by_patterns, net)),
        ("sizes", "JSON and back", partial(_law, _exact, case["sizes"], _written, net)),
        ("mean size", "Green matrix", lambda: _mean(net, case["sizes"])),
        ("recurrent states", "determinant", lambda: _same(net.volume(), case["volume"])),
    )
    for what, by, wrong in laws:
        yield Check(f"{name}: {what}", by, wrong)


def _sizes(name: str, net: Network, law: Stored, methods: Sequence[str] = METHODS[1:]) -> Iterator[Check]:
    for method in methods:
        for arithmetic, compare in (("exact", _exact), ("float", _float)):
            if (method, arithmetic) not in NONE:
                road = partial(_law, compare, law, size_law, net, method=method, arithmetic=arithmetic)
                yield Check(f"{name}: sizes", f"{method}, {arithmetic}", road)


def _digits(values: Stored) -> Iterator[Check]:
    for text, digits in values["digits"].items():
        yield Check(f"digits of {text}", f"{_count(digits)} digits", partial(_number, text, digits))
    yield Check(f"formula {values['formula']['id']}", "30 digits", lambda: _formula(values["formula"]))


def _samples(net: Network, values: Stored) -> Iterator[Check]:
    bounds, small = values["chi-square bounds"], values["small"]
    ring, four = (network(small[name]["network"]) for name in ("ring", "four units"))

    def assemblies() -> str:
        found = sample_assemblies(net, _SAMPLES, seed=1)
        return _chi_square(map(len, found), values["grid"]["sizes"], bounds)

    def durations() -> str:
        found = sample_patterns(ring, _SAMPLES, seed=1)
        return _chi_square(map(len, found), small["ring"]["durations"], bounds)

    def simulated() -> str:
        found = simulate(four, _SIMULATED, seed=1)
        return _chi_square(found.sizes, small["four units"]["sizes"], bounds)

    yield Check("grid of 12: sizes", "sampled assemblies", assemblies)
    yield Check("ring: durations", "sampled patterns", durations)
    yield Check("four units: sizes", "simulated", simulated)


# What is wrong with a result, in words; nothing where it agrees.


def _law(
    compare: Callable[[Any, Stored], str],
    wanted: Stored,
    law: Callable[..., Any],
    net: Network,
    **options: Any,
) -> str:
    return compare(law(net, max_cost=MAX_COST, **options), wanted)


def _exact(law: Any, wanted: Stored) -> str:
    found = {_text(law, outcome): Fraction(str(p)) for outcome, p in law.items() if p}
    return _different(found, {outcome: Fraction(p) for outcome, p in wanted.items()})


def _float(law: Any, wanted: Stored) -> str:
    if not law.error_bound <= _LARGEST_ERROR:
        return f"the error bound is {law.error_bound:.1e}"
    for outcome, text in wanted.items():
        p, found = Fraction(text), Fraction(law[int(outcome)])
        if not abs(found - p) <= Fraction(law.error_bound) * p:
            return f"P({outcome}) is {float(found)!r}, stored is {text}, error bound {law.error_bound:.1e}"
    return ""


def _text(law: Any, outcome: Any) -> str:
    if isinstance(outcome, frozenset):
        return " ".join(map(str, sorted(outcome)))
    return " ".join(map(str, outcome)) if isinstance(outcome, tuple) else str(outcome)


def _different(found: Mapping[str, Fraction], wanted: Mapping[str, Fraction]) -> str:
    for outcome in (*wanted, *found):
        if found.get(outcome) != wanted.get(outcome):
            return f"P({outcome}) is {found.get(outcome)}, stored is {wanted.get(outcome)}"
    return ""


def _same(found: Any, wanted: Any) -> str:
    return "" if found == wanted else f"{found}, stored is {wanted}"


def _mean(net: Network, sizes: Stored) -> str:
    wanted = sum(int(size) * Fraction(p) for size, p in sizes.items())
    return _same(Fraction(str(mean_size(net))), wanted)


def _written(net: Network, **_: Any) -> Any:
    return from_json(size_law(net).to_json())


def _by_patterns(net: Network, **_: Any) -> Any:
    return pattern_law(net).assembly_law()


def _number(text: str, wanted: str) -> str:
    return _same(str(evaluate_exact(parse_expression(text), _count(wanted))), wanted)


def _formula(case: Stored) -> str:
    value = get_formula(case["id"]).evaluate(case["values"], _count(case["digits"]))
    return _same(str(value), case["digits"])


def _count(digits: str) -> int:
    """How many significant digits these are."""
    return len(digits.partition("e")[0].lstrip("-0.").replace(".", ""))


def _lattice(wanted: str) -> str:
    law = square("9/10").size_law(1, digits=12)
    difference = abs(Fraction(str(law[1])) - Fraction(wanted))
    return "" if difference < Fraction(1, 10**11) else f"{law[1]}, stored is {wanted}"


def _chi_square(seen: Any, wanted: Stored, bounds: Stored) -> str:
    """Whether chi-square is above what it exceeds once in a billion; rare outcomes are taken together."""
    numbers = list(seen)
    left, statistic, groups = dict.fromkeys(wanted, 0), 0.0, 0
    for number in numbers:
        if str(number) not in left:
            return f"{number} came, which cannot be"
        left[str(number)] += 1
    expected = count = 0.0
    ordered = sorted(wanted, key=lambda outcome: -Fraction(wanted[outcome]))
    for place, outcome in enumerate(ordered):
        expected += float(Fraction(wanted[outcome])) * len(numbers)
        count += left[outcome]
        rest = len(numbers) * sum(float(Fraction(wanted[other])) for other in ordered[place + 1 :])
        if (expected >= 10 and rest >= 10) or place == len(ordered) - 1:
            statistic += (count - expected) ** 2 / expected
            groups += 1
            expected = count = 0.0
    bound = bounds[str(groups - 1)]
    return "" if statistic <= bound else f"chi-square {statistic:.4g} of {groups} groups is above {bound}"
