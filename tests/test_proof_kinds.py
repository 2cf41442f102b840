"""Each kind of check holds of what is true, refutes a false neighbour, and says where it cannot tell."""

import random
from collections.abc import Callable
from itertools import pairwise, product
from typing import Any, cast

import pytest
import sympy
from sympy import (
    Interval,
    Rational,
    binomial,
    chebyshevt,
    chebyshevu,
    exp,
    factorial,
    ff,
    log,
    oo,
    sqrt,
    symbols,
)

from exactav.errors import ArgumentError, OptionError, UndecidedError
from exactav.proofs import (
    Blocks,
    Certificate,
    Check,
    Circulant,
    asymptotics,
    bijection,
    by_degree,
    certificate,
    degree_of,
    eigenvalues,
    exactly,
    identity,
    induction,
    inequality,
    limit,
    several,
    telescoping,
    terms,
)
from exactav.proofs.bernstein import is_nonnegative
from exactav.proofs.comparison import compare

n, m, k = symbols("n m k", integer=True, nonnegative=True)
N, L = symbols("N L", integer=True, positive=True)
a, b, p, q, t, x, y, z = symbols("a b p q t x y z")
alpha = sympy.Symbol("alpha", positive=True)
UNIT, BELOW_ONE = Interval(0, 1), Interval.Ropen(0, 1)


def path(size: int) -> sympy.Matrix:
    """Tridiagonal, x on the diagonal, -1 beside it."""
    return sympy.Matrix(size, size, lambda i, j: x if i == j else -int(abs(i - j) == 1))


def chebyshev(j: Any) -> sympy.Expr:
    """U_j at (t + 1/t) / 2."""
    return (t ** (j + 1) - t ** (-j - 1)) / (t - 1 / t)


