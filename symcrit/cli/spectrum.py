"""``symcrit spectrum``: the eigenvalues of the Hessian, at one k or for all large k."""

from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from symcrit.cli.arguments import ORDER, SIZE, WholeNumber
from symcrit.cli.frame import Answer, Status, command
from symcrit.cli.pictures import add_curves, check_picture, plot_option
from symcrit.cli.series import exponent_json
from symcrit.core.errors import InputError
from symcrit.core.expressions import power_text

if TYPE_CHECKING:
    from symcrit.catalog.comparison import SpectrumComparison
    from symcrit.catalog.spectra import Eigenvalue, SpectrumSeries
    from symcrit.spectra.eigenvalues import Spectrum

__all__ = ["answer_for_large_sizes", "spectrum"]

_MOST_DIGITS = 300
_SHOWN_TERMS = 4
"""Terms of a series that a person is shown; all are in the JSON document."""

_SHOWN_DIGITS = 10
_BITS = 64


@command("spectrum", example="symcrit spectrum II --order 4", limit=True)
@click.argument("family")
@click.option("--k", type=SIZE, help="Integer, fraction or decimal, any size.")
@click.option(
    "--order",
    type=ORDER,
    metavar="N",
    help="Instead of --k: exact series in t = k^(-1/2), to O(t^N).",
)
@click.option(
    "--inputs",
    metavar="D",
    help="The number of inputs, where it is more than that of neurons: 25, k+5 or 2*k;"
    " with --order also d, for any number.",
)
@click.option(
    "--against",
    metavar="OTHER",
    help="With --order: compare with another family, or global for the minimum W = V.",
)
@click.option(
    "--digits",
    type=WholeNumber(1, _MOST_DIGITS),
    default=15,
    show_default=True,
    help="Digits of the point, and roughly of the eigenvalues.",
)
@plot_option
def spectrum(
    family: str,
    k: Fraction | None,
    order: int | None,
    inputs: str | None,
    against: str | None,
    digits: int,
    picture: Path | None,
) -> Answer:
    """Find the spectrum of the Hessian of a family, at one k or for all large k."""
    from symcrit.catalog.families import family as find
    from symcrit.cli.progress import stage_bar

    if against is not None and order is None:
        message = "--against compares series: give --order too"
        raise InputError(message)
    if picture is not None and inputs is not None:
        message = "--plot draws as many inputs as neurons; leave out --inputs"
        raise InputError(message)
    check_picture(picture)
    chosen = find(family)
    if k is not None and order is None:
        spectrum_at_k = chosen.spectrum(k, digits=digits, inputs=inputs)
        answer = _at_size(family, k, spectrum_at_k, digits, inputs)
    elif order is not None and k is None:
        with stage_bar("expanding") as bar:
            found = chosen.spectrum_series(order, inputs=inputs, progress=bar)
        answer = answer_for_large_sizes(found, digits, _compare(found, against, order))
    else:
        message = "give either --k or --order"
        raise InputError(message)
    return add_curves(answer, chosen, picture)


def _at_size(
    family: str, k: Fraction, found: "Spectrum", digits: int, inputs: str | None
) -> Answer:
    """Balls at one k."""
    from symcrit.arith.decimals import decimal_ball

    blocks = [
        {
            "component": block.component,
            "dimension": str(block.dimension),
            "multiplicity_of_each": block.multiplicity,
            "eigenvalues": [
                decimal_ball(x, digits) if x.is_finite() else None
                for x in block.eigenvalues
            ],
            "negative": block.negative,
        }
        for block in found.blocks
    ]
    document = {
        "family": family,
        "k": str(k),
        **_inputs(inputs),
        "blocks": blocks,
        "morse_index": found.morse_index,
        "certified": found.certified,
        "open_directions": [
            {"component": o.component, "direction": _rounded(dict(o.direction))}
            for o in found.open
        ],
    }

    def text() -> str:
        from tabulate import tabulate

        rows = [
            [
                block.component if i == 0 else "",
                str(block.dimension) if i == 0 else "",
                block.multiplicity if i == 0 else "",
                x.str(digits),
            ]
            for block in found.blocks
            for i, x in enumerate(block.eigenvalues)
        ]
        heads = ["component", "dimension", "times", "eigenvalue"]
        table = tabulate(rows, heads, disable_numparse=True)
        if found.morse_index is not None:
            last = f"Morse index {found.morse_index}"
        elif found.certified:
            last = "the signs are proved; k is no integer, so there is no Morse index"
        else:
            last = "the Morse index is not proved: a sign is open"
        more = f", {inputs} inputs" if inputs is not None else ""
        return f"family {family}, k = {k}{more}\n\n{table}\n\n{last}"

    status = Status.DONE if found.certified else Status.UNDECIDED
    return Answer(document, text, status)


def _compare(
    found: "SpectrumSeries", against: str | None, order: int
) -> "SpectrumComparison | None":
    """The comparison with another family, for as many inputs."""
    if against is None:
        return None
    from symcrit.catalog.comparison import comparable_spectrum, compare_spectra

    return compare_spectra(found, comparable_spectrum(against, order, found.inputs))


