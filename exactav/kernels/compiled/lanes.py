"""Numbers of eight sets side by side: what elimination does to them, written as LLVM vectors.

A compiler does not always see vectors in loops over eight numbers; here they are by construction, in the
width that the processor has. The numbers of an entry lie next to each other in an array of doubles, where a
place is the index of the first. They are floats, or residues modulo a prime: integers in doubles, of either
sign and of at most half the prime (and 4). Sums of products of residues are exact as long as they stay
below 2^53.

Each function takes an array, a tuple of places in it, of steps and of counts, and a modulus: (prime, 1 /
prime), or () for floats.
"""

from collections.abc import Callable, Sequence
from typing import Any

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

LANES = 8
N_POWERS = 16  # vectors of scratch for inverses
_DIGITS, _BITS = 7, 4  # of an exponent below 2^28
_VECTOR = ir.VectorType(ir.DoubleType(), LANES)
_INTEGER = ir.IntType(64)
_ROUNDER = 1.5 * 2.0**52  # what is below 2^51 becomes an integer when this is added and taken away
_FUSED = ("contract",)  # product and sum may be rounded once

_unpacked: Any = cgutils.unpack_tuple
_several: Any = types.UniTuple
Values = list[Any]
Body = Callable[[Any, Values], Values]


def _as_it_is(module: Any) -> Any:
    """Marks a loop that is not to be unrolled: it is short, and further branches would cost more than it."""
    disabled = module.add_metadata([ir.MetaDataString(module, "llvm.loop.unroll.disable")])
    mark = module.add_metadata([disabled])
    mark.operands = (mark, disabled)  # it refers to itself, as LLVM wants it
    return mark


class _Writer:
    """Writes what happens to vectors in an array."""

    def __init__(self, context: Any, builder: Any, signature: Any, arguments: Sequence[Any]) -> None:
        self.builder = builder
        self.data = context.make_array(signature.args[0])(context, builder, arguments[0]).data
        numbers = _unpacked(builder, arguments[-1])
        self.modulus = [self._in_all_lanes(number) for number in numbers]

    def _in_all_lanes(self, number: Any) -> Any:
        undefined = ir.Constant(_VECTOR, ir.Undefined)
        first = self.builder.insert_element(undefined, number, ir.Constant(ir.IntType(32), 0))
        zeros = ir.Constant(ir.VectorType(ir.IntType(32), LANES), [0] * LANES)
        return self.builder.shuffle_vector(first, undefined, zeros)

    def _address(self, place: Any) -> Any:
        return self.builder.bitcast(self.builder.gep(self.data, [place]), _VECTOR.as_pointer())

    def constant(self, number: float) -> Any:
        return ir.Constant(_VECTOR, [number] * LANES)

    def load(self, place: Any) -> Any:
        return self.builder.load(self._address(place), align=8)

    def store(self, vector: Any, place: Any) -> None:
        self.builder.store(vector, self._address(place), align=8)

    def after(self, place: Any, step: Any, count: Any) -> Any:
        """The place ``count`` steps on."""
        count = _INTEGER(count) if isinstance(count, int) else count
        return self.builder.add(place, self.builder.mul(step, count))

    def fused(self, x: Any, y: Any, z: Any) -> Any:
        """x y + z."""
        return self.builder.fadd(self.builder.fmul(x, y, flags=_FUSED), z, flags=_FUSED)

    def reduced(self, x: Any) -> Any:
        """x without a multiple of the prime; x itself for floats."""
        if not self.modulus:
            return x
        prime, inverse = self.modulus
        rounder = self.constant(_ROUNDER)
        quotient = self.builder.fsub(self.fused(x, inverse, rounder), rounder)
        return self.fused(self.builder.fneg(quotient), prime, x)

    def multiplied(self, x: Any, y: Any) -> Any:
        return self.reduced(self.builder.fmul(x, y))

    def loop(self, count: Any, values: Values, body: Body) -> Values:
        """What becomes of ``values`` by ``body(number, values)`` for number = 0 .. count - 1."""
        builder, before = self.builder, self.builder.block
        inside, done = builder.append_basic_block("inside"), builder.append_basic_block("done")
        builder.cbranch(builder.icmp_signed(">", count, _INTEGER(0)), inside, done)
        builder.position_at_end(inside)
        number = builder.phi(_INTEGER)
        current = [builder.phi(_VECTOR) for _ in values]
        following = body(number, current)
        next_number, end = builder.add(number, _INTEGER(1)), builder.block
        olds, news = [_INTEGER(0), *values], [next_number, *following]
        for phi, old, new in zip([number, *current], olds, news, strict=True):
            phi.add_incoming(old, before)
            phi.add_incoming(new, end)
        again = builder.cbranch(builder.icmp_signed("<", next_number, count), inside, done)
        again.set_metadata("llvm.loop", _as_it_is(builder.module))
        builder.position_at_end(done)
        results = [builder.phi(_VECTOR) for _ in values]
        for phi, old, new in zip(results, values, following, strict=True):
            phi.add_incoming(old, before)
            phi.add_incoming(new, end)
        return results


