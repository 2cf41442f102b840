"""What the functions of :mod:`calls_of_functions` and :mod:`calls_of_methods` may answer.

A parameter takes some of the kinds of values that could come by mistake; an answer to another is a fault."""

from collections.abc import Mapping


def _kinds(text: str) -> frozenset[str]:
    return frozenset(text.split(" | "))


NOTHING: frozenset[str] = frozenset()
NONE = _kinds("None")
TEXTS = _kinds("'' | text | 'a' | '1/2' | controls | long text")
COUNTS = _kinds("0 | 7 | 10**30 | array of no axes | int64")
PLACES = COUNTS - {"7", "10**30"}
NUMBERS = COUNTS | _kinds("-1 | '1/2' | 1/3 | True | bool_")  # True is 1 in a matrix
SYMBOLIC = NUMBERS | _kinds("'a' | symbol")
REAL = NUMBERS | _kinds("1.5 | inf | float64")
SIDES = SYMBOLIC | _kinds("I")  # of proofs
SECONDS = _kinds("0 | 7 | 10**30 | 1.5 | inf | 1/3 | float64 | int64")
FUNCTIONS = _kinds("function | class")
SETS = _kinds("'' | 'a' | [] | {} | {'a': 1} | set() | generator | texts")
ONE_FOR_EACH = SYMBOLIC | _kinds("texts | generator | series | {} | {'a': 1}")
ANYTHING_LISTED = SETS | _kinds(
    "[None] | nested | groups | itself | {None: None} | array | series | graph | law"
)
SPECIAL = _kinds("None | symbol | relation | I | zoo | sympy.nan | matrix | network | law")

TAKEN: Mapping[str, frozenset[str]] = {
    **dict.fromkeys(["G", "graph"], _kinds("graph")),
    **dict.fromkeys(["alpha", "chances", "coupling", "increment", "point", "z"], SYMBOLIC | NONE),
    **dict.fromkeys(["q", "weight", "value"], NUMBERS | NONE),
    **dict.fromkeys(["leak", "thresholds"], ONE_FOR_EACH | NONE),
    **dict.fromkeys(["N", "n", "m", "k", "columns", "rows", "reach", "side", "n_steps"], COUNTS),
    **dict.fromkeys(["n_avalanches", "n_units", "bound", "count", "digits", "max_lag", "max_units"], COUNTS),
    **dict.fromkeys(["duration", "max_denominator", "max_rows", "max_steps", "order", "seed"], COUNTS | NONE),
    **dict.fromkeys(["size", "up_to", "outcome"], COUNTS | NONE),
    **dict.fromkeys(["first", "second", "group", "step"], PLACES),
    **dict.fromkeys(["max_cost", "max_memory", "seconds"], SECONDS),
    **dict.fromkeys(["claim", "because", "letter", "what", "question"], TEXTS),
    **dict.fromkeys(["title", "statement", "equation", "reason", "source", "detail", "place"], TEXTS | NONE),
    **dict.fromkeys(["caption", "label", "name", "condition"], TEXTS | NONE),
    **dict.fromkeys(["advice"], TEXTS | FUNCTIONS),
    **dict.fromkeys(["text_or_path"], TEXTS),
    **dict.fromkeys(["checkpoint"], TEXTS | NONE),
    **dict.fromkeys(["progress", "of"], FUNCTIONS | NONE),
    **dict.fromkeys(["function", "put", "event", "left", "right", "forward", "backward"], FUNCTIONS),
    **dict.fromkeys(["weight_a", "weight_b", "closed"], FUNCTIONS),
    **dict.fromkeys(["assembly", "units", "fired", "observed", "pattern"], SETS | NONE),
    **dict.fromkeys(["labels"], SETS | NONE | _kinds("graph | series")),
    **dict.fromkeys(["groups"], NONE | _kinds("groups")),
    **dict.fromkeys(["cell"], _kinds("texts | generator")),
    **dict.fromkeys(["start", "other_start", "starts", "unit", "without"], NONE | _kinds("'a'")),
    **dict.fromkeys(["input"], NONE | _kinds("drive")),
    **dict.fromkeys(["ax", "executor", "format", "drive"], NONE),
    **dict.fromkeys(["net", "network", "over"], _kinds("network")),
    **dict.fromkeys(["law"], _kinds("law")),
    **dict.fromkeys(["values", "symbol_names"], NONE | _kinds("{}")),
    **dict.fromkeys(["edges", "entries"], _kinds("{}")),
    **dict.fromkeys(["weights"], NONE | _kinds("{} | matrix")),
    **dict.fromkeys(["self_coupling"], _kinds("True")),
    **dict.fromkeys(["expr", "leading", "term", "total", "determinant"], SIDES | NONE),
    **dict.fromkeys(["line"], _kinds("10**30 | inf")),
    **dict.fromkeys(["confidence"], _kinds("float64 | 1/3")),
    **dict.fromkeys(["where"], _kinds("True | [] | {} | set() | symbol | relation")),
    **dict.fromkeys(["cases"], ANYTHING_LISTED - {"''", "'a'"}),
    **dict.fromkeys(["parts", "also", "steps", "assumptions", "recurrence"], _kinds("[] | {} | set()")),
    **dict.fromkeys(["base"], COUNTS | NONE | _kinds("'1/2' | 1/3")),
    **dict.fromkeys(["sizes"], _kinds("series")),
    **dict.fromkeys(["between"], _kinds("series")),
    **dict.fromkeys(["x"], REAL),
    **dict.fromkeys(["symbol"], _kinds("symbol")),
}
"""What parameters of a name take; what is not here takes nothing."""