HOLD: dict[str, Callable[[], Check]] = {
    "induction": lambda: induction(
        "paths",
        n,
        base={0: 1, 1: t + 1 / t},
        step=lambda _, last, before: (t + 1 / t) * last - before,
        closed=chebyshev,
        of=lambda size: path(size).det(method="berkowitz").subs(x, t + 1 / t),
    ),
    "induction of vectors": lambda: induction(
        "powers",
        n,
        base={0: [1, 0]},
        step=lambda _, v: [2 * v[0], v[0] + 2 * v[1]],
        closed=lambda j: [2**j, j * 2 ** (j - 1)],
    ),
    "by degree": lambda: by_degree(
        "square pyramids",
        lambda N, x: sum(j**2 for j in range(N + 1)) * x,
        lambda N, x: Rational(N * (N + 1) * (2 * N + 1), 6) * x,
        degrees={"N": 3, "x": 1},
        because="a sum of squares is a cubic",
    ),
    "binomial theorem": lambda: telescoping(
        "", binomial(n, k) * p**k * q ** (n - k), (k, 0, n), (p + q) ** n, n=n
    ),
    "Vandermonde": lambda: telescoping(
        "", binomial(n, k) * binomial(m, k), (k, 0, n), binomial(n + m, n), n=n
    ),
    "Dixon": lambda: telescoping(
        "",
        (-1) ** k * binomial(2 * n, k) ** 3,
        (k, 0, 2 * n),
        (-1) ** n * factorial(3 * n) / factorial(n) ** 3,
        n=n,
    ),
    "Gosper": lambda: telescoping("", k * factorial(k), (k, 0, n), factorial(n + 1) - 1, n=n),
    "powers": lambda: telescoping(
        "", k * p ** (n - k), (k, 1, n), (p ** (n + 1) - (n + 1) * p + n) / (p - 1) ** 2, n=n
    ),
    "with a certificate": lambda: telescoping(
        "",
        binomial(n, k),
        (k, 0, n),
        2**n,
        n=n,
        by=Certificate(binomial(n, k), k, n, (-2, 1), k / (k - n - 1)),
    ),
    "spectrum": lambda: eigenvalues("", Blocks.of([N], [a], [[b]]), spectrum={a: N - 1, a + N * b: 1}),
    "two blocks": lambda: eigenvalues(
        "",
        Blocks.of([N, L], [a, b], [[p, 0], [q, p]]),
        determinant=a ** (N - 1) * b ** (L - 1) * (a + N * p) * (b + L * p),
        inverse=Blocks.of(
            [N, L],
            [1 / a, 1 / b],
            [[-p / (a * (a + N * p)), 0], [-q / ((a + N * p) * (b + L * p)), -p / (b * (b + L * p))]],
        ),
    ),
    "circulant": lambda: eigenvalues(
        "",
        Circulant.of(N, {0: t + 1 / t, 1: -1, -1: -1}),
        determinant=(1 - t**N) ** 2 / t**N,
        of=lambda size: sympy.Matrix(
            size,
            size,
            lambda i, j: t + 1 / t if i == j else -int((i - j) % size == 1) - int((j - i) % size == 1),
        ),
        of_sizes=[(3,), (4,), (5,)],
    ),
    "limit": lambda: limit(
        "",
        binomial(N, L) * (alpha / N) ** L * (1 - alpha / N) ** (N - L),
        N,
        oo,
        alpha**L * exp(-alpha) / factorial(L),
    ),
    "limit from below": lambda: limit("", (1 - x**3) / (1 - x), x, 1, 3, side="-"),
    "limit of SymPy": lambda: limit("", sympy.sin(x) / x, x, 0, 1),
    "asymptotics": lambda: asymptotics(
        "", binomial(2 * N, N), N, 4**N / sqrt(sympy.pi * N) * (1 - 1 / (8 * N)), order=2
    ),
    "Sturm": lambda: inequality("", x * (1 - x), "<=", Rational(1, 4), over={x: UNIT}),
    "touching": lambda: inequality("", (3 * x - 1) ** 2 * (x + 1), ">=", 0, over={x: UNIT}),
    "half line": lambda: inequality(
        "", 144 * x**2 + 144 * x + 24, "<", 144 * x**2 + 168 * x + 13, over={x: Interval(1, oo)}
    ),
    "Bernstein": lambda: inequality("", (x + y) / (1 + x * y), "<=", 1, over={x: UNIT, y: UNIT}),
    "Bernstein, strictly": lambda: inequality(
        "", (x + y) / (1 + x * y), "<", 1, over={x: BELOW_ONE, y: BELOW_ONE}
    ),
    "halved": lambda: inequality(
        "", x * y * z, "<=", (x**3 + y**3 + z**3) / 3 + Rational(1, 100), over={x: UNIT, y: UNIT, z: UNIT}
    ),
    "intervals": lambda: inequality("", exp(x) - log(1 + x), ">", x / 2, over={x: UNIT}),
    "bijection": lambda: bijection(
        "complements",
        lambda: [frozenset(s) for s in ((), (1,), (2,), (1, 2))],
        lambda: [frozenset(s) for s in ((), (1,), (2,), (1, 2))],
        lambda s: frozenset({1, 2}) - s,
        lambda s: frozenset({1, 2}) - s,
        sizes="2 elements",
        weight_a=lambda s: x ** len(s) * y ** (2 - len(s)),
        weight_b=lambda s: y ** len(s) * x ** (2 - len(s)),
    ),
    "growth without an exponent": lambda: limit("", exp(-sqrt(N)), N, oo, 0),
    "growth faster than exponential": lambda: limit("", 2 ** (-(N**2)), N, oo, 0),
    "a sign from near by": lambda: limit("", sympy.Abs(sympy.sin(x)) / x, x, 0, -1, side="-"),
    "a point that is no rational number": lambda: limit("", sympy.sin(x) / (x - sympy.pi), x, sympy.pi, -1),
    "down to minus infinity": lambda: limit("", -(2**N) / N, N, oo, -oo),
    "rising factorials": lambda: asymptotics("", sympy.rf(N, L), N, N**L),
    "falling factorials": lambda: asymptotics("", ff(N, L), N, N**L),
    "gamma functions": lambda: limit("", sympy.gamma(N + alpha) / sympy.gamma(N), N, oo, oo),
    "equal sides": lambda: inequality("", (x + 1) ** 2, "<=", x**2 + 2 * x + 1, over={x: UNIT}),
    "a hump": lambda: inequality("", x**3 - 3 * x, "<=", 2, over={x: Interval(-oo, 1)}),
    "on the whole line": lambda: inequality("", x**2 - x + 1, ">", 0, over={x: Interval(-oo, oo)}),
    "a denominator below 0": lambda: inequality("", (x + y) / (x * y - 4), "<=", 0, over={x: UNIT, y: UNIT}),
    "touching where signs show": lambda: inequality("", exp(x), ">=", 1, over={x: UNIT}),
    "terms that are not added up": lambda: telescoping("", k, (k, 0, 10**9), 10**9 * (10**9 + 1) // 2, n=n),
    "few terms at first": lambda: telescoping("", 2**k, (k, 3, n), 2 ** (n + 1) - 8, n=n, first=2),
    "several": lambda: several(
        "both", identity("", lambda: x + x, lambda: 2 * x), exactly("", [1], lambda _: 1, lambda _: 1)
    ),
}

REFUTE: dict[str, tuple[Callable[[], Check], str]] = {
    "induction": (
        lambda: induction(
            "",
            n,
            base={0: 0},
            step=lambda j, v: v + j,
            closed=lambda j: j * (j + 1) / 2 + j * (j - 1) * (j - 2),
        ),
        "at n = 3",
    ),
    "induction of another thing": (
        lambda: induction(
            "",
            n,
            base={0: 0},
            step=lambda j, v: v + j,
            closed=lambda j: j * (j + 1) / 2,
            of=lambda size: size,
        ),
        "at n = 2, left is 2, right is 3",
    ),
    "by degree": (
        lambda: by_degree("", lambda N: N**2, lambda N: 3 * N - 2, degrees={"N": 2}, because="of squares"),
        "at N = 3, left is 9, right is 7",
    ),
    "telescoping": (
        lambda: telescoping(
            "", k, (k, 1, n), n * (n + 1) / 2 + n * (n - 1) * (n - 2) * (n - 3) * (n - 4) * (n - 5), n=n
        ),
        "at n = 6",
    ),
    "eigenvalues": (
        lambda: eigenvalues("", Blocks.of([N], [a], [[b]]), determinant=a**N * (a + N * b)),
        "left is",
    ),
    "spectrum": (
        lambda: eigenvalues("", Blocks.of([N], [a], [[b]]), spectrum={a: N - 1, a + b: 1}),
        "characteristic",
    ),
    "inverse": (
        lambda: eigenvalues("", Blocks.of([N], [a], [[b]]), inverse=Blocks.of([N], [1 / a], [[-b]])),
        "inverse",
    ),
    "another matrix": (
        lambda: eigenvalues(
            "",
            Blocks.of([N], [a], [[b]]),
            determinant=a ** (N - 1) * (a + N * b),
            of=sympy.eye,
            of_sizes=[(2,)],
        ),
        "of sizes",
    ),
    "limit": (lambda: limit("", (1 - alpha / N) ** N, N, oo, exp(alpha)), "as N goes to oo"),
    "asymptotics": (lambda: asymptotics("", factorial(N), N, N**N * exp(-N)), "with log N"),
    "next order": (
        lambda: asymptotics("", binomial(2 * N, N), N, 4**N / sqrt(sympy.pi * N), order=2),
        "order 1",
    ),
    "a point": (lambda: inequality("", x * (1 - x), "<", Rational(1, 5), over={x: UNIT}), "at x = 1/3"),
    "between points": (
        lambda: inequality("", (100 * x - 45) * (100 * x - 46), ">=", 0, over={x: UNIT}),
        "changes its sign",
    ),
    "equality": (lambda: inequality("", (7 * x - 1) ** 2, ">", 0, over={x: UNIT}), "equal somewhere"),
    "intervals": (lambda: inequality("", exp(x), "<", 2, over={x: UNIT}), "at x = "),
    "no inverse": (
        lambda: bijection("", lambda: [0, 1], lambda: [0, 1], lambda i: 1 - i, lambda i: i, sizes="2"),
        "goes back to",
    ),
    "not onto": (
        lambda: bijection("", lambda: [0], lambda: [0, 1], lambda i: i, lambda i: i, sizes="2"),
        "not in the other set",
    ),
    "weights": (
        lambda: bijection(
            "",
            lambda: [0, 1],
            lambda: [0, 1],
            lambda i: i,
            lambda i: i,
            sizes="2",
            weight_a=lambda i: i,
            weight_b=lambda _: 1,
        ),
        "in weights of 0",
    ),
    "between points that are roots": (  # where looked at, both sides are equal
        lambda: inequality("", sympy.Mul(*((6 * x - i) ** 2 for i in range(7))), "<=", 0, over={x: UNIT}),
        "at x = ",
    ),
    "listed twice": (
        lambda: bijection("", lambda: [0, 0], lambda: [0], lambda i: i, lambda i: i, sizes="1"),
        "1 elements are listed twice",
    ),
    "several": (
        lambda: several("", identity("x", lambda: x, lambda: x), identity("y", lambda: x, lambda: y)),
        "y, at x",
    ),
}

UNDECIDED: dict[str, tuple[Callable[[], Check], str]] = {
    "induction": (
        lambda: induction(
            "",
            n,
            base={0: 1},
            step=lambda j, v: v * 2 ** (2 * j - 1),
            closed=lambda j: (
                2 ** (j * j) + 0 * j if not isinstance(j, sympy.Symbol) else sympy.Function("f")(j)
            ),
        ),
        "the step",
    ),
    "telescoping": (
        lambda: telescoping(
            "",
            binomial(n, k) * (k + 1) ** (k - 1) * (n - k + 1) ** (n - k - 1),
            (k, 0, n),
            2 * (n + 2) ** (n - 1),
            n=n,
        ),
        "no certificate",
    ),
    "a wrong certificate": (
        lambda: telescoping(
            "",
            binomial(n, k),
            (k, 0, n),
            2**n,
            n=n,
            by=Certificate(binomial(n, k), k, n, (-2, 1), k / (k - n)),
        ),
        "is not valid",
    ),
    "circulant": (
        lambda: eigenvalues("", Circulant.of(N, {0: x, 1: -1, -1: -1}), determinant=x),
        "no linear factors",
    ),
    "limit": (lambda: limit("", sympy.sin(a * x), x, 0, 0), "without parameters"),
    "asymptotics": (lambda: asymptotics("", sympy.sin(x), x, x), "no expansion"),
    "a minimum inside": (
        lambda: inequality("", (3 * x - y) ** 2, ">=", 0, over={x: UNIT, y: UNIT}),
        "never negative",
    ),
    "a pole": (
        lambda: inequality("", 1 / (3 * x - 1) ** 2, ">", 0, over={x: Interval(0, Rational(1, 2))}),
        "denominator",
    ),
    "a certificate that tells nothing": (
        lambda: telescoping(
            "",
            k,
            (k, 1, n),
            n * (n + 1) / 2 + n * (n - 1) * (n - 2) * (n - 3) * (n - 4),
            n=n,
            by=Certificate(k, k, None, (0,), 0),
        ),
        "the leading coefficient 0 may vanish",
    ),
    "a pole of the certificate": (
        lambda: telescoping("", k - 10, (k, 0, n), n * (n + 1) / 2 - 10 * (n + 1), n=n),
        "has poles within the sum",
    ),
    "an end that falls": (  # beyond n = 6 there are no terms, and 6 - n is not 0
        lambda: telescoping("", sympy.S.One, (k, 0, 5 - n), 6 - n, n=n),
        "or falls",
    ),
    "an end that is not whole": (
        lambda: telescoping("", sympy.S.One, (k, 0, n / 2 - 1), sympy.floor(n / 2), n=n),
        "not linear in n with whole coefficients",
    ),
    "an end that is no number": (lambda: telescoping("", k, (k, 0, 1 / n), n, n=n), "not linear"),
    "no end": (lambda: telescoping("", 2**-k, (k, 0, oo), 2, n=n), "not linear"),
    "too many terms": (lambda: telescoping("", k, (k, 0, 10**9), 0, n=n), "obeys the recurrence"),
    "terms from far on": (lambda: telescoping("", k, (k, 0, n - 10**9), 0, n=n), "terms for n < 1000000001"),
    "both signs of a root": (lambda: limit("", sqrt(-1 - sympy.I / N), N, oo, sympy.I), "is not known"),
    "a function without an enclosure": (lambda: limit("", sympy.zeta(x), x, 2, sympy.pi**2 / 6), "be told"),
    "a limit that does not exist": (lambda: limit("", sympy.sin(N), N, oo, 0), "could not be told"),
    "too slow": (lambda: limit("", 1 / log(1 / x), x, 0, 0), "do not come near"),
    "beyond bounds": (lambda: limit("", (N + 2**N) ** N, N, oo, 0), "SymPy says oo"),
    "a sign of parameters": (lambda: limit("", a * 2**N, N, oo, 0), "no limits that can be added up"),
    "a base of either sign": (lambda: limit("", (a + 1 / N) ** N, N, oo, 0), "positive is not known"),
    "exponents of higher degree": (lambda: limit("", alpha ** (N**2), N, oo, 0), "not linear in N"),
    "powers of factorials": (lambda: limit("", factorial(N) ** (a * N), N, oo, 0), "faster than what"),
    "exponentials of squares": (lambda: limit("", exp(-alpha * N**2), N, oo, 0), "faster than what"),
    "exponentials of roots": (lambda: limit("", exp(-alpha * sqrt(N)), N, oo, 0), "no known expansion"),
    "factorials of squares": (lambda: limit("", a / factorial(N**2), N, oo, 0), "no known expansion"),
    "sums with factorials": (lambda: limit("", a / (N + factorial(N)), N, oo, 0), "not rational in N"),
    "sums with roots": (lambda: limit("", a / (N + sqrt(N)), N, oo, 0), "not rational in N"),
    "no lower end": (
        lambda: inequality("", x**2 + y**2 + 1, ">", 0, over={x: Interval(-oo, 0), y: UNIT}),
        "is positive",
    ),
    "a pole in two symbols": (
        lambda: inequality("", (x + y) / (3 * x - y - 1), ">", -(10**9), over={x: UNIT, y: UNIT}),
        "whether the denominator",
    ),
    "no bounded region": (
        lambda: inequality("", exp(x), ">", 0, over={x: Interval(0, oo)}),
        "needs a bounded region",
    ),
    "touching": (lambda: inequality("", exp(x), ">=", x + 1, over={x: UNIT}), "may touch"),
}


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=[pytest.mark.slow] * (name == "Dixon")) for name in HOLD]
)
def test_true_claims_hold(name: str) -> None:
    verdict = HOLD[name]().verdict()
    assert verdict.outcome == "holds", verdict.detail


