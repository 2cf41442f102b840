"""Rows of 16 or 8 residues in doubles, modulo primes below 2^50, multiplied and added as LLVM vectors.

A compiler does not see vectors in loops over arrays that may overlap; here they are by construction. A
product x y is h + l, its rounded value and what was rounded off; the quotient h / prime is rounded to an
integer q, off by less than 1, and h - q prime is exact, as is adding l: the result lies between -prime and
prime.
"""

from collections.abc import Callable, Sequence
from typing import Any

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

from exactav.kernels.interpolation import FEW_LANES, LANES

_WIDTH = 4
_VECTOR = ir.VectorType(ir.DoubleType(), _WIDTH)
_ROUNDER = ir.Constant(_VECTOR, [1.5 * 2.0**52] * _WIDTH)  # makes integers of numbers below 2^51
_ZERO = ir.Constant(_VECTOR, [0.0] * _WIDTH)


class _Row:
    """A row of an array of doubles."""

    def __init__(self, builder: Any, data: Any, place: Any) -> None:
        self.builder, self.data, self.place = builder, data, place

    def _address(self, part: int) -> Any:
        place = self.builder.add(self.place, ir.Constant(ir.IntType(64), part * _WIDTH))
        return self.builder.bitcast(self.builder.gep(self.data, [place]), _VECTOR.as_pointer())

    def load(self, part: int) -> Any:
        return self.builder.load(self._address(part), align=8)

    def store(self, vector: Any, part: int) -> None:
        self.builder.store(vector, self._address(part), align=8)


def _product(builder: Any, x: Any, y: Any, prime: Any, inverse: Any) -> Any:
    """x y less a multiple of the prime, between -prime and prime."""
    insert: Any = cgutils.insert_pure_function
    signature = ir.FunctionType(_VECTOR, [_VECTOR] * 3)
    fused = insert(builder.module, signature, f"llvm.fma.v{_WIDTH}f64")
    high = builder.fmul(x, y)
    low = builder.call(fused, [x, y, builder.fneg(high)])
    quotient = builder.fsub(builder.call(fused, [high, inverse, _ROUNDER]), _ROUNDER)
    return builder.fadd(builder.call(fused, [builder.fneg(quotient), prime, high]), low)


def _reduced(builder: Any, x: Any, prime: Any) -> Any:
    """x between 0 and prime, of one between -prime and 2 prime."""
    x = builder.select(builder.fcmp_ordered("<", x, _ZERO), builder.fadd(x, prime), x)
    return builder.select(builder.fcmp_ordered(">=", x, prime), builder.fsub(x, prime), x)


def _accumulating(n_factors: int, n_lanes: int) -> Any:
    """A function (arrays, places): the product of rows of the first ``n_factors`` arrays is added to a row of
    the next; the last array holds primes, and after them their inverses."""

    def typed(_: Any, arrays: Any, places: Any) -> Any:
        def written(context: Any, builder: Any, signature: Any, arguments: Sequence[Any]) -> Any:
            unpacked: Callable[..., Any] = cgutils.unpack_tuple
            found = unpacked(builder, arguments[0])
            data = [
                context.make_array(array)(context, builder, value).data
                for array, value in zip(signature.args[0], found, strict=True)
            ]
            rows = [
                _Row(builder, pointer, place)
                for pointer, place in zip(data, unpacked(builder, arguments[1]), strict=False)
            ]
            zero = ir.Constant(ir.IntType(64), 0)
            primes = _Row(builder, data[-1], zero)
            inverses = _Row(builder, data[-1], ir.Constant(ir.IntType(64), n_lanes))
            for part in range(n_lanes // _WIDTH):
                prime, inverse = primes.load(part), inverses.load(part)
                made = rows[0].load(part)
                for row in rows[1:n_factors]:
                    if row is not rows[1]:
                        made = _reduced(builder, made, prime)
                    made = _product(builder, made, row.load(part), prime, inverse)
                total = builder.fadd(made, rows[n_factors].load(part))
                rows[n_factors].store(_reduced(builder, total, prime), part)
            return context.get_dummy_value()

        return types.void(arrays, places), written

    return intrinsic(typed)


accumulate_2: Any = _accumulating(2, LANES)
accumulate_3: Any = _accumulating(3, LANES)
accumulate_2_few: Any = _accumulating(2, FEW_LANES)
accumulate_3_few: Any = _accumulating(3, FEW_LANES)
