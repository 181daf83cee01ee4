"""Mirror of symcrit/spectra/conjugates.py."""

import pytest
from flint import arb

from symcrit.arith.exact import Exact
from symcrit.arith.laurent import Domain, Expansions
from symcrit.arith.precision import working_precision
from symcrit.core.errors import UndecidedError
from symcrit.spectra.conjugates import conjugate_series

TINY = arb(2) ** -100


def test_the_roots_satisfy_their_polynomial() -> None:
    """Oracle: the value of x^3 - pi x + t at the truncated series is O(t^6)."""
    lib = Expansions(Domain.start(8))
    big_o = lib.big_o(6)
    polynomial = [lib.t_power(1) + big_o, big_o - lib.pi, big_o, lib.exact(1) + big_o]
    leading = [Exact.rational(0), -Exact.pi(), Exact.rational(0), Exact.rational(1)]

    roots = conjugate_series(polynomial, leading)

    assert 3 == len(roots)
    with working_precision(128):
        assert roots[0][0] < roots[1][0]
        assert roots[1][0] < roots[2][0]
        for root in roots:
            assert 6 == len(root)
            for n in range(6):
                value = arb(1 if n == 1 else 0) - arb.pi() * root[n]
                for i in range(n + 1):
                    for j in range(n + 1 - i):
                        value += root[i] * root[j] * root[n - i - j]
                assert value.contains(0)
                assert value.rad() < TINY


def test_multiple_roots_are_known_to_their_limit_only() -> None:
    """(x^2 - 2)^2, whose roots may part in later terms."""
    lib = Expansions(Domain.start(8))
    numbers = [4, 0, -4, 0, 1]
    polynomial = [lib.exact(n) + lib.big_o(5) for n in numbers]
    leading = [Exact.rational(n) for n in (-2, 0, 1)]

    roots = conjugate_series(polynomial, leading)

    assert [1, 1, 1, 1] == [len(root) for root in roots]
    assert roots[1][0] < -1
    with working_precision(128):
        assert roots[2][0].overlaps(arb(2).sqrt())


def test_roots_that_are_not_real_are_refused() -> None:
    """x^2 + 1 is no characteristic polynomial of a selfadjoint matrix."""
    lib = Expansions(Domain.start(8))
    polynomial = [lib.exact(n) + lib.big_o(5) for n in (1, 0, 1)]

    with pytest.raises(UndecidedError, match="not isolated"):
        conjugate_series(polynomial, [Exact.rational(n) for n in (1, 0, 1)])
