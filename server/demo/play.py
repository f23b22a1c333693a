"""The order of the demonstration, from an empty folder to a served tally."""

import contextlib
import json
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console

from geo.package_data import load_counties
from schemas.units import unit, units
from server.bureau import Bureau
from server.database import open_engine
from server.demo.proxy import BadLink
from server.demo.published import (
    CITY_ACTS_2023,
    RONGJIANG,
    XUNWU,
    rongjiang_visits,
    xunwu_case,
)
from server.demo.story import (
    DemoFailed,
    Stage,
    counts,
    for_each_unit,
    lose_a_reply_and_cut_an_upload,
    program,
    record_offline,
    run_command,
    show_command,
    sync,
)
from server.demo.synthetic import add_photo, synthetic_campaign
from server.enrolment import issue_code
from server.keys import load_server_key
from server.settings import Settings

FOLLOWED = (XUNWU, RONGJIANG, "360722")
_PHOTOS_OF_FOLLOWED = 2
_START_TIMEOUT_S = 30
INTERRUPTED = 130


def play(*, exit_at_end: bool) -> int:
    """Play the demonstration; return the exit code, 0 if all was proved."""
    console = Console(stderr=True)
    folder = Path(tempfile.mkdtemp(prefix="gi-demo-"))
    stage = Stage(folder, console)
    # What a supervisor sends must leave nothing behind either.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        return _play(stage, exit_at_end=exit_at_end)
    except DemoFailed as failure:
        console.print(str(failure), style="red", markup=False)
        return 1
    except KeyboardInterrupt:
        return INTERRUPTED
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _play(stage: Stage, *, exit_at_end: bool) -> int:
    stage.say(
        "1. 建立数据库、载入县界与保护范围", "create the database, load the borders"
    )
    run_command(stage, ["gi-server", "init"])
    with _server(stage) as port, BadLink(port) as link:
        bodies = _campaign(stage)
        _enrol(stage, link, list(bodies))
        _record(stage, bodies)
        _sync_through_a_bad_link(stage, link, list(bodies))
        for code in FOLLOWED:
            _follow(stage, code)
        proved = _tally_and_prove(stage)
        if not exit_at_end:
            _stay(stage, port)
    return proved


