"""Mirror of symcrit/schemas/load.py."""

import copy
from typing import Any

import jsonschema
import pytest

from symcrit.core.errors import InputError
from symcrit.schemas.load import load_schema, schema_names, validate

BALL = {"mid": "-0.9961", "rad": "1e-30"}

SERIES: dict[str, Any] = {
    "schema": "symcrit/series@1",
    "family": "II",
    "variable": "t",
    "field": "Q(pi)",
    "order": {"a_1": 4, "loss": "9/2"},
    "quantities": {
        "a_1": [[0, "-1"], [2, "2 + 8/pi + 8/pi**2"]],
        "loss": [["1/2", "sqrt(p)/3"]],
    },
    "decimals": {"a_1": ["-1", "5.357"], "loss": ["0.333"]},
    "proof": {
        "residual_order": 6,
        "jacobian_exponent": 1,
        "computed_order": {"a_1": 5},
        "proved_order": {"a_1": 4},
    },
    "radius_estimate": None,
}

POINT: dict[str, Any] = {
    "schema": "symcrit/point@1",
    "family": "II",
    "k": "15/2",
    "parameters": {"a_1": BALL},
    "deviations": {"a_1": BALL},
    "loss": BALL,
    "certified": True,
}

VERIFY: dict[str, Any] = {
    "schema": "symcrit/verify@1",
    "results": [
        {"outcome": "CONFIRMED", "first_wrong_term": None, "computed": "-1 + O(t)"},
        {"outcome": "REFUTED", "first_wrong_term": "2*t", "computed": "3*t"},
    ],
}

GOOD = {
    "families": {
        "schema": "symcrit/families@1",
        "families": [
            {
                "name": "II",
                "pattern": "1+(k-1)",
                "parameters": ["a_1", "m_1_2"],
                "limit": {"a_1": "-1"},
                "source": "arXiv:2107.01370",
                "status": "proved",
            }
        ],
    },
    "series": SERIES,
    "verify": VERIFY,
    "point": POINT,
    "derive": {
        "schema": "symcrit/derive@1",
        "report": {"md": "report-II/report.md"},
        "statements": [{"id": "a", "how": "exact identity", "outcome": "CONFIRMED"}],
    },
    "claims": {
        "schema": "symcrit/claims@1",
        "results": [
            {
                "id": "a",
                "source": "b",
                "outcome": "UNKNOWN",
                "claimed": "1",
                "computed": None,
                "how": "series",
            }
        ],
    },
    "schema": {"schema": "symcrit/schema@1", "names": ["series"], "definition": None},
}


def with_change(document: dict[str, Any], *path: str | int, to: object) -> object:
    """Return a copy with one place changed."""
    changed = copy.deepcopy(document)
    place: Any = changed
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = to
    return changed


@pytest.mark.parametrize("name", schema_names())
def test_every_schema_is_one(name: str) -> None:
    """Oracle: the meta-schema of draft 2020-12."""
    jsonschema.Draft202012Validator.check_schema(load_schema(name))


@pytest.mark.parametrize("name", list(GOOD))
def test_a_good_document_fits_and_may_hold_more(name: str) -> None:
    """A later version may add fields."""
    validate(GOOD[name], name, where="test")
    validate({**GOOD[name], "more": 1}, name, where="test")


@pytest.mark.parametrize("name", list(GOOD))
def test_every_field_is_needed(name: str) -> None:
    """A document that lacks one of its fields is refused."""
    for field in GOOD[name]:
        short = {key: value for key, value in GOOD[name].items() if key != field}
        with pytest.raises(InputError, match=f"'{field}' is a required property"):
            validate(short, name, where="test")


FAMILY_FIELDS = (
    *("schema", "name", "title", "pattern", "kernel"),
    *("source", "limit", "target", "values"),
)
"""As docs/tutorial.md and the schema have them."""

NO_POINT: dict[str, Any] = {
    **dict.fromkeys(POINT),
    "schema": "symcrit/point@1",
    "family": "II",
    "certified": False,
    "answered": False,
    "outcome": "UNKNOWN",
    "why": "stopped after 1 s; allow more",
    "hint": "allow more",
}


