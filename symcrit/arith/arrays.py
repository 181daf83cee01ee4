"""Arrays as numbers: one formula for many pairs of vectors at once (numpy).

Constants are scalars and everything else is an array, element by element, so a formula
written for one pair of vectors evaluates on all pairs in one pass.  Arrays of doubles
use numpy's own functions; arrays of objects use those of the number system to which the
objects belong.
"""

import math
from collections.abc import Sequence
from fractions import Fraction
from typing import Any, Generic, Protocol, TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray

from symcrit.arith.balls import BALLS
from symcrit.arith.multiprecision import Multiprecision
from symcrit.arith.protocol import AnyNumbers, Element, Numbers, Site
from symcrit.core.errors import InputError

__all__ = [
    "FLOAT_ARRAYS",
    "AnyArray",
    "ArrayNumbers",
    "FloatArrays",
    "MatrixLike",
    "ObjectArrays",
    "arrays_over",
    "numbers_of",
]

T = TypeVar("T", bound=Element)

AnyArray: TypeAlias = NDArray[Any]

MatrixLike: TypeAlias = NDArray[Any] | Sequence[Sequence[Any]]
"""An array, or a list of rows of numbers of any kind."""

_ROUNDING_BITS = 6
"""A sine of less than 2^6 units in the last place is taken for a rounding error."""

_DOUBLE_BITS = 53


class ArrayNumbers(Protocol):
    """A number system whose elements are arrays, or scalars that broadcast."""

    @property
    def pi(self) -> Any:
        """The number pi, a scalar."""
        ...

    @property
    def smallest_sine(self) -> Any | None:
        """Sines up to this are rounding errors; None where nothing is rounded off."""
        ...

    def exact(self, value: int | Fraction) -> Any:
        """The rational number, a scalar."""
        ...

    def root(self, x: Any, site: Site) -> Any:
        """The nonnegative square roots."""
        ...

    def angle(self, s: Any, c: Any, site: Site) -> Any:
        """The angles in [0, pi] of the points (c, s)."""
        ...

    def array(self, values: MatrixLike) -> AnyArray:
        """The values as a matrix in this number system.

        Raises:
            InputError: the values are no matrix of finite numbers.
        """
        ...

    def zeros(self, shape: Sequence[int]) -> AnyArray:
        """An array of zeros."""
        ...


class FloatArrays:
    """The number system of arrays of doubles; results carry no bound.

    Example:
        >>> FLOAT_ARRAYS.root(np.array([4.0, -1.0]), "a site")
        array([ 2., nan])
    """

    pi = math.pi
    smallest_sine = 2.0 ** (_ROUNDING_BITS - _DOUBLE_BITS)

    def exact(self, value: int | Fraction) -> float:
        """The nearest double."""
        return float(value)

    def root(self, x: Any, site: Site) -> Any:
        """The square roots; not a number where x is negative."""
        with np.errstate(invalid="ignore"):
            return np.sqrt(x)

    def angle(self, s: Any, c: Any, site: Site) -> Any:
        """The angles of (c, s)."""
        return np.arctan2(s, c)

    def array(self, values: MatrixLike) -> AnyArray:
        """The values as a matrix of doubles.

        Raises:
            InputError: the values are no matrix of finite real numbers.
        """
        try:
            matrix = np.asarray(values, dtype=np.float64)
        except (TypeError, ValueError) as error:
            message = f"the matrix should hold real numbers of one kind ({error})"
            raise InputError(message) from error
        _require_matrix(matrix)
        if not np.isfinite(matrix).all():
            message = "the matrix has entries that are infinite or not a number"
            raise InputError(message)
        return matrix

    def zeros(self, shape: Sequence[int]) -> AnyArray:
        """An array of zeros."""
        return np.zeros(shape)


FLOAT_ARRAYS = FloatArrays()