@pytest.mark.parametrize("name", REFUTE)
def test_false_neighbours_are_refuted(name: str) -> None:
    make, where = REFUTE[name]
    verdict = make().verdict()
    assert verdict.is_refuted, verdict
    assert where in verdict.detail


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=[pytest.mark.slow] * (name == "touching")) for name in UNDECIDED]
)
def test_what_cannot_be_told_is_undecided(name: str) -> None:
    make, why = UNDECIDED[name]
    verdict = make().verdict()
    assert verdict.outcome == "undecided", verdict
    assert why in verdict.detail


def test_reaches() -> None:
    said = {name: HOLD[name]().said for name in HOLD}
    assert said["induction"] == "proved: induction"
    assert said["bijection"] == "proved for 2 elements: bijection"
    assert said["several"] == "tested: symbolic identity, exact on a finite set"
    four = identity("", lambda: x, lambda: x, sizes="N = 4")
    assert (four.reach, four.said) == ("proved for stated sizes", "proved for N = 4: symbolic identity")
    assert several("", HOLD["Gosper"](), four).said == "proved for N = 4: telescoping, symbolic identity"


@pytest.mark.parametrize(
    ("make", "error"),
    [
        (
            lambda: by_degree("", abs, abs, degrees={"N": 3}, because="of cubes", values={"N": [1, 2, 3, 3]}),
            "3 values of N prove nothing",
        ),
        (lambda: by_degree("", abs, abs, degrees={"N": 3}, because=" "), "why they hold"),
        (
            lambda: by_degree("", abs, abs, degrees={"N": 3}, because="so", values={"x": [1]}),
            "no degree is given",
        ),
        (lambda: induction("", n, base={0: 1, 2: 1}, step=abs, closed=abs), "consecutive"),
        (lambda: inequality("", x * y, ">", 0, over={x: UNIT}), "no interval is given of y"),
        (lambda: inequality("", x, ">", 0, over={x: (0, 1)}), "wanted a sympy.Interval"),
        (lambda: inequality("", x, ">", 0, over={x: Interval(0, sqrt(2))}), "rational ends"),
        (lambda: eigenvalues("", Blocks.of([N], [a], [[b]])), "claims nothing"),
        (lambda: eigenvalues("", Circulant.of(N, {0: x}), spectrum={x: N}), "of a circulant"),
        (lambda: Blocks.of([N], [a, b], [[a]]), "do not fit"),
        (lambda: bijection("", list, list, abs, abs, sizes="", weight_a=abs), "both weights or none"),
        (lambda: several("nothing"), "has no checks"),
        (lambda: limit("", x, x, -oo, 0), "give a number, or sympy.oo"),
        (lambda: telescoping("", k, (k, 0, m), n, n=n), "a high end in n alone"),
        (lambda: Certificate(k, k, None, (0, 1), 0), "a_0 alone without n"),
        (lambda: Certificate(k, k, n, (), 0), "give a_0 .. a_J"),
        (lambda: Certificate(k, k, n, (k, 1), 0), "polynomials in n, without k"),
        (lambda: Certificate(k, k, n, (1 / n, 1), 0), "polynomials in n, without k"),
        (lambda: Blocks.of([N], [a], [[b]]) @ Blocks.of([L], [a], [[b]]), "do not fit"),
        (lambda: Blocks.of([N], [a], [[b]]).at(1, 2), "2 sizes of 1 blocks: give one for each"),
        (lambda: Check("numeric", "no verdict", cast(Any, lambda: True)).run(), "return a Verdict"),
    ],
)
def test_wrong_arguments(make: Callable[[], Check], error: str) -> None:
    with pytest.raises(ArgumentError, match=error):
        make()


