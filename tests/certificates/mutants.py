"""Certificates falsified on purpose, one place or several at a time."""

import copy
import json
from collections.abc import Callable, Sequence
from fractions import Fraction
from random import Random
from typing import Any, TypeAlias

Document: TypeAlias = dict[str, Any]
Operator: TypeAlias = Callable[[Document, Document, Random], None]
"""Changes a certificate in place; the second one may lend it parts."""

_MOST = 3
_STALE_WORDS = 0.03


def mutate(
    document: Document, other: Document, random: Random
) -> tuple[Document, bool]:
    """A changed copy, and whether its words were left as they are."""
    mutant: Document = copy.deepcopy(document)
    for operator in random.choices(OPERATORS, k=random.choice([1, 1, 1, 2, _MOST])):
        operator(mutant, other, random)
    return mutant, random.random() < _STALE_WORDS


def _move(ball: dict[str, str], random: Random) -> None:
    """Shift, shrink or widen a ball, often to just inside or outside the truth."""
    mid, rad = Fraction(ball["mid"]), Fraction(ball["rad"])
    match random.randrange(5):
        case 0:
            mid += (
                rad * random.choice([-1, 1]) * Fraction(random.choice([1, 2, 3, 999]))
            )
        case 1:
            mid += rad * Fraction(random.uniform(-2, 2))
        case 2:
            rad *= Fraction(random.choice([0, 1, 2, 10, 1000]), random.choice([1, 9]))
        case 3:
            mid = -mid
        case 4:
            mid, rad = mid + rad * Fraction(999, 1000), rad * 2
    ball["mid"], ball["rad"] = _text(mid), _text(rad)


def _text(x: Fraction) -> str:
    digits = 60
    scaled = round(x * 10**digits)
    head, tail = divmod(abs(scaled), 10**digits)
    return f"{'-' if scaled < 0 else ''}{head}.{tail:0{digits}d}"


def _swap(values: Any, keys: Sequence[Any], random: Random) -> None:
    i, j = random.choice(keys), random.choice(keys)
    values[i], values[j] = values[j], values[i]


def a_parameter(d: Document, _: Document, random: Random) -> None:
    """The ball of a parameter."""
    _move(random.choice(list(d["claim"]["parameters"].values())), random)


def swapped_parameters(d: Document, _: Document, random: Random) -> None:
    """The balls of two parameters."""
    _swap(d["claim"]["parameters"], sorted(d["claim"]["parameters"]), random)


def the_loss(d: Document, _: Document, random: Random) -> None:
    """The ball of the loss."""
    _move(d["claim"]["loss"], random)


def an_eigenvalue(d: Document, _: Document, random: Random) -> None:
    """The ball of an eigenvalue."""
    block = random.choice(d["claim"]["blocks"] or [{"eigenvalues": []}])
    if block["eigenvalues"]:
        _move(random.choice(block["eigenvalues"]), random)


def swapped_eigenvalues(d: Document, _: Document, random: Random) -> None:
    """Eigenvalues within a block, or of two blocks."""
    blocks = [b["eigenvalues"] for b in d["claim"]["blocks"] if b["eigenvalues"]]
    if not blocks:
        return
    first, second = random.choice(blocks), random.choice(blocks)
    i, j = random.randrange(len(first)), random.randrange(len(second))
    first[i], second[j] = second[j], first[i]


def a_list_of_eigenvalues(d: Document, _: Document, random: Random) -> None:
    """One too many or too few, or one repeated."""
    for block in random.sample(d["claim"]["blocks"], min(1, len(d["claim"]["blocks"]))):
        values = block["eigenvalues"]
        if values and random.random() < 1 / 2:
            values.append(copy.deepcopy(random.choice(values)))
        if values and random.random() < 2 / 3:
            values.pop(random.randrange(len(values)))
        if random.random() < 1 / 2:
            block["copies"] = len(values)


def a_count(d: Document, _: Document, random: Random) -> None:
    """Copies, negative, zero."""
    for block in random.sample(d["claim"]["blocks"], min(1, len(d["claim"]["blocks"]))):
        key = random.choice(["copies", "negative", "zero"])
        value = (block[key] or 0) + random.choice([-1, 1, 1, 2])
        block[key] = None if random.random() < 1 / 4 and key != "copies" else value


def a_multiplicity(d: Document, _: Document, random: Random) -> None:
    """The multiplicity of a block."""
    for block in random.sample(d["claim"]["blocks"], min(1, len(d["claim"]["blocks"]))):
        value = Fraction(block["multiplicity"] or 0) + random.choice([-1, 1, 3])
        block["multiplicity"] = str(value)


def the_blocks(d: Document, other: Document, random: Random) -> None:
    """Names swapped, a block lost, doubled or borrowed, or another order."""
    blocks = d["claim"]["blocks"]
    match random.randrange(6) if blocks else 5:
        case 0:
            first, second = random.choice(blocks), random.choice(blocks)
            first["component"], second["component"] = (
                second["component"],
                first["component"],
            )
        case 1:
            blocks.pop(random.randrange(len(blocks)))
        case 2:
            blocks.append(copy.deepcopy(random.choice(blocks)))
        case 3:
            random.shuffle(blocks)
        case 4:
            name = random.choice(["s_1", "s_2", "x_1", "y_3", "s_1*s_2", "t_2", ""])
            random.choice(blocks)["component"] = name
        case 5:
            d["claim"]["blocks"] = copy.deepcopy(other["claim"]["blocks"])


