"""Exact sums of a sweep: values are residues modulo primes at points, side by side, in compiled code.

The polynomial of all assemblies is evaluated at as many points as it has coefficients, modulo as many primes
as they need. A pair of a prime and a point is a *lane*; lanes know nothing of each other, so blocks of them
are tasks for threads or other machines. Coefficients are interpolated modulo each prime, and put together.
"""

import os
from collections.abc import Iterator, Sequence
from dataclasses import replace
from threading import Lock
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from exactav.engines.question import Question
from exactav.engines.sweep.outline import Part
from exactav.engines.sweep.scheme import Factor, Scheme
from exactav.engines.sweep.transitions import (
    CHANGE_BYTES,
    STATE_BYTES,
    Began,
    Change,
    Ended,
    Entered,
    Pairs,
    changes,
    narrow,
    pieces,
)
from exactav.engines.sweep.values import entries_of
from exactav.kernels import interpolation, modular
from exactav.kernels.interpolation import FEW_LANES, LANES
from exactav.kernels.machine import Machine
from exactav.numbers.domains import Element
from exactav.running.sums import Kind
from exactav.running.tasks import Progress, Running, no_progress, summed
from exactav.running.threads import Threads, stop_if_given_up

_KEPT = 0.3  # share of the memory that changes of states may take
_HELD = 0.35  # share that values may take
_TABLES = 1.3  # tables as large as the largest that a thread holds
_FINDING = 0.1  # share of the progress

_PIECE = 1 << 21  # transitions of one call of compiled code, which Ctrl-C waits for: some tenths of a second

Lanes = NDArray[np.float64]


class Data(NamedTuple):
    """What the tasks need to know, in plain integers."""

    weights: Sequence[Sequence[tuple[int, int]]]
    roots: Sequence[tuple[int, int]]
    leak: Sequence[int]
    strides: Sequence[int]
    sizes: Sequence[int]
    moduli: Sequence[int]
    scheme: Scheme
    n_lanes: int
    modules: Sequence[Sequence[tuple[int, Sequence[tuple[int, int]]]]]

    @classmethod
    def of(cls, question: Question, scheme: Scheme) -> "Data":
        system = question.system
        moduli = modular.primes(int(question.total), spare=0, below=interpolation.BELOW)
        return cls(
            tuple(tuple((j, int(weight)) for j, weight in row.items()) for row in system.weights),
            tuple((unit, int(root)) for unit, root in question.roots.items()),
            tuple(map(int, system.leak)),
            question.strides,
            tuple(len(group) + 1 for group in question.groups),
            tuple(moduli),
            scheme,
            lanes_of(scheme, Machine.here()),
            tuple(_entries(question, scheme, module) for module in range(len(scheme.modules))),
        )

    @property
    def tables(self) -> tuple[tuple[int, ...], ...]:
        """The states of each module."""
        return tuple(tuple(code for code, _ in entries) for entries in self.modules)


def _entries(
    question: Question, scheme: Scheme, module: int
) -> tuple[tuple[int, tuple[tuple[int, int], ...]], ...]:
    """The states of a module, and the terms of their polynomials."""
    return tuple(
        (narrow(code, scheme.n_slots), tuple((number, int(weight)) for number, weight in terms.items()))
        for code, terms in entries_of(question, scheme, module)
    )


def megabytes_of(scheme: Scheme | Part, machine: Machine) -> float:
    """Memory for changes of states and for values in each thread."""
    changes = scheme.cost * CHANGE_BYTES if _is_kept(scheme, machine) else 0.0
    values = threads_of(scheme, machine) * _values(scheme, lanes_of(scheme, machine))
    return 50 + values + (changes + scheme.most * STATE_BYTES) / 1e6


def lanes_of(scheme: Scheme | Part, machine: Machine) -> int:
    """How many lanes a task has: fewer where memory is short."""
    return LANES if _values(scheme, LANES) * machine.cores <= _HELD * machine.megabytes else FEW_LANES


