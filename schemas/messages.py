"""What people read for each reason to refuse: one table, zh and en."""

from collections.abc import Mapping

from schemas.errors import Message

_TABLE: Mapping[str, tuple[str, str]] = {
    # The form of a value
    "required": ("必填", "is required"),
    "null": ("不能为空值", "must not be null"),
    "unknown-field": ("没有这个字段", "there is no such field"),
    "not-accepted": ("不符合要求", "is not accepted"),
    "not-an-object": ("应为对象", "must be an object"),
    "not-a-list": ("应为列表", "must be a list"),
    "not-a-text": ("应为文本", "must be text"),
    "not-a-flag": ("应为 true 或 false", "must be true or false"),
    "not-a-number": ("应为数字", "must be a number"),
    "not-a-whole-number": ("应为整数", "must be a whole number"),
    "number-out-of-range": (
        "应在 {min} 到 {max} 之间",
        "must be between {min} and {max}",
    ),
    "text-empty": ("不能为空", "must not be empty"),
    "text-too-long": ("最多 {max} 个字符", "is longer than {max} characters"),
    "text-unfit": (
        "只有空白或含有控制字符",
        "is blank or holds control characters",
    ),
    "list-too-long": ("最多 {max} 项", "has more than {max} items"),
    "list-too-short": ("至少 {min} 项", "has fewer than {min} items"),
    "list-repeats-itself": ("有重复项", "holds an item twice"),
    "not-a-choice": ("应为其中之一：{words}", "must be one of {words}"),
    "decimal-malformed": (
        '应为十进制数字，如 "360000" 或 "0.5"，不为负，小数最多三位',
        'must be decimal text such as "360000" or "0.5", not negative, '
        "with at most three decimals",
    ),
    "time-not-aware": (
        "应为带时区且确有其日的时间，如 2023-12-02T10:20:00+08:00",
        "must be a time with its offset, on a day that exists, such as "
        "2023-12-02T10:20:00+08:00",
    ),
    "day-malformed": (
        "应为确有的日期，如 2023-12-02",
        "must be a day that exists, such as 2023-12-02",
    ),
    "id-malformed": (
        "编号只能用字母、数字、连字符和下划线",
        "an id has letters, digits, hyphens and underscores only",
    ),
    "record-id-malformed": ("应为 UUIDv7", "must be a UUIDv7"),
    "key-malformed": ("键名不合规则", "is not allowed as a key"),
    "slug-malformed": (
        "只能用小写字母、数字和连字符",
        "has lower-case letters, digits and hyphens only",
    ),
    "sha256-malformed": (
        "应为 64 位小写十六进制",
        "must be 64 lower-case hexadecimal digits",
    ),
    "url-malformed": ("应为 http(s) 网址", "must be an http(s) address"),
    "media-type-malformed": ("应为媒体类型，如 image/jpeg", "must be a media type"),
    "file-name-malformed": (
        "文件名不能含路径或控制字符",
        "a file name has no path and no control characters",
    ),
    "admin-code-malformed": (
        "应为 2、4、6、9 或 12 位行政区划代码",
        "must be a division code of 2, 4, 6, 9 or 12 digits",
    ),
    "id-document-not-encrypted": (
        "证件号码必须加密（JWE）",
        "an identity document must be encrypted (JWE)",
    ),
    # Position
    "datum-unknown": (
        "坐标系应为 {words} 之一；不明坐标系的位置不接受",
        "the datum must be one of {words}; a position without one is refused",
    ),
    "latitude-out-of-range": (
        "纬度应在 -90 到 90 之间；经纬度是否颠倒？",
        "a latitude is between -90 and 90; are the axes swapped?",
    ),
    "radius-not-positive": (
        "精度必须大于 0，至多 {max} 米；0 表示模拟、手工或不明，请留空并填写来源",
        "accuracy must be above 0 and at most {max} m; 0 means mock, manual or "
        "unknown: leave it out and say the source",
    ),
    "fix-missing": (
        "没有位置时必须填写无定位原因",
        "without a fix, no_fix_reason must say why",
    ),
    "reason-beside-fix": (
        "已有位置，不应再填无定位原因",
        "there is a fix, so no_fix_reason must be left out",
    ),
    # Goods and their origins
    "origin-empty": (
        "产地需有区划代码、位置或文字说明",
        "an origin needs a division code, a fix or words",
    ),
    "origin-code-and-fix": (
        "产地的区划代码和位置只能填一个",
        "an origin has a division code or a fix, not both",
    ),
    "share-out-of-range": (
        "份额应大于 0 且不超过 1",
        "a share is above 0 and at most 1",
    ),
    "shares-exceed-one": ("各产地份额之和超过 1", "the shares add up to more than 1"),
    "claim-none-among-others": (
        "“无标识”不能与其他标识同选",
        "'none' cannot stand beside other claims",
    ),
    "uscc-malformed": (
        "统一社会信用代码应为 18 位数字和大写字母",
        "a credit code has 18 digits and capital letters",
    ),
    "uscc-check-digit": (
        "统一社会信用代码校验位不符",
        "the check digit of the credit code does not agree",
    ),
    # Violations
    "code-unknown": ("违法行为代码不在代码表中", "the code is not in the code list"),
    "unit-unknown": ("没有这个执法单位", "there is no such enforcement unit"),
    "no-finding-not-alone": (
        "NV-000（未发现违法行为）不能与其他代码并存",
        "NV-000 (no violation found) cannot stand beside other codes",
    ),
    "primary-repeated": (
        "一次检查只能有一个主要违法行为",
        "an observation has at most one primary violation",
    ),
    # Ids and references
    "id-repeated": ("编号重复", "the id is used twice"),
    "lot-unknown": ("没有这个批次", "no lot has this id"),
    "evidence-unknown": ("没有这份证据", "no evidence has this id"),
    "ended-before-start": ("结束时间早于开始时间", "ends before it begins"),
    # Envelope
    "kind-unknown": (
        "记录种类应为检查记录（observation）、更正（amendment）或撤回（withdrawal）",
        "the kind is observation, amendment or withdrawal",
    ),
    "prev-misfit": (
        "第一条记录没有前一条，其余必须有",
        "the first record has no predecessor, every other has one",
    ),
    "amends-misfit": (
        "首次记录不修改别的记录",
        "an observation amends nothing",
    ),
    "amends-itself": ("不能修改自身", "a record cannot amend itself"),
    "offset-source-missing": (
        "时钟偏差与其来源必须同时有或同时无",
        "a clock offset and its source come together or not at all",
    ),
    "not-an-integer": ("应写成整数，不带小数点", "must be written without a point"),
    "blob-not-named": (
        "清单中的文件没有对应证据",
        "no evidence names this file",
    ),
    "blob-missing": (
        "证据文件不在清单中，或大小、类型不符",
        "the file is not announced in blobs with this size and type",
    ),
    # What a finalised on-site record needs
    "officers-too-few": (
        "定稿的现场笔录至少要有两名执法人员",
        "a finalised on-site record names at least two officers",
    ),
    "needed-to-finalise": ("定稿前必须填写", "must be filled in before finalising"),
    "signature-or-refusal": (
        "须有当事人签名，或写明拒签原因",
        "needs the party's signature or the reason for its absence",
    ),
    # Device input
    "evidence-without-file": (
        "证据需有文件路径，或已封存文件的 SHA-256",
        "evidence needs a path, or the sha256 of a file already sealed",
    ),
    "body-not-an-object": ("记录应为一个 JSON 对象", "a record is one JSON object"),
}


def message(code: str, **limits: object) -> Message:
    """Return the words for a reason, with the limits that they name filled in."""
    zh, en = _TABLE[code]
    return Message(zh.format(**limits), en.format(**limits))


def codes() -> frozenset[str]:
    """Return every code that a fault can have."""
    return frozenset(_TABLE)
