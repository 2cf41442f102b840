"""Which way a sum over paths is made, and what it costs."""

from exactav.engines.paths import counts, rings, sets, trees
from exactav.engines.paths.question import PathQuestion, Sums
from exactav.errors import TooCostlyError
from exactav.running.amounts import duration_text


def path_sums(question: PathQuestion, max_cost: float) -> Sums:
    """The sums by the cheapest way.

    Raises:
        TooCostlyError: it takes more than ``max_cost`` seconds.
    """
    found = [way(question) for way in (trees.way, rings.way, counts.way)]
    known = [one for one in found if one is not None]
    best = min((one.seconds for one in known), default=float("inf"))
    if best > _CHEAP and (general := sets.way(question, min(best, max_cost))) is not None:
        known.append(general)
    if not known:
        raise TooCostlyError(f"paths of {question.up_to} units are too many to be counted: {_ADVICE}")
    chosen = min(known, key=lambda one: one.seconds)
    if chosen.seconds > max_cost:
        raise TooCostlyError(
            f"{question.up_to} generations would take about {duration_text(chosen.seconds)} by "
            f"{chosen.name}, more than the allowed {duration_text(max_cost)}: {_ADVICE}"
        )
    return chosen.run()


_CHEAP = 1e-3
_ADVICE = (
    "ask for fewer generations (up_to), raise max_cost, or sample (sample_patterns(...).mean_shape()); all "
    "generations of trees, rings and populations are quick"
)
