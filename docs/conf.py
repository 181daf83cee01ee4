"""The documentation site: these pages, the derivations, and the reference.

Build it from the top of the repository with ``sphinx-build -W -c docs . docs/_build``.
"""

import re
from typing import Any

from symcrit import __version__

project = "symcrit"
author = "the symcrit developers"
project_copyright = "the symcrit developers"
release = __version__

extensions = [
    "myst_parser",
    "sphinx.ext.apidoc",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "sphinx.ext.viewcode",
    "sphinx-mathjax-offline",
]

# The source folder is the repository, so that the derivations are part of the site.
root_doc = "docs/index"
include_patterns = ["docs/**", "derivations/**"]
exclude_patterns = ["docs/_build/**"]

html_theme = "furo"
html_title = "symcrit"

myst_enable_extensions = ["amsmath", "colon_fence", "dollarmath"]
myst_heading_anchors = 3

apidoc_modules = [
    {
        "path": "../symcrit",
        "destination": "docs/api",
        "separate_modules": True,
        "module_first": True,
        "exclude_patterns": ["../symcrit/__main__.py"],
        "automodule_options": {"members", "show-inheritance"},
    }
]
autodoc_member_order = "bysource"
autodoc_typehints = "description"
autodoc_typehints_description_target = "documented"
napoleon_google_docstring = True
napoleon_numpy_docstring = False
napoleon_use_ivar = True
napoleon_use_rtype = False

_LITERAL = re.compile(r"(``.+?``|`[^`]+`)")


def _write_mathematics_plainly(
    _app: object,
    _what: str,
    _name: str,
    _subject: object,
    _options: object,
    lines: list[str],
) -> None:
    """Keep ``|w|`` and ``k**2`` in docstrings from being taken for markup."""
    in_example = False
    for number, line in enumerate(lines):
        in_example = line.lstrip().startswith(">>>") or (
            in_example and bool(line.strip())
        )
        if in_example:
            continue
        parts = _LITERAL.split(line)
        parts[::2] = [
            part.replace("|", r"\|").replace("**", r"\*\*") for part in parts[::2]
        ]
        lines[number] = "".join(parts)


def setup(app: Any) -> None:
    """Register the one hook."""
    app.connect("autodoc-process-docstring", _write_mathematics_plainly)