def test_relation_is_known() -> None:
    with pytest.raises(OptionError, match="relation"):
        inequality("", x, "=", 0, over={x: UNIT})


# The parts, against slow truths


def random_term(dice: random.Random) -> sympy.Expr:
    """A product of binomials, powers and linear factors in n and k."""
    parts = [
        binomial(n, k),
        2**k,
        (-1) ** k,
        p**k,
        (k + 2),
        1 / (k + 1),
        binomial(n + 1, k + 1),
        (1 - p) ** (n - k),
        factorial(k + 1),
    ]
    return sympy.Mul(*dice.sample(parts, 3))


@pytest.mark.slow
def test_certificates_are_true_of_numbers() -> None:
    dice, found = random.Random(3), 0
    for _ in range(12):
        term = random_term(dice)
        try:
            proof = certificate(term, k, n, order=2)
        except UndecidedError:
            continue
        found += 1
        assert proof.is_valid()
        G = proof.rational * term
        numbers = {n: 7, p: Rational(2, 5)}
        for j in range(1, 5):
            left = sum(
                coefficient * term.subs(n, n + i) for i, coefficient in enumerate(proof.recurrence)
            ).subs({**numbers, k: j})
            assert left == G.subs({**numbers, k: j + 1}) - G.subs({**numbers, k: j})
    assert found > 6


