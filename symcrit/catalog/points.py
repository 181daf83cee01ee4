"""A certified point of a family, as users see it."""

from dataclasses import dataclass, replace
from fractions import Fraction

from flint import arb

from symcrit.certificates.documents import Certificate
from symcrit.certify.branches import Link
from symcrit.certify.points import CertifiedPoint
from symcrit.landscapes.reduced import Landscape
from symcrit.symmetry.matrices import Matrix, embed
from symcrit.symmetry.patterns import Pattern

__all__ = ["FamilyPoint"]


@dataclass(frozen=True)
class FamilyPoint:
    """A critical point of a family at one k, proved.

    Attributes:
        family: the name of the family.
        pattern: its pattern.
        k: the number of neurons, possibly not an integer.
        proof: the enclosures and what was checked.
        link: how the point is known to belong to the family.
    """

    family: str
    pattern: Pattern
    k: Fraction
    proof: CertifiedPoint
    link: Link

    @property
    def parameters(self) -> dict[str, arb]:
        """Enclosures of the parameters, by name."""
        return dict(self.proof.parameters)

    @property
    def deviations(self) -> dict[str, arb]:
        """Enclosures of the distances from the limit, by name."""
        return dict(self.proof.deviations or {})

    @property
    def loss(self) -> arb:
        """An enclosure of the loss."""
        return self.proof.loss

    def matrix(self) -> Matrix[arb]:
        """The weights as a list of rows of balls; k must be an integer.

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
        """
        from symcrit.certify.producing import make_certificate

        pattern = replace(self.pattern, text=self.pattern.written())
        values = {"k": self.k}
        return make_certificate(
            pattern, values, landscape, values, self.proof.enclosure, self.loss
        )

    def _repr_html_(self) -> str:
        rows = "".join(
            f"<tr><td>{name}</td><td>{ball.str(20)}</td></tr>"
            for name, ball in [*self.parameters.items(), ("loss", self.loss)]
        )
        head = f"<caption>{self.family}, k = {self.k}, certified</caption>"
        return f"<table>{head}{rows}</table>"