def the_index(d: Document, _: Document, random: Random) -> None:
    """Morse index and its bounds."""
    claim = d["claim"]
    if random.random() < 1 / 2:
        values = [None, "0", "1", "5", str(random.randrange(40))]
        claim["morse_index"] = random.choice(values)
    else:
        low = random.choice([0, 0, 1, 4])
        high = low + random.choice([0, 0, 1, 40])
        claim["index_bounds"] = random.choice([None, [str(low), str(high)]])


def a_word(d: Document, _: Document, random: Random) -> None:
    """Smoothness, isotropy, minimum, formal."""
    values: dict[str, list[Any]] = {
        "smoothness": ["analytic", "C2"],
        "isotropy": ["exact", "contains", None],
        "minimum": [True, False, None],
        "formal": [True, False],
    }
    key = random.choice(list(values))
    d["claim"][key] = random.choice(values[key])


def the_size(d: Document, _: Document, random: Random) -> None:
    """The variables."""
    variables = d["claim"]["variables"]
    for name in variables:
        shift = random.choice(["-2", "-1", "1", "1", "2", "14", "1/2", "-1/1000"])
        variables[name] = str(Fraction(variables[name]) + Fraction(shift))


def the_landscape(d: Document, other: Document, random: Random) -> None:
    """Kernel, pattern, target."""
    claim = d["claim"]
    match random.randrange(4):
        case 0:
            claim["kernel"] = random.choice(["relu", "c^2", "c^3", "c^4"])
        case 1:
            claim["pattern"] = random.choice(
                [
                    *["k", "1+(k-1)", "2+(k-2)", "(k-1)+1", "3+(k-3)", "1+k"],
                    *["n=k-1: rows 1,n cols 1,n", other["claim"]["pattern"]],
                    "n=k-1: rows 1,n cols 1,n target n,1",
                ]
            )
        case 2:
            for name in list(claim["target"] or {}):
                shift = Fraction(random.choice(["1e-25", "1", "-1/3", "0"]))
                claim["target"][name] = str(Fraction(claim["target"][name]) + shift)
        case 3:
            claim["target"] = copy.deepcopy(other["claim"]["target"])


def the_box(d: Document, _: Document, random: Random) -> None:
    """Centre and radii, by factors of the radius."""
    evidence = d["evidence"]
    i = random.randrange(min(len(evidence["centre"]), len(evidence["radii"])))
    radius = _number(evidence["radii"][i])
    if random.random() < 1 / 2:
        factor = Fraction(random.choice([0, 1, 1, 2, 64, 2**20, 2**40]))
        evidence["radii"][i] = _dyadic(radius * factor / random.choice([1, 2, 2**30]))
    else:
        shift = random.choice([-1, 1]) * Fraction(
            random.choice([1, 1, 3, 5, 2**30]), random.choice([1, 2, 4, 2**9])
        )
        evidence["centre"][i] = _dyadic(_number(evidence["centre"][i]) + radius * shift)


def the_preconditioner(d: Document, _: Document, random: Random) -> None:
    """One entry of it, or all."""
    rows = d["evidence"]["preconditioner"]
    row = random.choice(rows)
    j = random.randrange(len(row))
    match random.randrange(4):
        case 0:
            row[j] = _dyadic(-_number(row[j]))
        case 1:
            row[j] = "0*2^0"
        case 2:
            row[j] = _dyadic(_number(row[j]) * Fraction(random.choice([2, 17]), 16))
        case 3:
            _swap(rows, range(len(rows)), random)


def the_rest(d: Document, _: Document, random: Random) -> None:
    """The bits, the exact point and the producer, which change no truth alone."""
    match random.randrange(4):
        case 0:
            d["evidence"]["bits"] = random.choice([1, 8, 30, 53, 64, 500])
        case 1:
            values = d["claim"]["parameters"].values()
            point = [str(Fraction(x["mid"])) for x in values]
            d["evidence"]["exact_point"] = point
        case 2:
            n = len(d["evidence"]["centre"])
            d["evidence"]["exact_point"] = [random.choice("01") for _ in range(n)]
        case 3:
            d["producer"]["version"] = "2"


def borrowed(d: Document, other: Document, random: Random) -> None:
    """Whole parts of another certificate."""
    part, key = random.choice(
        [
            ("claim", "parameters"),
            ("claim", "loss"),
            ("claim", "morse_index"),
            ("claim", "minimum"),
            ("evidence", "centre"),
            ("evidence", "radii"),
            ("evidence", "preconditioner"),
        ]
    )
    d[part][key] = copy.deepcopy(other[part][key])
    if random.random() < 1 / 4:
        d["evidence"] = copy.deepcopy(other["evidence"])


OPERATORS: list[Operator] = [
    *[a_parameter, swapped_parameters, the_loss, an_eigenvalue, swapped_eigenvalues],
    *[a_list_of_eigenvalues, a_count, a_multiplicity, the_blocks, the_index, a_word],
    *[the_size, the_landscape, the_box, the_preconditioner, the_rest, borrowed],
    *[a_parameter, the_loss, an_eigenvalue, an_eigenvalue],
]
"""The last ones twice or more: the finest statements need the most trials."""


def _number(text: str) -> Fraction:
    mantissa, _, exponent = text.partition("*2^")
    return int(mantissa) * Fraction(2) ** int(exponent)


def _dyadic(x: Fraction) -> str:
    """A fraction whose denominator is a power of two."""
    return f"{x.numerator}*2^-{x.denominator.bit_length() - 1}"


def fingerprint(document: Document) -> str:
    """Everything but the hash, to tell mutants apart."""
    return json.dumps({k: document[k] for k in ("claim", "evidence")}, sort_keys=True)