def test_blocks_against_determinants_row_by_row() -> None:
    dice = random.Random(5)
    for sizes in [(1,), (4,), (2, 3), (1, 2, 2)]:
        numbers = [[dice.randint(-4, 4) for _ in sizes] for _ in sizes]
        blocks = Blocks.of(sizes, [dice.randint(1, 9) for _ in sizes], numbers)
        explicit = blocks.at(*sizes)
        assert blocks.determinant() == explicit.det(method="berkowitz")
        assert sympy.expand(blocks.characteristic(z) - explicit.charpoly(z).as_expr()) == 0
        if blocks.determinant():
            assert explicit * blocks.inverse().at(*sizes) == sympy.eye(sum(sizes))
        assert blocks.without(0).determinant() == explicit.minor_submatrix(0, 0).det(method="berkowitz")


def test_circulants_against_determinants_row_by_row() -> None:
    for row in ({0: 6, 1: -2, 2: -1, 3: 1}, {-1: 2, 0: -5, 1: 2}, {-2: 1, 0: -4}, {1: 3}):
        for size in range(3, 7):
            circulant = Circulant.of(size, row)
            try:
                assert circulant.determinant() == circulant.at(size).det(method="berkowitz")
            except UndecidedError:
                assert row == {0: 6, 1: -2, 2: -1, 3: 1}


