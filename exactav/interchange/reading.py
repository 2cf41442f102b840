"""One door for whatever names a network: a file, a family, or a dataset."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from exactav.errors import ArgumentError, ExactavError, OptionError, ParseError, UnknownNameError
from exactav.network.families import CATALOGUE, from_spec, suggestion
from exactav.network.network import Network
from exactav.numbers.expressions import described
from exactav.running.files import read
from exactav.texts import as_text, quoted

if TYPE_CHECKING:
    from exactav.interchange.draft import Draft

_MAX_BYTES = 50_000_000

DATASETS: Mapping[str, str] = MappingProxyType(
    {
        "florentine": "florentine_families_graph",
        "karate": "karate_club_graph",
        "les_miserables": "les_miserables_graph",
        "davis": "davis_southern_women_graph",
        "krackhardt_kite": "krackhardt_kite_graph",
        "bull": "bull_graph",
        "cubical": "cubical_graph",
        "diamond": "diamond_graph",
        "dodecahedral": "dodecahedral_graph",
        "frucht": "frucht_graph",
        "heawood": "heawood_graph",
        "house": "house_graph",
        "icosahedral": "icosahedral_graph",
        "octahedral": "octahedral_graph",
        "petersen": "petersen_graph",
        "tetrahedral": "tetrahedral_graph",
    }
)
"""Functions of networkx that make graphs, by the names that :func:`read_network` knows these under."""

FORMATS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "csv": (".csv", ".tsv"),
        "edges": (".edges", ".edgelist"),
        "txt": (".txt",),
        "json": (".json",),
        "graphml": (".graphml",),
        "npy": (".npy",),
    }
)
"""The formats of files and the endings that stand for them; txt is csv or edges, as the shape decides."""


def read_network(
    source: str | os.PathLike[str],
    *,
    coupling: Any = None,
    format: str | None = None,
    increment: Any = None,
    max_denominator: int | None = None,
) -> Network:
    """The network that ``source`` names: a file, else a family like ``ring:N=10,alpha=4/5``, else a dataset.

    Args:
        source: a path; or a text for :func:`exactav.network.families.from_spec`; or one of ``DATASETS``.
        coupling: largest row sum that the weights are scaled to. Without it, files are taken as they are and
            datasets get 9/10 (their edges count by their weights where they have any, as in karate and
            les_miserables); families have parameters of their own and refuse it.
        format: one of ``FORMATS``; then ``source`` is a file. Unless given, the ending of its name decides.
        increment: as in :class:`~exactav.network.Network`, instead of the one that the source gives.
        max_denominator: round the floats of NPY and GraphML to fractions of at most this denominator.

    Raises:
        UnknownNameError: there is no such source.
        ParseError: the file is not what its format wants; the message says where.
        InexactError: a file of floats without ``max_denominator``.
        OptionError: there is no such format, or an option does not apply to the source.
        InvalidNetworkError: the network breaks a condition of the model.

    >>> read_network("florentine").labels[:3]
    ('Acciaiuoli', 'Medici', 'Castellani')
    """
    if not isinstance(source, str | os.PathLike):
        raise ArgumentError(
            f"{described(source)} names no network: give a path, a family such as 'ring:N=10,alpha=4/5', or "
            "a dataset such as 'karate'"
        )
    name = os.fspath(source)
    if format is not None or (os.path.exists(name) and not os.path.isdir(name)):
        with _named(name):
            draft = _read_file(name, _format_of(name) if format is None else format, max_denominator)
            return _with(increment, draft.network(coupling))
    if max_denominator is not None:
        raise OptionError(
            f"{quoted(name)} with max_denominator: it rounds the floats of NPY and GraphML files only"
        )
    if name.partition(":")[0].strip() in CATALOGUE:
        if coupling is not None:
            raise OptionError(
                f"{quoted(name)} with coupling {as_text(coupling)}: the weights of a family follow from its "
                "parameters; leave the coupling out"
            )
        return _with(increment, from_spec(name))
    if name in DATASETS:
        import networkx as nx

        from exactav.interchange.draft import DEFAULT_COUPLING
        from exactav.interchange.graphs import from_networkx

        graph = getattr(nx, DATASETS[name])()
        with _named(name):
            return from_networkx(
                graph, DEFAULT_COUPLING if coupling is None else coupling, increment=increment
            )
    raise _unknown(name)


def _with(increment: Any, net: Network) -> Network:
    return net if increment is None else net.with_increment(increment)


def _read_file(name: str, kind: str, max_denominator: int | None) -> "Draft":
    from exactav.interchange.documents import parse_json
    from exactav.interchange.graphml import parse_graphml
    from exactav.interchange.tables import parse_csv, parse_edges, parse_npy, parse_txt

    if not isinstance(kind, str) or kind not in FORMATS:
        near = suggestion(kind, FORMATS) if isinstance(kind, str) else ""
        raise OptionError(f"format = {described(kind)}{near}: formats are {', '.join(FORMATS)}")
    if max_denominator is not None and kind not in ("npy", "graphml"):
        raise OptionError(f"max_denominator rounds floats, and {kind} files have none: leave it out")
    data = _bytes(name)
    if kind == "npy":
        return parse_npy(data, max_denominator)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ParseError(
            f"byte {data[error.start]:#04x} at position {error.start} is not UTF-8 text: save it as UTF-8"
        ) from None
    if kind == "graphml":
        return parse_graphml(text, max_denominator)
    return {"csv": parse_csv, "edges": parse_edges, "txt": parse_txt, "json": parse_json}[kind](text)


def _bytes(name: str) -> bytes:
    data = read(name, _MAX_BYTES)
    if not data:
        raise ParseError("it is empty: wanted a network")
    return data


def _format_of(name: str) -> str:
    ending = Path(name).suffix.lower()
    for kind, endings in FORMATS.items():
        if ending in endings:
            return kind
    known = ", ".join(f"{kind} ({' '.join(endings)})" for kind, endings in FORMATS.items())
    raise ParseError(f"the ending {quoted(ending)} is that of no format: rename it or give one of {known}")


def _unknown(name: str) -> ExactavError:
    shown = repr(name if len(name) <= 100 else f"{name[:97]}...")
    if os.path.isdir(name):
        return ParseError(f"{shown} is a directory: give a file in it")
    is_spec = ":" in name and "=" in name
    if not is_spec and (os.sep in name or Path(name).suffix.lower() in chain(*FORMATS.values())):
        return UnknownNameError(f"{shown}: there is no such file")
    near = suggestion(name.partition(":")[0], [*CATALOGUE, *DATASETS])
    return UnknownNameError(
        f"{shown} is no file, no family and no dataset{near}; families (as in ring:N=10,alpha=4/5) are "
        f"{', '.join(CATALOGUE)}; datasets are {', '.join(DATASETS)}"
    )


@contextmanager
def _named(name: str) -> Iterator[None]:
    """Puts the name of the source before the message of any error."""
    try:
        yield
    except ExactavError as error:
        message = str(error)
        raise type(error)(f"{name}{' ' if message.startswith('line ') else ': '}{message}") from None
