"""The app's modules as they go over a thin link: without their documentation.

What tells a developer how a module is to be used is a quarter of its bytes, and an
inspector's tablet never reads it.
"""

import re

_BLOCK = re.compile(r"^[ \t]*/\*\*.*?\*/[ \t]*$", re.DOTALL | re.MULTILINE)
_LINE = re.compile(r"^[ \t]*//.*$", re.MULTILINE)


def without_comments(module: str) -> str:
    """Return a module without the comments that have lines of their own.

    Every line keeps its number, so that a fault's place is the same in the source. The
    house's style has no such line within a text; a test holds every module to that by
    its tokens.
    """
    bare = _BLOCK.sub(lambda found: "\n" * found[0].count("\n"), module)
    return _LINE.sub("", bare)
