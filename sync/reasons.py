"""Every code that a push or the status feed may name, in words."""

from collections.abc import Mapping
from types import MappingProxyType

from geo.errors import Message

REASONS: Mapping[str, Message] = MappingProxyType(
    {
        # refused: nothing is kept, the device keeps it
        "bad-signature": Message(
            zh="签名与本设备登记的密钥不符", en="The signature is not the device's"
        ),
        "unknown-device": Message(
            zh="服务器不认识签名的设备", en="The signing device is not known here"
        ),
        "not-your-device": Message(
            zh="记录由另一台设备签名", en="The record was signed by another device"
        ),
        "over-size": Message(zh="记录超过 256 KiB", en="The record is over 256 KiB"),
        "malformed": Message(
            zh="不是可读取的签名记录", en="Not a readable signed record"
        ),
        # quarantined: kept, does not count until a ruling
        "schema-fault": Message(
            zh="内容不符合记录格式", en="The content does not fit the record schema"
        ),
        "foreign-unit": Message(
            zh="记录的执法单位不是本设备的单位",
            en="The record's unit is not the device's",
        ),
        "target-of-other-unit": Message(
            zh="更正或撤回的对象属于另一个单位",
            en="What it amends or withdraws belongs to another unit",
        ),
        "device-revoked": Message(
            zh="设备已吊销，且无法证明记录在最后可信记录之前",
            en="The device is revoked and the record not proven to precede "
            "the last trusted one",
        ),
        "device-unknown": Message(
            zh="服务器恢复后尚未确认该设备，但其证书由本服务器签发",
            en="The device is not confirmed since the server was restored, "
            "though its certificate is ours",
        ),
        "ruled-rejected": Message(
            zh="经裁定不予采纳", en="Rejected by an official's ruling"
        ),
        # kept, does not count for now
        "target-missing": Message(
            zh="等待其更正或撤回的记录到达",
            en="Waiting for the record that it amends or withdraws",
        ),
        "same-id-other-content": Message(
            zh="同一编号有两份不同内容，等待裁定",
            en="One id with two contents; waiting for a ruling",
        ),
        "device-forked": Message(
            zh="同一设备的记录链分叉，需重新登记设备并等待裁定",
            en="The device's chain has forked; enrol anew and wait for a ruling",
        ),
    }
)
