"""A chi-square test of what was observed against a law."""

from collections import Counter
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from mpmath.ctx_mp import MPContext

from exactav.errors import ArgumentError, OptionError, TooFewError
from exactav.laws.law import Law
from exactav.network.network import Network
from exactav.numbers.digits import decimal_digits
from exactav.numbers.expressions import described
from exactav.numbers.frozen import Frozen
from exactav.pickles import tagged
from exactav.sampling.limits import FEWEST_EXPECTED
from exactav.showing import html
from exactav.texts import quoted


@dataclass(frozen=True, repr=False)
class Comparison:
    """A chi-square test of observed outcomes against a law.

    Outcomes expected fewer than 5 times are pooled. An outcome that the law excludes makes ``p_value`` 0 and
    stands in ``impossible``. ``observed`` holds every outcome of the law, in its order, and the impossible
    ones.
    """

    observed: Mapping[Any, int]
    expected: Mapping[Any, float]
    statistic: float
    degrees_of_freedom: int
    p_value: float
    impossible: tuple[Any, ...]

    __reduce_ex__ = tagged

    def __post_init__(self) -> None:
        object.__setattr__(self, "observed", Frozen(self.observed))
        object.__setattr__(self, "expected", Frozen(self.expected))

    def _repr_html_(self) -> str:
        said = [
            ("chi-square", html.text(f"{self.statistic:.4g}")),
            ("degrees of freedom", html.text(self.degrees_of_freedom)),
            ("p-value", html.text(f"{self.p_value:.4g}")),
        ]
        rows = [
            [html.text(outcome), html.text(f"{count:,}"), html.text(f"{self.expected.get(outcome, 0.0):.5g}")]
            for outcome, count in islice(self.observed.items(), 12)
        ]
        table = html.table(["outcome", "observed", "expected"], rows, (1, 2))
        notes = [html.note(f"impossible outcomes observed: {len(self.impossible)}")] * bool(self.impossible)
        return html.card("Comparison", html.facts(said), *notes, table)

    def __repr__(self) -> str:
        impossible = f", impossible outcomes observed: {self.impossible}" if self.impossible else ""
        return (
            f"<Comparison of {sum(self.observed.values())} avalanches: chi-square {self.statistic:.4g}, "
            f"{self.degrees_of_freedom} degrees of freedom, p-value {self.p_value:.4g}{impossible}>"
        )


def against(
    law: Any,
    observed: Mapping[str, Callable[[], Sequence[Any]]],
    starts: Callable[[], Sequence[Hashable]],
    done: str,
    stepped: Network | None = None,
) -> Comparison:
    """A chi-square test of avalanches against a law given an avalanche.

    Args:
        observed: by kind of law, what makes the outcomes of all avalanches.
        starts: gives the unit that fired first, of each; for a law with a start, only those of this start
            count.
        done: what was done with avalanches, for messages: "simulated" or "sampled".
        stepped: the network whose slow steps they are, with its increment; None of single waves.

    Raises:
        ArgumentError: it is no law.
        OptionError: the law is one per slow step, or of something else.
        InvalidNetworkError: the increment is above the leak of a start, so that it may have fired twice.
        TooFewError: no avalanche has the start of the law, or too few to expect any two outcomes 5 times.
    """
    if not isinstance(law, Law):
        raise ArgumentError(f"compare with {described(law)}: wanted a law, such as size_law(net)")
    if law.is_per_step:
        raise OptionError("the law is per slow step: compare the law given an avalanche instead")
    if law.kind.name not in observed:
        raise OptionError(
            f"a law of kind {quoted(law.kind.name)}: wanted one of {', '.join(map(quoted, observed))}"
        )
    outcomes = observed[law.kind.name]()
    if law.start is not None:
        outcomes = [o for o, k in zip(outcomes, starts(), strict=True) if k == law.start]
    if not len(outcomes):
        raise TooFewError(f"no {done} avalanche has start {quoted(law.start)}: ask for more")
    if stepped is not None and stepped.increment is not None and law.input is None:
        for start in sorted({*starts()} if law.start is None else {law.start}, key=stepped.index):
            stepped.require_one_wave("a comparison with a law", start)
    return chi_square(Counter(outcomes), {o: float(decimal_digits(p, 17)) for o, p in law.items()})


def chi_square(observed: Mapping[Any, int], probabilities: Mapping[Any, float]) -> Comparison:
    """Pearson's test of counts against probabilities; see :class:`Comparison`.

    Raises:
        OptionError: the probabilities do not add up to 1, so that they are no law.
        TooFewError: there are too few counts to expect any two outcomes 5 times.
    """
    if not abs(sum(probabilities.values()) - 1) < 1e-9:
        raise OptionError(f"probabilities add up to {sum(probabilities.values())}: give those of a whole law")
    n_observed = sum(observed.values())
    expected = {outcome: p * n_observed for outcome, p in probabilities.items()}
    impossible = tuple(outcome for outcome in observed if not probabilities.get(outcome))
    bins: list[tuple[float, int]] = []
    pool_expected, pool_observed = 0.0, 0
    for outcome in sorted(expected, key=expected.__getitem__):
        pool_expected += expected[outcome]
        pool_observed += observed.get(outcome, 0)
        if pool_expected >= FEWEST_EXPECTED:
            bins.append((pool_expected, pool_observed))
            pool_expected, pool_observed = 0.0, 0
    if pool_expected and bins:
        last_expected, last_observed = bins.pop()
        bins.append((last_expected + pool_expected, last_observed + pool_observed))
    statistic = sum((seen - wanted) ** 2 / wanted for wanted, seen in bins)
    degrees = max(0, len(bins) - 1)
    if not degrees and not impossible and len(expected) > 1:
        raise TooFewError(
            f"{n_observed} avalanches are too few to expect any two outcomes "
            f"{FEWEST_EXPECTED} times: ask for more"
        )
    p_value = 0.0 if impossible else 1.0
    if degrees and not impossible:
        context = MPContext()
        p_value = float(context.gammainc(context.mpf(degrees) / 2, statistic / 2, regularized=True))
    counts = {outcome: observed.get(outcome, 0) for outcome in (*expected, *impossible)}
    return Comparison(counts, expected, statistic, degrees, p_value, impossible)
