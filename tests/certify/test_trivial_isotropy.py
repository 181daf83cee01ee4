"""Points without any symmetry, by the whole system."""

import numpy as np
import pytest
from scipy.optimize import least_squares

from symcrit.certificates import checker
from symcrit.certify.checking import check_certificate
from symcrit.certify.matrices import MatrixOutcome, certify_matrix
from symcrit.landscapes.full import Full
from symcrit.symmetry.coincidence import Floats


def stationary_point(k: int, d: int, seed: int) -> Floats:
    """A saddle near a random start, by least squares for the gradient."""
    rng = np.random.default_rng(seed)
    start = rng.normal(size=(k, d)) / np.sqrt(d)
    found = least_squares(
        lambda x: Full(x.reshape(k, d)).gradient().ravel(),
        start.ravel(),
        jac=lambda x: Full(x.reshape(k, d)).hessian(),
        xtol=1e-15,
        ftol=1e-15,
        gtol=1e-15,
    )
    assert np.abs(found.fun).max() < 1e-11
    weights: Floats = found.x.reshape(k, d)
    return weights


def compare_with_doubles(weights: Floats, found: MatrixOutcome) -> None:
    """Index and all eigenvalues, against LAPACK on the Hessian in doubles."""
    eigenvalues = np.linalg.eigvalsh(Full(weights).hessian())
    assert found.certified
    assert found.morse_index == (eigenvalues < 0).sum()
    assert found.spectrum is not None
    (block,) = found.spectrum.blocks
    assert block.multiplicity == 1
    mine = [float(x) for x in block.eigenvalues]
    np.testing.assert_allclose(mine, eigenvalues, atol=1e-9)


def test_thirty_unknowns() -> None:
    """Six neurons, five inputs; both checkers verify the certificate."""
    weights = stationary_point(6, 5, seed=18)

    found = certify_matrix(weights)

    assert found.pattern == ": rows 6*1 cols 5*1"
    compare_with_doubles(weights, found)
    certificate = found.certificate()
    assert check_certificate(certificate).word == "VERIFIED"
    assert checker.check(checker.read(certificate.document)).outcome == "VERIFIED"


@pytest.mark.slow
def test_a_large_block_has_a_basis_in_the_evidence() -> None:
    """Eight neurons, seven inputs: more eigenvalues than are found one by one."""
    weights = stationary_point(8, 7, seed=1)

    found = certify_matrix(weights)

    compare_with_doubles(weights, found)
    certificate = found.certificate()
    assert len(certificate.evidence.bases["1"]) == 56
    assert check_certificate(certificate).word == "VERIFIED"
    assert checker.check(checker.read(certificate.document)).outcome == "VERIFIED"


def test_more_unknowns_than_are_tried() -> None:
    """Said at once, and not after hours."""
    rng = np.random.default_rng(0)

    found = certify_matrix(rng.normal(size=(30, 30)))

    assert found.critical.is_unknown
    assert "900 dimensions" in found.reasons[0]