def threads_of(scheme: Scheme | Part, machine: Machine) -> int:
    """How many threads have values in memory at a time: one for each core, as far as they fit."""
    values = _values(scheme, lanes_of(scheme, machine))
    return max(1, min(machine.cores, int(_HELD * machine.megabytes / max(values, 1))))


def _values(scheme: Scheme | Part, n_lanes: int) -> float:
    """Megabytes of the largest table of values and of that from which it is made."""
    return _TABLES * scheme.most * 8 * n_lanes / 1e6


def _is_kept(scheme: Scheme | Part, machine: Machine) -> bool:
    return scheme.cost * CHANGE_BYTES < _KEPT * machine.megabytes * 1e6


def weights_of(question: Question, scheme: Scheme, running: Running) -> dict[int, Element]:
    """The exact weights by the number of their counts."""
    data = Data.of(question, scheme)
    n_lanes = len(data.moduli) * question.n_outcomes
    if running.executor is None and _is_kept(scheme, Machine.here()):
        _program(scheme, data.tables, running.part(0.0, _FINDING).progress)  # once for all threads
    n_blocks = -(-n_lanes // data.n_lanes)
    kind = Kind(n_blocks, (n_blocks * data.n_lanes,), np.int64)
    with Threads(threads_of(scheme, Machine.here())) as threads:
        running = replace(running.part(_FINDING, 1.0), executor=running.executor or threads)
        values = summed(_evaluated, data, kind, running)
    _programs.clear()
    by_prime = values.reshape(-1)[:n_lanes].reshape(len(data.moduli), *(data.sizes[::-1] or (1,)))
    residues = [
        interpolation.interpolated(found, prime).reshape(-1)
        for found, prime in zip(by_prime, data.moduli, strict=True)
    ]
    return {n: weight for n, weight in enumerate(modular.integers(residues, data.moduli)) if weight}


_Tables = tuple[tuple[int, ...], ...]
_programs: dict[tuple[Scheme, _Tables], tuple[Change, ...]] = {}
_finding = Lock()


def _forked() -> None:
    """A fork must not wait for a thread that it does not have."""
    global _finding
    _finding = Lock()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forked)


def _program(scheme: Scheme, tables: _Tables, progress: Progress = no_progress) -> tuple[Change, ...]:
    """All changes of a scheme, found once in a process; the last scheme's are kept."""
    with _finding:
        key = scheme, tables
        if key not in _programs:
            _programs.clear()
            found = []
            for place, change in enumerate(changes(scheme, tables, Machine.here().megabytes)):
                found.append(change)
                progress(place / len(scheme.instructions))
            _programs[key] = tuple(found)
        return _programs[key]


