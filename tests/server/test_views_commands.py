"""The commands of the views: documents on stdout, words on stderr, exit codes."""

import json
from pathlib import Path

import pytest
from campaign import Sender, edit, xunwu_body
from typer.testing import CliRunner, Result

from server.bureau import Bureau
from server.cli import app
from server.cli.exit_codes import ExitCode
from server.tally.query import TallyRefused


@pytest.fixture
def sender(bureau: Bureau, monkeypatch: pytest.MonkeyPatch) -> Sender:
    monkeypatch.setenv("GI_HOME", str(bureau.settings.home))
    monkeypatch.setenv("GI_DATABASE_URL", bureau.settings.database_url)
    monkeypatch.setenv("GI_LANG", "en")
    sender = Sender.enrol(bureau, 1, "360734")
    sender.observe()
    sender.observe(unit_code="360702")
    sender.push()
    return sender


def run(*words: str, code: int = 0) -> Result:
    done = CliRunner().invoke(app, words)
    assert done.exit_code == code, done.output
    return done


@pytest.mark.usefixtures("sender")
def test_tally_prints_one_json_document_and_nothing_else() -> None:
    done = run("tally", "--format", "json", "--by", "unit", "--from", "2023-12-01")
    document = json.loads(done.stdout)
    assert document["total"]["acts"] == 1
    assert document["filter"]["from"] == "2023-12-01"
    assert done.stderr == ""


@pytest.mark.usefixtures("sender")
@pytest.mark.parametrize(
    ("option", "slip", "kept"),
    [
        ("--unit", "36O734", "3607-RJ"),
        ("--county", "寻乌", "no_position"),
        ("--county", "999999", "440282"),
        ("--code", "TM202", "GI-101"),
        ("--product", "navel-oranges", "xinfeng-navel-orange"),
    ],
)
def test_a_filter_for_what_is_known_nowhere_is_no_zero(
    option: str, slip: str, kept: str
) -> None:
    refused = CliRunner().invoke(app, ["tally", option, slip])
    assert refused.stdout == ""
    assert isinstance(refused.exception, TallyRefused)
    assert refused.exception.code == option.replace("--", "tally-")
    assert slip in refused.exception.message.zh
    assert run("tally", option, kept).stdout


def test_a_product_that_only_a_record_names_may_be_asked_for(sender: Sender) -> None:
    goods = [xunwu_body()["goods"][0] | {"product": "xunwu-tangerine"}]
    sender.push(sender.observe(goods=goods))
    found = run("tally", "--format", "json", "--product", "xunwu-tangerine")
    assert json.loads(found.stdout)["total"]["observations"] == 1


@pytest.mark.usefixtures("sender")
def test_tally_speaks_the_language_of_the_environment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert run("tally").stdout.startswith("county (by position)")
    monkeypatch.setenv("GI_LANG", "zh")
    assert run("tally").stdout.startswith("县（按位置）")


@pytest.mark.usefixtures("sender")
def test_verify_ends_with_0_on_a_sound_ledger_and_says_what_it_read() -> None:
    done = run("verify")
    assert "Checked: 2 records" in done.stdout
    assert "Sound" in done.stdout
    assert json.loads(run("verify", "--json").stdout)["sound"] is True


def test_verify_names_the_faulty_record_and_ends_with_its_own_code(
    bureau: Bureau, sender: Sender
) -> None:
    edit(bureau.engine, "UPDATE lot SET verdict = 'inside'")
    done = run("verify", code=ExitCode.FAULTS_FOUND)
    assert sender.sealed[0].id in done.stdout
    document = json.loads(run("verify", "--json", code=ExitCode.FAULTS_FOUND).stdout)
    assert document["sound"] is False
    (fault, *_) = document["faults"]
    assert fault["record_id"] == sender.sealed[0].id
    assert fault["message"]["zh"]


def test_quarantine_lists_accepts_and_rejects(sender: Sender) -> None:
    foreign = sender.sealed[1].id
    (row,) = json.loads(run("quarantine", "list", "--json").stdout)["quarantine"]
    assert (row["id"], row["code"]) == (foreign, "foreign-unit")
    assert foreign in run("quarantine", "list").stdout
    run("quarantine", "accept", foreign, "--reason", "for 章贡")
    assert "Nothing waits" in run("quarantine", "list").stdout
    assert json.loads(run("tally", "--format", "json").stdout)["total"]["acts"] == 2
    run("quarantine", "reject", foreign, "--reason", "entered twice")
    assert json.loads(run("tally", "--format", "json").stdout)["total"]["acts"] == 1
    run("quarantine", "reject", foreign, code=ExitCode.USAGE)
    assert "Sound" in run("verify").stdout


@pytest.mark.usefixtures("sender")
def test_backup_and_restore_by_command(tmp_path: Path) -> None:
    file = str(tmp_path / "backup.zip")
    before = json.loads(run("tally", "--format", "json").stdout)
    run("backup", file)
    done = CliRunner().invoke(app, ["restore", file])
    assert done.exception is not None
    assert getattr(done.exception, "code", "") == "restore-not-empty"
    run("restore", file, "--replace")
    after = json.loads(run("tally", "--format", "json").stdout)
    assert after["rows"] == before["rows"]
    assert after["versions"]["epoch"] == before["versions"]["epoch"] + 1
    assert "Sound" in run("verify").stdout


def test_a_restore_names_the_rulings_that_it_forgets(
    sender: Sender, tmp_path: Path
) -> None:
    """Else what was rejected since counts, once its device offers it again."""
    file, rejected = str(tmp_path / "backup.zip"), sender.sealed[0].id
    run("backup", file)
    run("quarantine", "reject", rejected, "--reason", "entered twice")
    told = run("restore", file, "--replace").stderr
    assert "Rulings and area imports after" in told
    (line,) = (line for line in told.splitlines() if rejected in line)
    assert "reject" in line
    assert "entered twice" in line
    assert rejected not in run("restore", file, "--replace").stderr


@pytest.mark.usefixtures("sender")
def test_check_reads_a_file_or_stdin_and_writes_only_the_result_to_stdout(
    tmp_path: Path,
) -> None:
    text = "lon,lat\n115.6512,24.9633\n"
    file = tmp_path / "p.csv"
    file.write_text(text)
    done = run("check", str(file), "--exact", "--datum", "WGS84", "--on", "2023-12-02")
    assert done.stdout.splitlines()[1].startswith("115.6512,24.9633,inside,")
    assert "1 points: inside 1" in done.stderr
    piped = CliRunner().invoke(
        app, ["check", "-", "--exact", "--datum", "wgs-84"], input=text
    )
    assert piped.stdout == done.stdout


@pytest.mark.usefixtures("sender")
def test_area_list_names_the_shipped_area_as_unconfirmed() -> None:
    assert "not confirmed" in run("area", "list").stdout
    (row,) = json.loads(run("area", "list", "--json").stdout)["areas"]
    assert row["right"] == "gannan-navel-orange"
    assert row["verdicts"] == 1
