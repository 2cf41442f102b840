"""How to cite the paper and the package."""

from exactav import __version__

_BIBTEX = """\
@misc{{schuenemann2022rigorous,
  author        = {{Sch{{\\"u}}nemann, M. and Ernst, U. and Kesseb{{\\"o}}hmer, M.}},
  title         = {{A rigorous stochastic theory for spike pattern formation in recurrent neural networks with
                   arbitrary connection topologies}},
  year          = {{2022}},
  eprint        = {{2202.02520}},
  archivePrefix = {{arXiv}},
}}

@software{{exactav,
  author  = {{{{the exactav authors}}}},
  title   = {{exactav: exact mathematics of avalanches in recurrent networks of spiking units}},
  version = {{{version}}},
}}
"""


def cited() -> str:
    """BibTeX of the paper and of this version of the package.

    >>> cited().splitlines()[0]
    '@misc{schuenemann2022rigorous,'
    """
    return _BIBTEX.format(version=__version__)
