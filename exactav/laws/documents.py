"""Laws as JSON, exactly, and back; and one reader for networks and laws."""

from collections.abc import Iterator
from typing import Any

from sympy import ZZ

from exactav.errors import ArgumentError, CheckFailedError, FloatRangeError, ParseError, UnknownUnitError
from exactav.interchange.documents import draft_of, load
from exactav.laws.core import Core
from exactav.laws.images import Values
from exactav.laws.kind import Composition, Kind, Number, Pair, Patterns, Sequences, Units
from exactav.laws.law import Law
from exactav.laws.measure import Exact, Measure, Rounded
from exactav.laws.numeric import NumericLaw
from exactav.laws.started import Unit
from exactav.laws.starts import Origin
from exactav.laws.truncated import UpTo
from exactav.laws.written import LAW_FORMAT
from exactav.network.inputs import Drive
from exactav.network.network import Network
from exactav.numbers.coding import decoded, decoded_label
from exactav.numbers.digits import sign_of
from exactav.numbers.expressions import described
from exactav.numbers.fields import normal_form
from exactav.showing import latex

_KEYS = {"law", "format", "network", "start", "kind", "per_step", "condition", "arithmetic", "outcomes"}
_OPTIONAL = {"total": "exact", "roundings": "float", "input": "any"}  # key -> the arithmetic it belongs to
_KINDS: dict[str, type[Kind[Any]]] = {
    "AssemblyLaw": Units,
    "WaveLaw": Units,
    "PatternLaw": Patterns,
    "SequenceLaw": Sequences,
    "SizeDurationLaw": Pair,
    "TruncatedSizeLaw": UpTo,
    "StartLaw": Unit,
    "CompositionLaw": Composition,
    "ValueLaw": Values,
}  # all others are of a number


def from_json(text: str) -> Network | Law[Any]:
    """The network or law that ``to_json()`` of it wrote, equal to it; or the network of another JSON text.

    A law is read with its network, and its weights are checked again: they sum to exactly 1. How a network
    may be written is said by :func:`exactav.interchange.from_json`. No text can run code.

    Raises:
        ParseError: the text is neither; the message says where.
        InvalidNetworkError: the network breaks a condition of the model.

    >>> import exactav as ea
    >>> law = ea.size_law(ea.families.homogeneous(3, "3/4"))
    >>> from_json(law.to_json()) == law, from_json(law.network.to_json()) == law.network
    (True, True)
    """
    if not isinstance(text, str):
        raise ArgumentError(f"{described(text)} is no JSON text: read the file first")
    document = load(text)
    if isinstance(document, dict) and "law" in document:
        return _law(document)
    return draft_of(document).network()


def _law(document: dict[str, Any]) -> Law[Any]:
    if missing := _KEYS - set(document):
        raise ParseError(f"a law without {', '.join(sorted(missing))}: it is damaged")
    arithmetic = document["arithmetic"]
    if arithmetic not in ("exact", "float"):
        raise ParseError(f"arithmetic = {described(arithmetic)}: wanted exact or float")
    for key in document:
        if key not in _KEYS and _OPTIONAL.get(key) not in (arithmetic, "any"):
            raise ParseError(f"unknown key {described(key)} of a law: it is damaged, or of a newer version")
    if document["format"] != LAW_FORMAT or isinstance(document["format"], bool):
        raise ParseError(f"a law of format {described(document['format'])}: format {LAW_FORMAT} is read")
    types = {law_type.__name__: law_type for law_type in _subclasses(Law) if _is_read(law_type)}
    name = document["law"]
    if not isinstance(name, str) or name not in types:
        raise ParseError(f"law = {described(name)}: wanted one of {', '.join(sorted(types))}")
    network = draft_of(document["network"]).network()
    start = _start(decoded_label(document["start"], "start"), network, name)
    origin = _origin(document, start, network)
    for key, wanted in (("per_step", bool), ("condition", str), ("outcomes", list)):
        if not isinstance(document[key], wanted):
            raise ParseError(f"{key} = {described(document[key])}: wanted a {wanted.__name__}")
    pairs = [_pair(part, place) for place, part in enumerate(document["outcomes"])]
    kind = _kind(document["kind"], network, [outcome for outcome, _ in pairs])
    if not isinstance(kind, _KINDS.get(name, Number)):
        raise ParseError(f"kind = {described(document['kind'])}: no {name} is of this kind")
    outcomes = []
    for outcome, _ in pairs:
        try:
            outcomes.append(kind.read(outcome))
        except KeyError as error:
            raise ParseError(f"outcomes: {error}") from None
    if len(set(outcomes)) < len(outcomes):
        raise ParseError("an outcome comes twice")
    weights = dict(zip(outcomes, (number for _, number in pairs), strict=True))
    measure = _measure(document, weights)
    found: Law[Any] = types[name](
        network, origin, kind, measure, is_per_step=document["per_step"], condition=document["condition"]
    )
    return found


def _is_read(law_type: type[Any]) -> bool:
    return law_type.__name__ in _KINDS or issubclass(law_type, NumericLaw)