def answer_for_large_sizes(
    found: "SpectrumSeries",
    digits: int,
    comparison: "SpectrumComparison | None" = None,
) -> Answer:
    """Series in t."""
    index = found.morse_index
    number: int | str | None = None
    if index is not None:
        number = int(index.at({})) if index.is_constant else str(index)
    document: dict[str, Any] = {
        "family": found.family,
        "k": None,
        **_inputs(found.inputs),
        "variable": "t",
        "field": found.field,
        "order": exponent_json(found.order),
        "blocks": [
            {
                "component": block.component,
                "dimension": str(block.dimension),
                "multiplicity_of_each": None,
                "eigenvalues": [_series(x, digits) for x in block.eigenvalues],
                "negative": block.negative,
            }
            for block in found.blocks
        ],
        "morse_index": number,
        "certified": found.certified,
        "growth": [
            {
                "exponent_of_k": None if g.exponent is None else str(g.exponent),
                "count": str(g.count),
                "coefficients": [
                    {"value": _coefficient(c, digits), "count": str(count)}
                    for c, count in g.coefficients
                ],
            }
            for g in found.growth
        ],
    }
    if comparison is not None:
        document["comparison"] = _comparison(comparison)

    status = Status.DONE if found.certified else Status.UNDECIDED
    return Answer(document, lambda: _text(found, comparison), status)


def _text(found: "SpectrumSeries", comparison: "SpectrumComparison | None") -> str:
    """Series, what they add up to, and the comparison, for a person."""
    from symcrit.catalog.spectra import describe_growth

    lines = [
        f"family {found.family}, t = k**(-1/2), coefficients in {found.field}",
        f"eigenvalues to O({power_text('t', found.order)}), for all large k",
    ]
    if found.inputs is not None:
        lines.append(f"{found.inputs} inputs")
    for block in found.blocks:
        lines.append(f"\n{block.component}, {block.dimension} times each:")
        for x in block.eigenvalues:
            lines += _lines(x)
    lines.append("\nOf all eigenvalues, with multiplicities:")
    lines += [f"  {describe_growth(g)}" for g in found.growth]
    index = found.morse_index
    known = f"Morse index {index}" if index is not None else "a sign is open"
    lines.append(f"{known}, for all large k")
    if comparison is not None:
        lines.append(f"\n{comparison}")
        lines += [
            f"  {d.series}: {d.first or 0} times and {d.second or 0} times"
            for d in comparison.differences
        ]
    return "\n".join(lines)


def _inputs(inputs: str | None) -> dict[str, str]:
    return {} if inputs is None else {"inputs": inputs}


def _lines(x: "Eigenvalue") -> list[str]:
    """An eigenvalue for a person: some exact terms, then decimals."""
    from symcrit.arith.exact import Exact

    shown = x.with_terms(_SHOWN_TERMS)
    lines = [f"  {shown}"]
    if x.conjugates is not None:
        lines.append(f"    the leading coefficient is a root of {x.conjugates}")
    numbers = (
        (n, c.ball(_BITS) if isinstance(c, Exact) else c) for n, c in shown.terms
    )
    parts = [
        c.str(_SHOWN_DIGITS, radius=False) + (f"*{power_text('t', n)}" if n else "")
        for n, c in numbers
    ]
    total = " + ".join([*parts, f"O({power_text('t', shown.order)})"]).replace(
        "+ -", "- "
    )
    return [*lines, f"    = {total}"]


def _series(x: "Eigenvalue", digits: int) -> dict[str, Any]:
    found: dict[str, Any] = {
        "terms": [[exponent_json(n), _coefficient(c, digits)] for n, c in x.terms],
        "order": exponent_json(x.order),
        "decimals": x.expansion.decimals(digits),
    }
    if x.coincide > 1:
        found["coincide"] = x.coincide
    if x.conjugates is not None:
        found["conjugates"] = {
            "exponent": exponent_json(x.conjugates.exponent),
            "leading": [str(c) for c in x.conjugates.leading],
            "polynomial": [
                {
                    "terms": [[exponent_json(n), str(c)] for n, c in q.terms],
                    "order": exponent_json(q.order),
                }
                for q in x.conjugates.polynomial
            ],
        }
    return found


def _comparison(found: "SpectrumComparison") -> dict[str, Any]:
    return {
        "other": found.names[1],
        "shared": exponent_json(found.shared),
        "differs": found.differs,
        "differences": [
            {
                "terms": [[exponent_json(n), str(c)] for n, c in d.series.terms],
                "order": exponent_json(d.series.order),
                "first": str(d.first or 0),
                "second": str(d.second or 0),
            }
            for d in found.differences
        ],
    }


def _coefficient(c: Any, digits: int) -> Any:
    from symcrit.arith.decimals import decimal_ball
    from symcrit.arith.exact import Exact

    return str(c) if isinstance(c, Exact) else decimal_ball(c, digits)


def _rounded(direction: dict[str, float]) -> dict[str, str]:
    return {name: f"{value:.6g}" for name, value in direction.items()}
