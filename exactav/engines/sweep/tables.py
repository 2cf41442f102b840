"""Tables of states run through a scheme in plain Python, with values of any kind."""

from typing import Any, Generic

from exactav.engines.sweep.scheme import Given, Join, Scheme, Step
from exactav.engines.sweep.values import Value, Values
from exactav.kernels import forests
from exactav.running.tasks import Progress, no_progress

Table = dict[int, Value]


class Run(Generic[Value]):
    """One run of a scheme.

    Args:
        scheme: what is to be done.
        values: what states are given as values.
        progress: is told the share of the instructions that have been done.
    """

    def __init__(
        self,
        scheme: Scheme,
        values: Values[Value],
        progress: Progress = no_progress,
    ) -> None:
        self.scheme, self.values, self.progress = scheme, values, progress
        self.width = forests.WIDE

    def result(self) -> Value | None:
        """The value of all assemblies; None if there are none."""
        stack: list[Table[Value]] = []
        n_slots = self.scheme.n_slots
        for place, instruction in enumerate(self.scheme.instructions):
            if isinstance(instruction, Step):
                stack[-1] = self.values.rescaled(self._stepped(stack[-1], instruction))
            elif isinstance(instruction, Join):
                last = stack.pop()
                stack[-1] = self.values.rescaled(self._joined(stack[-1], last, instruction.step))
            elif isinstance(instruction, Given):
                given = self.values.given(self.scheme, instruction.module)
                stack.append(self.values.rescaled(dict(given)))
            else:
                stack.append({forests.empty(n_slots, self.width): self.values.one()})
            self.progress((place + 1) / len(self.scheme.instructions))
        (table,) = stack
        return table.get(forests.empty(n_slots, self.width) | 1)

    def _stepped(self, table: Table[Value], step: Step) -> Table[Value]:
        result: Table[Value] = {}
        codes, masks = [0] * step.room, [0] * step.room
        products: dict[int, Any] = {}
        n_slots, width, values = self.scheme.n_slots, self.width, self.values
        for code, value in table.items():
            scaled = {0: value}
            for place in range(forests.expanded(code, step.rows, codes, masks, n_slots, width)):
                mask, found = masks[place], codes[place]
                if mask not in scaled:
                    scaled[mask] = values.scaled(value, self._product(products, step, mask))
                made = scaled[mask]
                result[found] = values.added(result[found], made) if found in result else made
        return result

    def _joined(self, first: Table[Value], second: Table[Value], step: Step) -> Table[Value]:
        result: Table[Value] = {}
        codes, masks = [0], [0]
        products: dict[int, Any] = {}
        n_slots, width, values = self.scheme.n_slots, self.width, self.values
        shared = self._open_in_both(first, second)
        by_sides: dict[int, list[tuple[int, int, Value]]] = {}
        for other, factor in second.items():
            sides, chosen = forests.sides_in(other, shared, width)
            by_sides.setdefault(sides, []).append((chosen, other, factor))
        for code, value in first.items():
            sides, already = forests.sides_in(code, shared, width)
            for chosen, other, factor in by_sides.get(sides, []):
                if already & chosen:
                    continue
                both = forests.merged(code, other, n_slots, width)
                if both < 0 or not forests.expanded(both, step.rows, codes, masks, n_slots, width):
                    continue
                found = codes[0]
                made = values.multiplied(value, factor)
                if masks[0]:
                    made = values.scaled(made, self._product(products, step, masks[0]))
                result[found] = values.added(result[found], made) if found in result else made
        return result

    def _open_in_both(self, *tables: Table[Value]) -> list[int]:
        """The slots of units that both tables have open; all states of a table have the same."""
        full = (1 << self.width) - 1
        slots = list(range(self.scheme.n_slots))
        for table in tables:
            code = next(iter(table), 0)
            slots = [slot for slot in slots if code >> slot * self.width + 1 & full != full]
        return slots

    def _product(self, products: dict[int, Any], step: Step, mask: int) -> Any:
        if mask not in products:
            products[mask] = self.values.factor(step.taken(mask))
        return products[mask]
