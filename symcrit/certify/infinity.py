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
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from flint import arb, arb_mat

from symcrit.arith.balls import ball_of
from symcrit.arith.exact import Exact
from symcrit.arith.models import Model, Models
from symcrit.arith.precision import working_precision
from symcrit.arith.recording import Node
from symcrit.certify.exact_branch import ExactBranch, model_of
from symcrit.certify.krawczyk import upper_bound
from symcrit.core.errors import UndecidedError
from symcrit.expand.balance import LeadingTerm
from symcrit.expand.lift import prove_and_expand
from symcrit.landscapes.reduced import Landscape

__all__ = ["Infinity", "certify_infinity"]

DEFAULT_ORDER = 12
"""Terms below t^12 are exact.  More let k_1 come closer to the radius of convergence,
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


@dataclass(frozen=True)
class Infinity:
    """A branch for all real k >= k_from, with its proof; u = k^(-1/(2 e)).

    Attributes:
        names: the parameters.
        ramification: e; mostly 1, so that u = t = k^(-1/2).
        k_from: k_1.
        centre: X_j: exponents of u and exact coefficients.
        orders: m_j.
        radii: r_j, exact: for each real k >= k_1 there is exactly one critical point
            with |x_j - X_j(u)| <= r_j u^m_j for all j.
        image: exact bounds rho_j < r_j: the critical point has |x_j - X_j(u)| <= rho_j
            u^m_j.
        tails: (x_j - X_j(u)) / u^m_j at the critical point, as models.
        contraction: the exponent of u that a Krawczyk step gains.
        loss: the loss at the critical point, a model; it is positive if ``spurious``.
        spurious: whether the loss was proved to be positive.
        negatives: by isotypic component, the number of negative eigenvalues of its
            block, all others being positive; None if a sign is open.
        prec: the working precision in bits.
    """

    names: tuple[str, ...]
    ramification: int
    k_from: Fraction
    centre: tuple[tuple[tuple[int, Exact], ...], ...]
    orders: tuple[int, ...]
    radii: tuple[arb, ...]
    image: tuple[arb, ...]
    tails: tuple[Model, ...]
    contraction: int
    loss: Model
    spurious: bool
    negatives: Mapping[str, int | None]
    prec: int

    def variable(self, k: arb) -> arb:
        """The variable u = k^(-1/(2 e)), with bits enough for its powers.

        Raises:
            ValueError: some point of the ball is smaller than k_from.
        """
        with working_precision(self._precision(k)):
            if not (k >= ball_of(self.k_from)):
                msg = f"the statement holds from k = {self.k_from} on"
                raise ValueError(msg)
            return _variable(k, self.ramification)

    def _precision(self, k: arb) -> int:
        """The bits of the largest power of 1/u that is needed, and those of balls."""
        mantissa, exponent = k.abs_upper().man_exp()
        bits = max(int(mantissa).bit_length() + int(exponent), 0)
        return self.prec + bits * max(self.orders) // (2 * self.ramification)

    def enclosure(self, k: arb) -> list[arb]:
        """Balls that contain the critical points for all k in a ball.

        Raises:
            ValueError: some point of the ball is smaller than k_from.
        """
        u, centre = self.variable(k), self.centre_at(k)
        with working_precision(self._precision(k)):
            return [
                x + _power(u, m) * tail.at(u)
                for x, m, tail in zip(centre, self.orders, self.tails, strict=True)
            ]

    def centre_at(self, k: arb) -> list[arb]:
        """X at the sizes in a ball.

        Raises:
            ValueError: some point of the ball is smaller than k_from.
        """
        u, prec = self.variable(k), self._precision(k)
        with working_precision(prec):
            lib = self.loss.lib
            return [model_of(lib, terms, prec).at(u) for terms in self.centre]

    def holds(self, point: Sequence[arb], k: arb) -> bool:
        """Whether a point certainly lies in the box of each k of a ball.

        If it is a critical point for such a k, it then is the point of the branch.
        """
        try:
            u, centre = self.variable(k), self.centre_at(k)
        except ValueError:
            return False
        with working_precision(self._precision(k)):
            return all(
                abs(x - y) < r * _power(u, m)
                for x, y, r, m in zip(
                    point, centre, self.radii, self.orders, strict=True
                )
            )

    def loss_at(self, k: arb) -> arb:
        """A ball that contains the losses for all k in a ball."""
        u = self.variable(k)
        with working_precision(self.prec):
            return self.loss.at(u)

    def constant(self, name: str, m: int, k_from: Fraction | None = None) -> arb:
        """C with |x_j - sum of the terms below u^m| <= C u^m for all k >= k_from.

        Args:
            name: a parameter.
            m: an exponent up to the order of the parameter.
            k_from: where the statement begins; by default k_1.
        """
        j = self.names.index(name)
        with working_precision(self.prec):
            tail = self.tails[j]
            if k_from is not None and k_from > self.k_from:
                end = _variable(ball_of(k_from), self.ramification)
                tail = tail.on(Models(end, tail.lib.length))
            lib = tail.lib
            known = [(n, c) for n, c in self.centre[j] if n >= m]
            tail = tail * lib.t_power(self.orders[j])
            return upper_bound((model_of(lib, tuple(known), self.prec) + tail).range(m))


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
    expansion = prove_and_expand(landscape, leading, order)
    prover = _Prover(ExactBranch(landscape, expansion), progress)
    return prover.prove(k_from) if k_from is not None else prover.search()


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
            middle = _between(bottom, top)
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
        with working_precision(_PREC):
            end = _variable(ball_of(k_from), self.branch.ramification)
            lib = Models(end, max(self.branch.orders) + _EXTRA_TERMS)
            try:
                return self._statement(lib, k_from)
            except (UndecidedError, ArithmeticError):
                return None

    def _statement(self, lib: Models, k_from: Fraction) -> Infinity | None:
        branch = self.branch
        moves = self._moves(lib)
        found = self._box(lib, moves)
        if found is None:
            return None
        radii, spreads = found
        tails = tuple(-x + y for x, y in zip(moves, spreads, strict=True))
        image = tuple(upper_bound(x.range(0)) for x in tails)
        assert all(x < r for x, r in zip(image, radii, strict=True))
        loss = self._loss(lib, image)
        return Infinity(
            names=branch.names,
            ramification=branch.ramification,
            k_from=k_from,
            centre=tuple(branch.terms),
            orders=tuple(branch.orders),
            radii=radii,
            image=image,
            tails=tails,
            contraction=branch.contraction,
            loss=loss,
            spurious=bool(loss.range() > 0),
            negatives=self._negatives(lib, image),
            prec=_PREC,
        )

    def _moves(self, lib: Models) -> list[Model]:
        """T F(X) t^-m; that T F(X) begins with t^m is what proved the series."""
        branch = self.branch
        found = branch.at(lib, branch.moves, None, prec=_PREC)
        return [
            x.raised(m) * lib.t_power(-m)
            for x, m in zip(found, branch.orders, strict=True)
        ]

    def _box(
        self, lib: Models, moves: Sequence[Model]
    ) -> tuple[tuple[arb, ...], list[Model]] | None:
        """Radii r for which the test succeeds, and models of sum_j E_ij r_j."""
        offsets = [upper_bound(x.range(0)) for x in moves]
        total = sum(offsets, arb(0))
        least = (total if total > 0 else arb(1)) * arb(2) ** -_RADIUS_BITS
        needed = [x.max(least) for x in offsets]
        for widening in _WIDENINGS:
            radii = [_rounded(x * ball_of(widening)) for x in needed]
            bounds, gains = self._spread(lib, radii)
            n = len(radii)
            column = bounds * arb_mat(n, 1, radii)
            needed = [upper_bound(column[i, 0] + offsets[i]) for i in range(n)]
            if not all(x.is_finite() for x in needed):
                return None
            if all(x < r for x, r in zip(needed, radii, strict=True)):
                spreads = [self._spread_model(lib, gains, i, radii) for i in range(n)]
                return tuple(radii), spreads
        return None

    def _spread(
        self, lib: Models, radii: Sequence[arb]
    ) -> tuple[arb_mat, list[list[Model]]]:
        """Bounds of |E_ij| t^(m_j - m_i) over the box, and the models themselves."""
        branch, places = self.branch, range(len(radii))
        nodes = [x for row in branch.errors for x in row]
        found = branch.at(lib, nodes, radii, prec=_PREC)
        n, m = len(radii), branch.orders
        scaled = [
            [found[i * n + j] * lib.t_power(m[j] - m[i]) for j in places]
            for i in places
        ]
        bounds = [[upper_bound(x.range(0)) for x in row] for row in scaled]
        return arb_mat(bounds), scaled

    def _spread_model(
        self,
        lib: Models,
        errors: Sequence[Sequence[Model]],
        i: int,
        radii: Sequence[arb],
    ) -> Model:
        """The numbers |sum_j E_ij t^(m_j - m_i) y_j|, |y_j| <= r_j, as a model."""
        gain = self.branch.contraction
        total = arb(0)
        for x, r in zip(errors[i], radii, strict=True):
            if not x.is_zero:
                total = total + upper_bound(x.range(gain)) * r
        return Model(lib, gain, [], gain, arb(0, total.upper()))

    def _loss(self, lib: Models, image: Sequence[arb]) -> Model:
        """L(X) - (1/2) sum c_i F'_ij e_i e_j, with e = X - x in the tube."""
        branch, m = self.branch, self.branch.orders
        (loss,) = branch.at(lib, [branch.loss], None, prec=_PREC)
        nodes = [x for row in branch.slopes for x in row]
        slopes = iter(branch.at(lib, nodes, image, prec=_PREC))
        for p, x in zip(m, image, strict=True):
            for q, y in zip(m, image, strict=True):
                slope = next(slopes)
                if not slope.is_zero:
                    order = slope.low + p + q
                    size = upper_bound(slope.range()) * x * y / 2
                    loss = loss + Model(lib, order, [], order, arb(0, size.upper()))
        return loss

    def _negatives(self, lib: Models, image: Sequence[arb]) -> dict[str, int | None]:
        """The inertia of each block, for the whole tube."""
        return {
            block.name: self._inertia(lib, image, block.pivots, block.norms)
            for block in self.branch.blocks
        }

    def _inertia(
        self,
        lib: Models,
        image: Sequence[arb],
        pivots: Sequence[Node] | None,
        norms: Sequence[Node],
    ) -> int | None:
        if pivots is None:
            return None
        try:
            found = self.branch.at(lib, [*pivots, *norms], image, prec=_PREC)
        except (UndecidedError, ArithmeticError):
            return None
        values = [x.range() for x in found]
        count = len(pivots)
        if not all(x > 0 for x in values[count:]):
            return None
        signs = [1 if x > 0 else -1 if x < 0 else 0 for x in values[:count]]
        return None if 0 in signs else signs.count(-1)


def _variable(k: arb, ramification: int) -> arb:
    """k^(-1/(2 e))."""
    return 1 / k.root(2 * ramification)


def _power(u: arb, n: int) -> arb:
    result = arb(1)
    for _ in range(n):
        result = result * u
    return result


def _rounded(x: arb) -> arb:
    """A short exact number that is not smaller."""
    with working_precision(_RADIUS_BITS):
        return upper_bound(x)


def _between(bottom: Fraction, top: Fraction) -> Fraction:
    """An integer near the geometric mean."""
    return Fraction(math.isqrt(int(bottom * top)))


def _says_as_much(found: Infinity, best: Infinity) -> bool:
    """Whether all that one statement says is said by another as well."""
    if best.spurious and not found.spurious:
        return False
    return all(
        number is None or found.negatives[name] == number
        for name, number in best.negatives.items()
    )
