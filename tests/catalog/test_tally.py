"""Mirror of symcrit/catalog/tally.py."""

from symcrit.catalog.tally import Tally

RECORDS: list[dict[str, object]] = [
    {"outcome": "certified", "point": {"kind": "minimum"}},
    {"outcome": "certified", "point": {"kind": "minimum"}},
    {"outcome": "certified", "point": {"kind": "saddle"}},
    {"outcome": "certified", "point": {"kind": "degenerate"}},
    {"outcome": "undecided", "name": "a.npy", "reason": "a sign is open"},
    {"outcome": "refused", "name": "b.npy", "reason": "b.npy: no such file"},
]


def test_every_record_counts_once() -> None:
    """Counted by hand."""
    assert {
        "total": 6,
        "certified": 4,
        "minima": 2,
        "saddles": 1,
        "undecided": 1,
        "refused": 1,
    } == Tally.of(RECORDS).counts()


def test_a_reason_names_its_input_once() -> None:
    """Some reasons begin with it already."""
    expected = ["a.npy: a sign is open", "b.npy: no such file"]

    assert expected == Tally.of(RECORDS).reasons
