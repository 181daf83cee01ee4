"""One change in the one file of kernels is seen in every number system."""

from typing import Any

import pytest

from symcrit.landscapes.kernels import Relu
from tests.landscapes.systems import SYSTEMS

names = pytest.mark.parametrize("name", SYSTEMS)


@names
def test_gradient(name: str) -> None:
    """The stated first derivatives are the derivatives of the stated value."""
    SYSTEMS[name].check_gradient()


@names
def test_hessian(name: str) -> None:
    """The stated second differential is the derivative of the stated first one."""
    SYSTEMS[name].check_hessian()


@names
def test_a_wrong_first_derivative_is_seen(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The check of the gradient fails once kappa_c has another factor."""
    right = Relu.first

    def wrong(self: Relu, lib: Any, g: Any, f: Any) -> tuple[Any, Any, Any]:
        by_a, by_b, by_c = right(self, lib, g, f)
        return by_a, by_b, by_c * 3 / 2

    monkeypatch.setattr(Relu, "first", wrong)

    with pytest.raises(AssertionError):
        SYSTEMS[name].check_gradient()


@names
@pytest.mark.parametrize("which", [0, 1])
def test_a_wrong_second_derivative_is_seen(
    name: str, which: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The check of the Hessian fails once one of the two squares is half as big."""
    right = Relu.squares

    def wrong(self: Relu, lib: Any, g: Any, f: Any) -> list[Any]:
        found = list(right(self, lib, g, f))
        weight, form = found[which]
        found[which] = weight / 2, form
        return found

    monkeypatch.setattr(Relu, "squares", wrong)

    with pytest.raises(AssertionError):
        SYSTEMS[name].check_hessian()