def test_bernstein_against_values() -> None:
    dice = random.Random(8)
    told = 0
    for _ in range(30):
        powers = list(product(range(3), repeat=2))
        polynomial = sympy.Add(*(dice.randint(-2, 3) * x**i * y**j for i, j in powers))
        region = {x: Interval(-1, Rational(3, 2)), y: Interval(0, oo)}
        smallest = min(
            polynomial.subs({x: Rational(i, 4) - 1, y: Rational(j, 2)}) for i in range(11) for j in range(9)
        )
        if is_nonnegative(polynomial, region, strict=False):
            told += 1
            assert smallest >= 0
        if is_nonnegative(polynomial, region, strict=True):
            assert smallest > 0
    assert told > 2


ZERO = [
    binomial(n, k) * (n - k) - n * binomial(n - 1, k),
    (N - L) * binomial(N, L) - (L + 1) * binomial(N, L + 1),
    ff(N, L + 2) - ff(N, L) * (N - L) * (N - L - 1),
    6**n - 2**n * 3**n,
    (a * b) ** n - a**n * b**n,
    (1 - L * alpha / N) ** (N - L) * N ** (N - L) - (N - L * alpha) ** (N - L),
    (-1) ** (n + 1) * (-1) ** (n - 1) - 1,
    (b - a) ** n * (-1) ** n - (a - b) ** n,
    exp(x + y) - exp(x) * exp(y),
    chebyshevu(n, x) - chebyshevu(n - 2, x) - 2 * chebyshevt(n, x),
    chebyshevt(n, x) ** 2 - (x**2 - 1) * chebyshevu(n - 1, x) ** 2 - 1,
    2 * chebyshevt(n, 1 / a) * chebyshevt(k, 1 / a) - chebyshevt(n + k, 1 / a) - chebyshevt(n - k, 1 / a),
    chebyshevu(n, (a + 1 / a) / 2) * (a - 1 / a) - a ** (n + 1) + a ** (-n - 1),
    (x - sqrt(x**2 - 1)) * (x + sqrt(x**2 - 1)) - 1,
    (sqrt(x + 1) - 1) ** 3 - (x + 4) * sqrt(x + 1) + 3 * x + 4,
]
NOT_ZERO = [
    binomial(n, k) - binomial(n, k + 1),
    2**n - 2 ** (n + 1),
    (a * b) ** n - a**n * b ** (n + 1),
    (-1) ** n - 1,
    chebyshevu(n, x) - 2 * chebyshevt(n, x),
    chebyshevu(n, x) - chebyshevu(n + 1, x),
    chebyshevt(n, (a + 1 / a) / 2) - a**n,
    sqrt(x + 1) - sqrt(x) - 1,
]


