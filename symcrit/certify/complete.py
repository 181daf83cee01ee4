"""A complete list of thresholds, from a theorem for all k.

Derivations: derivations/uniform.md.
"""

import math

from symcrit.arith.decimals import as_fraction
from symcrit.certify.ends import End
from symcrit.certify.theorems import decimal_above
from symcrit.certify.thresholds import Crossing, Thresholds
from symcrit.certify.uniform import UniformTheorem
from symcrit.core.truth import Truth

__all__ = ["complete_thresholds"]


def complete_thresholds(theorem: UniformTheorem) -> Thresholds:
    """The thresholds on the curve of a theorem, all of them from some k to infinity.

    Below that k there may be others; those that were proved are listed as well.

    Args:
        theorem: the theorem.
    """
    found = [
        Crossing(
            p.singular.k,
            s.component.name,
            s.component.dimension,
            p.negative_below,
            p.negative_above,
            Truth.TRUE,
        )
        for s in theorem.signs
        for p in s.passages
    ]
    found.sort(key=lambda crossing: as_fraction(crossing.k), reverse=True)
    low = theorem.complete_from
    end = None
    if theorem.end is not None:
        fold = theorem.end.fold
        end = End(fold.k, "fold", fold.parameters, proved=Truth.TRUE)
    where = decimal_above(theorem.k_min)
    remark = f"the family exists for all real k >= {where}; below: {theorem.stopped}"
    if low is None:
        open_ = [n for n, x in theorem.infinity.negatives.items() if x is None]
        remark = f"signs of {', '.join(open_)} stay open for large k; {remark}"
        low = theorem.k_min
    return Thresholds(
        (low, math.inf), theorem.complete_from is not None, tuple(found), end, remark
    )
