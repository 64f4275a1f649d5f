"""``zuruf``: serve, create companies and users, set passwords, verify the audit log. No password by argument."""

import asyncio
import getpass
import sys
from collections.abc import Awaitable, Callable
from types import FrameType
from typing import Annotated, TypeVar

import structlog
import typer
import uvicorn
from pydantic import ValidationError
from sqlalchemy.exc import DBAPIError

from zuruf.installer.cli import app as installer_app
from zuruf.protocol.limits import CONTROL_PING_INTERVAL_S, CONTROL_PING_TIMEOUT_S, RELAY_MESSAGE_MAX
from zuruf.server import schema
from zuruf.server.adapters.embedded import SystemClock, embedded
from zuruf.server.app import create_app
from zuruf.server.audit import service as audit
from zuruf.server.audit.events import AuditEvent
from zuruf.server.auth import service as auth
from zuruf.server.companies import service as companies
from zuruf.server.db import Database
from zuruf.server.errors import ServerError
from zuruf.server.errors_http import SENTENCES
from zuruf.server.i18n import Locale
from zuruf.server.plans.policy import Plan
from zuruf.server.settings import Settings, SmtpSettings
from zuruf.server.users import service as users
from zuruf.server.users.service import Role
from zuruf.server.websocket_protocol import BoundedWebSocketProtocol

app = typer.Typer(
    no_args_is_help=True, help="Zuruf: self-hosted ad-hoc remote support.", add_completion=False,
    pretty_exceptions_enable=False,  # they print local variables, and a password may be among them
)  # fmt: skip
company_app = typer.Typer(no_args_is_help=True, help="Companies.")
user_app = typer.Typer(no_args_is_help=True, help="Users.")
audit_app = typer.Typer(no_args_is_help=True, help="The audit log.")
db_app = typer.Typer(no_args_is_help=True, help="The database.")
app.add_typer(company_app, name="company")
app.add_typer(user_app, name="user")
app.add_typer(audit_app, name="audit")
app.add_typer(db_app, name="db")
app.add_typer(installer_app, name="installer")

T = TypeVar("T")


def _settings() -> Settings:
    try:
        return Settings()
    except ValidationError as error:
        prefix = "ZURUF_SMTP_" if error.title == SmtpSettings.__name__ else "ZURUF_"
        for problem in error.errors(include_input=False, include_url=False):
            name = "_".join(str(part) for part in problem["loc"]).upper()
            print(f"{prefix}{name}: {problem['msg']}", file=sys.stderr)
        raise typer.Exit(2) from None


def _run(work: Callable[[Database, Settings], Awaitable[T]], *, upgrade: bool | None = None) -> T:
    """Do the work on a database with the newest schema.

    SQLite, which one program uses, is upgraded on the way; where several may use it, only ``zuruf db upgrade`` does.
    """
    settings = _settings()

    async def connected() -> T:
        settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
        database = Database(settings.resolved_database_url)
        try:
            await schema.prepare(database, may_upgrade=database.is_sqlite if upgrade is None else upgrade)
            return await work(database, settings)
        finally:
            await database.close()

    try:
        return asyncio.run(connected())
    except schema.WrongSchema as error:
        print(error, file=sys.stderr)
    except ServerError as error:
        params = ", ".join(f"{name}: {value}" for name, value in error.params.items())
        print(f"{error.code}: {SENTENCES.get(error.code, '')} {params}".rstrip(), file=sys.stderr)
    except (OSError, DBAPIError) as error:
        print(f"The database cannot be used: {error}", file=sys.stderr)
    raise typer.Exit(1)


def _password() -> str:
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    first = getpass.getpass("Password: ")
    if first != getpass.getpass("Again: "):
        print("The two passwords differ.", file=sys.stderr)
        raise typer.Exit(1)
    return first


def configure_logging(json: bool) -> None:
    """Log to standard error. Nothing secret is handed to it; tracebacks are plain, without the values of variables."""
    rendering: list[structlog.typing.Processor] = (
        [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]
        if json
        else [structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)]
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            *rendering,
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )


def uvicorn_config(application: object, settings: Settings) -> uvicorn.Config:
    """Return how the server is run; also used where it runs inside another program."""
    return uvicorn.Config(
        application,  # type: ignore[arg-type]
        host=settings.listen_host,
        port=settings.listen_port,
        ws=BoundedWebSocketProtocol,
        ws_max_size=RELAY_MESSAGE_MAX,
        ws_ping_interval=CONTROL_PING_INTERVAL_S,
        ws_ping_timeout=CONTROL_PING_TIMEOUT_S,
        ws_per_message_deflate=False,
        ssl_certfile=settings.tls_certificate,
        ssl_keyfile=settings.tls_key,
        access_log=False,
        log_level="warning",
        server_header=False,
        proxy_headers=bool(settings.trusted_proxies),
        forwarded_allow_ips=settings.trusted_proxies,
        timeout_graceful_shutdown=5,
    )


