"""The formulas behind each section of a page, as LaTeX, with the derivation that proves them."""

from collections.abc import Hashable

from exactav.command.sections import Section
from exactav.formulas.catalogue import catalogue
from exactav.formulas.recognition import recognised
from exactav.laws.assembly import assembly_latex
from exactav.network.network import Network

_MOST_UNITS = 8  # of a network of which an assembly is worked out
Formulas = list[tuple[str, str]]

_TREES = (
    r"\tau_k(A) = \det L[A]_{\setminus k}, \qquad f(C) = \det\left(L[C] + \operatorname{diag}(s_C)\right)"
)
_OF_TREES = (
    "Spanning trees of A rooted at the start k, and spanning forests of the other units C rooted in the "
    "leak s; L[S] is the Laplacian of the weights within S (derivation 02)."
)
_MATRIX = "M = diag(U) − W is the matrix of the network"


def behind(section: Section, start: Hashable | None) -> Formulas:
    """LaTeX of the formulas of a section, each with what it says; those of one start k if there is one."""
    match section.name:
        case "summary" if start is None:
            mean = r"\operatorname{E} L = \frac{\sum_{j,k} G_{jk}\, p_k}{\sum_{k} p_k\, G_{kk}}"
            return [(rf"{mean}, \qquad G = M^{{-1}}", f"{_MATRIX}, p its drive (derivation 07).")]
        case "summary":
            mean = r"\operatorname{E}(L \mid k) = \frac{\sum_{j} G_{jk}}{G_{kk}}"
            return [(rf"{mean}, \qquad G = M^{{-1}}", f"{_MATRIX}, k the start (derivation 07).")]
        case "sizes":
            given = "" if start is None else r" \mid k"
            if section.outcome_name == "size":
                law = rf"P(L = n{given}) = \sum_{{|A| = n}} P(A{given})"
                return [(law, "The sum over all assemblies A of n units (derivations 01 and 04).")]
            law = rf"P(L_O = n{given}) = \sum_{{|A \cap O| = n}} P(A{given})"
            return [(law, "The sum over all assemblies with n of the observed units O (derivation 01).")]
        case "assemblies" if start is None:
            above = r"\sum_{k \in A} p_k\, \tau_k(A)\, f(\bar{A})"
            law = rf"P(A) = \frac{{{above}}}{{\sum_{{k}} p_k \det M_{{\setminus k}}}}"
            said = "The law of the assembly, the set of units that fire (derivations 01 and 04)."
            return [(law, said), (_TREES, _OF_TREES)]
        case "assemblies":
            law = r"P(A \mid k) = \frac{\tau_k(A)\, f(\bar{A})}{\det M_{\setminus k}}"
            said = "The law of the assembly that the start k recruits (derivations 01 and 04)."
            return [(law, said), (_TREES, _OF_TREES)]
        case "durations":
            law = (
                r"P(G_1, \dots, G_D) \propto p_k \prod_{d = 2}^{D} \prod_{j \in G_d} "
                r"\left(\sum_{l \in G_{d-1}} w_{jl}\right) f(\bar{A})"
            )
            said = "The weight of a pattern of generations that starts at k, with p_k = 1 if k is given"
            return [(law, f"{said}; the duration is their number D (derivation 03).")]
        case "starts":
            law = r"P(k) = \frac{p_k\, G_{kk}}{\sum_{i} p_i\, G_{ii}}, \qquad G = M^{-1}"
            return [(law, "The share of the avalanches that start at k (derivation 07).")]
        case "participation":
            law = r"P(j \in A \mid k) = \frac{G_{jk}}{G_{kk}}, \qquad G = M^{-1}"
            return [(law, "Unit j takes part when unit k starts (derivation 07).")]
    return []


def closed_forms(net: Network) -> Formulas:
    """The closed forms in the catalogue that hold for the network, each with what it says."""
    found = []
    for family, parameters, _ in recognised(net):
        values = ", ".join(f"{name} = {value}" for name, value in parameters.items())
        for what in ("size", "mean"):
            formula = catalogue().get(f"{family}.{what}")
            if formula is not None:
                found.append(
                    (
                        formula.latex(),
                        f"{formula.name[0].upper()}{formula.name[1:]}; here {values} ({formula.id})",
                    )
                )
    return found


def worked(net: Network, start: Hashable | None) -> Formulas:
    """The probability of one assembly of a small network, worked out."""
    if net.n_units > _MOST_UNITS:
        return []
    first = net.labels[0] if start is None else start
    place = net.labels.index(first)
    reached = next(
        (net.labels[i] for i, row in enumerate(net.weight_rows) if i != place and place in dict(row)), None
    )
    assembly = [first] if reached is None else [first, reached]
    return [(assembly_latex(net, assembly, first), "One assembly worked out")]
