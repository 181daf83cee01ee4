"""Mirror of symcrit/certificates/coq.py: Coq proves what the checker computed."""

import copy
import shutil
import subprocess
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from symcrit.certificates.checker import read
from symcrit.certificates.coq import export_coq
from symcrit.core.errors import InputError
from tests.certificates.making import certificate, sealed
from tests.certificates.test_smoothness import minimum


@cache
def document() -> dict[str, Any]:
    """Type A at k = 6, to a few digits."""
    return certificate("k", [-0.66, 0.33], {"k": Fraction(6)}, digits=3)


def test_every_step_has_its_bounds() -> None:
    """One lemma for each definition, and theorems for each side and pivot."""
    text = export_coq(read(document()))

    assert text.count("\nDefinition t") == text.count("\nLemma t") > 500
    assert ["inside_a_1", "inside_o_1"] == [
        line.split()[1] for line in text.splitlines() if line.startswith("Theorem in")
    ]
    assert 7 == text.count("\nTheorem pivot_")


def test_only_verified_analytic_points_are_exported() -> None:
    """Neither false ones nor parallel vectors."""
    false = copy.deepcopy(document())
    false["claim"]["morse_index"] = "1"

    for refused in (sealed(false), minimum()):
        with pytest.raises(InputError):
            export_coq(read(refused))


@pytest.mark.slow
def test_coq_proves_the_inequalities(tmp_path: Path) -> None:
    """And fails to prove the same for a much narrower box, as ``Fail`` demands."""
    coq = shutil.which("coqc")
    assert coq is not None, "install coq and libcoq-interval"
    text = export_coq(read(document()), ["x_1"])
    start = text.index("Theorem inside_a_1")
    theorem = text[start : text.index("Qed.", start)]
    bound = theorem[theorem.index(") < ") + 4 : theorem.index(".\nProof")]
    narrow = theorem.replace(f") < {bound}.", f") < {bound} / {10**15}.")
    assert narrow != theorem
    narrow = narrow.replace("inside_a_1", "too_much").replace(
        "interval with", "Fail interval with"
    )
    text = text.replace("End Box.", f"{narrow} Abort.\nEnd Box.")
    (tmp_path / "point.v").write_text(text)

    done = subprocess.run(
        [coq, "point.v"], cwd=tmp_path, capture_output=True, text=True, check=False
    )

    assert "" == done.stderr
    assert 0 == done.returncode
