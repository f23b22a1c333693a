"""Which of the two languages the device speaks.

``GI_LANG`` decides (``zh`` or ``en``); else an English ``LANG`` means en; else zh.
"""

import os
from collections.abc import Mapping
from typing import Literal

from geo.errors import Message

Language = Literal["zh", "en"]


def language(environ: Mapping[str, str] = os.environ) -> Language:
    """Return the language chosen by the environment, ``zh`` by default."""
    chosen = environ.get("GI_LANG") or environ.get("LANG") or "zh"
    return "en" if chosen.lower().startswith("en") else "zh"


def say(message: Message, **values: object) -> str:
    """Return the message in the chosen language, its ``{places}`` filled in."""
    text = message.en if language() == "en" else message.zh
    return text.format(**values) if values else text


def filled(message: Message, **values: object) -> Message:
    """Return the message with its ``{places}`` filled in, in both languages."""
    return Message(zh=message.zh.format(**values), en=message.en.format(**values))
