"""CSV that a spreadsheet opens as it was written."""

import re

BYTE_ORDER_MARK = "\ufeff"
_FORMULA_STARTS = tuple("=+-@＝＋－＠\t\r\n")
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?")


def safe_cell(text: str) -> str:
    """Return `text` so that no spreadsheet takes it for a formula.

    A text that begins with = + - @ (wide ones too) or TAB, CR or LF gets an
    apostrophe before it;
    a number, such as a western longitude, is left alone.

    Examples
    --------
    >>> safe_cell("=1+1"), safe_cell("-115.65"), safe_cell("赣州")
    ("'=1+1", '-115.65', '赣州')
    """
    if text.startswith(_FORMULA_STARTS) and not _NUMBER.fullmatch(text):
        return "'" + text
    return text
