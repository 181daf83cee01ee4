"""The store hands out what it can verify, and nothing else."""

import json
import logging
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from symcrit.catalog.store import CertificateStore, store_at
from symcrit.certificates.documents import Certificate, sha256_of
from tests.certify.certified import certificate, changed

QUESTION = {"family": "II", "k": "7"}


@pytest.fixture
def store(tmp_path: Path) -> CertificateStore:
    """A store with one answer."""
    found = CertificateStore(tmp_path / "store")
    found.keep(QUESTION, certificate("II 7"))
    return found


def only_file(store: CertificateStore) -> Path:
    """The one file of a store."""
    (path,) = store.folder.rglob("*.json")
    return path


def rewrite(store: CertificateStore, **fields: Any) -> None:
    """Change fields of the one file, with a hash that fits."""
    document = {**json.loads(only_file(store).read_text()), **fields}
    document["sha256"] = sha256_of(document)
    only_file(store).write_text(json.dumps(document))


def test_what_was_kept_is_found(store: CertificateStore) -> None:
    """By an equal question, and by no other."""
    assert store.find(dict(reversed(QUESTION.items()))) == certificate("II 7")
    assert store.find({**QUESTION, "k": "8"}) is None


def test_what_is_not_verified_is_made_anew(
    store: CertificateStore, caplog: pytest.LogCaptureFixture
) -> None:
    """False, of another question, damaged, or no certificate at all."""
    falsified = changed(certificate("II 7"), "claim", "loss", "mid", to="0.5")
    for damage in (
        lambda: rewrite(store, certificate=falsified),
        lambda: rewrite(store, question={"family": "II", "k": "8"}),
        lambda: rewrite(store, certificate=None),
        lambda: rewrite(store, schema="something else"),
        lambda: only_file(store).write_text(only_file(store).read_text()[:-9]),
        lambda: only_file(store).write_text("{}"),
    ):
        damage()
        made: list[Certificate] = []

        def make(made: list[Certificate] = made) -> Certificate:
            made.append(certificate("II 7"))
            return made[0]

        with caplog.at_level(logging.WARNING, "symcrit"):
            assert store.find(QUESTION) is None
        assert "made anew" in caplog.text
        assert store.answer(QUESTION, make) == certificate("II 7")
        assert len(made) == 1
        assert store.find(QUESTION) == certificate("II 7")
        caplog.clear()


def test_many_may_write_at_once(tmp_path: Path) -> None:
    """Each of them reads whole files, and one file is left."""
    store = CertificateStore(tmp_path)
    with ThreadPoolExecutor(8) as pool:
        jobs = [
            pool.submit(store.keep, QUESTION, certificate("II 7")) for _ in range(40)
        ]
        for job in jobs:
            job.result()
    assert store.find(QUESTION) == certificate("II 7")
    assert [p.suffix for p in tmp_path.rglob("*") if p.is_file()] == [".json"]


def test_the_environment_names_a_store(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A folder that is given goes before it."""
    monkeypatch.delenv("SYMCRIT_STORE", raising=False)
    assert store_at(None) is None
    monkeypatch.setenv("SYMCRIT_STORE", str(tmp_path))
    assert store_at(None) == CertificateStore(tmp_path)
    assert store_at("other") == CertificateStore(Path("other"))
