"""Mirror of symcrit/spectra/expansions.py."""

from symcrit.arith.laurent import Domain, Expansions, Series, retry_in_larger_domain
from symcrit.landscapes.gram import Structure
from symcrit.landscapes.kernels import Relu
from symcrit.landscapes.reduced import Landscape
from symcrit.spectra.expansions import ExpandedBlock, expand_spectrum
from symcrit.symmetry.patterns import Pattern

ORDER = 12


def global_minimum() -> dict[str, ExpandedBlock]:
    """The spectrum at W = V = I, by component."""
    structure = Structure.build(Pattern.parse("k"), parallel={"w1.v1=": 1})
    lib = Expansions(Domain.start(1))
    blocks = expand_spectrum(
        Landscape(Relu(), structure),
        [lib.exact(1), lib.exact(0)],
        {"k": lib.t_power(-2)},
        ORDER,
    )
    return {block.component.name: block for block in blocks}


def test_the_global_minimum_has_its_known_spectrum() -> None:
    """Oracle: the closed forms for all k.

    Source:
        Safran, Yehudai and Shamir, arXiv:2006.01005: 1/4 -+ 1/(2 pi), and the roots of
        two quadratic equations.
    """
    blocks = global_minimum()

    def check(domain: Domain) -> list[Series]:
        lib = Expansions(domain.with_length(2 * ORDER))
        pi, k = lib.pi, lib.t_power(-2)

        def eigenvalues(name: str) -> list[Series]:
            return [g.series.in_domain(lib.domain) for g in blocks[name].groups]

        low, high = lib.exact(1) / 4 - 1 / (2 * pi), lib.exact(1) / 4 + 1 / (2 * pi)
        (x,), (y,) = eigenvalues("x_1"), eigenvalues("y_1")
        residuals = [x - low, y - high]
        first, *others = eigenvalues("s_1")
        residuals.append(first - low)
        for root in others:
            square = 16 * pi * pi * root * root
            linear = (8 * pi * pi + 4 * k * pi * pi) * root
            residuals.append(square - linear + k * pi * pi + pi * pi + 4 * pi - 4)
        for root in eigenvalues("1"):
            middle = 8 * pi * root - k * pi - 2 * k - 2 * pi
            inside = k * k * (pi - 2) * (pi - 2) + 16 * (k - 1) * (pi - 1)
            residuals.append(middle * middle - inside)
        return residuals

    start = blocks["s_1"].groups[1].series.domain
    residuals, _ = retry_in_larger_domain(start, check)

    assert 7 == len(residuals)
    for residual in residuals:
        assert not residual.is_known
        assert residual.prec is None or residual.prec >= ORDER - 2


def test_counts_add_up_to_the_copies() -> None:
    """Every copy of a component has one eigenvalue."""
    for block in global_minimum().values():
        assert len(block.component.copies) == sum(g.count for g in block.groups)
