r"""Statements for all real k >= k_1, infinity included.

Let t = k^(-1/2), X the proved terms of a branch below orders m, F the reduced gradient,
T a matrix of Laurent polynomials and E = T F' - 1 over the box

    B(t) = { x : |x_j - X_j(t)| <= r_j t^m_j  for all j }.

If for all t in (0, t_1]

    |T F(X)|_i t^-m_i + sum_j |E_ij| t^(m_j - m_i) r_j < r_i,

then by Krawczyk's theorem B(t) holds exactly one zero of F for each such t, F' is
invertible there, and the zeros form one analytic curve.  The left side is bounded by
models on (0, t_1]: T F(X) begins with t^m and E_ij with t^(m_i - m_j + 1) at least,
because exact arithmetic has shown it, so the test succeeds for some t_1 > 0.

The loss along the curve follows from its value at X, since it is stationary, and the
Morse index from the signs of the pivots of each isotypic block over the tube.

Derivations: derivations/models.md.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from flint import arb, arb_mat

from symcrit.arith.balls import ball_of
from symcrit.arith.models import Model, Models
from symcrit.arith.precision import working_precision
from symcrit.certify.exact_branch import (
    Centre,
    ExactBranch,
    RecordedBlock,
)
from symcrit.certify.infinity_statement import (
    Infinity,
    InfinityEvidence,
    variable_of,
)
from symcrit.certify.krawczyk import upper_bound
from symcrit.core.errors import UndecidedError
from symcrit.expand.balance import LeadingTerm
from symcrit.expand.lift import prove_and_expand
from symcrit.landscapes.reduced import Landscape

__all__ = ["Infinity", "InfinityEvidence", "certify_infinity", "check_infinity"]

DEFAULT_ORDER = 18
"""Terms below t^18 are exact.  More let k_1 come closer to the radius of convergence,
and take longer."""

_EXTRA_TERMS = 12
"""Models have so many more terms, as balls."""

_PREC = 256

_RADIUS_BITS = 30
"""Radii are rounded up to so many bits."""

_WIDENINGS = (Fraction(3, 2), Fraction(5, 4), Fraction(5, 4), Fraction(5, 4))
"""A box is this much wider than what it has to hold, in turn."""

_FIRST_SIZE = 4096
"""Where everything that can be proved should be provable."""

_LARGEST_SIZE = 2**40
"""A proof that does not succeed there is given up."""

_SEARCH_STEPS = 7
"""Bisections of log k_1."""


def certify_infinity(
    landscape: Landscape,
    leading: Sequence[LeadingTerm],
    *,
    order: int = DEFAULT_ORDER,
    k_from: Fraction | None = None,
    progress: Callable[[Fraction], None] | None = None,
) -> Infinity | None:
    """Prove that a branch exists for all k >= k_1, with constants and Morse index.

    Args:
        landscape: the landscape.
        leading: limit and leading term of each parameter.
        order: terms below t^order are exact.
        k_from: k_1; by default about the smallest for which all that can be proved for
            huge k is still proved.
        progress: called with each k_1 that is tried.

    Returns:
        The statement; None if the test did not succeed.

    Raises:
        RefutedError: the leading terms are not those of a branch.
        UndecidedError: the branch could not be expanded.

    Example:
        >>> import symcrit
        >>> family = symcrit.family("A")
        >>> found = certify_infinity(
        ...     family.landscape, family.leading, order=6, k_from=Fraction(60)
        ... )
        >>> found.negatives
        {'1': 0, 's_1': 0, 'x_1': 0, 'y_1': 0}
        >>> found.enclosure(arb(100))[0].str(6)
        '[-0.980085 +/- ...]'
    """
    centre = Centre.of(prove_and_expand(landscape, leading, order))
    prover = _Prover(ExactBranch(landscape, centre), progress)
    return prover.prove(k_from) if k_from is not None else prover.search()


def check_infinity(landscape: Landscape, evidence: InfinityEvidence) -> Infinity | None:
    """Prove a statement again, from its evidence alone.

    That the centre begins the series of a branch is shown by exact arithmetic, with the
    matrix T of the evidence; then the test is made with its radii.

    Returns:
        The statement; None if it was not proved.

    Example:
        >>> import symcrit
        >>> family = symcrit.family("A")
        >>> found = certify_infinity(
        ...     family.landscape, family.leading, order=6, k_from=Fraction(60)
        ... )
        >>> check_infinity(family.landscape, found.evidence).negatives["s_1"]
        0
    """
    if evidence.centre.names != landscape.structure.pattern.names:
        return None
    try:
        branch = ExactBranch(landscape, evidence.centre, evidence.inverse)
        if not branch.solves():
            return None
        return _Trial(branch, evidence.k_from, evidence.length, evidence.prec).check(
            evidence.radii
        )
    except UndecidedError:
        return None


class _Prover:
    """Tries values of k_1 for one branch."""

    def __init__(
        self, branch: ExactBranch, progress: Callable[[Fraction], None] | None
    ) -> None:
        self.branch = branch
        self.progress = progress

    def search(self) -> Infinity | None:
        """The statement with about the smallest k_1."""
        size = Fraction(_FIRST_SIZE)
        while (best := self.prove(size)) is None:
            size *= 16
            if size > _LARGEST_SIZE:
                return None
        top, bottom = size, Fraction(1)
        for _ in range(_SEARCH_STEPS):
            middle = Fraction(math.isqrt(int(bottom * top)))
            if middle in (bottom, top):
                break
            found = self.prove(middle)
            if found is not None and _says_as_much(found, best):
                best, top = found, middle
            else:
                bottom = middle
        return best

    def prove(self, k_from: Fraction) -> Infinity | None:
        """The statement for one k_1; None if the test does not succeed."""
        if self.progress is not None:
            self.progress(k_from)
        length = max(self.branch.centre.orders) + _EXTRA_TERMS
        try:
            return _Trial(self.branch, k_from, length, _PREC).search()
        except UndecidedError:
            return None


@dataclass(frozen=True)
class _Tested:
    """What the Krawczyk test found for radii r.

    Attributes:
        needed: bounds of the left side of the test.
        spreads: the numbers sum_j E_ij t^(m_j - m_i) y_j with |y_j| <= r_j, as models.
    """

    needed: list[arb]
    spreads: list[Model]


class _Trial:
    """The test for one k_1.

    Raises:
        UndecidedError: a root, an angle or a quotient may not exist at the centre or,
            in other methods, in the box.
    """

    def __init__(
        self, branch: ExactBranch, k_from: Fraction, length: int, prec: int
    ) -> None:
        self.branch, self.k_from, self.prec = branch, k_from, prec
        self.orders = branch.centre.orders
        with working_precision(prec):
            end = variable_of(ball_of(k_from), branch.centre.ramification)
            self.lib = Models(end, length)
            self.moves = self._moves()
            self.offsets = [upper_bound(x.range(0)) for x in self.moves]

    def search(self) -> Infinity | None:
        """Find radii for which the test succeeds."""
        with working_precision(self.prec):
            total = sum(self.offsets, arb(0))
            least = (total if total > 0 else arb(1)) * arb(2) ** -_RADIUS_BITS
            needed = [x.max(least) for x in self.offsets]
            for widening in _WIDENINGS:
                if not all(x.is_finite() for x in needed):
                    return None
                radii = [_rounded(x * ball_of(widening)) for x in needed]
                tested = self._test(radii)
                if _inside(tested.needed, radii):
                    return self._statement(radii, tested)
                needed = tested.needed
        return None

    def check(self, radii: Sequence[arb]) -> Infinity | None:
        """Make the test with given radii."""
        with working_precision(self.prec):
            tested = self._test(radii)
            if not _inside(tested.needed, radii):
                return None
            return self._statement(radii, tested)

    def _statement(self, radii: Sequence[arb], tested: _Tested) -> Infinity:
        branch, moves = self.branch, self.moves
        tails = tuple(-x + y for x, y in zip(moves, tested.spreads, strict=True))
        bounds = [upper_bound(x.range(0)) for x in tails]
        image = tuple(
            x if x < y else y for x, y in zip(bounds, tested.needed, strict=True)
        )
        loss = self._loss(image)
        order = branch.loss_order
        if loss.order is not None:
            order = min(order, loss.order)
        evidence = InfinityEvidence(
            branch.centre,
            branch.inverse,
            self.k_from,
            tuple(radii),
            self.lib.length,
            self.prec,
        )
        return Infinity(
            evidence=evidence,
            image=image,
            tails=tails,
            contraction=branch.contraction,
            loss=loss,
            loss_terms=tuple(x for x in branch.loss_terms if x[0] < order),
            loss_order=order,
            loss_rest=loss.beyond(order),
            spurious=bool(loss.range() > 0),
            negatives={b.name: self._negative(b, image) for b in branch.blocks},
        )

    def _moves(self) -> list[Model]:
        """T F(X) t^-m; that T F(X) begins with t^m is what proves the series."""
        lib = self.lib
        found = self.branch.at(lib, self.branch.moves, None, prec=self.prec)
        return [
            x.raised(m) * lib.t_power(-m)
            for x, m in zip(found, self.orders, strict=True)
        ]

    def _test(self, radii: Sequence[arb]) -> _Tested:
        """The left side of the test: T F(X) and E over the box, scaled."""
        branch, lib, m, n = self.branch, self.lib, self.orders, len(radii)
        nodes = [x for row in branch.errors for x in row]
        found = branch.at(lib, nodes, radii, prec=self.prec)
        errors = [
            [found[i * n + j] * lib.t_power(m[j] - m[i]) for j in range(n)]
            for i in range(n)
        ]
        bounds = arb_mat([[upper_bound(x.range(0)) for x in row] for row in errors])
        spread = (bounds * arb_mat(n, 1, list(radii))).entries()
        needed = [upper_bound(x + y) for x, y in zip(spread, self.offsets, strict=True)]
        return _Tested(needed, [self._spread(row, radii) for row in errors])

    def _spread(self, errors: Sequence[Model], radii: Sequence[arb]) -> Model:
        gain = self.branch.contraction
        total = arb(0)
        for x, r in zip(errors, radii, strict=True):
            if not x.is_zero:
                total = total + upper_bound(x.range(gain)) * r
        return Model(self.lib, gain, [], gain, arb(0, total.upper()))

    def _loss(self, image: Sequence[arb]) -> Model:
        """L(X) - (1/2) sum c_i F'_ij e_i e_j, with e = X - x in the tube."""
        branch, lib = self.branch, self.lib
        (loss,) = branch.at(lib, [branch.loss], None, prec=self.prec)
        nodes = [x for row in branch.slopes for x in row]
        slopes = iter(branch.at(lib, nodes, image, prec=self.prec))
        for p, x in zip(self.orders, image, strict=True):
            for q, y in zip(self.orders, image, strict=True):
                slope = next(slopes)
                if not slope.is_zero:
                    order = slope.low + p + q
                    size = upper_bound(slope.range()) * x * y / 2
                    loss = loss + Model(lib, order, [], order, arb(0, size.upper()))
        return loss

    def _negative(self, block: RecordedBlock, image: Sequence[arb]) -> int | None:
        """The number of negative pivots, for the whole tube."""
        if block.pivots is None:
            return None
        nodes = [*block.pivots, *block.norms]
        try:
            found = self.branch.at(self.lib, nodes, image, prec=self.prec)
        except UndecidedError:
            return None
        count = len(block.pivots)
        values = [x.range() for x in found]
        if not all(x > 0 for x in values[count:]):
            return None
        negative = sum(1 for x in values[:count] if x < 0)
        positive = sum(1 for x in values[:count] if x > 0)
        return negative if negative + positive == count else None


def _inside(needed: Sequence[arb], radii: Sequence[arb]) -> bool:
    return all(x.is_finite() and x < r for x, r in zip(needed, radii, strict=True))


def _rounded(x: arb) -> arb:
    """A short exact number that is not smaller."""
    with working_precision(_RADIUS_BITS):
        return upper_bound(x)


def _says_as_much(found: Infinity, best: Infinity) -> bool:
    """Whether all that one statement says is said by another as well."""
    if best.spurious and not found.spurious:
        return False
    return all(
        number is None or found.negatives[name] == number
        for name, number in best.negatives.items()
    )