class StoppableServer(uvicorn.Server):
    """Tells the app at once that it is to stop, so that endless streams do not hold the shutdown."""

    def __init__(self, config: uvicorn.Config, stopping: Callable[[], None]) -> None:
        super().__init__(config)
        self._stopping = stopping

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """A signal has come; uvicorn calls this in the event loop's thread."""
        self._stopping()
        super().handle_exit(sig, frame)


@app.command()
def serve() -> None:
    """Run the server. Settings come from ZURUF_… variables; see docs/operations.md."""
    settings = _settings()
    configure_logging(settings.log_json)
    _run(_nothing_more)
    structlog.get_logger(__name__).info("serving", address=settings.public_url)
    application = create_app(settings, embedded(settings))
    StoppableServer(uvicorn_config(application, settings), application.state.context.stopping.set).run()


async def _nothing_more(_database: Database, _settings: Settings) -> None:
    """The schema is all that was wanted."""


@company_app.command("create")
def company_create(
    name: str,
    locale: Annotated[Locale, typer.Option(help="language of its mails")] = Locale.GERMAN,
    plan: Annotated[Plan, typer.Option()] = Plan.BASIC,
    insight: Annotated[bool, typer.Option(help="the Insight module (counts with Base)")] = False,
) -> None:
    """Create a company and print its id."""

    async def work(database: Database, _settings: Settings) -> str:
        now = SystemClock().now()
        async with database.transaction() as db:
            company = await companies.create(db, name=name, locale=locale.value, plan=plan, insight=insight, now=now)
            await audit.start_chain(db, company.id)
            await audit.record(
                db, company_id=company.id, event=AuditEvent.COMPANY_CREATED, actor="system", now=now,
                details={"name": name, "plan": plan.value, "insight": insight},
            )  # fmt: skip
            return company.id

    print(_run(work))


@user_app.command("create")
def user_create(
    company: Annotated[str, typer.Option(help="the company's name")],
    email: Annotated[str, typer.Option()],
    name: Annotated[str, typer.Option()],
    role: Annotated[Role, typer.Option()] = Role.TECHNICIAN,
    locale: Annotated[Locale, typer.Option(help="language of the console")] = Locale.GERMAN,
) -> None:
    """Create a user; the password is asked for, or read from standard input."""
    password = _password()

    async def work(database: Database, _settings: Settings) -> str:
        now = SystemClock().now()
        async with database.transaction() as db:
            found = await companies.find_by_name(db, company)
            user = await users.create(
                db,
                company_id=found.id,
                email=email,
                name=name,
                role=role,
                locale=locale.value,
                password=password,
                now=now,
            )
            await audit.record(
                db, company_id=found.id, event=AuditEvent.USER_CREATED, actor="system", now=now,
                details={"user": user.id, "email": user.email, "role": role.value},
            )  # fmt: skip
            return user.id

    print(_run(work))


@user_app.command("set-password")
def user_set_password(email: str) -> None:
    """Give a user a new password; it is asked for, or read from standard input."""
    password = _password()

    async def work(database: Database, _settings: Settings) -> None:
        async with database.transaction() as db:
            user = await users.set_password(db, email, password)
            await auth.end_all(db, user.id)
            await audit.record(
                db, company_id=user.company_id, event=AuditEvent.USER_PASSWORD_SET, actor="system",
                now=SystemClock().now(), details={"user": user.id},
            )  # fmt: skip

    _run(work)


@audit_app.command("verify")
def audit_verify() -> None:
    """Check every company's chain against itself and the exported heads; exit 1 where something is wrong."""

    async def work(database: Database, settings: Settings) -> bool:
        exported = audit.read_heads(settings.audit_heads_file)
        sound = True
        async with database.transaction() as db:
            heads = await audit.all_heads(db)
            for company_id in sorted(exported.keys() - heads.keys()):
                print(f"{company_id}: the whole chain is gone")
                sound = False
            for company_id, (seq, _) in sorted(heads.items()):
                findings = await audit.verify_company(db, company_id, exported.get(company_id))
                print(f"{company_id}: {seq} entries, " + ("sound" if not findings else f"{len(findings)} findings"))
                for finding in findings:
                    print(f"  entry {finding.seq}: {finding.problem}")
                sound = sound and not findings
        return sound

    if not _run(work, upgrade=False):
        raise typer.Exit(1)


@db_app.command("upgrade")
def db_upgrade() -> None:
    """Bring the database to the newest schema."""

    _run(_nothing_more, upgrade=True)


def main() -> None:
    """Entry point of ``zuruf``."""
    app()


if __name__ == "__main__":
    main()
