"""Which formulas are proved for all values of their symbols: by a step of their derivation."""

from collections.abc import Iterator

import sympy

from exactav.formulas.formula import Formula
from exactav.proofs import derivation
from exactav.proofs.checks import Check
from exactav.proofs.comparison import compare
from exactav.proofs.derivation import Step
from exactav.proofs.verdicts import Verdict, all_hold, undecided


def proving_step(formula: Formula) -> tuple[int, Step] | None:
    """The step of the formula's derivation that proves it for all values of its symbols, with its number.

    >>> from exactav.formulas.catalogue import get
    >>> number, step = proving_step(get("homogeneous.mean"))
    >>> number, step.reach
    (8, 'proved')
    """
    steps = derivation.load(formula.derivation).steps
    for number, step in enumerate(steps, start=1):
        if formula.id in step.proves and step.reach == "proved":
            return number, step
    return None


def as_derived(formula: Formula, expr: sympy.Expr) -> Verdict:
    """Whether a formula is ``expr`` for all values of its symbols, which are told by their names.

    Each case of the formula is compared with the case of the same condition, if ``expr`` has cases; else with
    ``expr`` where the condition holds: an equation is put in.
    """
    names = {symbol.name: symbol for symbol in expr.free_symbols}
    ours = {symbol: names.get(symbol.name, symbol) for symbol in formula.symbols}
    said = formula.expr.xreplace(ours)
    if not isinstance(said, sympy.Piecewise):
        return compare(said, expr)
    if isinstance(expr, sympy.Piecewise):
        conditions = [[condition for _, condition in side.args] for side in (said, expr)]
        if conditions[0] != conditions[1]:
            return undecided(f"the cases are {conditions[0]}, and those that are proved {conditions[1]}")
        pairs = zip(said.args, expr.args, strict=True)
        return all_hold(
            compare(case, other).at(f"where {condition}") for (case, condition), (other, _) in pairs
        )
    return all_hold(
        compare(_where(case, condition), _where(expr, condition)).at(f"where {condition}")
        for case, condition in said.args
    )


def _where(expr: sympy.Expr, condition: sympy.Basic) -> sympy.Expr:
    if isinstance(condition, sympy.Eq):
        return expr.subs(*condition.args)
    return expr


def derived_checks(formula: Formula) -> Iterator[Check]:
    """That the formula is the one that a step of its derivation proves, if there is one."""
    found = proving_step(formula)
    if found is not None:
        number, step = found
        claim = f"as derivation {formula.derivation} proves in step {number}"
        yield Check("symbolic identity", claim, lambda: as_derived(formula, step.proves[formula.id]))
