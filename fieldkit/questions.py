"""The questions of the dialogue and the body that they make; answers are plain JSON."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from fieldkit import answers as read
from fieldkit.language import say
from fieldkit.outbox import DeviceIdentity
from geo.errors import Message
from schemas.codes import CodeList
from schemas.package_data import document
from schemas.units import Unit
from schemas.vocabulary import labels
from sync.clock import SHANGHAI

Answers = dict[str, Any]
NO_GOODS = "none"


@dataclass(frozen=True, slots=True)
class Setting:
    """What the device knows when it asks; ``last`` is the last observation's body."""

    identity: DeviceIdentity
    now: datetime
    codes: CodeList
    units: tuple[Unit, ...]
    last: Mapping[str, Any]


def _nothing(_setting: Setting) -> Any:
    return None


def _always(_answers: Answers) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Question:
    """One question: what is proposed, how a typed answer is read, how it is shown.

    ``proposed`` gives None where an answer is needed, "" where Enter means none.
    """

    name: str
    prompt: Message
    read: Callable[[str, Setting], Any]
    proposed: Callable[[Setting], Any] = _nothing
    shown: Callable[[Any], str] = str
    is_asked: Callable[[Answers], bool] = _always


def products() -> dict[str, Message]:
    """Return the products that a lot may be of, and "none" for no goods."""
    entries = document("products")["products"]
    found = {entry["product"]: Message(entry["zh"], entry["en"]) for entry in entries}
    return found | {NO_GOODS: Message("没有货物", "no goods")}


def _optional(_setting: Setting) -> str:
    return ""


def _has_position(answers: Answers) -> bool:
    return not isinstance(answers["position"], str)


def _has_goods(answers: Answers) -> bool:
    return answers.get("product") != NO_GOODS


def _asks_origin(answers: Answers) -> bool:
    # In an orchard the position is the origin.
    return _has_goods(answers) and answers.get("premises_type") != "orchard"


def _now(setting: Setting) -> str:
    return setting.now.astimezone(SHANGHAI).isoformat(timespec="seconds")


def _last_premises_type(setting: Setting) -> Any:
    return setting.last.get("site", {}).get("premises_type")


def _last_product(setting: Setting) -> str:
    goods = setting.last.get("goods") or [{}]
    return str(goods[0].get("product", "gannan-navel-orange"))


def _last_claims(setting: Setting) -> list[str]:
    goods = setting.last.get("goods") or [{}]
    return list(goods[0].get("claims", ["protected_name"]))


def _named(words: Mapping[str, Message]) -> Callable[[Any], str]:
    def shown(value: Any) -> str:
        values = value if isinstance(value, list) else [value]
        return ", ".join(say(words[v]) if v in words else str(v) for v in values)

    return shown


def _listed(zh: str, en: str, words: Mapping[str, Message]) -> Message:
    numbered = list(enumerate(words.values(), start=1))
    return Message(
        zh=f"{zh}（{' '.join(f'{n} {word.zh}' for n, word in numbered)}）",
        en=f"{en} ({', '.join(f'{n} {word.en}' for n, word in numbered)})",
    )


def questions() -> tuple[Question, ...]:
    """Return the questions in the order in which they are asked."""
    return (
        *_of_the_place(),
        *_of_the_position(),
        *_of_the_act(),
        *_of_the_goods(),
        *_of_the_proof(),
    )


def _of_the_place() -> tuple[Question, ...]:
    premises = labels("premises_type")
    return (
        Question(
            "observed_at",
            Message("时间", "Time"),
            lambda typed, setting: read.instant_typed(typed, setting.now),
            _now,
        ),
        Question(
            "unit_code",
            Message("执法单位", "Unit"),
            lambda typed, setting: read.unit_typed(typed, setting.units),
            lambda setting: setting.identity.unit_code,
        ),
        Question(
            "premises_type",
            _listed("场所", "Premises", premises),
            lambda typed, _setting: read.word_typed(typed, premises),
            _last_premises_type,
            _named(premises),
        ),
        Question(
            "premises_name",
            Message("名称（可不填）", "Name (may be empty)"),
            lambda typed, _setting: typed,
            _optional,
        ),
    )


