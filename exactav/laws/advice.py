"""What may be asked instead of a law that is too costly: only what would not be refused as well."""

from collections.abc import Iterable, Iterator
from functools import partial
from typing import Any

from sympy import ZZ

from exactav.engines.answers import is_within
from exactav.engines.bid import Arithmetic
from exactav.engines.durations.question import DurationQuestion
from exactav.engines.question import Question
from exactav.network.system import System
from exactav.numbers.domains import Element

_POLYNOMIAL = "what is polynomial (mean_size, participation, firing_rates, assembly_probability)"
_BITS = 20  # of what stands for a symbolic weight: about those of decimal numbers


def advised(
    question: Question | DurationQuestion, method: str, arithmetic: Arithmetic, max_cost: float
) -> str:
    """What to ask instead of a question that is refused; plans of other questions are looked at for it."""
    ways = list(_ways(question, method, arithmetic, max_cost))
    is_symbolic = question.system.ring.is_PolynomialRing
    sample = "put values in and sample" if is_symbolic else "sample"
    return f"ask {', '.join(f'for {way}' for way in ways)}, or {sample} (sample_assemblies)"


def advised_for_patterns(questions: Iterable[DurationQuestion], max_cost: float) -> str:
    """What to ask instead of the law of all patterns.

    Args:
        questions: those of sizes and durations, one for each input; ``max_cost`` is that of each.
    """
    is_joint_within = all(is_within(question, "auto", "exact", max_cost) for question in questions)
    joint = "for size_duration_law, " if is_joint_within else ""
    return f"ask {joint}for pattern_probability, or sample (sample_patterns)"


def _ways(
    question: Question | DurationQuestion, method: str, arithmetic: Arithmetic, max_cost: float
) -> Iterator[str]:
    within = partial(is_within, max_cost=max_cost)
    ring = question.system.ring
    if arithmetic == "exact" and ring.is_ZZ and within(question, method, "float"):
        yield "arithmetic='float'"
    if ring.is_PolynomialRing and (name := _valued(question, method, max_cost)):
        yield name
    if isinstance(question, DurationQuestion):
        if within(question.sizes, "auto", arithmetic):
            yield "size_law"
        yield "mean_second_generation"
        return
    system, roots, groups = question.system, question.roots, question.groups
    n_counted = sum(map(len, groups))
    if len(groups) > 1:
        if within(Question.of_size(system, roots), "auto", arithmetic):
            yield "the law of sizes"
    elif n_counted > 2 and within(
        Question(system, roots, (groups[0][: n_counted // 2],)), method, arithmetic
    ):
        yield "fewer observed units"
    yield _POLYNOMIAL


def _valued(question: Question | DurationQuestion, method: str, max_cost: float) -> str:
    """How the law is called with values for its symbols, if that would not be refused; else nothing.

    Equal weights get equal values, so the same units are interchangeable; which values does not matter.
    """
    values: dict[Element, int] = {}

    def value(element: Element) -> Any:
        return ZZ(values.setdefault(element, (1 << _BITS) + len(values))) if element else ZZ(0)

    def of(sizes: Question) -> Question:
        system = sizes.system
        weights = tuple({j: value(weight) for j, weight in row.items()} for row in system.weights)
        plain = System(ZZ, weights, tuple(map(value, system.leak)), system.scales)
        return Question(plain, {k: value(root) for k, root in sizes.roots.items()}, sizes.groups)

    valued: Question | DurationQuestion
    if isinstance(question, DurationQuestion):
        valued = DurationQuestion(of(question.sizes), question.jointly)
    else:
        valued = of(question)
    if is_within(valued, method, "exact", max_cost):
        return "the law of net.at(...), with values for symbols"
    if is_within(valued, method, "float", max_cost):
        return "the law of net.at(...), with values for symbols and arithmetic='float'"
    return ""
