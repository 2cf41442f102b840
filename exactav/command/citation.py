"""How to cite the theory and the package."""

from exactav import __version__

TITLE = (
    "A rigorous stochastic theory for spike pattern formation in recurrent neural networks with arbitrary "
    "connection topologies"
)


def bibtex() -> str:
    """BibTeX of the paper whose theory this is, and of this version of the package.

    >>> print(bibtex().splitlines()[0])
    @misc{schuenemann2022rigorous,
    """
    return f"""@misc{{schuenemann2022rigorous,
  author        = {{Sch{{\\"u}}nemann, M. and Ernst, U. and Kesseb{{\\"o}}hmer, M.}},
  title         = {{{{{TITLE}}}}},
  year          = {{2022}},
  eprint        = {{2202.02520}},
  archiveprefix = {{arXiv}},
}}

@software{{exactav,
  author  = {{{{the exactav authors}}}},
  title   = {{{{exactav: exact mathematics of avalanches in recurrent networks of spiking units}}}},
  version = {{{__version__}}},
}}
"""
