"""What lies in the device's folder after a day's work names nobody."""

import base64
import io
from pathlib import Path

from journeys.field_device import FieldDevice
from journeys.served import ServedBureau
from older_outbox import leave_files_in_clear, write_as_version

from fieldkit.draft_photos import DraftPhotos
from fieldkit.outbox import open_outbox

SECRETS = ("老王水果店", "环城路18号", "赵六", "身份证复印件.jpg", "半途的草稿")
CHANCE_CHARS = 8
PHOTO = b"\xff\xd8\xff" + b"oranges in crates, labelled otherwise" * 4000
DRAFT_PHOTO = b"\xff\xd8\xff" + b"a licence on the wall" * 4000


def encodings(secret: bytes) -> set[bytes]:
    """How a text may lie in a file: as it is, and in base64 at any offset."""
    found = {secret}
    for offset in range(3):
        whole = len(secret[offset:]) // 3 * 3
        text = base64.urlsafe_b64encode(secret[offset : offset + whole])
        # Shorter ones stand in any ciphertext by chance.
        found |= {text} if len(text) >= CHANCE_CHARS else set()
    return found


def found_in(folder: Path, secrets: list[bytes]) -> set[tuple[str, bytes]]:
    wanted = {(s, e) for s in secrets for e in encodings(s)}
    return {
        (str(file.relative_to(folder)), secret)
        for file in folder.rglob("*")
        if file.is_file()
        for content in [file.read_bytes()]
        for secret, encoded in wanted
        if encoded in content
    }


def work_a_day(tablet: FieldDevice) -> list[bytes]:
    """Record, with a photograph, sync, and leave a draft; return what was said."""
    site = {"premises_type": "shop", "name": SECRETS[0], "address": SECRETS[1]}
    site |= {"fix": None, "no_fix_reason": "室内"}
    record = tablet.record(PHOTO, site=site, note=SECRETS[2])
    assert tablet.sync().outcomes == {"stored": 1}
    waiting = tablet.record(site=site, note=SECRETS[2])
    with open_outbox(tablet.home) as outbox:
        number = outbox.save_draft(
            {"form": {"note": SECRETS[4]}}, at=tablet.clock().now
        )
        DraftPhotos(tablet.home, outbox).add(
            number,
            io.BytesIO(DRAFT_PHOTO),
            bytes_told=len(DRAFT_PHOTO),
            file_name=SECRETS[3],
        )
        identity = outbox.require_identity()
    for camera in tablet.home.path.glob("camera-*"):
        camera.unlink()
    compacts = [tablet.records[one].compact.encode() for one in (record, waiting)]
    assert identity.token
    # Not the unit's name: it stands in the public reference.
    said = [text.encode() for text in (*SECRETS, identity.token)]
    said += [text.encode() for one in identity.officers for text in one.values()]
    said += [PHOTO[100:200], DRAFT_PHOTO[100:200], b"PRIVATE KEY"]
    return said + [compact.split(b".")[1][:200] for compact in compacts]


def test_nothing_that_was_said_lies_in_the_folder_in_clear(
    served: ServedBureau, tablet: FieldDevice
) -> None:
    said = work_a_day(tablet)
    assert found_in(tablet.home.path, said) == set()


def test_the_search_finds_what_an_older_version_left_and_the_upgrade_removes_it(
    served: ServedBureau, tablet: FieldDevice
) -> None:
    said = work_a_day(tablet)
    records = {name: one.compact for name, one in tablet.records.items()}
    leave_files_in_clear(tablet.home)
    write_as_version(tablet.home, 2)
    left = {secret for _file, secret in found_in(tablet.home.path, said)}
    assert left == set(said)
    with open_outbox(tablet.home) as outbox:
        (draft,) = outbox.drafts()
        (held,) = DraftPhotos(tablet.home, outbox).of(draft.number)
        assert held.file_name == SECRETS[3]
    assert found_in(tablet.home.path, said) == set()
    assert {name: one.compact for name, one in tablet.records.items()} == records
    tablet.record(PHOTO + b"more")
    assert tablet.sync().outcomes == {"stored": 2}