ANYTHING = None
"""A parameter of which nothing is asked."""

OF_ONE: Mapping[str, frozenset[str] | None] = {
    "autocorrelation.assembly": SETS | NONE | _kinds("series | graph"),  # units are 0, 1, 2
    "phase_space.region.pieces.assembly": SETS | NONE | _kinds("series | graph"),
    "coset_law.start": NONE | _kinds("0 | int64"),
    "phase_space.region.draw.start": NONE | _kinds("0 | int64"),
    "phase_space.region.pieces.start": _kinds("0 | int64"),
    "phase_space.torus.slow_step.start": _kinds("0 | int64"),
    "phase_space.sandpile.of_graph.sink": _kinds("0 | int64"),
    "sequence_law.starts": NONE | _kinds("series"),
    "pattern_probability.pattern": _kinds("[] | groups"),
    "phase_space.region.piece.pattern": _kinds("[] | groups"),
    "annealed.chances": SYMBOLIC | _kinds("{}"),
    "annealed.mean": NONE,
    "avalanche_probability.checkpoint": TEXTS | NONE | _kinds("half a character"),  # no file is needed
    "families.homogeneous.labels": NONE | _kinds("'1/2' | graph"),
    "induced_laplacian.leak": _kinds("True"),
    "proofs.bijection.sizes": TEXTS,
    "proofs.by_degree.degrees": NOTHING,
    "proofs.everywhere.condition": FUNCTIONS,
    "proofs.certificate.k": _kinds("symbol"),
    "proofs.certificate.n": NOTHING,
    "proofs.chain.member": ANYTHING,  # whatever has an equality is compared
    "proofs.eigenvalues.inverse": NONE,
    "proofs.eigenvalues.of_sizes": _kinds("[] | {} | set() | array | groups | itself"),
    "proofs.eigenvalues.spectrum": _kinds("{} | {'a': 1} | law"),
    "proofs.induction.base": _kinds("law"),
    "proofs.induction.n": _kinds("symbol"),
    "proofs.induction.of_sizes": _kinds("[] | {} | set() | series | graph | law"),
    "proofs.induction.step": FUNCTIONS,
    "proofs.inequality.left": SIDES,
    "proofs.inequality.right": SIDES,
    "proofs.inequality.over": NOTHING,
    "proofs.limit.point": SIDES,
    "proofs.asymptotics.point": SIDES,
    "proofs.limit.value": SIDES,
    "proofs.telescoping.by": NONE,
    "proofs.telescoping.first": COUNTS | _kinds("-1"),
    "proofs.telescoping.over": NOTHING,
    "proofs.telescoping.n": NOTHING,
    "proofs.identity.sizes": TEXTS | NONE,
    "proofs.in_all.sizes": TEXTS | NONE,
    "proofs.chain.sizes": TEXTS | NONE,
    "limits.max_cost": SECONDS | NONE,
    "limits.max_memory": SECONDS | NONE,
    "same_law.other": _kinds("network"),
    "Blocks.of.sizes": _kinds("{'a': 1}"),
    "Blocks.of.diagonal": _kinds("{'a': 1}"),
    "Blocks.characteristic.z": SIDES,
    "Blocks.without.block": PLACES,
    "Certificate.k": _kinds("symbol"),
    "Certificate.n": NONE | _kinds("symbol"),
    "Certificate.rational": SIDES,
    "Certificate.recurrence": ANYTHING_LISTED - {"''", "'a'"},
    "Chain.assembly_probability.units": SETS | _kinds("series | graph | law"),
    "Chain.green.unit": NUMBERS - _kinds("True | bool_ | '1/2' | 1/3"),
    "Chain.participation.unit": NUMBERS - _kinds("True | bool_ | '1/2' | 1/3"),
    "Check.sizes": TEXTS | NONE,
    "Circulant.of.row": _kinds("{} | law"),
    "Circulant.of.size": SIDES,
    "Circulant.symbol.z": SIDES,
    "Derivation.assumptions": SETS - {"''", "'a'"},
    "Derivation.id": TEXTS,
    "Draft.assumptions": SETS | TEXTS | _kinds("half a character"),
    "Draft.step.false": NONE,
    "Draft.step().function": NOTHING,
    "Law.plot_over.outcomes": NONE | _kinds("[] | {} | set() | series | law"),
    "Law.probability.event": FUNCTIONS,
    "Network.at.values": NONE | _kinds("{}"),
    "Network.drive": NONE | _kinds("{'a': 1}"),
    "Network.from_edges.labels": NONE | _kinds("texts | generator"),
    "Network.from_floats.weights": _kinds("matrix"),
    "Network.received.senders": _kinds("[] | {} | set() | series | graph"),
    "Network.received.unit": PLACES,
    "Network.replace.drive": NONE | _kinds("{'a': 1}"),
    "Network.replace.labels": NONE | _kinds("'1/2' | {} | {'a': 1} | graph"),
    "AssemblySample.pair_probability.other": _kinds("'a'"),
    "PatternSample.pair_probability.other": _kinds("'a'"),
    "ObservedSizeLaw.kind_of_some.n_observed": ANYTHING,  # one law makes another
    "Step.mutant": NONE,
    "Step.proves": _kinds("{} | {'a': 1} | {None: None} | law"),
    "Strip.closed": _kinds("True"),
    "Strip.drive": NONE | _kinds("{'a': 1}"),
    "Lattice.drive": NONE | _kinds("{'a': 1}"),
    "latex_document.part": TEXTS | _kinds("symbol | zoo | sympy.nan | I | 1/3 | matrix | network | law"),
}
"""What one parameter of one call takes, if it is not as its name says."""

