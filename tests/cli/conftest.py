"""Fixtures for the command line."""

from functools import partial

import pytest

from tests.cli.running import Invoke, invoke_inside


@pytest.fixture
def invoke(capsys: pytest.CaptureFixture[str]) -> Invoke:
    """Run ``symcrit WORDS...`` and return what it left behind."""
    return partial(invoke_inside, capsys)