def test_terms_are_told_from_zero() -> None:
    assert all(terms.is_zero(term) for term in ZERO)
    assert not any(terms.is_zero(term) for term in NOT_ZERO)


def test_powers_are_not_split_where_that_is_wrong() -> None:
    r = sympy.Symbol("r")
    with pytest.raises(terms.NotATermError, match="not whole"):
        terms.is_zero((a * b) ** r - a**r * b**r)
    assert compare(sqrt(a**2), a).is_refuted
    positive = symbols("u v", positive=True)
    assert terms.is_zero(sympy.prod(positive) ** r - positive[0] ** r * positive[1] ** r)


@pytest.mark.parametrize("expr", [1 / N, 2**N, sympy.Sum(k, (k, 1, 2 * N)), binomial(N, k)])
def test_degrees_that_are_not_known_are_refused(expr: sympy.Expr) -> None:
    with pytest.raises(ArgumentError, match="no bound of the degree"):
        degree_of(expr, N)


def test_degrees_are_bounds() -> None:
    for expr, bound in [
        (sympy.Sum(k**3 * N, (k, 1, N)), 5),
        (binomial(N + 2, 4) * (N - 1), 5),
        (ff(N, 3) + N**2, 3),
        (sympy.Sum(sympy.Sum(L, (L, 0, k)), (k, 2, N + 1)), 3),
    ]:
        assert degree_of(expr, N) == bound
        values = [expr.subs(N, i).doit() for i in range(1, bound + 4)]
        for _ in range(bound + 1):
            values = [later - earlier for earlier, later in pairwise(values)]
        assert set(values) == {0}
