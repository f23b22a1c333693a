"""The app's modules as they go over a thin link: without their documentation.

What tells a developer how a module is to be used is a quarter of its bytes, and an
inspector's tablet never reads it.
"""

import re

_BLOCK = re.compile(r"^[ \t]*/\*\*.*?\*/[ \t]*$", re.DOTALL | re.MULTILINE)
_LINE = re.compile(r"^[ \t]*//.*$", re.MULTILINE)
_BLANK = re.compile(r"\n(?:[ \t]*\n)+")


def without_comments(module: str) -> str:
    """Return a module without blank lines and comments that have lines of their own.

    The house's style has no such line within a text; a test holds every module to that
    by its tokens.
    """
    return _BLANK.sub("\n", _LINE.sub("", _BLOCK.sub("", module))).lstrip("\n")
