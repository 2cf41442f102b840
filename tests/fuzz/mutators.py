"""Changes of inputs that keep what readers look at first."""

import json
from collections.abc import Callable, Iterator
from random import Random
from typing import Any

_VALUES: tuple[Any, ...] = (
    *(
        0,
        1,
        -1,
        2,
        10**30,
        0.5,
        1e400,
        True,
        None,
        "",
        "1/2",
        "1/0",
        "a",
        "sqrt(2)",
        "a/b",
        "x" * 300,
        "0x1f",
    ),
    *([], {}, [[]], {"tuple": [1]}, {"set": [1, 2]}, {"symbol": "a"}, {"integer": "-0x1"}, {"exp": "a"}),
    *({"root": [1, 0, -2], "index": 1}, {"quotient": ["0x1", "0x3"]}, {"fraction": "0x1/0x2"}),
)


def of_json(mutate: Callable[[bytes, int], bytes]) -> Callable[[bytes, int, int], bytes]:
    """A mutator that moves values of JSON about, every other time, and changes bytes otherwise."""

    def mutated(data: bytes, most: int, seed: int) -> bytes:
        dice = Random(seed)
        try:
            document = json.loads(data) if dice.random() < 0.5 else None
        except (ValueError, RecursionError):
            document = None
        places = list(_places(document))
        if not places:
            return mutate(data, most)
        for _ in range(dice.randint(1, 3)):
            (inside, key), (other, place) = dice.choice(places), dice.choice(places)
            value: Any = dice.choice(_VALUES) if dice.random() < 0.5 else other[place]
            inside[key] = dice.choice([value, value, [value], [value, value], {"power": [value, 2]}])
        try:
            found = json.dumps(document).encode()
        except (ValueError, RecursionError):  # a value was put into itself
            return mutate(data, most)
        return found if len(found) <= most else mutate(data, most)

    return mutated


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    """(object or list, key or index) of all values inside."""
    if isinstance(value, dict | list):
        for key, part in [*(value.items() if isinstance(value, dict) else enumerate(value))]:
            yield value, key
            yield from _places(part)
