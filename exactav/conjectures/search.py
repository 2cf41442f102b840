"""The search for a counterexample, from small networks to large ones."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from time import monotonic
from typing import Any

from exactav.conjectures.cases import Case, Ground, Own, Structured, grounds
from exactav.conjectures.clock import Clock, OutOfTimeError, Pace
from exactav.conjectures.proving import Proof, proof
from exactav.conjectures.results import Covered, NotRefuted, ProvedUpTo, Refuted
from exactav.conjectures.shrinking import shrunk
from exactav.conjectures.sides import Failure, Side, Trial, shortened, tried_at_points
from exactav.errors import OptionError, TooCostlyError, UndecidedError
from exactav.formulas.formula import Formula
from exactav.network.network import Network
from exactav.numbers.arguments import seconds
from exactav.numbers.whole import whole
from exactav.running.amounts import duration_text

_MOST_FAILURES = 3  # that are shown
_MORE = 200  # networks that are drawn where symbols say that both sides differ
_FOR_SEARCH = 0.5  # of the time; the rest is for the proof


def conjecture(
    left: Callable[[Network], Any] | Formula,
    right: Callable[[Network], Any] | Formula,
    over: str | Network | Callable[[int], Any] | Iterable[Any] = "any",
    *,
    max_units: int = 5,
    count: int = 20,
    seed: int = 0,
    max_cost: float = 10.0,
) -> Refuted | ProvedUpTo | NotRefuted:
    """Search for a network on which two exact quantities differ; else prove them equal for few units.

    Networks are tried from small to large. One that refutes the conjecture is shrunk, within its structure:
    no unit of it can be left out, and no number made simpler. If there is none, both sides are computed on
    networks with a symbol for every number, and equal normal forms are a proof for that many units. What was
    only tried is said to be not refuted.

    Args:
        left, right: functions of a network that return numbers, expressions, laws, matrices, mappings or
            sequences, compared by :func:`exactav.proofs.comparison.compare`; or closed formulas, with the
            values of the family that a network is of. A formula in L is a mapping from sizes.
        over: the networks, by structure: "any", "directed", "acyclic", "trees", "rings", "circulant",
            "populations"; "symmetric", "zero weights", "self-coupled", "conservative", "unequal thresholds",
            "non-uniform drive", "with increment"; several at once, as in "symmetric and conservative"; or a
            family, "homogeneous", "homogeneous_without_self", "ring", "k_ring", "directed_ring", "line",
            "star", "bipartite", with any alpha. Or networks of one's own, or a function of the number of
            units that returns one or several. A collection of such is searched in all of its parts.
        max_units: the largest number of units, for what is tried and what is proved.
        count: networks of each structure and size that are tried.
        seed: of the numbers that are drawn; equal seeds try equal networks.
        max_cost: seconds for all of it. When they are over, the result says what was covered.

    Returns:
        Refuted, ProvedUpTo or NotRefuted; ``outcome`` is "refuted", "proved" or "not refuted".

    Raises:
        ArgumentError: a side is no function, or ``over`` names no networks.
        OptionError: there is no such structure, or no networks of so few units.
        UndecidedError: there was an error on every network.
        TooCostlyError: not one network was tried in ``max_cost`` seconds.

    Errors of ``left`` and ``right`` are counted, and shown with a network on which they came. The model is
    that of arXiv:2202.02520.

    >>> import exactav as ea
    >>> mean = lambda net: sum(ea.participation_overall(net))
    >>> found = conjecture(ea.mean_size, mean, over="directed", max_units=3)
    >>> found.outcome, found.n_units, found.n_agreed
    ('proved', 3, 41)
    >>> found = conjecture(ea.mean_size, lambda net: 1 / net.volume(), over="symmetric")
    >>> found.outcome, found.network, found.left_value, found.right_value
    ('refuted', Network([[0, '1/2'], ['1/2', 0]]), 3/2, 4/3)
    >>> formula = ea.formulas.get("ring.mean")
    >>> conjecture(ea.mean_size, formula, over="ring", max_units=4).sizes
    (2, 3, 4)
    """
    sides = Side.of(left, "left"), Side.of(right, "right")
    searched = grounds(over)
    largest, wanted = whole(max_units, "max_units", 1), whole(count, "count", 1)
    return _Search(*sides, searched, largest, wanted, whole(seed, "seed"), Clock(seconds(max_cost))).result()


@dataclass
class _Search:
    """A search and what came of it so far."""

    left: Side
    right: Side
    grounds: list[Ground]
    max_units: int
    count: int
    seed: int
    clock: Clock
    covered: dict[tuple[str, int], Covered] = field(default_factory=dict)
    failures: dict[tuple[str, type], Failure] = field(default_factory=dict)
    undecided: str = ""
    stopped: str = ""
    first_error: Exception | None = None

    def result(self) -> Refuted | ProvedUpTo | NotRefuted:
        """What the search says."""
        structured = [ground for ground in self.grounds if isinstance(ground, Structured)]
        can_prove = len(structured) == len(self.grounds)
        clock = self.clock.part(_FOR_SEARCH) if can_prove else self.clock
        found = self._searched(self._all(), clock)
        if found is not None:
            return self._refuted(*found)
        self._require_something()
        if not can_prove:
            return self._not_refuted("networks of one's own have no symbols that stand for all")
        proved = proof(self.left, self.right, structured, self.max_units, self.clock)
        if proved.doubt is not None:
            ground, n_units = proved.doubt
            more = ((ground, case) for case in ground.cases(n_units, _MORE, self.seed + 1))
            found = self._searched(more, self.clock)
            if found is not None:
                return self._refuted(*found)
        if proved.sizes and proved.sizes[-1] >= min(2, self.max_units):
            return self._proved(proved)
        return self._not_refuted(proved.ended)

    def _all(self) -> Iterator[tuple[Ground, Case]]:
        """Networks of one's own, then all others by their size."""
        for ground in self.grounds:
            if isinstance(ground, Own):
                yield from ((ground, case) for case in ground.cases(0, self.count, self.seed))
        pace = Pace()
        for n_units in range(1, self.max_units + 1):
            for ground in self.grounds:
                if isinstance(ground, Own):
                    continue
                if refusal := pace.refusal(n_units, self.clock):
                    self.stopped = refusal
                    return
                for case in ground.cases(n_units, self.count, self.seed):
                    begun = monotonic()
                    yield ground, case
                    pace.note(n_units, monotonic() - begun)

    def _searched(self, cases: Iterator[tuple[Ground, Case]], clock: Clock) -> tuple[Ground, Trial] | None:
        """The first network that refutes the conjecture."""
        last = "before the first network"
        try:
            while True:
                with clock.running():
                    found = next(cases, None)
                if found is None:
                    return None
                ground, case = found
                last = f"at {case.network.n_units} units over {ground.name}"
                for side in (self.left, self.right):
                    side.check(case, ground.name)
                with clock.running():
                    trial = tried_at_points(self.left, self.right, case)
                if trial.outcome == "refuted":
                    return ground, trial
                self._note(ground, trial)
        except OutOfTimeError:
            self.stopped = f"{duration_text(clock.seconds)} for the search were over {last}"
            return None

    def _note(self, ground: Ground, trial: Trial) -> None:
        key = ground.name, trial.case.network.n_units
        row = self.covered.get(key, Covered(*key))
        if trial.failure is not None:
            row = replace(row, failed=row.failed + 1)
            self.first_error = self.first_error or trial.error
            if len(self.failures) < _MOST_FAILURES:
                self.failures.setdefault((trial.failure.where, type(trial.error)), trial.failure)
        elif trial.outcome == "undecided":
            row = replace(row, undecided=row.undecided + 1)
            self.undecided = self.undecided or f"on {trial.case.network!r}, {trial.detail}"
        else:
            row = replace(row, agreed=row.agreed + 1)
        self.covered[key] = row

    def _require_something(self) -> None:
        rows = self.covered.values()
        if not rows:
            if self.stopped:
                raise TooCostlyError(f"not one network was tried, {self.stopped}: raise max_cost")
            names = ", ".join(ground.name for ground in self.grounds)
            raise OptionError(f"over = {names}: there are no such networks of at most {self.max_units} units")
        if all(row.failed == row.tried for row in rows):
            failure = next(iter(self.failures.values()))
            count = sum(row.failed for row in rows)
            raise UndecidedError(
                f"nothing was compared, as there was an error on all of {count} networks, first in "
                f"{shortened(failure.text())}"
            ) from self.first_error

    def _said(self) -> dict[str, Any]:
        return {
            "left": self.left.name,
            "right": self.right.name,
            "over": tuple(ground.name for ground in self.grounds),
            "covered": tuple(self.covered.values()),
            "failures": tuple(self.failures.values()),
            "undecided": self.undecided,
            "stopped": self.stopped,
        }

    def _refuted(self, ground: Ground, trial: Trial) -> Refuted:
        before = trial.case.network.n_units
        shrinking = "a network of one's own, as it is"
        if isinstance(ground, Structured):
            trial, is_through = shrunk(
                trial, ground, lambda case: tried_at_points(self.left, self.right, case), self.clock
            )
            after = trial.case.network.n_units
            shrinking = f"shrunk, from {before} units" if after < before else "shrunk"
            if not is_through:
                shrinking += ", not to the end, as the time was over"
        return Refuted(
            **self._said(),
            network=trial.case.network,
            left_value=trial.left,
            right_value=trial.right,
            detail=trial.detail,
            shrinking=shrinking,
            code=self._code(trial),
        )

    def _code(self, trial: Trial) -> str:
        """The counterexample as Python."""
        written = repr(trial.case.network)
        is_code = written.startswith("Network(")
        lines = ["import exactav as ea", *["from exactav import Network"] * is_code, ""]
        lines.append(f"net = {written if is_code else f'ea.from_json({trial.case.network.to_json()!r})'}")
        for side, value in ((self.left, trial.left), (self.right, trial.right)):
            code = side.code(trial.case)
            said = shortened(value)
            lines.append(f"print({code})  # {said}" if code else f"# {side.name} of net is {said}")
        return "\n".join(lines)

    def _proved(self, proved: Proof) -> ProvedUpTo:
        said = self._said()
        if proved.ended:
            said["stopped"] = " and ".join(filter(None, [self.stopped, f"the proof, {proved.ended}"]))
        return ProvedUpTo(**said, sizes=proved.sizes, generic=proved.generic)

    def _not_refuted(self, why: str) -> NotRefuted:
        return NotRefuted(**self._said(), unproved=why)
