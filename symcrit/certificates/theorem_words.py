"""A theorem for all k in English, from its claim alone by a fixed rule."""

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from fractions import Fraction
from itertools import groupby
from typing import Any

from symcrit.symmetry.patterns import Pattern

__all__ = ["is_shown_rightly", "theorem_sentences"]

_SHOWN = 13
"""So many characters of a threshold are shown."""

_PLAIN = re.compile(r"[0-9]+\.[0-9]+")


def theorem_sentences(claim: Mapping[str, Any]) -> list[str]:
    """The sentences that say what a claim says.

    Args:
        claim: the fields ``family``, ``kernel``, ``target``, ``pattern``, ``limit``,
            ``k_min``, ``index``, ``loss``, ``crossings``, ``complete_from`` and
            ``followed_above`` of a claim about all k.  The family's name is quoted: it
            is a label only.

    Raises:
        InputError: the pattern is none.
    """
    return [_existence(claim), *_indices(claim), *_thresholds(claim)]


def _existence(claim: Mapping[str, Any]) -> str:
    target = ", ".join(f"{name} = {x}" for name, x in sorted(claim["target"].items()))
    target = target or "zero"
    limit = ", ".join(f"{name} = {x}" for name, x in claim["limit"].items())
    return (
        f"For every real k >= {claim['k_min']} the family here called"
        f" {json.dumps(claim['family'])} (kernel {claim['kernel']},"
        f" target {target}, pattern {claim['pattern']})"
        " has exactly one critical point in an explicit tube;"
        f" these points form one analytic curve, which tends to {limit} as k grows."
    )


def _indices(claim: Mapping[str, Any]) -> Iterator[str]:
    """Where the family is a minimum, and where a saddle."""
    positive = claim["loss"]["positive_from"]
    reached = _is_target_reached(claim["pattern"])
    for kind, group in groupby(claim["index"], key=lambda entry: entry["minimum"]):
        entries = list(group)
        names = ", ".join(
            f"every integer k >= {x['from']}"
            if x["to"] is None
            else f"{'' if i else 'k = '}{x['from']}"
            for i, x in enumerate(entries)
        )
        if kind is None:
            yield f"Its index was not decided for {names}."
        elif kind:
            least = min(x["from"] for x in entries)
            above = positive is not None and Fraction(positive) <= least
            spurious = above and reached
            word = ", not a global one," if spurious else ""
            yield f"It is a strict local minimum{word} for {names}."
        else:
            indices = ", ".join(x["morse_index"] or "undecided" for x in entries)
            yield f"It is a saddle for {names}, of Morse index {indices}."


def _is_target_reached(pattern: str) -> bool:
    """Whether some weights have the loss zero: those of the target.

    That is so if its blocks are among those of the rows; other rows may be zero.
    """
    found = Pattern.parse(pattern)
    rows, target = (Counter(b.group for b in x) for x in (found.rows, found.targets))
    return target <= rows


def _thresholds(claim: Mapping[str, Any]) -> Iterator[str]:
    """Where signs change, as far as the list is complete."""
    complete = claim["complete_from"]
    if complete is None:
        return
    passed = [
        f"k = {x['k']['mid'][:_SHOWN]}... (component {x['component']},"
        f" {x['negative_below']} negative below, {x['negative_above']} above)"
        for x in claim["crossings"]
        if Fraction(x["k"]["mid"]) > Fraction(complete)
    ]
    where = _ranges(complete, claim["followed_above"])
    yield (
        f"The signs of the Hessian change exactly at {', '.join(passed)}, {where}."
        if passed
        else f"No eigenvalue of the Hessian vanishes {where}."
    )


def _ranges(complete: str, above: Mapping[str, str]) -> str:
    """For which k each component is spoken of: where it has all its copies."""
    late = sorted(
        (Fraction(x), name)
        for name, x in above.items()
        if Fraction(x) >= Fraction(complete)
    )
    if not late:
        return f"for real k >= {complete}"
    early = sorted(above.keys() - {name for _, name in late})
    parts = [f"k >= {complete} on component {', '.join(early)}"] if early else []
    for k, group in groupby(late, key=lambda x: x[0]):
        parts.append(f"k > {k} on component {', '.join(name for _, name in group)}")
    return f"for real {' and '.join(parts)}"


def is_shown_rightly(k: Mapping[str, str], complete: str | None) -> bool:
    """Whether what the sentences show of a threshold holds in all of its ball.

    The shown digits have to be those of each number in the ball, and each number has to
    be on the same side of where the list of thresholds begins.

    Args:
        k: a ball, with the fields ``mid`` and ``rad``.
        complete: from where on the list is complete, or None.

    Example:
        >>> is_shown_rightly({"mid": "5.76381273491957", "rad": "1e-14"}, "3")
        True
        >>> is_shown_rightly({"mid": "5.76381273491957", "rad": "1e-3"}, "3")
        False
    """
    middle, radius = Fraction(k["mid"]), Fraction(k["rad"])
    low, high = middle - radius, middle + radius
    if complete is not None and low <= Fraction(complete) <= high:
        return False
    text = k["mid"][:_SHOWN]
    if not _PLAIN.fullmatch(text):
        return False
    unit = Fraction(1, 10 ** len(text.partition(".")[2]))
    return Fraction(text) <= low and high < Fraction(text) + unit
