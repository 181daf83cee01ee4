"""Mirror of symcrit/cli/claims.py."""

from pathlib import Path

import pytest

from symcrit.catalog.claims import published_claims
from tests.cli.running import Invoke

HEADER = 'schema = "symcrit/claims_file@1"\n'


def claim(name: str, expansion: str, family: str = "A") -> str:
    """One claim about the diagonal of type A."""
    return (
        f'[[claims]]\nid = "{name}"\nsource = "me"\ntext = "a_1 = {expansion}"\n'
        f'kind = "expansion"\nfamily = "{family}"\nquantity = "a_1"\n'
        f'expansion = "{expansion}"\n'
    )


TRUE = claim("true", "-1 + 2/k")
FALSE = claim("false", "-1 + 3/k")
BAD = claim("bad", "-1 + 3/k", "B")


def write(tmp_path: Path, *claims: str) -> str:
    """The path of a claims file."""
    path = tmp_path / f"{len(list(tmp_path.iterdir()))}.toml"
    path.write_text(HEADER + "".join(claims))
    return str(path)


def test_the_published_claims_are_checked_by_default(
    invoke: Invoke, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All confirmed, so the exit status is 0; here those about one family."""
    mine = [claim for claim in published_claims() if claim.family == "A"]
    monkeypatch.setattr("symcrit.catalog.claims.published_claims", lambda: mine)
    result = invoke("claims", "--json")
    found = result.document()["results"]

    assert 0 == result.status
    assert len(found) > 3
    assert [claim.id for claim in mine] == [row["id"] for row in found]
    assert {"CONFIRMED"} == {row["outcome"] for row in found}


def test_one_refuted_claim_makes_the_answer_no(invoke: Invoke, tmp_path: Path) -> None:
    """Over several files."""
    first, second = write(tmp_path, TRUE), write(tmp_path, FALSE)
    result = invoke("claims", first, second, "--json")
    true, false = result.document()["results"]

    assert 1 == result.status
    assert "CONFIRMED" == true["outcome"]
    assert "REFUTED" == false["outcome"]
    assert "a_1 = -1 + 3/k" == false["claimed"]
    assert "2/k" == false["computed"]
    assert "3/k" in false["note"]


def test_a_person_sees_every_claim(invoke: Invoke, tmp_path: Path) -> None:
    """And the count at the end."""
    result = invoke("claims", write(tmp_path, TRUE, FALSE))

    assert "CONFIRMED  true\n  source: me\n" in result.out
    assert result.out.rstrip().endswith("1 CONFIRMED, 1 REFUTED, 0 UNKNOWN")


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (HEADER + TRUE + BAD, "claim 'bad': unknown family 'B'"),
        (HEADER + TRUE + TRUE, "the id 'true' stands there twice"),
        ("x = 1", "'schema' is a required property"),
        ("\x00", "not TOML"),
    ],
)
def test_bad_files_are_refused(
    invoke: Invoke, tmp_path: Path, text: str, complaint: str
) -> None:
    """Exit status 2, one line; a refuted claim beside it does not matter."""
    path = tmp_path / "mine.toml"
    path.write_text(text)
    result = invoke("claims", write(tmp_path, FALSE), str(path))

    assert 2 == result.status
    assert complaint in result.complaint()


def test_a_message_about_a_claim_begins_with_its_file(
    invoke: Invoke, tmp_path: Path
) -> None:
    """Among several files too: unknown family, unknown quantity, bad range."""
    quantity = TRUE.replace('quantity = "a_1"', 'quantity = "x_1"')
    turned = (
        '[[claims]]\nid = "turned"\nsource = "me"\ntext = "points"\n'
        'kind = "existence"\nfamily = "A"\nk_from = 9\nk_to = 7\n'
    )
    for bad, complaint in (
        (BAD, "claim 'bad': unknown family 'B'"),
        (quantity, "claim 'true': family A has no quantity 'x_1'"),
        (turned, "claim 'turned': k from 9 to 7 should be an ascending range"),
    ):
        path = write(tmp_path, bad)
        result = invoke("claims", write(tmp_path, TRUE), path)

        assert 2 == result.status
        assert f"{path}: {complaint}" in result.complaint()


def test_a_missing_file_is_refused(invoke: Invoke, tmp_path: Path) -> None:
    """With its name."""
    result = invoke("claims", str(tmp_path / "none.toml"))

    assert 2 == result.status
    assert "none.toml" in result.complaint()
