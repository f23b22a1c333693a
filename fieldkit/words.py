"""What the states of a record are called."""

from fieldkit.language import say
from geo.errors import Message

KINDS = {
    "observation": Message("记录", "observation"),
    "amendment": Message("更正", "amendment"),
    "withdrawal": Message("撤回", "withdrawal"),
}
STATES = {
    "draft": Message("草稿", "draft"),
    "sealed": Message("已封存，待上传", "sealed, to be sent"),
    "delivered": Message("已送达", "delivered"),
    "refused": Message("被拒收", "refused"),
}
STATUSES = {
    "stored": Message("已入库", "stored"),
    "replayed": Message("此前已送达", "had arrived before"),
    "parked": Message("等原记录到达", "waiting for the original record"),
    "quarantined": Message("隔离待审", "in quarantine"),
    "conflict": Message("同号不同内容，待裁定", "conflict, awaits a ruling"),
    "fork": Message("记录链分叉，须重新登记设备", "fork, enrol the device anew"),
    "refused": Message("被拒收", "refused"),
    "retry": Message("稍后重试", "to be tried again"),
    "released": Message("已放行", "released"),
}


def state_words(state: str, status: str | None) -> str:
    """Return a record's state, with the server's newest word where it adds to it."""
    words = say(STATES[state])
    if status is None or status in (state, "stored", "replayed"):
        return words
    more = say(STATUSES[status]) if status in STATUSES else status
    return f"{words} · {more}"
