"""How a network is shown in one line."""

from collections.abc import Sequence

import sympy

from exactav.network.model import Model

_SHOWN = 6  # units of a network whose repr lists the weights


def text(model: Model, symbols: Sequence[sympy.Symbol]) -> str:
    """The ``repr``: number of units, symbols, and all numbers of small networks: a counterexample is seen."""
    n_units, names = len(model.labels), ", ".join(map(str, symbols))
    said = f"{n_units} unit{'s' * (n_units > 1)}{' in ' + names if names else ''}"
    if n_units <= _SHOWN:
        zero = model.field.zero
        weights = [[model.expr(row.get(j, zero)) for j in range(n_units)] for row in model.rows]
        said += f", W = {weights}"
        if any(threshold != model.field.one for threshold in model.thresholds):
            said += f", U = {list(map(model.expr, model.thresholds))}"
    return f"<Network of {said}>"