def _of_the_position() -> tuple[Question, ...]:
    return (
        Question(
            "position",
            Message(
                "位置：经度 纬度 [精度米] [坐标系]；没有则写明原因",
                "Position: lon lat [radius m] [datum]; or why there is none",
            ),
            lambda typed, _setting: read.position_typed(typed),
            shown=read.position_shown,
        ),
        Question(
            "position_basis",
            Message(
                "为什么手工填写位置（如：抄自接收机、地图上查得）",
                "Why the position is by hand (read off a receiver, off a map, …)",
            ),
            lambda typed, _setting: read.reason_typed(typed),
            is_asked=_has_position,
        ),
    )


def _of_the_act() -> tuple[Question, ...]:
    return (
        Question(
            "codes",
            Message(
                "违法行为：编号或词语，多项用逗号分开，首项为主",
                "Violation: code or words; several with commas, the first is primary",
            ),
            lambda typed, setting: read.codes_typed(typed, setting.codes),
            shown=", ".join,
        ),
    )


def _of_the_goods() -> tuple[Question, ...]:
    claims, goods = labels("claim"), products()
    return (
        Question(
            "product",
            _listed("货物", "Goods", goods),
            lambda typed, _setting: read.word_typed(typed, goods),
            _last_product,
            _named(goods),
        ),
        Question(
            "claims",
            _listed("标示", "Claims", claims),
            lambda typed, _setting: read.words_typed(typed, claims),
            _last_claims,
            _named(claims),
            _has_goods,
        ),
        Question(
            "quantity",
            Message("数量，如 36 万斤（可不填）", "Quantity, as 500 kg (may be empty)"),
            lambda typed, _setting: read.quantity_typed(typed),
            _optional,
            read.quantity_shown,
            _has_goods,
        ),
        Question(
            "origin",
            Message(
                "查证的产地：行政区划代码或地名（不明则回车）",
                "Evidenced origin: division code or place (Enter if not known)",
            ),
            lambda typed, _setting: read.origin_typed(typed),
            _optional,
            read.origin_shown,
            _asks_origin,
        ),
    )


def _of_the_proof() -> tuple[Question, ...]:
    return (
        Question(
            "photos",
            Message(
                "照片文件，多个用逗号分开（可不填）",
                "Photo files, with commas (or none)",
            ),
            lambda typed, _setting: read.photos_typed(typed),
            _optional,
            ", ".join,
        ),
        Question(
            "description",
            Message("情况说明（可不填）", "Description (may be empty)"),
            lambda typed, _setting: typed,
            _optional,
        ),
    )


def body_of_answers(answers: Answers) -> dict[str, Any]:
    """Return the observation that the answers make, as `record --from` takes it."""
    goods = [_lot(answers)] if _has_goods(answers) else []
    return {
        "observed_at": answers["observed_at"],
        "unit_code": answers["unit_code"],
        "site": _site(answers),
        "goods": goods,
        "violations": [
            {
                "code": code,
                "primary": number == 0,
                **({"goods": ["g1"]} if goods else {}),
                **_if_said("description", answers.get("description")),
            }
            for number, code in enumerate(answers["codes"])
        ],
        "evidence": [{"path": path} for path in answers.get("photos") or ()],
    }


def _site(answers: Answers) -> dict[str, Any]:
    site = {
        "premises_type": answers["premises_type"],
        **_if_said("name", answers.get("premises_name")),
    }
    position = answers["position"]
    if isinstance(position, str):
        return site | {"fix": None, "no_fix_reason": position}
    basis = answers["position_basis"]
    return site | {"fix": {**position, "source": "manual", "basis": basis}}


def _lot(answers: Answers) -> dict[str, Any]:
    origin = answers.get("origin") if _asks_origin(answers) else None
    return {
        "id": "g1",
        "product": answers["product"],
        "claims": answers["claims"],
        **_if_said("quantity", answers.get("quantity")),
        **_if_said("evidenced_origins", [origin] if origin else None),
    }


def _if_said(name: str, value: Any) -> dict[str, Any]:
    return {name: value} if value else {}
