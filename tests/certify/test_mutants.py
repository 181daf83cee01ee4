"""Each step of the proof is needed: broken, something false gets through."""

from collections.abc import Callable

import pytest
from flint import arb

from symcrit.arith import balls
from symcrit.arith.balls import CLOSED_BALLS
from symcrit.certify import checking, separation, systems
from symcrit.certify.checking import check_certificate
from symcrit.certify.krawczyk import column_of
from symcrit.landscapes.kernels import Relu
from symcrit.landscapes.recorded import RecordedLandscape
from symcrit.symmetry.patterns import Pattern
from tests.certify.certified import certificate, changed, recheck, rederived


def verified(*path: str | int, to: object) -> bool:
    """Whether a falsified certificate of II at k = 7 is verified."""
    document = rederived(changed(certificate("II 7"), *path, to=to))
    return recheck(document).outcome.is_true


NARROW = ("claim", "loss", "mid"), "0.0232"


@pytest.mark.parametrize(
    ("place", "name", "mutant", "path", "to"),
    [
        (checking, "_compare_values", lambda *_: iter(()), *NARROW),
        (
            checking,
            "_compare_block",
            lambda *_: iter(()),
            ("claim", "blocks", 1, "negative"),
            1,
        ),
        (
            checking,
            "_compare_spectrum",
            lambda *_: iter(()),
            ("claim", "blocks", 1, "multiplicity"),
            "7",
        ),
    ],
)
def test_a_check_left_out_lets_a_falsehood_through(
    monkeypatch: pytest.MonkeyPatch,
    place: object,
    name: str,
    mutant: Callable[..., object],
    path: tuple[str | int, ...],
    to: object,
) -> None:
    """Rejected with the check, verified without it: nothing else notices."""
    assert not verified(*path, to=to)
    monkeypatch.setattr(place, name, mutant)
    assert verified(*path, to=to)


def test_separation_rests_on_overlap(monkeypatch: pytest.MonkeyPatch) -> None:
    """If equal balls were taken for different ones, a larger group would be missed."""
    pattern, equal = Pattern.parse("k"), [arb(2), arb(2)]
    sizes = {"k": certificate("A 6").claim.variables["k"]}
    assert separation.has_exact_isotropy(pattern, equal, sizes).is_unknown

    monkeypatch.setattr(
        separation, "possible_coincidences", lambda found: list(range(len(found)))
    )

    assert separation.has_exact_isotropy(pattern, equal, sizes).is_true


def test_the_slack_is_needed_where_vectors_are_parallel(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Without it the Jacobian over a box of width 0.2 misses that of a point inside."""
    land = systems.free_landscape(Pattern.parse("k"), Relu(), frozenset({"w1.v1="}))
    plain = systems.free_landscape(Pattern.parse("k"), Relu())
    sizes = {"n1": arb(6)}
    box = column_of([arb(1, 0.1), arb(0, 0.1)])
    inside = column_of([arb(1.05), arb(0.09)])
    true = systems.ReducedSystem(plain, sizes).jacobian(inside)

    assert systems.ReducedSystem(land, sizes).jacobian(box).contains(true)
    monkeypatch.setattr(RecordedLandscape, "slack", lambda *_: arb(0))
    broken = systems.ReducedSystem(land, sizes)
    assert not broken.jacobian(inside).contains(true)


def test_a_sine_is_not_negative_and_may_be_zero() -> None:
    """The root of a ball around zero, and angles on the negative axis."""
    s = CLOSED_BALLS.root(arb(0, 1e-10), "")
    assert s.contains(0)
    assert s.contains(1e-5)
    assert CLOSED_BALLS.root(arb(4), "").overlaps(arb(2))
    assert not CLOSED_BALLS.root(arb(-1, 0.5), "").is_finite()
    for sine in (0, 1e-6):
        angle = CLOSED_BALLS.angle(s, arb(-1), "")
        assert angle.contains(balls.BALLS.angle(arb(sine), arb(-1), ""))
        assert angle.rad() < 1e-4


def test_a_good_certificate_survives_the_mutants_of_this_page() -> None:
    """The falsified certificates differ from a true one in one field."""
    assert check_certificate(certificate("II 7")).outcome.is_true
