"""Which engine answers a question: what each would take is known before it is asked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from exactav.engines import costs, generations, populations, reduction
from exactav.engines.costs import Estimate, duration_text
from exactav.engines.question import Question
from exactav.errors import TooCostlyError
from exactav.network.system import System
from exactav.numbers.domains import Element

MAX_COST = 3600.0  # seconds
_GENERATION_STEP = 2e-6  # one product of the sum over generations
_PATTERN = 2e-5  # one pattern with its key
_MAX_PATTERNS = 5_000_000  # a law of more does not fit into memory
_ADVICE = (
    "ask for arithmetic='float', for fewer observed units, or for what is polynomial (mean_size, "
    "participation, firing_rates, assembly_probability), give more machines as executor, or simulate"
)
_ADVICE_ON_ASSEMBLIES = (
    "ask for what is polynomial (mean_size, participation, firing_rates, assembly_probability), for the "
    "law of sizes, or simulate"
)


@dataclass(frozen=True)
class Plan:
    """Which engines apply to a question, what each would take, and which is chosen.

    Attributes:
        n_units: units that can fire, in the largest part of the network.
        n_parts: parts that are computed apart.
        n_classes: classes of interchangeable units.
        estimates: one for each engine.
        choice: the engine that is taken.
    """

    n_units: int
    n_parts: int
    n_classes: int
    estimates: tuple[Estimate, ...]
    choice: str

    @property
    def chosen(self) -> Estimate:
        """The estimate of the chosen engine."""
        return next(estimate for estimate in self.estimates if estimate.engine == self.choice)

    def text(self) -> str:
        """What a reader wants to know before asking."""
        lines = [
            f"{self.n_units} units that can fire"
            + (f" in the largest of {self.n_parts} parts" if self.n_parts > 1 else "")
            + f", {self.n_classes} classes of interchangeable ones",
            "",
        ]
        for estimate in self.estimates:
            mark = "*" if estimate.engine == self.choice else " "
            said = estimate.reason or (
                f"{estimate.work}, about {duration_text(estimate.seconds)} and "
                f"{costs.memory_text(estimate.megabytes)}"
            )
            lines.append(f"{mark} {estimate.engine:<12} {said}")
        return "\n".join(lines)

    def __repr__(self) -> str:
        return f"<Plan\n{self.text()}\n>"

    def check(self, max_cost: float, what: str, *, advice: str = _ADVICE) -> None:
        """Raise TooCostlyError if the choice takes more than ``max_cost`` seconds, or too much memory."""
        chosen = self.chosen
        if chosen.reason:
            raise TooCostlyError(f"{what} by method={self.choice!r}: {chosen.reason}; {advice}")
        if chosen.megabytes > costs.memory():
            raise TooCostlyError(
                f"{what} would visit {chosen.work} and take about {costs.memory_text(chosen.megabytes)} of "
                f"memory, more than this machine has: {advice}"
            )
        if chosen.seconds > max_cost:
            raise TooCostlyError(
                f"{what} would visit {chosen.work} and take about {duration_text(chosen.seconds)}, more than "
                f"the allowed {duration_text(max_cost)}: raise max_cost, {advice}"
            )


METHODS = ("auto", "subsets", "connected", "populations", "frontier")
ASSEMBLY_METHODS = ("auto", "subsets", "connected")


def plan_of(question: Question, method: str = "auto", *, floats: bool = False) -> Plan:
    """The plan of a question; its parts are taken to be planned apart.

    Raises:
        ValueError: there is no such method.
    """
    check_method(method, METHODS)
    pieces = list(reduction.parts(question))
    largest = max((part.question for part in pieces), key=lambda piece: piece.system.n_units)
    return planned(largest, method, floats, len(pieces), thorough=True)


def planned(
    question: Question, method: str, floats: bool, n_parts: int = 1, *, thorough: bool = False
) -> Plan:
    """Engines that would take long to plan are not, unless asked for, where others are quick."""
    classes = populations.split_classes(question)
    estimates = [costs.of_subsets(question, floats), costs.of_populations(question, classes)]

    def limit(engine: str) -> float:
        return float("inf") if method == engine else min(estimate.seconds for estimate in estimates)

    if floats:
        connected_sets = costs.impossible("connected", "exact sums only")
    else:
        connected_sets = costs.of_connected_sets(
            question, float("inf") if thorough else limit("connected"), method
        )
    estimates.insert(1, connected_sets)
    estimates.append(costs.of_sweep(question, floats, limit("frontier")))
    return _chosen(question.system.n_units, n_parts, len(classes), estimates, method)


def assembly_plan(question: Question, method: str, max_cost: float) -> Plan:
    """The plan of the law of all assemblies, which is allowed.

    Raises:
        ValueError: there is no such method.
        TooCostlyError: the estimate is above ``max_cost`` seconds, or the method does not apply.
    """
    check_method(method, ASSEMBLY_METHODS)
    estimates = [costs.of_subsets(question, floats=False, listed=True)]
    at_most = float("inf") if method == "connected" else estimates[0].seconds
    estimates.append(costs.of_connected_sets(question, at_most, method))
    plan = _chosen(question.system.n_units, 1, 0, estimates, method)
    plan.check(max_cost, "the law of all assemblies", advice=_ADVICE_ON_ASSEMBLIES)
    return plan


def _chosen(n_units: int, n_parts: int, n_classes: int, estimates: list[Estimate], method: str) -> Plan:
    fitting = [estimate for estimate in estimates if estimate.megabytes <= costs.memory()] or estimates
    choice = min(fitting, key=lambda estimate: estimate.seconds).engine if method == "auto" else method
    return Plan(n_units, n_parts, n_classes, tuple(estimates), choice)


def steps_within(max_cost: float) -> int:
    """How many products between generations ``max_cost`` seconds allow."""
    return int(max_cost / _GENERATION_STEP)


def check_patterns(system: System, roots: Mapping[int, Element], max_cost: float) -> None:
    """Raise TooCostlyError if the patterns, counted without their weights, are too many."""
    limit = min(int(max_cost / _PATTERN), _MAX_PATTERNS)
    if generations.has_more_patterns_than(system, roots, limit):
        raise TooCostlyError(
            f"the network has more than {limit:,} patterns, more than {duration_text(max_cost)} and the "
            "memory allow: ask for size_duration_law or pattern_probability, or raise max_cost"
        )


def check_method(method: str, known: Sequence[str]) -> None:
    if method not in known:
        raise ValueError(f"method = {method!r}: give one of {', '.join(known)}")
