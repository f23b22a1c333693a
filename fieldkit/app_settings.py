"""What a person chose for the field app on this device, kept in the outbox."""

import json
from collections.abc import Mapping
from typing import Any

from fieldkit.errors import InputRefused
from fieldkit.outbox import SqliteOutbox
from geo.errors import Message

_KEPT_AS = "app_settings"
_WORD_CHARS = 64
DEFAULTS: Mapping[str, Any] = {
    "photos_on_wifi_only": False,
    "theme": "system",
    "language": "zh-CN",
    "last_code": None,
    "last_premises_type": None,
}
CHOICES = {
    "photos_on_wifi_only": (False, True),
    "theme": ("system", "light", "dark", "sunlight"),
    "language": ("zh-CN", "en"),
}


def settings_of(outbox: SqliteOutbox) -> dict[str, Any]:
    """Return every setting; what was never chosen is as shipped."""
    kept = json.loads(outbox.meta(_KEPT_AS) or "{}")
    return {name: kept.get(name, default) for name, default in DEFAULTS.items()}


def change_settings(outbox: SqliteOutbox, patch: Mapping[str, Any]) -> dict[str, Any]:
    """Change the settings named, all or none, and return every one.

    Raises
    ------
    InputRefused
        There is no such setting, or not with that value.
    """
    for name, value in patch.items():
        _require_setting(name, value)
    changed = settings_of(outbox) | dict(patch)
    outbox.set_meta(_KEPT_AS, json.dumps(changed, ensure_ascii=False))
    return changed


def _require_setting(name: str, value: Any) -> None:
    if name not in DEFAULTS:
        raise _refused(name, "没有这项设置", "there is no such setting")
    if name not in CHOICES:
        if value is not None and not _is_word(value):
            raise _refused(name, "应为短文字", "a short text is expected")
    elif json.dumps(value) not in map(json.dumps, CHOICES[name]):
        told = ", ".join(json.dumps(one) for one in CHOICES[name])
        raise _refused(name, f"可选 {told}", f"one of {told} is expected")


def _is_word(value: Any) -> bool:
    return isinstance(value, str) and 0 < len(value) <= _WORD_CHARS


def _refused(name: str, zh: str, en: str) -> InputRefused:
    return InputRefused(Message(zh=f"{name}：{zh}", en=f"{name}: {en}"), field=name)
