"""A check that proves determinants, spectra and inverses of matrices whose size is a symbol."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import sympy

from exactav.errors import ArgumentError
from exactav.numbers.arguments import calling, collection, mapping, one, taking, text
from exactav.numbers.expressions import described
from exactav.proofs.asked import expression
from exactav.proofs.checks import Check
from exactav.proofs.comparison import compare
from exactav.proofs.sized import Blocks, Circulant
from exactav.proofs.verdicts import Verdict, all_hold


@taking(
    claim=text,
    determinant=expression,
    inverse=one(Blocks, "Blocks.of([n], [a], [[b]])"),
    of=calling("numbers for the sizes"),
)
def eigenvalues(
    claim: str,
    matrix: Blocks | Circulant,
    *,
    determinant: Any = None,
    spectrum: Mapping[Any, Any] | None = None,
    inverse: Blocks | None = None,
    of: Callable[..., Any] | None = None,
    of_sizes: Iterable[tuple[int, ...]] = (),
) -> Check:
    """A check of what follows from the eigenvalues of a matrix of symbolic size.

    Args:
        claim: what is checked, in plain text.
        matrix: a I + b J, its version in blocks, or a circulant.
        determinant: what the determinant is.
        spectrum: all eigenvalues with how often they occur; of blocks.
        inverse: what the inverse is; of blocks.
        of: from numbers for the sizes, the matrix as it is made elsewhere; it must be this one.
        of_sizes: the numbers at which that is looked at.

    Raises:
        ArgumentError: nothing is claimed, or something that is not known of a circulant.

    >>> n, a, b = sympy.symbols("n a b", integer=True, positive=True)
    >>> all_to_all = Blocks.of([n], [a], [[b]])
    >>> eigenvalues("a I + b J", all_to_all, spectrum={a: n - 1, a + n * b: 1}).said
    'proved: eigenvalues'
    >>> eigenvalues("a I + b J", all_to_all, spectrum={a: n - 1, a + n * b: 1}).run()
    >>> eigenvalues("no", all_to_all, determinant=a**n).verdict().outcome
    'refuted'
    """
    if not isinstance(matrix, Blocks | Circulant):
        raise ArgumentError(f"matrix = {described(matrix)}: give Blocks or a Circulant")
    if determinant is None and spectrum is None and inverse is None:
        raise ArgumentError(f"{claim!r} claims nothing: give determinant, spectrum or inverse")
    if isinstance(matrix, Circulant) and (spectrum is not None or inverse is not None):
        raise ArgumentError("of a circulant the determinant is known: leave out spectrum and inverse")
    values = {} if spectrum is None else mapping(spectrum, "spectrum", "{a: n - 1, a + n * b: 1}")
    found_of = [
        (expression(value, "an eigenvalue"), expression(times, "how often an eigenvalue occurs"))
        for value, times in values.items()
    ]
    sizes = [collection(size, "a size", "(3,)") for size in collection(of_sizes, "of_sizes", "[(3,), (4,)]")]

    def computation() -> Verdict:
        found = []
        if determinant is not None:
            found.append(compare(matrix.determinant(), determinant))
        if isinstance(matrix, Blocks) and spectrum is not None:
            z = sympy.Dummy("z")
            product = sympy.Mul(*((z - value) ** times for value, times in found_of))
            found.append(compare(matrix.characteristic(z), product).at("of characteristic polynomials"))
        if isinstance(matrix, Blocks) and inverse is not None:
            found.append(_is_identity(matrix @ inverse))
        if of is not None:
            found += [compare(matrix.at(*size), of(*size)).at(f"of sizes {size}") for size in sizes]
        return all_hold(found)

    return Check("eigenvalues", claim, computation)


def _is_identity(product: Blocks) -> Verdict:
    every = range(len(product.sizes))
    ones = compare(list(product.diagonal), [1 for _ in every])
    zeros = compare(product.coupling, [[0 for _ in every] for _ in every])
    return all_hold([ones, zeros]).at("of the product with the inverse")