class ObjectArrays(Generic[T]):
    """The number system of arrays whose elements belong to another number system.

    Attributes:
        base: the number system of the elements.
        smallest_sine: sines up to this are rounding errors; None if nothing is rounded
            off, as with balls, where an error is part of the value.

    Example:
        >>> from flint import arb
        >>> lib = ObjectArrays(BALLS)
        >>> lib.root(lib.array([[4, Fraction(9, 4)]]), "a site").tolist() == [[2, 1.5]]
        True
    """

    def __init__(self, base: Numbers[T], smallest_sine: T | None = None) -> None:
        self.base = base
        self.smallest_sine = smallest_sine

    @property
    def pi(self) -> T:
        """The number pi."""
        return self.base.pi

    def exact(self, value: int | Fraction) -> T:
        """The rational number."""
        return self.base.exact(value)

    def root(self, x: Any, site: Site) -> Any:
        """The square roots, element by element."""
        return np.frompyfunc(lambda x: self.base.root(x, site), 1, 1)(x)

    def angle(self, s: Any, c: Any, site: Site) -> Any:
        """The angles of (c, s), element by element."""
        return np.frompyfunc(lambda s, c: self.base.angle(s, c, site), 2, 1)(s, c)

    def array(self, values: MatrixLike) -> AnyArray:
        """The values as a matrix of objects, integers and fractions converted.

        Raises:
            InputError: the values are no matrix.
        """
        matrix = np.array(values, dtype=object)
        _require_matrix(matrix)
        for place, x in np.ndenumerate(matrix):
            if isinstance(x, int | Fraction):
                matrix[place] = self.base.exact(x)
        return matrix

    def zeros(self, shape: Sequence[int]) -> AnyArray:
        """An array of zeros."""
        return np.full(shape, self.base.exact(0), dtype=object)


def _require_matrix(matrix: AnyArray) -> None:
    if matrix.ndim != 2 or not matrix.size:
        message = f"expected a matrix with rows and columns, got shape {matrix.shape}"
        raise InputError(message)


def arrays_over(base: AnyNumbers) -> ArrayNumbers:
    """The arrays over a number system, with the rounding that is known of it."""
    if isinstance(base, Multiprecision):
        sine = base.context.ldexp(1, _ROUNDING_BITS - base.context.prec)
        return ObjectArrays(base, sine)
    return ObjectArrays(base)


def numbers_of(values: MatrixLike) -> ArrayNumbers:
    """The number system to which the entries of an array belong.

    Machine numbers, integers and fractions are computed with as doubles; mpmath numbers
    at the precision of their context; balls at the working precision; sympy expressions
    exactly.

    Raises:
        InputError: the entries belong to no number system that is known here.

    Example:
        >>> type(numbers_of([[1, 2], [3, 4]])).__name__
        'FloatArrays'
    """
    try:
        entries = np.asarray(values)
    except ValueError as error:
        message = "the rows of a matrix should have equal lengths"
        raise InputError(message) from error
    if entries.dtype.kind in "biuf":
        return FLOAT_ARRAYS
    kinds = {type(x) for x in entries.flat} if entries.dtype.kind == "O" else set()
    kinds -= {int, float, Fraction}
    if not kinds and entries.dtype.kind == "O":
        return FLOAT_ARRAYS
    modules = {kind.__module__.partition(".")[0] for kind in kinds}
    if modules == {"mpmath"} and all(hasattr(kind, "context") for kind in kinds):
        return arrays_over(Multiprecision(kinds.pop().context))
    if modules == {"flint"} and {kind.__name__ for kind in kinds} == {"arb"}:
        return ObjectArrays(BALLS)
    if modules == {"sympy"}:
        from symcrit.arith.symbols import Symbols

        return ObjectArrays(Symbols())
    found = ", ".join(sorted(kind.__name__ for kind in kinds)) or str(entries.dtype)
    message = (
        f"no number system is known for a matrix of {found}; give numbers=, or use"
        " floats, mpmath numbers, flint balls or sympy expressions"
    )
    raise InputError(message)
