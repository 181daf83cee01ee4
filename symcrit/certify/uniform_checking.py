"""Check a theorem for all k from its certificate, without any search.

From the claim come the landscape and the isotypic components; from the evidence the
terms of the series, tubes, bases and boxes, which are taken as proposals.  Every test
is made again: the statement near infinity, each tube, each joint, each piece of
constant signs, each threshold.  From what was proved the claim is computed once more
and compared with the recorded one: a recorded bound may be larger than need be, a ball
wider, and everything else has to be the same.

Derivations: derivations/uniform.md.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import pairwise
from typing import Any

from symcrit.arith.decimals import as_fraction
from symcrit.arith.precision import working_precision
from symcrit.certificates.documents import read_sealed
from symcrit.certificates.texts import DecimalBall
from symcrit.certificates.theorem_words import is_shown_rightly, theorem_sentences
from symcrit.certify.bounds import prove_bounds
from symcrit.certify.checking import CheckResult
from symcrit.certify.crossings import SingularPoint, check_crossing
from symcrit.certify.ends import check_sizes_grow, smallest_size
from symcrit.certify.indices import ComponentSigns, enclosure_over, passages_of
from symcrit.certify.inertia import BlockCurve, SignPiece, block_curves, last_break
from symcrit.certify.infinity import check_infinity
from symcrit.certify.infinity_data import read_infinity
from symcrit.certify.infinity_statement import Infinity, InfinityEvidence
from symcrit.certify.krawczyk import Hypothesis
from symcrit.certify.stretches import InK, Stretch
from symcrit.certify.theorems import FamilyTheorem
from symcrit.certify.tubes import check_tube
from symcrit.certify.uniform import UniformTheorem, joins_infinity
from symcrit.certify.uniform_data import RecordedStretch, read_signs, read_stretches
from symcrit.core.errors import InputError, SymcritError
from symcrit.core.truth import Truth
from symcrit.landscapes.gram import Structure
from symcrit.landscapes.kernels import kernel_named
from symcrit.landscapes.reduced import Landscape
from symcrit.spectra.sizes import as_ball
from symcrit.symmetry.components import Component, decompose
from symcrit.symmetry.patterns import Pattern

__all__ = ["check_theorem"]

_SAME = ("family", "kernel", "pattern", "target", "limit", "followed_above")
"""Fields of a claim that are compared as they are, together with the index."""

_RATIO_TOLERANCE = Fraction(1, 1000)
"""A ratio is written with four digits."""

_BITS = 128
"""The precision of coefficients that recorded numbers are compared with."""


def check_theorem(document: object, *, where: str) -> CheckResult:
    """Check a certificate of a theorem for all k.

    Args:
        document: the JSON document.
        where: what to call it in an error message.

    Raises:
        InputError: the document breaks its schema or its hash, pattern or target are
            none, or lists do not fit together.
    """
    sealed = read_sealed(document, "uniform", where=where)
    claim = sealed["claim"]
    words = " ".join(theorem_sentences(claim))
    found = [_fact("the words say what the claim says", sealed["words"] == words)]
    checker = _Checker.read(_landscape(claim), sealed["evidence"], where)
    theorem = checker.rebuild() if found[0].holds.is_true else None
    found += checker.findings
    if theorem is not None:
        found += _compare_claim(claim, theorem)
    return CheckResult.of(found, str(sealed["words"]))


def _landscape(claim: Mapping[str, Any]) -> Landscape:
    pattern = Pattern.parse(claim["pattern"])
    if pattern.variables != {"k"}:
        message = f"the sizes of the pattern {claim['pattern']!r} should depend on k"
        raise InputError(message)
    target = {name: Fraction(x) for name, x in claim["target"].items()}
    found = Landscape(kernel_named(claim["kernel"]), Structure.build(pattern, target))
    check_sizes_grow(found)
    return found


@dataclass
class _Checker:
    """Proves the parts of a theorem, one after the other.

    Attributes:
        landscape: the landscape of the claim.
        infinity: the recorded evidence near infinity.
        stretches: the recorded tubes.
        signs: the recorded pieces and singular points, by component.
        findings: what was found.
    """

    landscape: Landscape
    infinity: InfinityEvidence
    stretches: Sequence[RecordedStretch]
    signs: Mapping[str, tuple[list[SignPiece], list[SingularPoint]]]
    findings: list[Hypothesis] = field(default_factory=list)

    @classmethod
    def read(
        cls, landscape: Landscape, evidence: Mapping[str, Any], where: str
    ) -> "_Checker":
        """Read the evidence; nothing is computed yet.

        Raises:
            InputError: lists do not fit together, or hold what is no number.
        """
        count = len(landscape.orbit_counts)
        sizes = {
            c.name: len(c.copies)
            for c in decompose(landscape.structure.pattern).components
        }
        strangers = sorted(set(evidence["signs"]) - set(sizes))
        if strangers:
            message = f"{where}: the pattern has no component {strangers[0]}"
            raise InputError(message)
        document, place = evidence["infinity"], f"{where}: evidence.infinity"
        if "claims" in document:
            message = f"{place}: claims are no evidence, and have no place here"
            raise InputError(message)
        return cls(
            landscape,
            read_infinity(document, where=place),
            read_stretches(evidence["stretches"], count),
            {
                name: read_signs(signs, sizes[name], count)
                for name, signs in evidence["signs"].items()
            },
        )

    def rebuild(self) -> UniformTheorem | None:
        """The theorem that the evidence proves; None if some part was not proved."""
        if not self._is_covered():
            return None
        infinity = self._infinity()
        if infinity is None:
            return None
        stretches = self._stretches(infinity)
        if stretches is None:
            return None
        signs = self._signs(stretches)
        if signs is None:
            return None
        return UniformTheorem(
            self.landscape, infinity, tuple(stretches), tuple(signs), None, ""
        )

    @property
    def _components(self) -> dict[str, Component]:
        """The components that have all their copies somewhere on the tubes."""
        if not self.stretches:
            return {}
        top = self.stretches[0].high
        return {
            c.name: c
            for c in decompose(self.landscape.structure.pattern).components
            if last_break(self.landscape, c) < top
        }

    def _lowest(self, component: Component) -> Fraction:
        return max(last_break(self.landscape, component), self.stretches[-1].low)

    def _is_covered(self) -> bool:
        """Whether the pieces of all components leave no gap, and the sizes are good."""
        lowest = self.stretches[-1].low if self.stretches else self.infinity.k_from
        good = lowest > smallest_size(self.landscape)
        if not self._tell("all sizes are those of the pattern", good):
            return False
        components = self._components
        names = ", ".join(components)
        same = set(self.signs) == set(components)
        if not self._tell(f"the components are {names}", same):
            return False
        return all(
            self._tell(
                f"the pieces of {name} leave no gap",
                _covers(self.signs[name][0], self._lowest(c), self.stretches[0].high),
            )
            for name, c in components.items()
        )

    def _tell(self, name: str, holds: bool, detail: str = "") -> bool:
        truth = Truth.of(true=holds, false=False)
        self.findings.append(Hypothesis(name, truth, "" if holds else detail))
        return holds

    def _infinity(self) -> Infinity | None:
        with working_precision(self.infinity.prec):
            exact = as_ball(self.infinity.k_from).is_exact()
        if not self._tell("k_1 has not more binary digits than are kept", exact):
            return None
        found = check_infinity(self.landscape, self.infinity)
        self._tell("the statement for all k >= k_1", holds=found is not None)
        return found

    def _stretches(self, infinity: Infinity) -> list[Stretch] | None:
        proved = []
        for stretch in self.stretches:
            found = self._stretch(stretch)
            name = f"each k in [{_shown(stretch.low)}, {_shown(stretch.high)}]"
            if found is None:
                self._tell(f"{name} has one critical point in the tube", holds=False)
                return None
            proved.append(found)
        self._tell(f"{len(proved)} tubes hold one critical point each", holds=True)
        joined = not proved or joins_infinity(infinity, proved[0])
        joined = joined and all(a.joins(b) for a, b in pairwise(proved))
        return proved if self._tell("the tubes are joined", joined) else None

    def _stretch(self, recorded: RecordedStretch) -> Stretch | None:
        tube = check_tube(
            InK.at_precision(
                self.landscape, recorded.low, recorded.high, recorded.prec
            ),
            recorded.centre,
            recorded.radii,
            recorded.preconditioner,
            order=recorded.order,
            prec=recorded.prec,
        )
        return None if tube is None else Stretch(recorded.low, recorded.high, tube)

    def _signs(self, stretches: Sequence[Stretch]) -> list[ComponentSigns] | None:
        pieces_of = {name: pieces for name, (pieces, _) in self.signs.items()}
        if not self._check_pieces(stretches, pieces_of):
            return None
        found = []
        for name, component in self._components.items():
            pieces, singular = self.signs[name]

            def prove(
                piece: SignPiece,
                component: Component = component,
                singular: Sequence[SingularPoint] = singular,
            ) -> SingularPoint | None:
                return self._threshold(stretches, component, singular, piece)

            passages, low = passages_of(pieces, prove)
            found.append(
                ComponentSigns(
                    component,
                    tuple(pieces),
                    tuple(passages),
                    low,
                    self._lowest(component),
                )
            )
        return found

    def _check_pieces(
        self,
        stretches: Sequence[Stretch],
        pieces_of: Mapping[str, Sequence[SignPiece]],
    ) -> bool:
        """Whether each piece has the signs that are recorded."""
        components = decompose(self.landscape.structure.pattern)
        proved = 0
        for stretch in stretches:
            mine = {
                name: [
                    piece
                    for piece in pieces
                    if piece.negative is not None
                    and stretch.low < piece.high <= stretch.high
                ]
                for name, pieces in pieces_of.items()
            }
            wanted = [components[name] for name, pieces in mine.items() if pieces]
            try:
                curves = block_curves(self.landscape, stretch, wanted)
            except ArithmeticError:
                curves = []
            by_name = {curve.component.name: curve for curve in curves}
            for component in wanted:
                name = component.name
                curve = by_name.get(name)
                for piece in mine[name]:
                    if curve is None or not _has_signs(curve, stretch, piece):
                        where = f"[{_shown(piece.low)}, {_shown(piece.high)}]"
                        return self._tell(
                            f"{name} has {piece.negative} negative eigenvalues for all"
                            f" k in {where}",
                            holds=False,
                        )
                    proved += 1
        expected = sum(
            piece.negative is not None
            for pieces in pieces_of.values()
            for piece in pieces
        )
        return self._tell(f"{expected} pieces have constant signs", proved == expected)

    def _threshold(
        self,
        stretches: Sequence[Stretch],
        component: Component,
        singular: Sequence[SingularPoint],
        piece: SignPiece,
    ) -> SingularPoint | None:
        """The recorded singular point of an open piece, if it is proved."""
        for point in singular:
            if (point.low, point.high) == (piece.low, piece.high):
                hull = enclosure_over(stretches, piece.low, piece.high)
                found = check_crossing(self.landscape, component, hull, point)
                name = f"{component.name} is singular once near {_shown(piece.low)}"
                self._tell(name, found is not None)
                return found
        return None


def _shown(k: Fraction) -> str:
    """A number for a message, whatever its size."""
    with working_precision(_BITS):
        return str(as_ball(k).str(9, radius=False))


def _covers(pieces: Sequence[SignPiece], lowest: Fraction, top: Fraction) -> bool:
    """Whether pieces go from the top to the bottom without gaps."""
    return (
        bool(pieces)
        and pieces[0].high == top
        and pieces[-1].low == lowest
        and all(piece.low < piece.high for piece in pieces)
        and all(above.low == below.high for above, below in pairwise(pieces))
        and all((x.negative is None) == (x.basis is None) for x in pieces)
    )


def _has_signs(curve: BlockCurve, stretch: Stretch, piece: SignPiece) -> bool:
    width = stretch.high - stretch.low
    low, high = (
        (2 * k - stretch.high - stretch.low) / width for k in (piece.low, piece.high)
    )
    if piece.basis is None or not -1 <= low < high <= 1:
        return False
    return curve.negatives(piece.basis, low, high) == piece.negative


# ------------------------------------------------------------------------- the claim


def _compare_claim(
    claim: Mapping[str, Any], theorem: UniformTheorem
) -> Iterator[Hypothesis]:
    """The recorded claim against what was proved."""
    orders = {bound["order"] for bound in claim["bounds"].values()}
    if len(orders) != 1 or not isinstance(order := orders.pop(), int):
        yield _fact("all bounds have one order, an integer", holds=False)
        return
    try:
        proved = FamilyTheorem(claim["family"], theorem, prove_bounds(theorem, order))
        again = proved.claim
    except (SymcritError, ArithmeticError) as error:
        yield Hypothesis("the bounds", Truth.UNKNOWN, str(error))
        return
    for name in _SAME:
        yield _fact(f"{name} is as proved", claim[name] == again[name])
    yield _at_least("k_min", claim["k_min"], again["k_min"])
    yield _at_least("complete_from", claim["complete_from"], again["complete_from"])
    yield from _compare_bounds(claim, proved)
    yield from _compare_loss(claim["loss"], again["loss"])
    yield from _compare_index(claim["index"], again["index"])
    yield from _compare_crossings(claim, proved)


def _fact(name: str, holds: bool) -> Hypothesis:
    return Hypothesis(name, Truth.of(true=holds, false=not holds))


def _at_least(name: str, recorded: str | None, proved: str | None) -> Hypothesis:
    """Whether a number from which on something holds is none that is too small."""
    if recorded is None:
        holds = True
    else:
        holds = proved is not None and Fraction(recorded) >= Fraction(proved)
    return Hypothesis(
        f"{name} is not below what was proved",
        Truth.of(true=holds, false=False),
        "" if holds else f"recorded {recorded}, proved {proved}",
    )


def _compare_bounds(
    claim: Mapping[str, Any], proved: FamilyTheorem
) -> Iterator[Hypothesis]:
    """A constant below the coefficient that comes next is false, or another ratio."""
    quantities = proved.bounds.quantities
    again = proved.claim["bounds"]
    same = set(claim["bounds"]) == set(quantities)
    yield _fact("the bounds are those of all parameters and the loss", same)
    if not same:
        return
    for name, bound in claim["bounds"].items():
        for key in ("terms", "next"):
            yield _fact(f"{key} of {name}", bound[key] == again[name][key])
        recorded = Fraction(bound["constant"])
        following = abs(quantities[name].next.ball(_BITS))
        least, most = as_fraction(following.lower()), as_fraction(following.upper())
        yield Hypothesis(
            f"the constant of {name} is not below what was proved",
            Truth.of(
                true=recorded >= Fraction(again[name]["constant"]),
                false=recorded < least,
            ),
            f"recorded {bound['constant']}, proved {again[name]['constant']}",
        )
        ratio = bound["ratio"]
        yield _fact(
            f"the ratio of {name} is its constant relative to the next coefficient",
            ratio is None or _is_ratio(Fraction(ratio), recorded, most),
        )


def _is_ratio(ratio: Fraction, constant: Fraction, following: Fraction) -> bool:
    """Whether a rounded ratio is that of a constant to a coefficient."""
    near = 1 - _RATIO_TOLERANCE, 1 + _RATIO_TOLERANCE
    return near[0] * constant <= ratio * following <= near[1] * constant


def _compare_loss(
    claim: Mapping[str, Any], proved: Mapping[str, Any]
) -> Iterator[Hypothesis]:
    yield _fact("the exponent of the loss", claim["exponent"] == proved["exponent"])
    yield _at_least("positive_from", claim["positive_from"], proved["positive_from"])
    yield _at_least("lower_from", claim["lower_from"], proved["lower_from"])
    low = Fraction(claim["lower"]) <= Fraction(proved["lower"])
    high = Fraction(claim["upper"]) >= Fraction(proved["upper"])
    for name, holds in (("lower", low), ("upper", high)):
        yield Hypothesis(
            f"the {name} bound of the loss is one that was proved",
            Truth.of(true=holds, false=False),
            f"recorded {claim[name]}, proved {proved[name]}",
        )


def _compare_index(
    claim: Sequence[Mapping[str, Any]], proved: Sequence[Mapping[str, Any]]
) -> Iterator[Hypothesis]:
    """The index at every integer; a number other than the proved one is false."""
    ranges = [[x["from"], x["to"]] for x in claim]
    same = ranges == [[x["from"], x["to"]] for x in proved]
    yield Hypothesis(
        "the index is told for the integers for which it was proved",
        Truth.of(true=same, false=False),
    )
    if not same:
        return
    for recorded, found in zip(claim, proved, strict=True):
        for key in ("negative", "morse_index", "minimum"):
            open_ = found[key] is None
            holds = recorded[key] == found[key]
            yield Hypothesis(
                f"{key} from k = {found['from']} on",
                Truth.of(true=holds, false=not holds and not open_),
                f"recorded {recorded[key]}, proved {found[key]}",
            )


def _compare_crossings(
    claim: Mapping[str, Any], proved: FamilyTheorem
) -> Iterator[Hypothesis]:
    recorded, again = claim["crossings"], proved.claim["crossings"]
    keys = ("component", "multiplicity", "negative_below", "negative_above")
    same = [[x[key] for key in keys] for x in recorded] == [
        [x[key] for key in keys] for x in again
    ]
    yield _fact("the thresholds are those that were proved", same)
    if not same:
        return
    for x, (component, passage) in zip(recorded, proved.passages, strict=True):
        ball = DecimalBall(x["k"]["mid"], x["k"]["rad"])
        k = passage.singular.k
        yield Hypothesis(
            f"the ball of the threshold of {component.name}",
            Truth.of(true=ball.contains(k), false=ball.misses(k)),
        )
        shown = is_shown_rightly(x["k"], claim["complete_from"])
        yield Hypothesis(
            f"the words say of the threshold of {component.name} what its ball says",
            Truth.of(true=shown, false=False),
        )
