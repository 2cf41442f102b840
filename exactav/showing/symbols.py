r"""Commands of LaTeX that say how a symbol looks, and do nothing else."""

_WORDS = """
    alpha beta gamma delta epsilon varepsilon zeta eta theta vartheta iota kappa varkappa lambda mu nu xi pi
    varpi rho varrho sigma varsigma tau upsilon phi varphi chi psi omega Gamma Delta Theta Lambda Xi Pi Sigma
    Upsilon Phi Psi Omega ell hbar imath jmath wp Re Im aleph beth partial nabla infty emptyset varnothing
    hat widehat check tilde widetilde acute grave dot ddot breve bar vec mathring overline underline sqrt
    mathrm mathbf mathit mathsf mathtt mathcal mathbb mathfrak boldsymbol text textbf textit textrm
    operatorname
    prime star ast dagger ddagger pm mp times cdot circ bullet oplus ominus otimes perp parallel mid
    to rightarrow leftarrow leftrightarrow Rightarrow uparrow downarrow langle rangle
    le ge leq geq ne neq lt gt approx sim dots ldots cdots setminus backslash in notin cup cap wedge vee neg
    forall exists frac binom min max log exp det sup inf lim quad qquad
"""
_SIGNS = (",", ";", ":", "!", " ", "_", "%", "#", "&", "$", "{", "}", "|")

SYMBOL_COMMANDS = frozenset(f"\\{name}" for name in (*_WORDS.split(), *_SIGNS))
