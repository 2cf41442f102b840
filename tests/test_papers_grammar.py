"""Formulas in LaTeX that are read, and those that are not understood."""

import re

import pytest
import sympy

from exactav.papers.nodes import Node, free_names
from exactav.papers.parser import Parser
from exactav.papers.symbolic import in_symbols
from exactav.papers.tokens import NotUnderstoodError, tokens_of

SCALARS = frozenset("abcdefgklmnoqrstuvwxyzLNM") | {"alpha", "beta"}


def read(latex: str) -> Node:
    tokens = tokens_of(latex, 0, len(latex))
    return Parser(tokens, lambda name: False if name in SCALARS else None).whole()


def expression(latex: str) -> str:
    node = read(latex)
    return str(in_symbols(node, {name: sympy.Symbol(name) for name in free_names(node)}))


READ = {
    r"\frac12 + \tfrac{a}{b} - \dfrac 3 4": "a/b - 1/4",
    r"2\alpha(1-\alpha)": "2*alpha*(1 - alpha)",
    r"a \cdot b \times c * d": "a*b*c*d",
    r"\sqrt{a} + \sqrt[3]{8}": "sqrt(a) + 2",
    r"\left(a + b\right)^2": "(a + b)**2",
    r"\bigl[ a \bigr]\Bigl( b \Bigr)\,\!\;": "a*b",
    r"a_1 a_{12} a_{k}": "a_1*a_12*a_k",
    r"\bar\alpha + \bar{\alpha} + \hat{x}_1": "2*bar(alpha) + hat(x)_1",
    r"\mathrm{Pe} + \mathcal{N}": "Pe + mathcal(N)",
    r"\binom{n}{2} + {n \choose 2} - 2\tbinom n2": "0",
    r"n!/(n-1)!": "factorial(n)/factorial(n - 1)",
    r"|a|^2": "Abs(a)**2",
    r"\left| a - |b| \right|": "Abs(a - Abs(b))",
    r"e^{-a} + \exp(a) + \mathrm{e}^{a}": "2*exp(a) + exp(-a)",
    r"\ln a + \log\left(b\right)": "log(a) + log(b)",
    r"\sum_{k=1}^{3} k^2": "14",
    r"\sum_{k=1}^n \sum_{l=1}^{k} l": "Sum(l, (l, 1, k), (k, 1, n))",
    r"\prod_{k=1}^{3} (1 - a^k)": "(1 - a)*(1 - a**2)*(1 - a**3)",
    r"\sum_{k\ge 0} a^k": "Sum(a**k, (k, 0, oo))",
    r"\det\begin{pmatrix} a & b \\ c & d \end{pmatrix}": "a*d - b*c",
    r"\begin{vmatrix} 1 & 0 & 0 \\ 0 & a & 0 \\ 0 & 0 & b \end{vmatrix}": "a*b",
    r"\begin{cases} a & n = 1 \\ b & \text{otherwise} \end{cases}": "Piecewise((a, Eq(n, 1)), (b, True))",
    r"a^2b^{3}c^n": "a**2*b**3*c**n",
    r"{a \over b}": "a/b",
    r"-a + b": "-a + b",
    r"0.25 a": "a/4",
    r"\cos\frac{\pi}{3} + \sin^2 a": "sin(a)**2 + 1/2",
    r"n^{\underline{2}}": "n*(n - 1)",
    r"\langle L \rangle + \langle L^2 \rangle": "<L> + <L^2>",
    r"\max(1, 2) + \min\{1, 2\}": "3",
    r"\Gamma(n+1)": "gamma(n + 1)",
}

NOT_UNDERSTOOD = {
    r"\int_0^1 x": "command is not known",
    r"\frac{dx}{dy}": "derivatives",
    r"a/bc": "two readings",
    r"a/b/c": "two readings",
    r"P(N-1)": "P is a number or a function",
    r"a(b)": "looks like a function",
    r"\ln a (b+c)": "set parentheses",
    r"\exp(a)^2": "two readings",
    r"\sum_{k} a_k": "index = its first value",
    r"\sum_{k=1}^{n} k + k": "behind the sum",
    r"n!!": "double factorials",
    r"a^b^c": "power of a power",
    r"(n)_k": "subscript",
    r"A^{(1)}": "no power",
    r"A^T": "no power",
    r"x^{\mathrm{max}}": "no power",
    r"f^{-1}(x+1)": "inverse",
    r"\mathbf{A} b": "vectors",
    r"i a": "imaginary",
    r"a + ": "the end",
    r"a \pm b": "not known",
    r"(a": "wanted )",
    r"\det M": "explicit matrix",
    r"\begin{pmatrix} a \end{pmatrix}": "no value",
    r"\begin{vmatrix} a & b \end{vmatrix}": "not square",
    r"[0, 1)": "wanted ]",
    r"1 2": "two numbers",
    r"\foo": "not known",
    r"\sin^{-1} a": "inverse",
}


@pytest.mark.parametrize("latex", READ)
def test_formulas_are_read(latex: str) -> None:
    assert expression(latex) == READ[latex]


@pytest.mark.parametrize("latex", NOT_UNDERSTOOD)
def test_what_is_not_known_is_said_and_not_guessed(latex: str) -> None:
    with pytest.raises(NotUnderstoodError, match=re.escape(NOT_UNDERSTOOD[latex])) as said:
        read(latex)
    assert 0 <= said.value.offset <= len(latex)
