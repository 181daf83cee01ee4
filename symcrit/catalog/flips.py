"""All numbers of flipped neurons at once: the leading terms of ``flip:p``.

Derivations: derivations/family-m.md.
"""

from symcrit.arith.parametric import Parametrics
from symcrit.expand.parametric import Start

__all__ = ["flipped"]


def flipped(lib: Parametrics) -> Start:
    """The leading terms for p = s^2 flipped neurons among k = t^-2.

    The pattern is ``n1=p,n2=k-p: rows n1,n2 cols n1,n2``.
    """
    pi, t, p = lib.pi, lib.t_power, lib.parameter * lib.parameter
    return Start(
        [
            -1 + (2 + 8 / pi + 8 / (pi * pi)) * t(2),
            2 * (pi * (pi * (pi + 4) - 12) + 16) / ((pi + 2) * pi * pi) * t(2),
            4 / pi * t(2),
            2 * t(2),
            1 + 8 * p / pi * t(4),
            -4 * p / pi * t(4),
        ],
        {"k": t(-2), "p": p},
        (2, 2, 2, 2, 4, 4),
    )
