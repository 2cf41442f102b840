"""What formulas of papers are at points and in symbols: exact values, and none where conventions differ."""

import pytest
import sympy

from exactav.papers.deciding import decide
from exactav.papers.nodes import Call, Name, Node, number
from exactav.papers.operations import NoValueHereError
from exactav.papers.points import Question, points
from exactav.papers.reading import Reading
from exactav.papers.source import source
from exactav.papers.symbolic import in_symbols
from exactav.papers.values import at_point

n, x = Name("n"), Name("x")
AT = {"n": sympy.Integer(4), "x": sympy.Rational(1, 2), "w": -sympy.sqrt(2), "z": sympy.Integer(0)}
w, z = Name("w"), Name("z")


def call(head: str, *parts: Node | int) -> Call:
    return Call(head, tuple(number(part) if isinstance(part, int) else part for part in parts))


VALUES = [
    (call("/", n, x), 8),
    (call("sqrt", n, 2), 2),
    (call("sqrt", 27, 3), 3),
    (call("log", call("exp", n)), 4),
    (call("^", z, 2), 0),
    (call("^", n, x), 2),
    (call("^", w, 2), 2),
    (call("gamma", n), 6),
    (call("binomial", n, 2), 6),
    (call("binomial", n, -1), 0),
    (call("binomial", x, 2), sympy.Rational(-1, 8)),
    (call("falling", x, 2), sympy.Rational(-1, 4)),
    (call("rising", x, 2), sympy.Rational(3, 4)),
    (call("sum", Name("k"), 1, n, Name("k")), 10),
    (call("prod", Name("k"), 1, n, Name("k")), 24),
    (call("sum", Name("k"), 5, n, Name("k")), 0),
    (call("sum", Name("k"), 0, 2, call("^", z, Name("k"))), 1),  # in a sum 0^0 is 1
    (call("sum", Name("k"), 0, call("infinity"), call("^", x, Name("k"))), 2),
    (call("cases", call("case", 1, call("<", n, 3)), call("case", 2, call("true"))), 2),
    (call("cases", call("case", 1, call("whole", x)), call("case", 2, call(">=", n, 4))), 2),
    (call("neg", call("pi")), -sympy.pi),
]
NO_VALUE = [
    (call("/", n, z), "division by zero"),
    (call("sqrt", w, 2), "root of a negative"),
    (call("sqrt", n, 1000), "root of a negative"),
    (call("log", z), "not positive"),
    (call("^", z, z), "power of 0"),
    (call("^", z, -1), "power of 0"),
    (call("^", w, x), "fractional power"),
    (call("^", n, 10**6), "too large"),
    (call("!", x), "no small whole number"),
    (call("!", 10**6), "no small whole number"),
    (call("binomial", n, x), "lower entry is not whole"),
    (call("binomial", -2, 2), "of a negative number"),
    (call("binomial", x, -1), "lower entry is negative"),
    (call("sum", Name("k"), 1, x, Name("k")), "no whole range"),
    (call("sum", Name("k"), 1, 10**6, Name("k")), "a long one"),
    (call("prod", Name("k"), 1, call("infinity"), call("^", 2, Name("k"))), "closed form"),
    (call("cases", call("case", 1, call("<", n, 3))), "no case"),
    (call("apply", Name("f"), n), "unknown function"),
    (Name("y"), "y has no value"),
    (call("tan", call("/", call("pi"), 2)), "infinite"),
]


@pytest.mark.parametrize(("node", "value"), VALUES)
def test_values_at_points(node: Node, value: object) -> None:
    assert at_point(node, AT) == value


@pytest.mark.parametrize(("node", "why"), NO_VALUE)
def test_what_has_no_value(node: Node, why: str) -> None:
    with pytest.raises(NoValueHereError, match=why):
        at_point(node, AT)


def test_what_is_too_large_in_symbols() -> None:
    symbols = {"n": sympy.Symbol("n")}
    for node, why in [
        (call("^", 2, 10**6), "a power that is too large"),
        (call("!", 10**6), "too large"),
        (call("sum", Name("k"), 1, 10**6, n), "a sum of too many terms"),
    ]:
        with pytest.raises(NoValueHereError, match=why):
            in_symbols(node, symbols)
    assert in_symbols(call("apply", Name("f"), n), symbols) == sympy.Function("f")(symbols["n"])
    assert in_symbols(call("sum", Name("k"), 1, 3, n), symbols) == 3 * symbols["n"]