def test_a_document_may_say_why_there_is_no_answer() -> None:
    """All that it adds is needed, and so are the fields of an answer."""
    validate(NO_POINT, "point", where="test")
    validate(
        {**NO_POINT, "outcome": "REFUTED", "hint": None, "more": 1}, "point", where=""
    )
    for field in NO_POINT.keys() - {"answered"}:
        short = {key: value for key, value in NO_POINT.items() if key != field}
        with pytest.raises(InputError, match=f"'{field}' is a required property"):
            validate(short, "point", where="test")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("answered", True),
        ("outcome", "CONFIRMED"),
        ("why", ""),
        ("hint", None),
        ("schema", "symcrit/series@1"),
    ],
)
def test_what_has_no_answer_says_so_and_why(field: str, value: object) -> None:
    """An answer cannot pass for none, nor an open question for one that is closed."""
    with pytest.raises(InputError):
        validate({**NO_POINT, field: value}, "point", where="test")


@pytest.mark.parametrize("name", ["certificate", "census_record", "family", "uniform"])
def test_a_file_is_never_without_content(name: str) -> None:
    """Only answers of commands may be missing."""
    missing = {**NO_POINT, "schema": f"symcrit/{name}@1"}

    with pytest.raises(InputError):
        validate(missing, name, where="test")


@pytest.mark.parametrize(
    ("name", "document", "place"),
    [
        ("point", with_change(POINT, "loss", "mid", to=0.5), "loss.mid"),
        ("point", with_change(POINT, "loss", "rad", to="-1"), "loss.rad"),
        ("point", with_change(POINT, "loss", "mid", to="nan"), "loss.mid"),
        ("point", with_change(POINT, "k", to="7.5"), "k"),
        ("point", with_change(POINT, "parameters", to=None), "parameters"),
        ("point", with_change(POINT, "certified", to=False), "certified"),
        ("series", with_change(SERIES, "variable", to="x"), "variable"),
        (
            "series",
            with_change(SERIES, "quantities", "a_1", 0, 1, to="0.5"),
            "quantities.a_1[0][1]",
        ),
        (
            "series",
            with_change(SERIES, "quantities", "a_1", 0, 1, to="os.system"),
            "quantities.a_1[0][1]",
        ),
        (
            "series",
            with_change(SERIES, "quantities", "a_1", 0, 0, to=0.5),
            "quantities.a_1[0][0]",
        ),
        ("series", with_change(SERIES, "schema", to="symcrit/series@2"), "schema"),
        (
            "verify",
            with_change(VERIFY, "results", 1, "first_wrong_term", to=None),
            "results[1].first_wrong_term",
        ),
        (
            "verify",
            with_change(VERIFY, "results", 0, "outcome", to="TRUE"),
            "results[0].outcome",
        ),
    ],
)
def test_a_bad_value_is_found_in_its_place(
    name: str, document: object, place: str
) -> None:
    """The message names the file and the place in it."""
    with pytest.raises(InputError) as caught:
        validate(document, name, where="a.json")

    assert f"a.json: {place}" == ": ".join(str(caught.value).split(": ")[:2])


@pytest.mark.parametrize(
    ("name", "document", "words"),
    [
        ("point", with_change(POINT, "family", to=1), "family: 1 should be text"),
        ("point", [], "[] should be an object"),
        (
            "series",
            with_change(SERIES, "order", to=[2]),
            "order: [2] should be an object",
        ),
        (
            "threshold",
            {
                "schema": "symcrit/threshold@1",
                "family": "A",
                "searched": ["2", "100"],
                "complete": "yes",
                "crossings": [],
                "end": None,
            },
            "complete: 'yes' should be true or false",
        ),
        (
            "spectrum",
            {
                "schema": "symcrit/spectrum@1",
                "family": "A",
                "k": None,
                "blocks": [],
                "morse_index": [],
                "certified": True,
            },
            "morse_index: [] should be an integer, text or null",
        ),
        (
            "family",
            {
                "schema": "symcrit/family@1",
                "name": "a",
                "pattern": "k",
                "kernel": "relu",
                "source": "me",
                "limit": {},
                "valeus": {},
            },
            f"'valeus' is no field; known are {', '.join(FAMILY_FIELDS)}",
        ),
    ],
)
def test_what_would_be_right_is_said_in_words(
    name: str, document: object, words: str
) -> None:
    """For those who have read no schema."""
    with pytest.raises(InputError) as caught:
        validate(document, name, where="a.json")

    assert f"a.json: {words}" == str(caught.value)


def test_a_long_value_does_not_fill_the_screen() -> None:
    """The message is cut and names the rule."""
    with pytest.raises(InputError, match="breaks the rule 'pattern'") as caught:
        validate(with_change(POINT, "k", to="x" * 10_000), "point", where="a.json")

    assert len(str(caught.value)) < 300


def test_an_unknown_schema_is_refused() -> None:
    """The shared part is no schema of its own."""
    with pytest.raises(InputError, match="there is no schema 'common'"):
        load_schema("common")
