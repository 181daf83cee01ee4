"""The text of an expression before it is parsed: limits, alphabet, error messages."""

import unicodedata
from typing import NoReturn

from symcrit.core.errors import InputError

__all__ = [
    "MAX_DEPTH",
    "MAX_LENGTH",
    "quoted",
    "refuse",
    "refuse_bad_text",
    "uses_latex",
]

MAX_LENGTH = 100_000
"""Characters of a text."""

MAX_DEPTH = 25
"""Parentheses and braces inside each other: what walks over the tree may recurse."""

_LOOKALIKES = {
    "\N{HYPHEN}": "-",
    "\N{NON-BREAKING HYPHEN}": "-",
    "\N{EN DASH}": "-",
    "\N{EM DASH}": "-",
    "\N{MINUS SIGN}": "-",
    "\N{MULTIPLICATION SIGN}": "*",
    "\N{MIDDLE DOT}": "*",
    "\N{DOT OPERATOR}": "*",
    "\N{ASTERISK OPERATOR}": "*",
    "\N{DIVISION SIGN}": "/",
    "\N{FRACTION SLASH}": "/",
    "\N{DIVISION SLASH}": "/",
    "\N{GREEK SMALL LETTER PI}": "pi",
    "\N{SQUARE ROOT}": "sqrt(...)",
    "\N{SUPERSCRIPT TWO}": "**2",
    "\N{SUPERSCRIPT THREE}": "**3",
}


def refuse(text: str, at: int, wrong: str, right: str, *, width: int = 1) -> NoReturn:
    """Raise the error that shows one place of a text.

    Args:
        text: what the user wrote.
        at: index of the first character that is wrong, from 0.
        wrong: what is wrong.
        right: what would be right.
        width: how many characters are wrong.

    Raises:
        InputError: always; positions in its message count from 1.

    Example:
        >>> refuse("2*x + 1", 2, "unknown name 'x'", "known is k")
        Traceback (most recent call last):
            ...
        symcrit.core.errors.InputError: unknown name 'x' at position 3: 2*>>>x<<< + 1;
        known is k
    """
    before = _printable(text[:at], keep_end=True)
    spot, after = _printable(text[at : at + width]), _printable(text[at + width :])
    shown = f"{before}>>>{spot}<<<{after}"
    message = f"{wrong} at position {at + 1}: {shown}; {right}"
    raise InputError(message)


def quoted(piece: str) -> str:
    """Quote a piece of the text for a message, shortened and in printable ASCII."""
    mark = '"' if "'" in piece else "'"
    return f"{mark}{_printable(piece)}{mark}"


def _printable(piece: str, *, keep_end: bool = False, room: int = 24) -> str:
    if len(piece) > room:
        piece = "..." + piece[-room:] if keep_end else piece[:room] + "..."
    return "".join(
        character
        if " " <= character <= "~" or character in "\t\n\r"
        else character.encode("unicode_escape").decode("ascii")
        for character in piece
    )


def uses_latex(text: str) -> bool:
    r"""Tell LaTeX from plain text: a backslash, a brace or a dollar sign.

    Example:
        >>> uses_latex(r"8/\pi"), uses_latex("k^{2}"), uses_latex("8/pi")
        (True, True, False)
    """
    return any(sign in text for sign in "\\{}$")


def refuse_bad_text(text: str) -> None:
    """Check what can be checked without a grammar.

    Args:
        text: what the user wrote.

    Raises:
        InputError: the text is too long or empty, holds a character that is not
            printable ASCII, or its parentheses and braces do not match or are nested
            too deeply.

    Example:
        >>> refuse_bad_text("2*(k - 1)")
    """
    if len(text) > MAX_LENGTH:
        refuse(
            text,
            MAX_LENGTH,
            "the expression is too long",
            f"at most {MAX_LENGTH} characters are read",
        )
    for at, character in enumerate(text):
        if not (" " <= character <= "~" or character in "\t\n\r"):
            _refuse_character(text, at)
    if not text.strip():
        refuse(text, 0, "empty expression", "write a number or a formula", width=0)
    _refuse_bad_nesting(text)


def _refuse_character(text: str, at: int) -> NoReturn:
    character = text[at]
    name = unicodedata.name(character, "control character")
    plain = _LOOKALIKES.get(character) or unicodedata.normalize("NFKC", character)
    if plain.isascii() and plain.isprintable():
        right = f"write {quoted(plain)}"
    else:
        right = "only ASCII characters are read"
    refuse(text, at, f"character U+{ord(character):04X} ({name})", right)


def _refuse_bad_nesting(text: str) -> None:
    partner = {")": "(", "}": "{"}
    opened: list[int] = []
    for at, character in enumerate(text):
        if character in "({":
            opened.append(at)
            if len(opened) > MAX_DEPTH:
                limit = f"at most {MAX_DEPTH} levels are read"
                refuse(text, at, "the expression is nested too deeply", limit)
        elif character in ")}":
            if not opened or text[opened[-1]] != partner[character]:
                right = f"it needs a {partner[character]!r} before it"
                refuse(text, at, f"{character!r} closes nothing", right)
            opened.pop()
    if opened:
        at = opened[-1]
        closing = {"(": ")", "{": "}"}[text[at]]
        refuse(text, at, f"{text[at]!r} is never closed", f"add {closing!r}")
