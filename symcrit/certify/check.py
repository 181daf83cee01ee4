"""Check the certificate in a file, whatever its kind."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from symcrit.certificates.documents import read_certificate
from symcrit.certify.checking import CheckResult, check_certificate
from symcrit.certify.uniform_checking import check_theorem
from symcrit.core.errors import InputError
from symcrit.core.files import parse_json, read_text

__all__ = ["check"]


def check(path: str | Path) -> CheckResult:
    """Check the certificate in a file: every inequality again, nothing is searched.

    Args:
        path: a certificate of a point, or of a theorem for all k.

    Raises:
        InputError: the file is no certificate, or was changed since it was sealed, or
            its pattern cannot be read; the message begins with the name of the file.

    Example:
        >>> import tempfile
        >>> import symcrit
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     symcrit.family("A").certify(k=6).save(f"{folder}/cert.json")
        ...     found = symcrit.check(f"{folder}/cert.json")
        >>> found.word
        'VERIFIED'

    Source:
        derivations/certificates.md, what a check computes; derivations/uniform.md.
    """
    where = str(path)
    document = parse_json(read_text(Path(path)), where=where)
    with _naming(where):
        if isinstance(document, dict) and document.get("kind") == "uniform":
            return check_theorem(document, where=where)
        return check_certificate(read_certificate(document, where=where))


@contextmanager
def _naming(where: str) -> Iterator[None]:
    """Begin the message about bad input with the name of the file."""
    try:
        yield
    except InputError as error:
        if str(error).startswith(f"{where}:"):
            raise
        message = f"{where}: {error}"
        raise InputError(message) from error