def _written(write: Callable[..., None]) -> Any:
    """What ``write`` writes, as a function for compiled code."""

    def typed(_: Any, array: Any, places: Any, modulus: Any) -> Any:
        def written(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            writer = _Writer(context, builder, signature, arguments)
            write(writer, *_unpacked(builder, arguments[1]))
            return context.get_dummy_value()

        return types.void(array, _several(types.int64, len(places)), modulus), written

    return intrinsic(typed)


def _entries(width: int, *, scales: bool) -> Any:
    """A function for ``width`` entries of a row or a column: their origins and a sum of products.

    It takes a further array: origins are at ``origin`` and what that holds from ``index`` on. Other places
    are ``stride`` apart for the entries, a step apart for the terms. With ``scales`` results are multiplied.
    """

    def write(w: _Writer, offsets: Any, places: Values) -> None:
        origin, index, fixed, fixed_step, moving, moving_step, count, place, stride, scale = places
        values = []
        for t in range(width):
            offset = w.builder.load(w.builder.gep(offsets, [w.builder.add(index, _INTEGER(t))]))
            values.append(w.load(w.builder.add(origin, offset)))

        def add(number: Any, sums: Values) -> Values:
            factor = w.load(w.after(fixed, fixed_step, number))
            begin = w.after(moving, moving_step, number)
            return [w.fused(factor, w.load(w.after(begin, stride, t)), old) for t, old in enumerate(sums)]

        values = [w.reduced(value) for value in w.loop(count, values, add)]
        if scales:
            factor = w.load(scale)
            values = [w.multiplied(value, factor) for value in values]
        for t, value in enumerate(values):
            w.store(value, w.after(place, stride, t))

    def typed(_: Any, array: Any, offsets: Any, places: Any, modulus: Any) -> Any:
        def written(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            writer = _Writer(context, builder, signature, arguments)
            offsets = context.make_array(signature.args[1])(context, builder, arguments[1]).data
            write(writer, offsets, _unpacked(builder, arguments[2]))
            return context.get_dummy_value()

        return types.void(array, offsets, _several(types.int64, 10), modulus), written

    return intrinsic(typed)


def _write_sum(w: _Writer, first: Any, count: Any, place: Any, product: Any) -> None:
    """The sum of ``count`` vectors, and a product multiplied by it."""

    def add(number: Any, values: Values) -> Values:
        return [w.builder.fadd(values[0], w.load(w.after(first, _INTEGER(LANES), number)))]

    (total,) = w.loop(count, [w.constant(0.0)], add)
    total = w.reduced(total)
    w.store(total, place)
    w.store(w.multiplied(w.load(product), total), product)


def _write_product(w: _Writer, place: Any, factor: Any) -> None:
    w.store(w.multiplied(w.load(place), w.load(factor)), place)


def _write_inverses(w: _Writer, first: Any, count: Any, place: Any, scratch: Any, exponent: Any) -> None:
    """Inverses of ``count`` vectors, 1 for 0.

    Modulo a prime: the power prime - 2, which is ``exponent``, of their product, and the rest by products.
    """
    step, one = _INTEGER(LANES), w.constant(1.0)

    def given(number: Any) -> Any:
        value = w.load(w.after(first, step, number))
        return w.builder.select(w.builder.fcmp_ordered("==", value, w.constant(0.0)), one, value)

    def divide(number: Any, _: Values) -> Values:
        w.store(w.builder.fdiv(one, given(number)), w.after(place, step, number))
        return []

    def forwards(number: Any, values: Values) -> Values:
        w.store(values[0], w.after(place, step, number))
        return [w.multiplied(values[0], given(number))]

    def digit(number: Any, values: Values) -> Values:
        value = values[0]
        for _ in range(_BITS):
            value = w.multiplied(value, value)
        shift = w.builder.mul(w.builder.sub(_INTEGER(_DIGITS - 1), number), _INTEGER(_BITS))
        chosen = w.builder.and_(w.builder.lshr(exponent, shift), _INTEGER(N_POWERS - 1))
        return [w.multiplied(value, w.load(w.after(scratch, step, chosen)))]

    def backwards(number: Any, values: Values) -> Values:
        number = w.builder.sub(w.builder.sub(count, _INTEGER(1)), number)
        where = w.after(place, step, number)
        w.store(w.multiplied(values[0], w.load(where)), where)
        return [w.multiplied(values[0], given(number))]

    if not w.modulus:
        w.loop(count, [], divide)
        return
    (product,) = w.loop(count, [one], forwards)
    powers = [one, product]
    for i in range(2, N_POWERS):
        powers.append(w.multiplied(powers[i // 2], powers[i - i // 2]))
    for i, power in enumerate(powers):
        w.store(power, w.after(scratch, step, i))
    inverse = w.loop(_INTEGER(_DIGITS), [one], digit)
    w.loop(count, inverse, backwards)


add_up = _written(_write_sum)
multiply = _written(_write_product)
invert = _written(_write_inverses)
entries_1, entries_2, entries_3, entries_4, entries_5, entries_6 = (
    _entries(width, scales=False) for width in range(1, 7)
)
shares_1, shares_2, shares_3, shares_4, shares_5, shares_6 = (
    _entries(width, scales=True) for width in range(1, 7)
)
