"""Smaller and plainer networks of which a check says the same."""

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import sympy

import exactav as ea
from exactav.errors import ExactavError
from soak.networks import open_leaks

FOUND = Path(__file__).parent / "found"


@dataclass(frozen=True)
class Parts:
    """What a network is made of, with leaks in place of thresholds, so that parts can go."""

    entries: dict[tuple[int, int], sympy.Expr]
    leak: list[sympy.Expr]
    drive: list[sympy.Expr] | None
    increment: sympy.Expr | None
    labels: list[Any]

    @classmethod
    def of(cls, net: ea.Network) -> "Parts":
        return cls(dict(net.entries), list(net.leak), list(net.drive), net.increment, list(net.labels))

    def network(self) -> ea.Network:
        """Raises ExactavError: it is none."""
        entries, leak = dict(self.entries), list(self.leak)
        open_leaks(entries, leak)
        thresholds = [
            sympy.Add(lost, *(w for (i, _), w in entries.items() if i == unit))
            for unit, lost in enumerate(leak)
        ]
        return ea.Network.from_entries(
            len(leak),
            entries,
            thresholds=thresholds,
            drive=self.drive,
            increment=self.increment,
            labels=self.labels,
        )

    def without(self, unit: int) -> "Parts":
        left = [i for i in range(len(self.leak)) if i != unit]
        place = {i: k for k, i in enumerate(left)}
        drive = None
        if self.drive is not None and (total := sum(self.drive[i] for i in left)):
            drive = [self.drive[i] / total for i in left]
        return Parts(
            {(place[i], place[j]): w for (i, j), w in self.entries.items() if i in place and j in place},
            [self.leak[i] for i in left],
            drive,
            self.increment,
            [self.labels[i] for i in left],
        )

    def plainer(self) -> Iterator["Parts"]:
        """Smaller ones, those first that take most away."""
        n = len(self.leak)
        if n > 1:
            yield from (self.without(unit) for unit in range(n))
        for gone in self.entries:
            yield replace(self, entries={p: w for p, w in self.entries.items() if p != gone})
        if self.labels != list(range(n)):
            yield replace(self, labels=list(range(n)))
        if self.increment is not None:
            yield replace(self, increment=None)
            yield from (replace(self, increment=plain) for plain in _plainer(self.increment))
        if self.drive is not None and len(set(self.drive)) > 1:
            yield replace(self, drive=None)
        yield replace(self, entries=dict.fromkeys(self.entries, sympy.Integer(1)))
        for unit, lost in enumerate(self.leak):
            for plain in _plainer(lost):
                yield replace(self, leak=[plain if i == unit else s for i, s in enumerate(self.leak)])
        for place, weight in self.entries.items():
            for plain in _plainer(weight):
                yield replace(self, entries=self.entries | {place: plain})


def _plainer(number: sympy.Expr) -> list[sympy.Expr]:
    if not number or number == 1:
        return []
    plain = [sympy.Integer(1), sympy.Rational(1, 2)]
    if not number.is_Rational:
        return [*plain, sympy.Symbol("a")] if number.free_symbols else plain
    return [
        x
        for x in (*plain, sympy.Integer(2), sympy.Integer(round(number)))
        if x and _length(x) < _length(number)
    ]


def _length(number: sympy.Expr) -> int:
    return int(number.p + number.q)


def shrunk(net: ea.Network, fails: Callable[[ea.Network], bool], seconds: float = 60.0) -> ea.Network:
    """The plainest network that was found within the time, and still fails."""
    end = time.monotonic() + seconds
    parts = Parts.of(net)
    searching = True
    while searching:
        searching = False
        for candidate in parts.plainer():
            if time.monotonic() > end:
                return net
            try:
                made = candidate.network()
            except ExactavError:
                continue
            if made != net and fails(made):
                parts, net, searching = candidate, made, True
                break
    return net


def save(name: str, net: ea.Network, seed: str, said: str, folder: Path = FOUND) -> Path:
    """Keep a network of which a check failed, for tests/test_soak.py to try again."""
    folder.mkdir(exist_ok=True)
    content = {"check": name, "seed": seed, "said": said[:2000], "network": json.loads(net.to_json())}
    text = json.dumps(content, indent=1, ensure_ascii=True) + "\n"
    path = folder / f"{name.replace(' ', '-').replace(',', '')}-{sha256(text.encode()).hexdigest()[:8]}.json"
    path.write_text(text, encoding="ascii")
    return path


def load(path: Path) -> tuple[str, ea.Network, str]:
    """(check, network, seed) of a case that was kept."""
    content = json.loads(path.read_text(encoding="ascii"))
    net = ea.from_json(json.dumps(content["network"]))
    assert isinstance(net, ea.Network)
    return content["check"], net, content["seed"]