@contextlib.contextmanager
def _server(stage: Stage) -> Iterator[int]:
    """Run the bureau's server on loopback, until the block ends."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    log = (stage.folder / "server.log").open("wb")
    words = [program("gi-server"), "run", "--host", "127.0.0.1", "--port", str(port)]
    with (
        log,
        subprocess.Popen(
            words, env=stage.environment(), stdout=log, stderr=log
        ) as process,
    ):
        try:
            _wait_until_ready(process, port, Path(log.name))
            yield port
        finally:
            process.terminate()


def _wait_until_ready(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    deadline = time.monotonic() + _START_TIMEOUT_S
    while time.monotonic() < deadline and process.poll() is None:
        with (
            contextlib.suppress(urllib.error.URLError, OSError),
            urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5),
        ):
            return
        time.sleep(0.1)
    raise DemoFailed(f"the server did not start:\n{log.read_text(errors='replace')}")


def _campaign(stage: Stage) -> dict[str, list[Any]]:
    """Bring together what was published and what is synthetic, by unit."""
    counties = load_counties()
    bodies = synthetic_campaign(counties)
    bodies[XUNWU].insert(0, xunwu_case(counties))
    bodies[RONGJIANG] = rongjiang_visits()
    photos = stage.folder / "photos"
    photos.mkdir()
    for number, body in enumerate(bodies[FOLLOWED[2]][:_PHOTOS_OF_FOLLOWED]):
        add_photo(body, photos, number)
    return bodies


def _enrol(stage: Stage, link: BadLink, codes: Sequence[str]) -> None:
    stage.say(
        "2. 为20个执法单位各注册一台设备", "enrol a device for each of the 20 units"
    )

    with _bureau(stage) as bureau:

        def enrol(unit_code: str) -> None:
            stage.device_home(unit_code).mkdir(parents=True, mode=0o700)
            words = ["fieldkit", "enrol", link.url, _code(bureau, unit_code)]
            run_command(stage, words, unit_code=unit_code)

        for_each_unit(stage, "注册 enrol", codes, enrol)


@contextlib.contextmanager
def _bureau(stage: Stage) -> Iterator[Bureau]:
    settings = Settings.read(stage.environment())
    engine = open_engine(settings.database_url)
    yield Bureau(settings, engine, load_server_key(settings.keys_folder))
    engine.dispose()


def _code(bureau: Bureau, unit_code: str) -> str:
    officers = [
        {
            "name": f"示例{number} (demo)",
            "certificate_no": f"DEMO-{unit_code}-{number}",
        }
        for number in (1, 2)
    ]
    return issue_code(bureau, unit_code, officers).code


def _record(stage: Stage, bodies: Mapping[str, Sequence[Any]]) -> None:
    total = sum(len(items) for items in bodies.values())
    stage.say(f"3. 离线记录 {total} 次检查", f"record {total} visits without a link")
    for_each_unit(
        stage,
        "记录 record",
        list(bodies),
        lambda code: record_offline(stage, code, bodies[code]),
    )


def _sync_through_a_bad_link(stage: Stage, link: BadLink, codes: Sequence[str]) -> None:
    stage.say(
        "4. 通过会出错的链路同步：一次丢失回执，一次中断照片上传",
        "sync through a link that loses a reply and cuts an upload",
    )
    first, *rest = sorted(codes, key=lambda code: code != FOLLOWED[2])
    lose_a_reply_and_cut_an_upload(link)
    while link.faults:
        struck_before = len(link.struck)
        sync(stage, first, expect=range(10))
        for fault in link.struck[struck_before:]:
            what = (
                ("丢失回执", "a reply was lost")
                if fault.lose_reply
                else (
                    "照片上传中断",
                    "an upload was cut",
                )
            )
            stage.say(f"   故障：{what[0]}", f"fault: {what[1]}")
        if len(link.struck) == struck_before:
            raise DemoFailed("the link was to fail, and nothing went through it")
    for_each_unit(stage, "同步 sync", [first, *rest], lambda code: sync(stage, code))
    for_each_unit(stage, "再次同步 again", FOLLOWED, lambda code: sync(stage, code))


def _follow(stage: Stage, unit_code: str) -> None:
    held = counts(stage, unit_code)
    told = ", ".join(f"{state} {number}" for state, number in held.items() if number)
    stage.say(f"   {unit(unit_code).name}：{told}", f"({unit_code})")
    undelivered = sum(number for state, number in held.items() if state != "delivered")
    if undelivered:
        raise DemoFailed(f"{unit_code} still holds {undelivered} undelivered records")


def _tally_and_prove(stage: Stage) -> int:
    stage.say(
        "5. 统计：按县（位置）与按执法单位", "tally by county (position) and by unit"
    )
    for dimension in ("county", "unit"):
        if show_command(stage, ["gi-server", "tally", "--by", dimension]):
            raise DemoFailed("the tally failed")
    answer = run_command(
        stage, ["gi-server", "tally", "--by", "unit", "--format", "json"]
    )
    total, rows = (json.loads(answer)[key] for key in ("total", "rows"))
    if total["acts"] != CITY_ACTS_2023 or len(rows) != len(units()):
        raise DemoFailed(f"{total['acts']} acts in {len(rows)} units were counted")
    stage.say("6. 逐条核验", "prove it to the row")
    return show_command(stage, ["gi-server", "verify"])


def _stay(stage: Stage, port: int) -> None:
    stage.say(
        f"\n服务运行中：http://127.0.0.1:{port}/ （按 Ctrl-C 结束）",
        f"serving at http://127.0.0.1:{port}/ until Ctrl-C",
    )
    with _bureau(stage) as bureau:
        code = _code(bureau, XUNWU)
        minutes = bureau.settings.code_minutes
    stage.say(
        f"试用地标巡检应用：http://127.0.0.1:{port}/field/ ，登记码 {code}"
        f"（{minutes} 分钟内有效；演示结束时其中的记录一并删除）",
        "try the field app there, as a device with this code;"
        f" good for {minutes} minutes, and gone with the demonstration",
    )
    with contextlib.suppress(KeyboardInterrupt):
        while True:
            time.sleep(3600)
    sys.stderr.write("\n")
