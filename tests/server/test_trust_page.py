"""``/trust``: the bureau's authority for every kind of device, asking nobody."""

import plistlib
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from bureau_rig import problem_of
from cryptography import x509
from flask.testing import FlaskClient

from server.app import create_app
from server.bureau import Bureau
from server.tls.files import OwnFiles
from server.tls.fingerprints import sha1_fingerprint, sha256_fingerprint
from server.tls.own import Standing, initialise_tls
from server.tls.places import read_places
from server.trust_page import app_url
from server.trust_words import PLATFORMS

FAR = {"REMOTE_ADDR": "192.168.1.77"}
PLACE = "http://192.168.1.10:8471"
FILES = "/trust/gi-fieldkit-ca"


class Page(HTMLParser):
    """The addresses, elements and text of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.addresses: list[str] = []
        self.tags: list[str] = []
        self.ids: list[str] = []
        self.words = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.addresses += [v or "" for name, v in attrs if name in ("href", "src")]
        self.ids += [v or "" for name, v in attrs if name == "id"]

    def handle_data(self, data: str) -> None:
        self.words += data


@pytest.fixture
def made(bureau: Bureau) -> Standing:
    files = OwnFiles.of(bureau.settings)
    places = read_places(["gi.xunwu.lan"], ["192.168.1.10"])
    return initialise_tls(files, "寻乌县局", places, 397, bureau.clock())


@pytest.fixture
def trust(bureau: Bureau, made: Standing) -> FlaskClient:
    client = create_app(bureau.settings, bureau.engine, bureau.clock).test_client()
    client.environ_base |= FAR
    return client


def shown(trust: FlaskClient, path: str = "/trust") -> Page:
    reply = trust.get(path, base_url=PLACE)
    assert reply.status_code == 200
    return Page(reply.text)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_anyone_is_shown_the_fingerprints_and_the_steps_of_each_device(
    trust: FlaskClient, made: Standing, language: str
) -> None:
    page = shown(trust, f"/trust?lang={language}")
    for fingerprint in (sha256_fingerprint, sha1_fingerprint):
        assert fingerprint(made.authority) in page.words
    for platform in PLATFORMS:
        assert platform.id in page.ids
        for step in platform.steps:
            assert getattr(step.words, language) in page.words
            assert step.command in page.words
    assert "https://gi.xunwu.lan:8470/field/" in page.addresses


def test_the_page_is_chinese_first_and_whole_in_english(trust: FlaskClient) -> None:
    chinese = trust.get("/trust").text
    english = trust.get("/trust?lang=en").text
    assert '<html lang="zh-CN">' in chinese
    assert '<html lang="en">' in english
    left = english.replace(">中文<", "").replace("寻乌县局", "")
    assert not re.search("[一-鿿]", left)
    assert trust.get("/trust?lang=fr").text == chinese


def test_the_page_asks_nobody_else_and_runs_no_script(trust: FlaskClient) -> None:
    page = shown(trust)
    assert not {"script", "iframe", "img", "form"} & set(page.tags)
    for address in page.addresses:
        if address.startswith("#"):
            assert address[1:] in page.ids
        elif address.startswith("/"):
            assert trust.get(address, base_url=PLACE).status_code == 200
        else:
            assert address == "https://gi.xunwu.lan:8470/field/"
    css = trust.get("/trust/trust.css")
    assert css.mimetype == "text/css"
    assert "url(" not in css.text


def test_the_certificate_comes_as_each_device_takes_it(
    trust: FlaskClient, made: Standing
) -> None:
    crt, pem, profile = (
        trust.get(f"{FILES}.{form}") for form in ("crt", "pem", "mobileconfig")
    )
    assert x509.load_der_x509_certificate(crt.data) == made.authority
    assert x509.load_pem_x509_certificate(pem.data) == made.authority
    assert crt.mimetype == "application/x-x509-ca-cert"
    assert "attachment" in crt.headers["Content-Disposition"]
    assert profile.mimetype == "application/x-apple-aspen-config"
    assert "inline" in profile.headers["Content-Disposition"]
    told = plistlib.loads(profile.data)
    (payload,) = told["PayloadContent"]
    assert payload["PayloadType"] == "com.apple.security.root"
    assert payload["PayloadContent"] == crt.data
    assert told["PayloadOrganization"] == "寻乌县局"
    assert trust.get(f"{FILES}.mobileconfig").data == profile.data


def test_no_private_key_is_ever_among_it(trust: FlaskClient) -> None:
    for path in ("/trust", f"{FILES}.crt", f"{FILES}.pem", f"{FILES}.mobileconfig"):
        assert b"PRIVATE" not in trust.get(path).data
    for path in (f"{FILES}.key", "/trust/authority.key", "/trust/..%2fserver.pem"):
        assert problem_of(trust.get(path)) == "not-found"


def test_without_an_authority_there_is_nothing_to_trust(http: FlaskClient) -> None:
    for path in ("/trust", f"{FILES}.crt"):
        reply = http.get(path)
        assert reply.status_code == 404
        assert problem_of(reply) == "tls-none"


def test_the_app_is_where_the_bureau_says_it_is(bureau: Bureau, made: Standing) -> None:
    settings = bureau.settings
    public = replace(settings, public_url="https://gi.xunwu.gov.cn/")
    assert app_url(public) == "https://gi.xunwu.gov.cn/field/"
    in_clear = replace(settings, public_url="http://192.168.1.10:8470")
    assert app_url(in_clear) == "https://gi.xunwu.lan:8470/field/"
    assert app_url(settings) == app_url(in_clear)
