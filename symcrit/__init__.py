"""Symmetric critical points of student-teacher losses, exactly and with proof.

Example:
    >>> import symcrit
    >>> print(symcrit.family("II").series(order=4)["m_1_2"])
    (4/pi)*t**2 + (32/pi**3)*t**3 + O(t**4)
"""

import importlib
from typing import Any

__all__ = [
    "__version__",
    "certify_matrix",
    "check",
    "families",
    "family",
    "gradient",
    "hessian",
    "identify",
    "landscape",
    "loss",
]

__version__ = "0.1.0"

_HOMES = {
    "certify_matrix": "symcrit.certify.matrices",
    "check": "symcrit.certify.check",
    "families": "symcrit.catalog.families",
    "family": "symcrit.catalog.families",
    "gradient": "symcrit.landscapes.full",
    "hessian": "symcrit.landscapes.full",
    "identify": "symcrit.catalog.identification",
    "landscape": "symcrit.landscapes.reduced",
    "loss": "symcrit.landscapes.full",
}
"""Where the public functions live; they are imported when they are first used."""


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        message = f"module 'symcrit' has no attribute {name!r}"
        raise AttributeError(message)
    return getattr(importlib.import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *_HOMES])