_OUTCOMES: Mapping[str, frozenset[str]] = {
    **dict.fromkeys(["AssemblyLaw", "WaveLaw"], SETS - {"''", "'a'"}),
    **dict.fromkeys(["PatternLaw", "SequenceLaw"], _kinds("[] | groups")),
    "StartLaw": _kinds("'a'"),
    "WaitingTimeLaw": COUNTS,
}
"""Outcomes of laws; of others, they are small numbers."""


def may_answer(name: str, parameter: str, kind: str) -> bool:
    """Whether there may be an answer where a parameter is of this kind."""
    kind = "10**30" if kind == "10**5000" else kind
    place, method = f"{name}.{parameter}", name.rpartition(".")[2]
    law = name.partition(".")[0].removesuffix("[]")
    if parameter in ("question", "origin", "default") or method in ("get", "__contains__"):
        return True
    if method == "__getitem__" or name.endswith("[]"):
        return law == "ValueLaw" or kind in _OUTCOMES.get(law, PLACES)
    if method == "given" and parameter == "event":
        return kind in FUNCTIONS | ANYTHING_LISTED
    if law == "Chain" and parameter in ("digits", "start"):
        return kind in COUNTS | NONE if parameter == "digits" else kind in ("None", "0")
    if parameter == "other" and law.endswith("Law"):
        return kind == "law"
    taken = OF_ONE[place] if place in OF_ONE else TAKEN.get(parameter, NOTHING)
    return taken is ANYTHING or kind in taken
