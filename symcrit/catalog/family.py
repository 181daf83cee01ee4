"""A family of critical points: asked for series, points, spectra and proofs."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from operator import index
from typing import TYPE_CHECKING

from symcrit.arith.exact import Exact
from symcrit.catalog.quantities import FamilySeries, Quantity, field_of
from symcrit.core.errors import InputError, RefutedError, UndecidedError
from symcrit.expand.balance import LeadingTerm, find_leading_terms
from symcrit.expand.lift import Expansion, prove_and_expand
from symcrit.landscapes.reduced import Landscape
from symcrit.symmetry.patterns import Pattern
from symcrit.symmetry.sizes import Affine

if TYPE_CHECKING:
    from symcrit.catalog.density import SpectralDensity
    from symcrit.catalog.points import FamilyPoint
    from symcrit.catalog.spectra import SpectrumSeries
    from symcrit.certificates.documents import Certificate
    from symcrit.certify.branches import Branch
    from symcrit.certify.theorems import FamilyTheorem
    from symcrit.certify.thresholds import Thresholds
    from symcrit.spectra.eigenvalues import Spectrum

__all__ = ["Family"]

_EXPONENT = re.compile(r"[eE]([+-]?[0-9]+)\s*$")
_MAX_ORDER = 400
_MAX_DIGITS = 4000
"""Digits of numerator and denominator of k: few enough for Python to print."""

_SPECTRUM_GUARD_DIGITS = 15
"""Digits of the point beyond those asked of its spectrum."""


@dataclass(frozen=True, repr=False)
class Family:
    """A branch of critical points for all large k, given by pattern and limit.

    Everything else is computed when it is asked for.  Throughout t = k^(-1/2), balls
    are those of python-flint and contain the true values, and sizes such as k need not
    be integers except where a matrix is asked for.

    Attributes:
        name: the name, such as ``II`` or ``flip:3``.
        title: one line for a person.
        landscape: kernel, pattern and target.
        limit: the limit of each parameter as k grows, in the order of the pattern.
        source: where the family was described.

    Example:
        >>> import symcrit
        >>> family = symcrit.family("A")
        >>> family
        <family A, pattern k>
        >>> family.names, [str(x) for x in family.limit]
        (('a_1', 'o_1'), ['-1', '0'])
        >>> for x in family.leading:
        ...     print(f"{x.limit} + ({x.coefficient})*t**{x.exponent} + ...")
        -1 + (2)*t**2 + ...
        0 + (2)*t**2 + ...

    Source:
        ``source`` names the papers; derivations/series.md and derivations/points.md.
    """

    name: str
    title: str
    landscape: Landscape
    limit: tuple[Exact, ...]
    source: str

    def __repr__(self) -> str:
        return f"<family {self.name}, pattern {self.pattern.text}>"

    @property
    def pattern(self) -> Pattern:
        """The symmetry pattern."""
        return self.landscape.structure.pattern

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the parameters, in the order of the pattern."""
        return self.pattern.names

    @cached_property
    def leading(self) -> tuple[LeadingTerm, ...]:
        """How each parameter leaves its limit.

        Raises:
            RefutedError: the limit is not that of a branch of critical points.
            UndecidedError: a leading coefficient was not recognised.
        """
        return tuple(find_leading_terms(self.landscape, self.limit))

    @cached_property
    def _expansions(self) -> dict[int, Expansion]:
        return {}

    def expansion(
        self, order: int, progress: Callable[[int, int], None] | None = None
    ) -> Expansion:
        """The series over Laurent arithmetic, as far as they were computed.

        ``series`` gives the same cut at the order, with exponents of t itself where
        these series are in a root of t.

        Args:
            order: every parameter is known to O(t^order) or better.
            progress: called with the number of orders reached and aimed at.

        Raises:
            RefutedError: the limit is not that of a branch.
            UndecidedError: the series leaves Q(pi) and its quadratic extensions; or the
                leading terms, which are read off numbers, were refuted, which says
                nothing of the limit.

        Example:
            >>> import symcrit
            >>> found = symcrit.family("A").expansion(3)
            >>> found.names, found.proof.proved
            (('a_1', 'o_1'), (4, 4))

        Source:
            derivations/series.md.
        """
        known, leading = self._expansions, self.leading
        if order not in known:
            try:
                known[order] = prove_and_expand(
                    self.landscape, leading, order, progress=progress
                )
            except RefutedError as error:
                message = f"the leading terms were guessed wrong: {error}"
                raise UndecidedError(message, hint="check the limit") from error
        return known[order]

    def series(
        self,
        order: int | None = None,
        *,
        terms: int | None = None,
        progress: Callable[[int, int], None] | None = None,
    ) -> FamilySeries:
        """Exact series of all parameters and of the loss, with proof.

        Args:
            order: every parameter is known to O(t^order), so that the first exponent
                of which nothing is said is ``order``; default 8.  The loss may be known
                to another order, and says so itself.
            terms: instead, so many nonzero terms of every quantity.
            progress: called with the number of orders reached and aimed at.

        Raises:
            InputError: order or number of terms is not from 1 to 400, or both are
                given, or there are not so many terms.
            RefutedError: the limit is not that of a branch.
            UndecidedError: the series leaves Q(pi) and its quadratic extensions.

        Example:
            >>> import symcrit
            >>> print(symcrit.family("A").series(order=5)["o_1"])
            (2)*t**2 + (-2 + 4/pi)*t**4 + O(t**5)
            >>> print(symcrit.family("A").series(terms=1)["o_1"])
            (2)*t**2 + O(t**4)

        Source:
            derivations/series.md.
        """
        if order is not None and terms is not None:
            message = "give an order or a number of terms, not both"
            raise InputError(message)
        if terms is None:
            order = _whole("order", 8 if order is None else order)
            return self._series(order, progress)
        terms = _whole("number of terms", terms)
        for wanted in range(terms + 1, _MAX_ORDER, 2):
            found = self._series(wanted, progress)
            short = [
                q
                for name, q in found.quantities.items()
                if len(q.terms) < terms and not self._stays(name)
            ]
            if not short:
                return replace(
                    found,
                    quantities={
                        name: q.with_terms(terms)
                        for name, q in found.quantities.items()
                    },
                )
        message = f"no {terms} terms up to order {_MAX_ORDER}"
        raise InputError(message)

    @cached_property
    def _branch(self) -> "Branch":
        from symcrit.certify.branches import Branch

        return Branch(self.landscape, self.leading)

    def point(
        self, k: int | str | Fraction, *, digits: int = 20, prove_link: bool = False
    ) -> "FamilyPoint":
        """The critical point of the family at one k, proved to so many digits.

        Args:
            k: an integer, a fraction, or text such as ``"15/2"`` or ``"7.5"``; its size
                does not matter for the cost.
            digits: decimal digits, proved for each parameter, its deviation from the
                limit, and the loss: the radius of a ball is at most 10^(-digits) times
                its midpoint.
            prove_link: whether to prove by tubes in real k that the point belongs to
                the branch; otherwise the branch is followed numerically, with a guard.

        Raises:
            InputError: k is no positive number, or so small that an orbit is empty, or
                ``digits`` is no positive integer.
            RefutedError: the limit is not that of a branch.
            UndecidedError: the branch was lost or the point not proved; the message
                says how far down the branch was followed.

        Example:
            >>> import symcrit
            >>> point = symcrit.family("II").point(k=20, digits=30)
            >>> print(point.parameters["a_1"].str(12, radius=False))
            -0.810020575613

        Source:
            derivations/points.md; Krawczyk 1969.
        """
        from symcrit.catalog.points import FamilyPoint

        size = _size(k)
        found = self._branch.point(size, digits=digits, prove_link=prove_link)
        return FamilyPoint(self.name, self.pattern, size, found.point, found.link)

    def certify(self, k: int | str | Fraction, *, digits: int = 20) -> "Certificate":
        """The certificate of the critical point of the family at one k.

        Args:
            k: as for ``point``.
            digits: decimal digits of the point; more of them settle signs near a
                threshold.

        Raises:
            InputError: as for ``point``.
            RefutedError: as for ``point``.
            UndecidedError: as for ``point``; what is open of a proved point is told by
                ``certificate.claim.open_questions``.

        Example:
            >>> import symcrit
            >>> certificate = symcrit.family("II").certify(k=20)
            >>> certificate.claim.isotropy, certificate.claim.morse_index
            ('exact', 0)

        Source:
            derivations/certificates.md.
        """
        return self.point(k, digits=digits).certificate(self.landscape)

    def spectrum(
        self,
        k: int | str | Fraction,
        *,
        digits: int = 15,
        inputs: int | str | None = None,
    ) -> "Spectrum":
        """The spectrum of the full Hessian at the family's point at one k, in balls.

        Args:
            k: as for ``point``.
            digits: decimal digits of the point; the eigenvalues have about as many.
            inputs: the number d of inputs, a number or text such as ``k+5``; by default
                as many as the family has columns.  Further ones are zero in the target
                and at the point.

        Raises:
            InputError: as for ``point``, or the number of inputs is too small.
            RefutedError: as for ``point``.
            UndecidedError: the point was not proved.

        Example:
            >>> import symcrit
            >>> symcrit.family("II").spectrum(k=20).morse_index
            0

        Source:
            derivations/hessian.md, derivations/components.md.
        """
        from flint import arb

        from symcrit.certify.points import check_digits
        from symcrit.spectra.eigenvalues import enclose_spectrum
        from symcrit.spectra.inputs import extra_inputs, read_inputs

        check_digits(digits)
        found = self.point(k, digits=digits + _SPECTRUM_GUARD_DIGITS)
        values = [found.parameters[name] for name in self.names]
        prec = found.proof.prec
        landscape, sizes = self.landscape, {"k": found.k}
        wide = None if inputs is None else read_inputs(inputs, self.pattern, sizes)
        if wide is not None:
            extended = extra_inputs(landscape, Affine.parse("d"))
            landscape, values = extended.landscape, extended.point(values, arb(0))
            sizes["d"] = wide.const
        return enclose_spectrum(landscape, values, sizes, prec=prec)

    def spectrum_series(
        self,
        order: int | None = None,
        *,
        inputs: int | str | None = None,
        progress: Callable[[int, int], None] | None = None,
    ) -> "SpectrumSeries":
        """The spectrum of the full Hessian along the family, as exact series.

        The parameters are expanded as far as the eigenvalues need them.

        Args:
            order: every eigenvalue is known to O(t^order), whatever power of k it
                grows with; default 4.
            inputs: the number d of inputs, as a form in k such as ``k+5`` or ``2*k``,
                or ``d`` for any number greater than that of columns.
            progress: called with the number of orders reached and aimed at.

        Raises:
            InputError: the order is not from 1 to 400, or ``inputs`` is no such form.
            RefutedError: the limit is not that of a branch.
            UndecidedError: the series leave the field.

        Example:
            >>> import symcrit
            >>> print(symcrit.family("II").spectrum_series(5)["x_2"].eigenvalues[0])
            1/4 - 1/(2*pi) + (-1/pi)*t**2 + (-1/pi + 10/pi**2 - 2/pi**3)*t**4 + O(t**5)

        Source:
            derivations/spectrum.md.
        """
        from symcrit.catalog.expanding import family_spectrum
        from symcrit.spectra.inputs import read_inputs

        order = _whole("order", 4 if order is None else order)
        return family_spectrum(
            self.name,
            self.landscape,
            lambda wanted: self.expansion(wanted, progress),
            order,
            None if inputs is None else read_inputs(inputs, self.pattern, {}),
        )

    def spectral_density(self, inputs: int | str | None = None) -> "SpectralDensity":
        """Where the eigenvalues of the Hessian lie as k grows, and in which fractions.

        Args:
            inputs: as for ``spectrum_series``.

        Raises:
            InputError: ``inputs`` is no form in k.
            RefutedError: as for ``spectrum_series``.
            UndecidedError: as for ``spectrum_series``.

        Example:
            >>> import symcrit
            >>> for atom in symcrit.family("A").spectral_density().atoms:
            ...     print(atom.limit, atom.fraction)
            1/4 - 1/(2*pi) 1/2
            1/4 + 1/(2*pi) 1/2

        Source:
            derivations/spectrum.md, where the eigenvalues lie.
        """
        from symcrit.catalog.density import spectral_density

        return spectral_density(self.spectrum_series(1, inputs=inputs))

    def threshold(
        self,
        *,
        prove: bool = False,
        progress: Callable[[int, int], None] | None = None,
    ) -> "Thresholds":
        """The real k at which the Morse index changes, and where the family ends.

        Args:
            prove: whether to prove that no thresholds are missing, up to infinity; this
                takes several times longer.
            progress: called with the number of steps taken and about to be taken.

        Raises:
            RefutedError: the limit is not that of a branch.
            UndecidedError: the branch was not found at the k where the search starts;
                or, with ``prove``, nothing was proved for all large k.

        Example:
            >>> import symcrit
            >>> found = symcrit.family("A").threshold()
            >>> for x in found.crossings:
            ...     print(x.k.str(8, radius=False), x.component, x.certified.value)
            5.7638127 x_1 TRUE
            2.1075798 s_1 TRUE
            >>> found.complete, found.end.kind
            (False, 'meeting')

        Source:
            derivations/thresholds.md; derivations/uniform.md with ``prove``.
        """
        from symcrit.certify.complete import complete_thresholds
        from symcrit.certify.thresholds import find_thresholds
        from symcrit.certify.uniform import prove_uniform

        kind = "proved" if prove else "found"
        if kind not in self._thresholds:
            if prove:
                tell = progress or (lambda _done, _total: None)
                theorem = prove_uniform(
                    self.landscape,
                    self.leading,
                    progress=lambda _what, done, total: tell(done, total),
                )
                self._thresholds[kind] = complete_thresholds(theorem)
            else:
                self._thresholds[kind] = find_thresholds(
                    self.landscape, self.leading, progress=progress
                )
        return self._thresholds[kind]

    @cached_property
    def _thresholds(self) -> dict[str, "Thresholds"]:
        return {}

    def prove(
        self,
        *,
        order: int = 4,
        progress: Callable[[str, int, int], None] | None = None,
    ) -> "FamilyTheorem":
        """What holds for all k: existence, bounds of errors and of the loss, index.

        Args:
            order: bound what the terms below t^order leave of each parameter and of
                the loss, in the form constant times t to the next exponent.
            progress: called with what is being done, and how far it has come.

        Raises:
            InputError: the order is too large.
            RefutedError: the limit is not that of a branch.
            UndecidedError: nothing was proved for all large k.

        Example:
            >>> import symcrit
            >>> theorem = symcrit.family("A").prove()
            >>> print(theorem.sentences[1])
            It is a strict local minimum, not a global one, for every integer k >= 6.
            >>> theorem.is_complete, float(theorem.k_min) < 2.1
            (True, True)
            >>> [(x.low, x.high, str(x.morse_index)) for x in theorem.index[:2]]
            [(6, None, '0'), (5, 5, '6')]
            >>> bound = theorem.bounds.quantities["o_1"]
            >>> print(bound.exponent, bound.next, bound.ratio < 2)
            4 -2 + 4/pi True

        Source:
            derivations/models.md, derivations/uniform.md.
        """
        from symcrit.certify.bounds import prove_bounds
        from symcrit.certify.theorems import FamilyTheorem
        from symcrit.certify.uniform import prove_uniform

        order = _whole("order", order)
        if order in self._theorems:
            return self._theorems[order]
        found = prove_uniform(self.landscape, self.leading, progress=progress)
        tell = progress or (lambda _what, _done, _total: None)
        bounds = prove_bounds(
            found, order, progress=lambda i, n: tell("bounding what is left", i, n)
        )
        self._theorems[order] = FamilyTheorem(self.name, found, bounds)
        return self._theorems[order]

    @cached_property
    def _theorems(self) -> dict[int, "FamilyTheorem"]:
        return {}

    def _stays(self, name: str) -> bool:
        """Whether a parameter seems to stay at its limit."""
        exponents = [x.exponent for x in self.leading]
        return name in self.names and exponents[self.names.index(name)] is None

    def _series(
        self, order: int, progress: Callable[[int, int], None] | None
    ) -> FamilySeries:
        """The series cut at the order asked for, though more may be proved."""
        found = self.expansion(order, progress)
        e = found.ramification
        quantities = {
            name: Quantity.of(name, found[name], e).truncated(Fraction(order))
            for name in (*found.names, "loss")
        }
        return FamilySeries(self.name, quantities, found.proof, _field(quantities), e)