def _start(start: Any, network: Network, law: str) -> Any:
    """The label of the start, as the network has it; of a sequence those of all steps; or None."""
    if start is None:
        return None
    try:
        if law == "SequenceLaw" and isinstance(start, tuple):
            return tuple(network.labels[network.index(label)] for label in start)
        return network.labels[network.index(start)]
    except UnknownUnitError:
        raise ParseError(f"start = {described(start)}: the network has no such unit") from None


def _origin(document: dict[str, Any], start: Any, network: Network) -> Origin:
    """The start, or the input where there is one."""
    if "input" not in document:
        return start  # type: ignore[no-any-return]  # a label, or none
    if start is not None or not isinstance(document["input"], list):
        raise ParseError(f"input = {described(document['input'])}: wanted a list, and no start")
    try:
        return Drive(
            [
                (
                    decoded(p, "a probability"),
                    {decoded_label(u, "input"): decoded(amount, "an amount") for u, amount in amounts},
                )
                for p, amounts in document["input"]
            ]
        ).of(network)
    except (TypeError, ValueError, KeyError) as error:
        raise ParseError(f"input = {described(document['input'])}: {error}") from None


def _pair(part: Any, place: int) -> tuple[Any, Any]:
    if not isinstance(part, list) or len(part) != 2:
        raise ParseError(f"outcomes[{place}] = {described(part)}: wanted [outcome, number]")
    return decoded_label(part[0], f"outcomes[{place}]"), part[1]


def _measure(document: dict[str, Any], weights: dict[Any, Any]) -> Measure[Any]:
    try:
        if document["arithmetic"] == "float":
            roundings = document.get("roundings")
            if isinstance(roundings, bool) or not isinstance(roundings, int) or roundings < 0:
                raise ParseError(f"roundings = {described(roundings)}: wanted a whole number")
            numbers = {o: _float(number, o) for o, number in weights.items()}
            return Rounded(numbers, roundings)
        exact = {o: decoded(number, f"the number of {described(o)}") for o, number in weights.items()}
        if "total" in document:
            total = decoded(document["total"], "total")
            if not all(number.is_Integer for number in [total, *exact.values()]):
                raise ParseError("weights and total of a rational law: wanted whole numbers")
            return Exact(ZZ, {o: ZZ(int(number)) for o, number in exact.items()}, ZZ(int(total)))
        if any(not number.free_symbols and sign_of(number) == -1 for number in exact.values()):
            raise ParseError("a probability is negative: the law is damaged")
        field, elements = normal_form(list(exact.values()))
        if not exact or sum(elements, field.zero) != field.one:
            raise ParseError("the probabilities do not sum to 1: the law is damaged")
        return Exact.of_expressions(exact)
    except (CheckFailedError, FloatRangeError) as error:
        raise ParseError(f"the law is damaged: {error}") from None


def _float(text: Any, outcome: Any) -> float:
    try:
        return float.fromhex(text)
    except (TypeError, ValueError, OverflowError):
        raise ParseError(f"the number of {described(outcome)} is {described(text)}: wanted a float") from None


def _kind(data: Any, network: Network, outcomes: list[Any]) -> Kind[Any]:
    if not isinstance(data, dict) or not isinstance(data.get("of"), str):
        raise ParseError(f"kind = {described(data)}: wanted an object that says what the law is of")
    units = Units(network)
    plain: dict[str, Kind[Any]] = {
        "assembly": units,
        "pattern": Patterns(units),
        "sequence": Sequences(units),
        "unit": Unit(network),
    }
    if data["of"] in plain:
        return plain[data["of"]]
    if data["of"] == "number":
        return _number(data)
    if data["of"] == "number up to":
        limits = (_whole(data.get(key), key) for key in ("lowest", "highest", "largest"))
        return UpTo(_text(data, "name"), latex.name(_text(data, "letter")), *limits)
    if data["of"] == "pair":
        return Pair(_number(data.get("size")), _number(data.get("duration")))
    if data["of"] == "composition":
        groups = data.get("groups", [])
        if not isinstance(groups, list) or not all(isinstance(name, str) for name in groups):
            raise ParseError(f"groups = {described(groups)}: wanted a list of names")
        return Composition(_whole(data.get("n_groups"), "n_groups"), tuple(groups))
    if data["of"] == "value":
        return Values(_text(data, "name"), latex.name(_text(data, "letter")), tuple(outcomes))
    raise ParseError(f"a law of {described(data['of'])} is not known here")


def _number(data: Any) -> Number:
    if not isinstance(data, dict):
        raise ParseError(f"kind = {described(data)}: wanted an object with name, letter, lowest and highest")
    ends = (_whole(data.get(key), key) for key in ("lowest", "highest"))
    return Number(_text(data, "name"), latex.name(_text(data, "letter")), *ends)


def _whole(value: Any, name: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise ParseError(f"{name} = {described(value)}: wanted a whole number")
    return value


def _text(data: dict[str, Any], key: str) -> str:
    if not isinstance(data.get(key), str):
        raise ParseError(f"{key} = {described(data.get(key))}: wanted a text")
    return str(data[key])


def _subclasses(law_type: type[Core[Any]]) -> Iterator[type[Any]]:
    yield law_type
    for child in law_type.__subclasses__():
        yield from _subclasses(child)
