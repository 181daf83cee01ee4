"""What is stated about a branch for all real k >= k_1, and what proves it.

Derivations: derivations/models.md.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from flint import arb

from symcrit.arith.balls import ball_of
from symcrit.arith.models import Model, Models
from symcrit.arith.precision import working_precision
from symcrit.certify.exact_branch import Centre, Terms, model_of
from symcrit.certify.krawczyk import upper_bound

__all__ = ["Infinity", "InfinityEvidence", "variable_of"]


@dataclass(frozen=True)
class InfinityEvidence:
    """All that is needed to prove a statement once more.

    Attributes:
        centre: X_j, m_j and e.
        inverse: T, a matrix of Laurent polynomials.
        k_from: k_1.
        radii: r_j, exact.
        length: the number of coefficients of models.
        prec: the working precision in bits.
    """

    centre: Centre
    inverse: tuple[tuple[Terms, ...], ...]
    k_from: Fraction
    radii: tuple[arb, ...]
    length: int
    prec: int


@dataclass(frozen=True)
class Infinity:
    """A branch for all real k >= k_1, with its proof; u = k^(-1/(2 e)), mostly e = 1.

    For each real k >= k_1 there is exactly one critical point with |x_j - X_j(u)|
    <= r_j u^m_j for all j; these points form one analytic curve.

    Attributes:
        evidence: X_j, m_j, e, k_1, r_j and more.
        image: exact bounds rho_j < r_j: the critical point has |x_j - X_j(u)| <= rho_j
            u^m_j.
        tails: (x_j - X_j(u)) / u^m_j at the critical point, as models.
        contraction: the exponent of u that a Krawczyk step gains.
        loss: the loss at the critical point, a model.
        loss_terms: its exact terms below u^loss_order.
        loss_order: the exponent of the remainder.
        loss_rest: the loss minus its exact terms, divided by u^loss_order, for all k
            >= k_1: explicit lower and upper functions of k.
        spurious: whether the loss was proved to be positive.
        negatives: by isotypic component, the number of negative eigenvalues of its
            block, all others being positive; None if a sign is open.
    """

    evidence: InfinityEvidence
    image: tuple[arb, ...]
    tails: tuple[Model, ...]
    contraction: int
    loss: Model
    loss_terms: Terms
    loss_order: int
    loss_rest: arb
    spurious: bool
    negatives: Mapping[str, int | None]

    @property
    def k_from(self) -> Fraction:
        """The statement holds for all real k from here on."""
        return self.evidence.k_from

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the parameters."""
        return self.evidence.centre.names

    @property
    def centre(self) -> tuple[Terms, ...]:
        """X_j: exponents of u and exact coefficients."""
        return self.evidence.centre.terms

    @property
    def orders(self) -> tuple[int, ...]:
        """The exponents m_j."""
        return self.evidence.centre.orders

    @property
    def ramification(self) -> int:
        """The number e in u = k^(-1/(2 e))."""
        return self.evidence.centre.ramification

    @property
    def radii(self) -> tuple[arb, ...]:
        """The numbers r_j."""
        return self.evidence.radii

    @property
    def prec(self) -> int:
        """The working precision in bits."""
        return self.evidence.prec

    def variable(self, k: arb) -> arb:
        """The variable u = k^(-1/(2 e)), with bits enough for its powers.

        Raises:
            ValueError: some point of the ball is smaller than k_from.
        """
        with working_precision(self._precision(k)):
            if not (k >= ball_of(self.k_from)):
                msg = f"the statement holds from k = {self.k_from} on"
                raise ValueError(msg)
            return variable_of(k, self.ramification)

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
                end = variable_of(ball_of(k_from), self.ramification)
                tail = tail.on(Models(end, tail.lib.length))
            lib = tail.lib
            known = [(n, c) for n, c in self.centre[j] if n >= m]
            tail = tail * lib.t_power(self.orders[j])
            return upper_bound((model_of(lib, tuple(known), self.prec) + tail).range(m))


def variable_of(k: arb, ramification: int) -> arb:
    """k^(-1/(2 e))."""
    return 1 / k.root(2 * ramification)


def _power(u: arb, n: int) -> arb:
    result = arb(1)
    for _ in range(n):
        result = result * u
    return result
