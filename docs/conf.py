"""The documentation site: these pages, the derivations, and the reference.

Build it from the top of the repository with ``sphinx-build -W -c docs . docs/_build``.
"""

import re
from typing import Any

from docutils import nodes
from sphinx import addnodes

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
napoleon_custom_sections = ["Source"]

_HOMES = {
    "Certificate": "symcrit.certificates.documents.Certificate",
    "Family": "symcrit.catalog.family.Family",
}
"""What is meant by names that modules import for types only."""

_LITERAL = re.compile(r"(``.+?``|`[^`]+`)")
_DERIVATION = re.compile(r"\bderivations/([a-z-]+)\.md\b")


def _write_mathematics_plainly(
    _app: object,
    _what: str,
    _name: str,
    _subject: object,
    _options: object,
    lines: list[str],
) -> None:
    """Keep ``|w|`` and ``k**2`` from being taken for markup, and link derivations."""
    in_example = False
    for number, line in enumerate(lines):
        in_example = line.lstrip().startswith(">>>") or (
            in_example and bool(line.strip())
        )
        if in_example:
            continue
        parts = _LITERAL.split(line)
        parts[::2] = [
            _DERIVATION.sub(
                r":doc:`/derivations/\1`",
                part.replace("|", r"\|").replace("**", r"\*\*"),
            )
            for part in parts[::2]
        ]
        lines[number] = "".join(parts)


def _point_to_the_package(_app: object, doctree: nodes.document) -> None:
    """Let names that the checker of certificates has as well mean the package's."""
    for reference in doctree.findall(addnodes.pending_xref):
        if reference.get("py:module") != "symcrit.certificates.checker":
            target = reference["reftarget"]
            reference["reftarget"] = _HOMES.get(target, target)


def setup(app: Any) -> None:
    """Register the hooks."""
    app.connect("autodoc-process-docstring", _write_mathematics_plainly)
    app.connect("doctree-read", _point_to_the_package)
