"""Sampling, compiled by numba (the extra ``fast``): the walks of :mod:`exactav.kernels.wilson`."""

from exactav.kernels import wilson
from exactav.kernels.compiled.compiling import compiled

choose = compiled(wilson.choose)
draw = compiled(wilson.draw)
forest = compiled(wilson.forest)
