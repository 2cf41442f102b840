"""A check that two finite sets correspond, element by element and weight by weight."""

from collections.abc import Callable, Iterable
from typing import Any

from exactav.errors import ArgumentError
from exactav.numbers.arguments import calling, collection, taking, text
from exactav.numbers.expressions import described
from exactav.proofs.checks import Check
from exactav.proofs.comparison import compare
from exactav.proofs.verdicts import HOLDS, Verdict, all_hold, refuted


@taking(
    claim=text,
    set_a=calling("no argument, which makes a set"),
    set_b=calling("no argument, which makes a set"),
    forward=calling("an element"),
    backward=calling("an element"),
    sizes=text,
    weight_a=calling("an element"),
    weight_b=calling("an element"),
)
def bijection(
    claim: str,
    set_a: Callable[[], Iterable[Any]],
    set_b: Callable[[], Iterable[Any]],
    forward: Callable[[Any], Any],
    backward: Callable[[Any], Any],
    *,
    sizes: str,
    weight_a: Callable[[Any], Any] | None = None,
    weight_b: Callable[[Any], Any] | None = None,
) -> Check:
    """A check that ``forward`` takes one set onto the other, ``backward`` takes it back; weights are kept.

    Args:
        claim: what is checked, in plain text.
        set_a: makes the elements of one set, hashable and each once.
        set_b: makes those of the other.
        forward: from an element of the first set to one of the second.
        backward: from an element of the second set to one of the first.
        sizes: what the sets are confined to, such as ``N = 4``.
        weight_a: the weight of an element of the first set.
        weight_b: the weight of an element of the second.

    Raises:
        ArgumentError: one weight is given without the other.

    >>> halves = bijection(
    ...     "even numbers", lambda: range(5), lambda: range(0, 10, 2), lambda n: 2 * n, lambda n: n // 2,
    ...     sizes="numbers below 5",
    ... )
    >>> halves.verdict().outcome, halves.said
    ('holds', 'proved for numbers below 5: bijection')
    """
    if (weight_a is None) != (weight_b is None):
        raise ArgumentError(f"{claim!r}: give both weights or none")

    def computation() -> Verdict:
        listed_a, listed_b = (
            collection(made(), name, "[1, 2]") for made, name in ((set_a, "set_a()"), (set_b, "set_b()"))
        )
        found_a, found_b = _distinct(listed_a), _distinct(listed_b)
        for listed, found in ((listed_a, found_a), (listed_b, found_b)):
            if len(listed) > len(found):
                return refuted(f"{len(listed) - len(found)} elements are listed twice")
        ways = (
            (listed_a, found_b, forward, backward, "forward"),
            (listed_b, found_a, backward, forward, "backward"),
        )
        for elements, others, way, back, name in ways:
            for element in elements:
                image = way(element)
                if image not in others:
                    return refuted(f"{name}, {element} goes to {image}, which is not in the other set")
                if back(image) != element:
                    return refuted(f"{name}, {element} goes to {image}, which goes back to {back(image)}")
        if weight_a is None or weight_b is None:
            return HOLDS
        return all_hold(
            compare(weight_a(element), weight_b(forward(element))).at(f"in weights of {element}")
            for element in listed_a
        )

    return Check("bijection", claim, computation, sizes)


def _distinct(elements: list[Any]) -> set[Any]:
    try:
        return set(elements)
    except TypeError:
        unhashable = next(element for element in elements if type(element).__hash__ is None)
        raise ArgumentError(
            f"{described(unhashable)} is not hashable: make sets of numbers, texts or tuples"
        ) from None
