"""Charts of laws as SVG in the colours of the page around them, for pages that stand alone."""

from collections.abc import Mapping, Sequence
from html import escape
from math import ceil, floor, log10

from exactav.showing.markup import Html
from exactav.texts import spelled

_WIDTH, _HEIGHT = 460, 280
_LEFT, _RIGHT, _TOP, _BOTTOM = 62, 14, 12, 44


def curve(points: Mapping[int, float], *, name: str) -> Html:
    """Probabilities against whole numbers; logarithmic upwards, and to the right where numbers are many.

    Args:
        points: number -> probability; those that are 0 as floats are left out.
        name: of the numbers, in the glossary's words.
    """
    drawn = {x: p for x, p in points.items() if p > 0}
    if not drawn:
        return Html("")
    is_log = min(drawn) > 0 and max(drawn) > 20
    low, high = floor(log10(min(drawn.values()))), max(0, ceil(log10(max(drawn.values()))))
    low = low - 1 if low == high else low
    ends = (log10(min(drawn)), log10(max(drawn))) if is_log else (float(min(drawn)), float(max(drawn)))
    span = ends[1] - ends[0] or 1.0

    def right(x: float) -> float:
        share = ((log10(x) if is_log else x) - ends[0]) / span
        return _LEFT + share * (_WIDTH - _LEFT - _RIGHT)

    def up(p: float) -> float:
        return _TOP + (high - log10(p)) / (high - low) * (_HEIGHT - _TOP - _BOTTOM)

    places = [(right(x), up(p)) for x, p in drawn.items()]
    path = "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in places)
    parts = [_axes(), f'<path d="{path}" fill="none" stroke="#0072B2" stroke-width="1.6"/>']
    if len(places) <= 40:
        parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="#0072B2"/>' for x, y in places]
    for x in _ticks(min(drawn), max(drawn), is_log):
        parts.append(_text(right(x), _HEIGHT - _BOTTOM + 16, str(x), "middle"))
    step = max(1, ceil((high - low) / 6))
    for power in range(high, low - 1, -step):
        shown = {0: "1", -1: "0.1"}.get(power, f"1e{power}")
        parts.append(_text(_LEFT - 6, up(10.0**power) + 4, shown, "end"))
    parts.append(_text((_LEFT + _WIDTH - _RIGHT) / 2, _HEIGHT - 6, name, "middle"))
    middle = (_TOP + _HEIGHT - _BOTTOM) / 2
    parts.append(
        f'<text transform="translate(14 {middle:.0f}) rotate(-90)" text-anchor="middle" font-size="12" '
        'fill="currentColor">probability</text>'
    )
    said = f"probability against {escape(spelled(name))}"
    frame = f'<svg viewBox="0 0 {_WIDTH} {_HEIGHT}" width="{_WIDTH}" role="img" aria-label="{said}">'
    return Html(frame + "".join(parts) + "</svg>")


def _axes() -> str:
    bottom, right = _HEIGHT - _BOTTOM, _WIDTH - _RIGHT
    path = f"M{_LEFT} {_TOP}L{_LEFT} {bottom}L{right} {bottom}"
    return f'<path d="{path}" fill="none" stroke="currentColor" stroke-opacity=".5"/>'


def _text(x: float, y: float, said: str, anchor: str) -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="12" fill="currentColor">'
        f"{escape(spelled(said))}</text>"
    )


def _ticks(low: int, high: int, is_log: bool) -> Sequence[int]:
    if is_log:
        found = [m * 10**k for k in range(0, 10) for m in (1, 2, 5)]
        return [tick for tick in found if low <= tick <= high]
    step = max(1, ceil((high - low) / 10))
    return range(low, high + 1, step)
