"""A folder of certificates, found by the question that they answer.

A question is a small JSON document; the SHA-256 of its canonical form names the file.
A stored certificate is read and checked like one from a stranger, and only if it is
verified and answers the very question is it handed out: whatever else lies there is
made anew.  Files are written whole or not at all, so that processes may share a folder;
two that make the same certificate write the same bytes.
"""

import hashlib
import json
import logging
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from symcrit.certificates.documents import (
    Certificate,
    canonical,
    read_certificate,
    sha256_of,
)
from symcrit.certify.checking import check_certificate
from symcrit.core.errors import InputError
from symcrit.core.files import make_folder, parse_json, read_text, write_text

__all__ = ["ENVIRONMENT", "CertificateStore", "store_at"]

ENVIRONMENT = "SYMCRIT_STORE"
"""The environment variable that names a store."""

SCHEMA = "symcrit/stored@1"

Question = Mapping[str, Any]
"""What is asked, in JSON without floats; equal questions have equal answers."""

_logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class CertificateStore:
    """A folder of certificates.

    Attributes:
        folder: the folder; it is made when the first certificate is stored.

    Example:
        >>> from tempfile import TemporaryDirectory
        >>> import symcrit
        >>> with TemporaryDirectory() as home:
        ...     store = CertificateStore(Path(home))
        ...     made = store.answer({"k": "7"}, lambda: symcrit.family("A").certify(7))
        ...     found = store.find({"k": "7"})
        >>> found == made
        True
    """

    folder: Path

    def answer(
        self, question: Question, make: Callable[[], Certificate]
    ) -> Certificate:
        """The stored certificate, checked again, or a new one that is then stored.

        Args:
            question: what is asked; version and format of the package go into it.
            make: makes the certificate.

        Raises:
            InputError: the folder cannot be written, or as ``make``.
        """
        found = self.find(question)
        if found is None:
            found = make()
            self.keep(question, found)
        return found

    def find(self, question: Question) -> Certificate | None:
        """The stored certificate, if it is there and is verified again."""
        path = self._path(question)
        if not path.exists():
            return None
        try:
            document = parse_json(read_text(path), where=str(path))
            certificate = _read(document, question, str(path))
            result = check_certificate(certificate)
        except InputError as error:
            _logger.warning("%s; it is made anew", error)
            return None
        if not result.outcome.is_true:
            _logger.warning(
                "%s: %s, %s; it is made anew", path, result.word, result.why
            )
            return None
        return certificate

    def keep(self, question: Question, certificate: Certificate) -> None:
        """Store a certificate.

        Raises:
            InputError: the folder cannot be written.
        """
        path = self._path(question)
        make_folder(path.parent)
        document: dict[str, Any] = {
            "schema": SCHEMA,
            "question": dict(question),
            "certificate": certificate.document,
        }
        document["sha256"] = sha256_of(document)
        write_text(path, json.dumps(document, indent=1) + "\n")

    def _path(self, question: Question) -> Path:
        key = hashlib.sha256(canonical(question)).hexdigest()
        return self.folder / key[:2] / f"{key}.json"


def store_at(folder: str | Path | None) -> CertificateStore | None:
    """The store in a folder, by default the one that the environment names.

    Args:
        folder: the folder; None for that of ``SYMCRIT_STORE``, if it is set.

    Raises:
        InputError: the folder that should hold it does not exist: a name mistyped.
    """
    if folder is None:
        folder = os.environ.get(ENVIRONMENT) or None
    if folder is None:
        return None
    parent = Path(folder).parent
    if not parent.is_dir():
        message = f"{folder}: the folder {parent} does not exist; make it first"
        raise InputError(message)
    return CertificateStore(Path(folder))


def _read(document: object, question: Question, where: str) -> Certificate:
    """The certificate in a stored document.

    Raises:
        InputError: the document is none, was changed, or answers another question.
    """
    if not isinstance(document, dict) or document.get("schema") != SCHEMA:
        message = f"{where}: is no stored certificate"
        raise InputError(message)
    if document.get("sha256") != sha256_of(document):
        message = f"{where}: the content does not fit its sha256"
        raise InputError(message)
    if document.get("question") != dict(question):
        message = f"{where}: answers another question"
        raise InputError(message)
    return read_certificate(document.get("certificate"), where=where)