def _evaluated(data: Data, number: int) -> NDArray[np.int64]:
    """The polynomial of all assemblies in one block of lanes; zeros in the others."""
    n_outcomes = int(np.prod(data.sizes))
    n_lanes = len(data.moduli) * n_outcomes
    block = range(number * data.n_lanes, min((number + 1) * data.n_lanes, n_lanes))
    numbers = range(block.start, block.start + data.n_lanes)
    values = _Lanes(data, [divmod(min(lane, n_lanes - 1), n_outcomes) for lane in numbers])
    stack: list[Lanes] = []
    is_kept = _is_kept(data.scheme, Machine.here())
    every = (
        _program(data.scheme, data.tables)
        if is_kept
        else changes(data.scheme, data.tables, Machine.here().megabytes)
    )
    for change in every:
        for _ in values.change(stack, change):
            stop_if_given_up()
    (table,) = stack
    result = np.zeros(-(-n_lanes // data.n_lanes) * data.n_lanes, dtype=np.int64)
    result[block.start : block.stop] = table[: len(block)].astype(np.int64)
    return result


class _Lanes:
    """Values in some lanes: those of the states of a table one after another."""

    def __init__(self, data: Data, lanes: Sequence[tuple[int, int]]) -> None:
        self.data = data
        self.primes = [data.moduli[place] for place, _ in lanes]
        moduli = np.array(self.primes, dtype=np.float64)
        self.moduli = np.concatenate([moduli, 1.0 / moduli])
        self.n_lanes = len(lanes)
        self.points = [_point(number, data.sizes) for _, number in lanes]
        places = np.cumprod([1, *data.sizes])[:-1].tolist()
        self.group_of = {stride: group for group, stride in enumerate(places)}
        self.numbers = {
            "weight": {(i, j): weight for i, row in enumerate(data.weights) for j, weight in row},
            "root": {(unit, unit): root for unit, root in data.roots},
            "leak": {(unit, unit): leak for unit, leak in enumerate(data.leak)},
        }

    def change(self, stack: list[Lanes], change: Change) -> Iterator[None]:
        """What becomes of the tables of a stack; yields now and then on the way."""
        from exactav.kernels.compiled import tables as compiled_tables

        if isinstance(change, Began):
            stack.append(np.ones(self.n_lanes))
            return
        if isinstance(change, Entered):
            terms = [terms for _, terms in self.data.modules[change.module]]
            stack.append(np.array([self._value(found) for found in terms], dtype=np.float64).reshape(-1))
            return
        if isinstance(change, Ended):
            rows = stack.pop().reshape(-1, self.n_lanes)
            stack.append(np.zeros(self.n_lanes) if change.place is None else rows[change.place])
            return
        result = np.zeros(change.n_states * self.n_lanes)
        factors = [self._product(factors) for factors in change.factors]
        coefficients = np.array(factors, dtype=np.float64).reshape(-1)
        given = change.products, coefficients, result, self.moduli
        if isinstance(change, Pairs):
            second, first = stack.pop(), stack.pop()
            for rows, begins in self._pieces(first, change.begins):
                pairs = begins, change.targets, change.others
                compiled_tables.multiplied_residues(rows, *pairs, second, *given)
                yield
        else:
            for rows, begins in self._pieces(stack.pop(), change.begins):
                compiled_tables.summed_residues(rows, begins, change.targets, *given)
                yield
        stack.append(result)

    def _pieces(self, table: Lanes, begins: NDArray[np.int64]) -> Iterator[tuple[Lanes, NDArray[np.int64]]]:
        """A table in rows that take about as many transitions as a call should, or one row."""
        for rows in pieces(begins, _PIECE):
            places = slice(rows.start * self.n_lanes, rows.stop * self.n_lanes)
            yield table[places], begins[rows.start : rows.stop + 1]

    def _value(self, terms: Sequence[tuple[int, int]]) -> list[int]:
        """The value of a polynomial in each lane."""
        result = []
        for prime, point in zip(self.primes, self.points, strict=True):
            total = 0
            for number, coefficient in terms:
                term = coefficient % prime
                for value, size in zip(point, self.data.sizes, strict=True):
                    number, count = divmod(number, size)
                    term = term * pow(value, count, prime) % prime
                total += term
            result.append(total % prime)
        return result

    def _product(self, factors: Sequence[Factor]) -> list[int]:
        """The product of some factors in each lane."""
        number, groups = 1, []
        for kind, i, j in factors:
            if kind != "fired":
                number *= self.numbers[kind][i, j]
            elif self.data.strides[i]:
                groups.append(self.group_of[self.data.strides[i]])
        result = []
        for prime, point in zip(self.primes, self.points, strict=True):
            found = number % prime
            for group in groups:
                found = found * point[group] % prime
            result.append(found)
        return result


def _point(number: int, sizes: Sequence[int]) -> list[int]:
    """The value of each group's variable at the point with this number."""
    result = []
    for size in sizes:
        number, value = divmod(number, size)
        result.append(value)
    return result