def _whole(what: str, value: int) -> int:
    """An order or number of terms that was given, be it an integer of numpy."""
    try:
        found = index(value)
    except TypeError:
        found = 0
    if not 1 <= found <= _MAX_ORDER:
        message = f"the {what} {value} should be an integer from 1 to {_MAX_ORDER}"
        raise InputError(message)
    return found


def _size(k: int | str | Fraction) -> Fraction:
    """The number of neurons that was given."""
    if isinstance(k, str) and (exponent := _EXPONENT.search(k)):
        digits = exponent[1]
        _require_digits(abs(int(digits)) if len(digits) < 9 else _MAX_DIGITS + 1)
    try:
        found = Fraction(k)
    except (ValueError, ZeroDivisionError, TypeError, OverflowError) as error:
        message = f"k = {k!r} is no number; write an integer, 15/2 or 7.5"
        raise InputError(message) from error
    # An integer of numpy would stay one within the fraction.
    size = Fraction(int(found.numerator), int(found.denominator))
    if max(abs(size.numerator), size.denominator) >= 10**_MAX_DIGITS:
        _require_digits(_MAX_DIGITS + 1)
    if size <= 0:
        message = f"k = {k} should be positive"
        raise InputError(message)
    return size


def _require_digits(digits: int) -> None:
    if digits > _MAX_DIGITS:
        message = f"k has more than {_MAX_DIGITS} digits"
        raise InputError(message)


def _field(quantities: Mapping[str, Quantity]) -> str:
    return field_of(c for q in quantities.values() for _, c in q.terms)
