"""Certificates for tests, each made once."""

import copy
from functools import lru_cache
from typing import Any

import numpy as np

import symcrit
from symcrit.certificates.documents import Certificate, read_certificate, sha256_of
from symcrit.certify.checking import CheckResult, check_certificate
from symcrit.certify.matrices import certify_matrix

__all__ = ["certificate", "changed", "recheck", "rederived", "sealed"]


@lru_cache(maxsize=16)
def certificate(name: str) -> Certificate:
    """``II 7`` for a point of a family, ``target 5`` for W = V."""
    kind, _, size = name.partition(" ")
    if kind == "target":
        return certify_matrix(np.eye(int(size))).certificate()
    found: Certificate = symcrit.family(kind).certify(size)
    return found


def changed(found: Certificate, *path: str | int, to: object) -> dict[str, Any]:
    """The document with one place changed, sealed again."""
    document: dict[str, Any] = copy.deepcopy(found.document)
    place: Any = document
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = to
    return sealed(document)


def rederived(document: dict[str, Any]) -> dict[str, Any]:
    """The document with words and derived fields made to fit what was changed.

    Then only an inequality can tell that something is false.
    """
    found = read_certificate(document, where="test")
    return Certificate(found.claim, found.evidence, found.source).document


def sealed(document: dict[str, Any]) -> dict[str, Any]:
    """The document with a hash that fits."""
    return {**document, "sha256": sha256_of(document)}


def recheck(document: dict[str, Any]) -> CheckResult:
    """Read a document and check it."""
    return check_certificate(read_certificate(document, where="test"))
