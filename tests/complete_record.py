"""An observation that lacks nothing the law demands; one paper signed is s1 and s2."""

from typing import Any

COMPLETE: dict[str, Any] = {
    "observed_at": "2023-12-02T10:20:00+08:00",
    "ended_at": "2023-12-02T11:00:00+08:00",
    "source": "patrol",
    "site": {
        "premises_type": "shop",
        "address": "寻乌县长宁镇",
        "fix": None,
        "no_fix_reason": "室内",
    },
    "officers": [
        {"name": "张三", "certificate_no": "B0701-0001"},
        {"name": "李四", "certificate_no": "B0701-0002"},
    ],
    "party": {"type": "company", "name": "某果业"},
    "goods": [{"id": "g1", "product": "gannan-navel-orange", "claims": ["none"]}],
    "violations": [{"id": "v1", "code": "GI-101", "primary": True}],
    "on_site_record": {
        "certificates_shown": True,
        "rights_told": True,
        "scene_text": "店内有纸箱。",
        "party_statement": "无",
        "read_back_confirmed": True,
        "refusal_reason": "不承认违法",
        "officer_signatures": ["s1", "s2"],
    },
}
