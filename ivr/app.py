"""The application: assembles services, doors and error answers. The only place that does."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

from flask import Flask, Response, abort, request
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolExhausted
from werkzeug.exceptions import HTTPException

from ivr.desks.embedded import EmbeddedDesk
from ivr.distribution import SafetyNet
from ivr.errors import BadRequest, NotPublished
from ivr.help_desk_door import help_desk_door
from ivr.logs import configure_logs
from ivr.mail import ConsoleMailer, SmtpMailer
from ivr.media import MEDIUM, MOST_SECONDS, hold_music, own_music
from ivr.publishing import live
from ivr.services import Services
from ivr.settings import Role, Settings
from ivr.store.engine import open_engine, reading
from ivr.twilio.checks import checks
from ivr.twilio.customers import customers
from ivr.twilio.edge import MAX_BODY_BYTES, TelephoneEdge
from ivr.twilio.guests import guest_legs
from ivr.twilio.legs import legs
from ivr.twilio.links import TwilioLinks
from ivr.twilio.rest import TwilioTelephony
from ivr.twilio.rooms import in_room
from ivr.twilio.staff import staff
from ivr.twilio.taskrouter_rest import TwilioTaskRouter
from ivr.twilio.taskrouter_webhooks import task_routing
from ivr.twilio.webhooks import callers

TURN_THREADS = 32


def make_services(settings: Settings) -> Services:
    """The services of a real process: database, help desk, carrier, mail and clock."""
    configure_logs()
    engine = open_engine(settings.database_url)
    mailer = SmtpMailer(settings.smtp_url) if settings.smtp_url else ConsoleMailer()
    return Services(
        settings=settings,
        engine=engine,
        desk=EmbeddedDesk(engine),
        telephony=TwilioTelephony(settings),
        task_router=TwilioTaskRouter(settings),
        links=TwilioLinks(settings.public_base_url),
        mailer=mailer,
        clock=lambda: datetime.now(UTC),
        turns=ThreadPoolExecutor(TURN_THREADS, "turn"),
    )


def create_app(services: Services, wake: Callable[[], None] | None = None) -> Flask:
    """The web application for these services, with the doors its role opens.

    `wake` is told when something may be due; without one, a safety net does what no worker does.
    """
    app = Flask(__name__, static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = MAX_BODY_BYTES
    app.config["MAX_FORM_MEMORY_SIZE"] = MAX_BODY_BYTES
    app.config["SECRET_KEY"] = services.settings.secret_key
    _open_operations(app, services)
    if services.settings.role in {Role.TELEPHONY, Role.ALL}:
        wake = wake or SafetyNet(services, ThreadPoolExecutor(1, "net")).wake
        _open_telephony(app, services, wake)
        _open_media(app, services)
        _open_hooks(app, services)
    return app


def _open_media(app: Flask, services: Services) -> None:
    @app.get("/media/<name>/<int:seconds>.wav")
    def media(name: str, seconds: int) -> Response:
        """Hold music. Public: the carrier fetches sound without a signature.

        The tones of a fresh installation are cached; an installation's own music goes on.
        """
        if not MEDIUM.fullmatch(name) or not 1 <= seconds <= MOST_SECONDS:
            abort(404)
        own = own_music(services.settings.instance / "media", name, seconds, services.clock)
        if own is not None:
            response = Response(own, mimetype="audio/wav")
            response.cache_control.no_store = True
            return response
        response = Response(hold_music(seconds), mimetype="audio/wav")
        response.cache_control.public = True
        response.cache_control.max_age = 24 * 60 * 60
        response.add_etag()
        response.make_conditional(request)
        return response


def _open_hooks(app: Flask, services: Services) -> None:
    app.extensions["services"] = services
    app.register_blueprint(help_desk_door)


def _open_telephony(app: Flask, services: Services, wake: Callable[[], None]) -> None:
    line = TelephoneEdge(services, TwilioLinks(services.settings.public_base_url), wake)
    app.extensions["telephone_edge"] = line
    for blueprint in (callers, legs, customers, in_room, guest_legs, staff, checks, task_routing):
        app.register_blueprint(blueprint)

    @app.before_request
    def require_signature() -> None:
        if request.path.startswith("/voice"):
            line.check_signature()

    @app.errorhandler(Exception)
    def failed(error: Exception) -> Response | HTTPException:
        if isinstance(error, HTTPException):
            return error
        if isinstance(error, BadRequest):
            return Response(status=400)
        if request.path.startswith("/voice"):
            return line.fail(type(error).__name__)
        raise error


def _open_operations(app: Flask, services: Services) -> None:
    @app.get("/healthz")
    def healthz() -> str:
        """Alive. Asks nobody, so a database that blinks takes no node out of service."""
        return "ok\n"

    @app.get("/readyz")
    def readyz() -> Response:
        """Ready to take calls: the database answers and a configuration is live."""
        try:
            with reading(services.engine) as connection:
                connection.execute(text("SELECT 1"))
                live(connection)
        except (DBAPIError, PoolExhausted):
            return Response("the database does not answer\n", 503)
        except NotPublished as error:
            return Response(f"{error}\n", 503)
        return Response("ready\n")
