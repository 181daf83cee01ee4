"""A certified point of a family, as users see it."""

from dataclasses import dataclass, replace
from fractions import Fraction

from flint import arb

from symcrit.catalog.quantities import latex_name
from symcrit.certificates.documents import Certificate
from symcrit.certify.branches import Link
from symcrit.certify.points import CertifiedPoint
from symcrit.core.notebook import decimal_latex, html_table, latex_array
from symcrit.landscapes.reduced import Landscape
from symcrit.symmetry.matrices import Matrix, embed
from symcrit.symmetry.patterns import Pattern

__all__ = ["FamilyPoint"]

_DIGITS = 20
"""Digits that a notebook shows, as far as they are proved."""

_PROMPT_DIGITS = 6


@dataclass(frozen=True)
class FamilyPoint:
    """A critical point of a family at one k, proved.

    Attributes:
        family: the name of the family.
        pattern: its pattern.
        k: the number of neurons, possibly not an integer.
        proof: the enclosures and what was checked.
        link: how the point is known to belong to the family.

    All numbers are balls of python-flint that contain the true values.

    Example:
        >>> import symcrit
        >>> point = symcrit.family("A").point(k=6, digits=10)
        >>> print(point.parameters["a_1"].str(10, radius=False))
        -0.6633973683
        >>> print(point.deviations["a_1"].str(10, radius=False))  # from the limit -1
        0.3366026317
        >>> print(point.loss.str(10, radius=False))
        0.05566858132
        >>> point.proof.digits, point.link.kind.value
        (10, 'numerical')

    Source:
        derivations/points.md.
    """

    family: str
    pattern: Pattern
    k: Fraction
    proof: CertifiedPoint
    link: Link

    def __repr__(self) -> str:
        values = {**self.parameters, "loss": self.loss}
        shown = ", ".join(
            f"{name} = {x.str(_PROMPT_DIGITS, radius=False)}"
            for name, x in values.items()
        )
        return f"<point of family {self.family} at k = {self.k}: {shown}>"

    @property
    def parameters(self) -> dict[str, arb]:
        """Enclosures of the parameters, by name."""
        return dict(self.proof.parameters)

    @property
    def deviations(self) -> dict[str, arb]:
        """Enclosures of parameter minus limit as k grows, by name."""
        return dict(self.proof.deviations or {})

    @property
    def loss(self) -> arb:
        """An enclosure of the loss."""
        return self.proof.loss

    def matrix(self) -> Matrix[arb]:
        """The weights W as a list of rows of balls, k by d; k must be an integer.

        Rows are neurons; rows and columns stand in the order of the pattern.

        Raises:
            InputError: a size is no positive integer.

        Example:
            >>> import symcrit
            >>> weights = symcrit.family("II").point(k=7).matrix()
            >>> print(len(weights), weights[1][1].str(10, radius=False))
            7 0.9969227988
        """
        values = [self.proof.parameters[name] for name in self.pattern.names]
        return embed(self.pattern, values, {"k": self.k})

    def certificate(self, landscape: Landscape) -> Certificate:
        """The certificate of the point, checked.

        Args:
            landscape: the landscape of the family.

        Raises:
            UndecidedError: the certificate does not stand its check.

        Example:
            >>> import symcrit
            >>> family = symcrit.family("A")
            >>> found = family.point(k=6).certificate(family.landscape)
            >>> found.claim.pattern, found.claim.morse_index
            ('k', 0)

        Source:
            derivations/certificates.md.
        """
        from symcrit.certify.producing import make_certificate

        pattern = replace(self.pattern, text=self.pattern.written())
        values = {"k": self.k}
        return make_certificate(
            pattern, values, landscape, values, self.proof.enclosure, self.loss
        )

    @property
    def _shown(self) -> dict[str, arb]:
        return {**self.parameters, "loss": self.loss}

    def _repr_html_(self) -> str:
        rows = [(name, ball.str(_DIGITS)) for name, ball in self._shown.items()]
        caption = f"{self.family}, k = {self.k}, certified"
        return html_table(caption, ("quantity", "value"), rows)

    def _repr_latex_(self) -> str:
        rows = [
            (latex_name(name), decimal_latex(ball.str(_DIGITS, radius=False)))
            for name, ball in self._shown.items()
        ]
        return latex_array([r"\text{quantity}", r"\text{value}"], rows)
