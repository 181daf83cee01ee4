"""Check a certificate: every inequality again, with balls, and nothing searched.

From the claim alone come the landscape and the isotypic components; from the evidence
the box and the preconditioner.  The Krawczyk test, the ball of the loss, the blocks of
the Hessian over the image and the separation of the parameters are computed anew and
compared with what was recorded.  A recorded value is right if it contains what was
computed, wrong if it misses it, and open in between; open values are tried again at
twice the precision.

Derivations: derivations/certificates.md.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Self

from flint import arb, arb_mat

from symcrit.arith.precision import working_precision
from symcrit.certificates.documents import Certificate
from symcrit.certificates.records import BlockClaim, PointClaim
from symcrit.certificates.texts import DecimalBall, read_dyadic
from symcrit.certify.krawczyk import Enclosure, Hypothesis, column_of, krawczyk_test
from symcrit.certify.points import check_sizes, enclose_loss
from symcrit.certify.separation import has_exact_isotropy
from symcrit.certify.systems import ReducedSystem, free_landscape
from symcrit.core.errors import InputError, UndecidedError
from symcrit.core.truth import Truth
from symcrit.landscapes.kernels import Kernel, kernel_named
from symcrit.landscapes.recorded import RecordedLandscape
from symcrit.spectra.eigenvalues import BlockSpectrum, enclose_spectrum
from symcrit.spectra.sizes import as_ball
from symcrit.symmetry.patterns import Pattern

__all__ = ["CheckResult", "check_certificate"]

EIGENVALUE_BITS = 45

_DERIVED = ("formal", "morse_index", "index_bounds", "minimum")
"""Fields of a claim that follow from others."""


@dataclass(frozen=True)
class CheckResult:
    """What was found about a certificate.

    Attributes:
        outcome: TRUE if the claim is verified, FALSE if something recorded is false,
            UNKNOWN if something stayed open.
        why: what is false or open, or what was verified, in one sentence.
        claim: the claim in words, as recorded.
        findings: everything that was compared.

    Example:
        >>> import symcrit
        >>> found = check_certificate(symcrit.family("A").certify(k=6))
        >>> found.word, found.outcome, found.why
        ('VERIFIED', <Truth.TRUE: 'TRUE'>, 'all ... statements hold')
        >>> all(finding.holds.is_true for finding in found.findings)
        True

    Source:
        derivations/certificates.md, what a check computes.
    """

    outcome: Truth
    why: str
    claim: str
    findings: tuple[Hypothesis, ...]

    @classmethod
    def of(cls, findings: Sequence[Hypothesis], claim: str) -> Self:
        """The result of some comparisons.

        Args:
            findings: at least one; one that is false makes the outcome FALSE.
            claim: the claim in words.
        """
        outcome = Truth.all_of(f.holds for f in findings)
        if outcome.is_true:
            why = f"all {len(findings)} statements hold"
        else:
            worst = next(f for f in findings if f.holds is outcome)
            word = "false" if outcome.is_false else "open"
            why = f"{word}: {worst.name}{f' ({worst.detail})' if worst.detail else ''}"
        return cls(outcome, why, claim, tuple(findings))

    @property
    def word(self) -> str:
        """VERIFIED, REJECTED or UNKNOWN."""
        if self.outcome.is_true:
            return "VERIFIED"
        return "REJECTED" if self.outcome.is_false else "UNKNOWN"


def check_certificate(certificate: Certificate) -> CheckResult:
    """Check a certificate by computing everything again.

    Args:
        certificate: the certificate; its search is not repeated and nothing in it is
            trusted.

    Raises:
        InputError: the pattern is none, or does not fit kernel, sizes, target or the
            orders of the source.
    """
    recorded = certificate.recorded or certificate.document
    _refuse_misfits(certificate)  # bad input is refused, not judged
    findings = list(_consistency(certificate))
    for factor in (1, 2):
        if any(f.holds.is_false for f in findings):
            break
        bits = certificate.evidence.bits * factor
        found = [*_consistency(certificate), *_recompute(certificate, bits)]
        findings = found
        if all(f.holds.is_true for f in findings):
            break
    return CheckResult.of(findings, str(recorded["words"]))


def _refuse_misfits(certificate: Certificate) -> None:
    """Refuse variables that the pattern does not have, and orders of another length."""
    claim, source = certificate.claim, certificate.source
    pattern = Pattern.parse(claim.pattern)
    if strangers := sorted(set(claim.variables) - pattern.variables):
        message = f"the pattern {claim.pattern!r} has no variable {strangers[0]}"
        raise InputError(message)
    if source is None or pattern.variables - set(claim.variables):
        return
    counts = {
        "row_order": pattern.count_rows(),
        "column_order": pattern.count_columns(),
    }
    for key, count in counts.items():
        size = count.substitute(claim.variables).const
        if len(getattr(source, key)) != size:
            message = f"source.{key} is no permutation of {size} places"
            raise InputError(message)


def _consistency(certificate: Certificate) -> Iterator[Hypothesis]:
    """Whether what follows from other fields was recorded as it follows."""
    recorded = certificate.recorded
    if recorded is None:
        return
    expected = certificate.document
    for field in _DERIVED:
        same = recorded["claim"][field] == expected["claim"][field]
        yield _fact(
            f"{field} is what the blocks say",
            same,
            f"recorded {recorded['claim'][field]}, not {expected['claim'][field]}",
        )
    yield _fact("the claim is written in normal form", _same(recorded, expected))
    yield _fact(
        "the words say what the claim says", recorded["words"] == expected["words"]
    )


def _same(recorded: object, expected: object) -> bool:
    assert isinstance(recorded, dict)
    assert isinstance(expected, dict)
    kept = {key: x for key, x in recorded["claim"].items() if key not in _DERIVED}
    return all(expected["claim"][key] == x for key, x in kept.items())


def _fact(name: str, true: bool, detail: str = "") -> Hypothesis:
    return Hypothesis(name, Truth.of(true=true, false=not true), "" if true else detail)


@dataclass(frozen=True)
class _Case:
    """The landscape of a claim, with free sizes."""

    claim: PointClaim
    pattern: Pattern
    kernel: Kernel
    sizes: dict[str, Fraction]
    names: tuple[str, ...]

    def landscape(self, near: frozenset[str] = frozenset()) -> RecordedLandscape:
        target = tuple(sorted(self.claim.target.items()))
        return free_landscape(self.pattern, self.kernel, near, target)


def _case(claim: PointClaim) -> _Case:
    pattern = Pattern.parse(claim.pattern)
    sizes = pattern.sizes_at(claim.variables)
    case = _Case(
        claim, pattern, kernel_named(claim.kernel), sizes, tuple(pattern.names)
    )
    check_sizes(case.landscape().landscape, sizes)
    return case


def _recompute(certificate: Certificate, bits: int) -> Iterator[Hypothesis]:
    """Everything that needs arithmetic, at one precision."""
    claim, evidence = certificate.claim, certificate.evidence
    case = _case(claim)
    same = set(claim.parameters) == set(case.names)
    yield _fact(
        "the parameters are those of the pattern", same, f"they are {case.names}"
    )
    if not same:
        return
    with working_precision(bits):
        centre = [read_dyadic(x) for x in evidence.centre]
        radii = [read_dyadic(x) for x in evidence.radii]
        box = column_of([m + arb(0, r) for m, r in zip(centre, radii, strict=True)])
        matrix = arb_mat([[read_dyadic(x) for x in r] for r in evidence.preconditioner])
        values = {group: as_ball(x) for group, x in case.sizes.items()}
        system = _system(case, values, box)
    yield Hypothesis(
        "the landscape is as smooth as claimed",
        Truth.of(
            true=claim.smoothness == "C2" or not system.is_closed,
            false=False,
        ),
        "vectors may be parallel in the box",
    )
    enclosure = krawczyk_test(
        system.gradient, system.jacobian, box, prec=bits, preconditioner=matrix
    )
    smooth = system.hypotheses()
    yield from smooth
    unique = enclosure.unique.is_true
    yield _fact(
        "the image of the box lies in its interior, so it holds exactly one zero",
        unique,
        "; ".join(h.name for h in enclosure.hypotheses if not h.holds.is_true),
    )
    if not unique or not all(h.holds.is_true for h in smooth):
        return
    yield from _compare_values(case, system, enclosure, bits)
    yield from _compare_spectrum(case, system, enclosure)
    yield from _compare_isotropy(case, enclosure)
    yield from _compare_exact_point(certificate, case, box)


def _system(case: _Case, values: dict[str, arb], box: arb_mat) -> ReducedSystem:
    """The system, with those pairs marked that may be parallel in the box."""
    plain = ReducedSystem(case.landscape(), values)
    plain.jacobian(box)
    if case.kernel.smooth_at_zero or not plain.open_sites:
        return plain
    return ReducedSystem(case.landscape(frozenset(plain.open_sites)), values)


def _compare_values(
    case: _Case, system: ReducedSystem, enclosure: Enclosure, bits: int
) -> Iterator[Hypothesis]:
    image = enclosure.image.entries()
    for name, x in zip(case.names, image, strict=True):
        yield _compare(f"the ball of {name}", case.claim.parameters[name], x)
    with working_precision(bits):
        loss = enclose_loss(system, enclosure.box.mid(), enclosure.image)
    yield _compare("the ball of the loss", case.claim.loss, loss)


def _compare(name: str, recorded: DecimalBall, x: arb) -> Hypothesis:
    return Hypothesis(
        f"{name} contains the true value",
        Truth.of(true=recorded.contains(x), false=recorded.misses(x)),
        f"computed {x.str(10)}, recorded {recorded}",
    )


def _compare_spectrum(
    case: _Case, system: ReducedSystem, enclosure: Enclosure
) -> Iterator[Hypothesis]:
    try:
        spectrum = enclose_spectrum(
            system.recorded,
            enclosure.image.entries(),
            case.sizes,
            prec=EIGENVALUE_BITS,
        )
    except UndecidedError as error:
        yield Hypothesis("the blocks of the Hessian", Truth.UNKNOWN, str(error))
        return
    blocks = {block.component: block for block in spectrum.blocks}
    recorded = {block.component: block for block in case.claim.blocks}
    complete = list(recorded) == list(blocks) and len(recorded) == len(
        case.claim.blocks
    )
    yield _fact(
        "the components are those of the pattern",
        complete,
        f"they are {', '.join(blocks)}",
    )
    if complete:
        for name, block in recorded.items():
            yield from _compare_block(block, blocks[name])


def _compare_block(claim: BlockClaim, found: BlockSpectrum) -> Iterator[Hypothesis]:
    name = claim.component
    size = len(found.eigenvalues)
    yield _fact(
        f"component {name} has {claim.copies} copies",
        claim.copies == size and len(claim.eigenvalues) == size,
        f"it has {size}",
    )
    yield _fact(
        f"component {name} has multiplicity {claim.multiplicity}",
        claim.multiplicity == found.multiplicity,
        f"it has {found.multiplicity}",
    )
    negative, zero = found.signs.count(-1), found.signs.count(0)
    open_ = found.signs.count(None)
    yield Hypothesis(
        f"component {name} has {claim.zero} eigenvalues that are exactly zero",
        Truth.of(
            true=claim.zero == zero and (claim.negative is None or not open_),
            false=not zero <= claim.zero <= zero + open_,
        ),
        f"proved zero: {zero}, open: {open_}",
    )
    if claim.negative is not None:
        yield Hypothesis(
            f"component {name} has {claim.negative} negative eigenvalues",
            Truth.of(
                true=claim.negative == negative and not open_,
                false=not negative <= claim.negative <= negative + open_,
            ),
            f"proved negative: {negative}, open: {open_}",
        )
    if len(claim.eigenvalues) == size:
        for i, (ball, x) in enumerate(
            zip(claim.eigenvalues, found.eigenvalues, strict=True)
        ):
            yield _compare(f"the ball of eigenvalue {i + 1} of {name}", ball, x)


def _compare_isotropy(case: _Case, enclosure: Enclosure) -> Iterator[Hypothesis]:
    integral = all(size.denominator == 1 for size in case.sizes.values())
    claim = case.claim.isotropy
    if not integral or claim is None:
        yield _fact(
            "an isotropy group is claimed iff all sizes are integers",
            not integral and claim is None,
        )
    elif claim == "exact":
        yield Hypothesis(
            "entries that a larger isotropy group would make equal are told apart",
            has_exact_isotropy(
                case.pattern, enclosure.image.entries(), case.claim.variables
            ),
        )


def _compare_exact_point(
    certificate: Certificate, case: _Case, box: arb_mat
) -> Iterator[Hypothesis]:
    """The target is critical, since the loss is zero there and nowhere smaller."""
    exact = certificate.evidence.exact_point
    if exact is None:
        return
    pairs = list(zip(box.entries(), exact, strict=True))
    inside = all(x.contains(as_ball(q)) for x, q in pairs)
    outside = any(not x.overlaps(as_ball(q)) for x, q in pairs)
    known = exact == case.landscape().landscape.structure.target_point
    yield Hypothesis(
        "the exact point is the critical point",
        Truth.of(true=inside and known, false=outside),
        "only the target itself is known as an exact point",
    )