def test_counts_are_whole() -> None:
    j, y = Name("j"), Name("y")
    counted = call("+", call("binomial", n, 2), call("rising", y, j), call("!", Name("m")))
    question = Question(counted, counted)
    assert question.whole() == {"n", "j", "m"}
    assert all(point[name].is_Integer for point in points(question, 10) for name in question.whole())


@pytest.mark.parametrize(
    ("said", "display", "outcome"),
    [
        ("x positive", r"|x| = x", "holds"),
        ("x real, x < 0", r"|x| = x", "refuted"),
        ("x > 0", r"\sqrt{x^2} = x", "holds"),
        ("x >= 0", r"\sqrt{x^2} = x", "holds"),
        ("x = 2, y = x^2", r"y = 4", "holds"),
        ("x = 2, y = x^2", r"y = 5", "refuted"),
        ("0 < x < 1", r"\sum_{k=0}^\infty x^k = \frac{1}{1-x}", "holds"),
        ("0 < x < 1", r"\sum_{k=1}^\infty k x^k = \frac{x}{(1-x)^2}", "holds"),
        ("0 < x < 1", r"\sum_{k=1}^\infty k x^k = \frac{1}{(1-x)^2}", "refuted"),
        ("0 < x < 2", r"\sum_{k=0}^\infty x^k = \frac{1}{1-x}", "refuted"),
        ("n integer", r"\prod_{k=1}^n k = n!", "holds"),
        ("n integer", r"\prod_{k=1}^n 2 = 2^n", "holds"),
        ("n integer", r"\prod_{k=1}^n k = (n+1)!", "refuted"),
        ("n integer", r"\sum_{k=1}^n k = \frac{n(n+1)}{2}", "holds"),
        ("n integer", r"\sum_{k=1}^{n+1} k - \sum_{k=1}^n k = n + 1", "holds"),
        ("n integer", r"\sum_{k=1}^n k - \sum_{k=1}^{n+1} k = -n - 1", "holds"),
        ("n integer", r"\sum_{k=1}^n k + \sum_{k=1}^{2n} k = n(n+1)/2 + n(2n+1)", "holds"),
        ("n integer", r"\sum_{k=1}^n \binom{n}{k} = 2^n - 1", "holds"),
        ("n integer", r"\sum_{k=1}^n \binom{n}{k} = 2^n", "refuted"),
        ("n integer", r"\sum_{k=1}^n \frac{1}{k(k+1)} = \frac{n}{n+1}", "holds"),
        ("n integer", r"\prod_{k=1}^n 2 = \prod_{k=0}^{n-1} 2", "holds"),
        ("n integer", r"\sum_{k=1}^n k^2 = \sum_{j=1}^n j^2", "holds"),
        ("n integer", r"\sum_{k=1}^n \sum_{j=1}^k j = \binom{n+2}{3}", "undecided"),
        ("n integer", r"\sum_{k=1}^{n+20} k - \sum_{k=1}^n k = 20 n + 210", "holds"),
        ("n integer, n >= 3", r"\sum_{k=1}^{n-2} k = \frac{(n-2)(n-1)}{2}", "holds"),
        ("n nonnegative integer", r"\sum_{k=0}^n \binom{n}{k} n^{n-k} = (n+1)^n", "holds"),
        ("n integer, 0 < x < 1", r"\sum_{k=1}^n k x^k = \sum_{k=1}^\infty k x^k", "refuted"),
        ("x positive", r"\sum_{k=0}^\infty \frac{x^k}{k!} = e^x", "holds"),
        ("L integer, 1 <= L <= 3", r"\sum_{k=1}^L k = 6", "refuted"),
        ("n integer", r"\binom{n}{2} = \frac{n(n-1)}{2}", "holds"),
        ("x positive", r"\log(x^2) = 2 \log x", "holds"),
        ("x real", r"\frac{x}{x} = 1", "holds"),
        ("x real, x < -1", r"\sqrt{x} = x", "undecided"),
        ("x real", r"\begin{cases} x & x = 0 \\ x^2/x & x \ne 0 \end{cases} = x", "holds"),
        ("x real", r"\begin{cases} x & x > 0 \\ 0 & x \le 0 \end{cases} = |x|", "refuted"),
    ],
)
def test_what_a_paper_says(said: str, display: str, outcome: str) -> None:
    (claim,) = Reading(source(f"% exactav: {said}\n\\[ {display} \\]")).claims()
    assert claim.question is not None
    verdict = decide(claim.question)
    assert verdict.outcome == outcome, verdict
