"""``/trust``: how a device comes to trust the bureau's authority, and its certificate.

Nothing here is secret, and nothing is believed because it came from here: the
page may have come over plain HTTP, so it asks people to compare fingerprints.
"""

from flask import Blueprint, Flask, Response, current_app, render_template, request
from werkzeug.exceptions import NotFound

from geo.errors import Message
from server.access import Access, access
from server.settings import Settings
from server.style_sheet import style_sheet
from server.tls.files import OwnFiles
from server.tls.fingerprints import sha1_fingerprint, sha256_fingerprint
from server.tls.own import load_authority_certificate
from server.tls.pair import read_certificates
from server.tls.places import places_of
from server.tls.profile import FORMS
from server.trust_words import FILE_NAME, PLATFORMS, WORDS

blueprint = Blueprint("trust", __name__)
LANGUAGES = ("zh", "en")
_SETTINGS = "gi-trust"


def install(app: Flask, settings: Settings) -> None:
    """Serve the page of this home's authority, if it has one."""
    app.extensions[_SETTINGS] = settings
    app.register_blueprint(blueprint)


@blueprint.get("/trust")
@access(Access.PUBLIC)
def trust_page() -> str:
    """Show the steps, in Chinese unless ``?lang=en`` asks for English."""
    language = request.args.get("lang", "zh")
    language = language if language in LANGUAGES else "zh"
    settings = _settings()
    authority = load_authority_certificate(OwnFiles.of(settings))

    def say(words: Message) -> str:
        return words.zh if language == "zh" else words.en

    return render_template(
        "trust.html",
        language="zh-CN" if language == "zh" else "en",
        other="en" if language == "zh" else "zh",
        say=say,
        words={name: say(words) for name, words in WORDS.items()},
        platforms=PLATFORMS,
        name=settings.name,
        file_name=FILE_NAME,
        app_url=app_url(settings),
        expires_on=f"{authority.not_valid_after_utc:%Y-%m-%d}",
        fingerprints=[
            ("SHA-256", sha256_fingerprint(authority)),
            ("SHA-1", sha1_fingerprint(authority)),
        ],
    )


@blueprint.get(f"/trust/{FILE_NAME}.<form>")
@access(Access.PUBLIC)
def trust_file(form: str) -> Response:
    """Return the authority's certificate as a device takes it."""
    if form not in FORMS:
        raise NotFound
    media_type, written = FORMS[form]
    authority = load_authority_certificate(OwnFiles.of(_settings()))
    # Shown, not saved, a profile is offered to the system by Safari at once.
    kind = "inline" if form == "mobileconfig" else "attachment"
    name = f"{FILE_NAME}.{form}"
    return Response(
        written(authority),
        mimetype=media_type,
        headers={"Content-Disposition": f'{kind}; filename="{name}"'},
    )


@blueprint.get("/trust/trust.css")
@access(Access.PUBLIC)
def trust_css() -> Response:
    """Return the page's style sheet."""
    return style_sheet("page.css", "trust.css")


def app_url(settings: Settings) -> str:
    """Return the app's https address as devices should open it; empty: unknown."""
    if settings.public_url.startswith("https://"):
        return f"{settings.public_url.rstrip('/')}/field/"
    own = OwnFiles.of(settings).server
    if not own.exists():
        return ""
    urls = places_of(read_certificates(own)[0]).urls(settings.port)
    return f"{urls[0]}/field/" if urls else ""


def _settings() -> Settings:
    settings: Settings = current_app.extensions[_SETTINGS]
    return settings
