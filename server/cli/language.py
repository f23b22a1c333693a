"""Which of the two languages the commands speak.

``GI_LANG`` decides (``zh`` or ``en``); else an English ``LANG`` means en; else zh.
"""

import os

from geo.errors import Message


def say(message: Message) -> str:
    """Return the message in the language of the environment."""
    chosen = os.environ.get("GI_LANG") or os.environ.get("LANG") or "zh"
    return message.en if chosen.lower().startswith("en") else message.zh
