"""``zuruf``: serve, create companies and users, set passwords, verify the audit log. No password by argument."""

import asyncio
import getpass
import sys
from collections.abc import Awaitable, Callable
from typing import Annotated, TypeVar

import structlog
import typer
import uvicorn

from zuruf.protocol.limits import CONTROL_PING_INTERVAL_S, CONTROL_PING_TIMEOUT_S, RELAY_MESSAGE_MAX
from zuruf.server import schema
from zuruf.server.adapters.embedded import SystemClock, embedded
from zuruf.server.app import create_app
from zuruf.server.audit import service as audit
from zuruf.server.audit.events import AuditEvent
from zuruf.server.companies import service as companies
from zuruf.server.db import Database
from zuruf.server.errors import ServerError
from zuruf.server.plans.policy import Plan
from zuruf.server.settings import Settings
from zuruf.server.users import service as users
from zuruf.server.users.service import Role

app = typer.Typer(no_args_is_help=True, help="Zuruf: self-hosted ad-hoc remote support.", add_completion=False)
company_app = typer.Typer(no_args_is_help=True, help="Companies.")
user_app = typer.Typer(no_args_is_help=True, help="Users.")
audit_app = typer.Typer(no_args_is_help=True, help="The audit log.")
db_app = typer.Typer(no_args_is_help=True, help="The database.")
app.add_typer(company_app, name="company")
app.add_typer(user_app, name="user")
app.add_typer(audit_app, name="audit")
app.add_typer(db_app, name="db")

T = TypeVar("T")


def _run(work: Callable[[Database, Settings], Awaitable[T]]) -> T:
    settings = Settings()

    async def connected() -> T:
        settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
        database = Database(settings.resolved_database_url)
        try:
            await schema.upgrade(database)
            return await work(database, settings)
        finally:
            await database.close()

    try:
        return asyncio.run(connected())
    except ServerError as error:
        print(f"{error.code}: {error.params or error}", file=sys.stderr)
        raise typer.Exit(1) from error


def _password() -> str:
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    first = getpass.getpass("Password: ")
    if first != getpass.getpass("Again: "):
        print("The two passwords differ.", file=sys.stderr)
        raise typer.Exit(1)
    return first


def configure_logging(json: bool) -> None:
    """Log to standard error; nothing secret is ever handed to it."""
    renderer = structlog.processors.JSONRenderer() if json else structlog.dev.ConsoleRenderer()
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            renderer,
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )


def uvicorn_config(application: object, settings: Settings) -> uvicorn.Config:
    """Return how the server is run; also used where it runs inside another program."""
    return uvicorn.Config(
        application,  # type: ignore[arg-type]
        host=settings.listen_host,
        port=settings.listen_port,
        ws="websockets-sansio",
        ws_max_size=RELAY_MESSAGE_MAX,
        ws_ping_interval=CONTROL_PING_INTERVAL_S,
        ws_ping_timeout=CONTROL_PING_TIMEOUT_S,
        ws_per_message_deflate=False,
        ssl_certfile=settings.tls_certificate,
        ssl_keyfile=settings.tls_key,
        access_log=False,
        log_level="warning",
        server_header=False,
        proxy_headers=settings.trusted_proxy,
        forwarded_allow_ips="*" if settings.trusted_proxy else None,
        timeout_graceful_shutdown=5,
    )


@app.command()
def serve() -> None:
    """Run the server. Settings come from ZURUF_… variables; see docs/operations.md."""
    settings = Settings()
    configure_logging(settings.log_json)

    async def prepare(database: Database, _settings: Settings) -> None:
        if not await schema.is_current(database):
            raise RuntimeError("the database has another schema than this program")

    _run(prepare)
    uvicorn.Server(uvicorn_config(create_app(settings, embedded(settings)), settings)).run()


@company_app.command("create")
def company_create(
    name: str,
    locale: Annotated[str, typer.Option(help="de or en: language of its mails")] = "de",
    plan: Annotated[Plan, typer.Option()] = Plan.BASIC,
    insight: Annotated[bool, typer.Option(help="the Insight module (counts with Base)")] = False,
) -> None:
    """Create a company and print its id."""

    async def work(database: Database, _settings: Settings) -> str:
        now = SystemClock().now()
        async with database.transaction() as db:
            company = await companies.create(db, name=name, locale=locale, plan=plan, insight=insight, now=now)
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
    locale: Annotated[str, typer.Option(help="de or en")] = "de",
) -> None:
    """Create a user; the password is asked for, or read from standard input."""
    password = _password()

    async def work(database: Database, _settings: Settings) -> str:
        now = SystemClock().now()
        async with database.transaction() as db:
            found = await companies.find_by_name(db, company)
            user = await users.create(
                db, company_id=found.id, email=email, name=name, role=role, locale=locale, password=password, now=now
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
            await audit.record(
                db, company_id=user.company_id, event=AuditEvent.USER_PASSWORD_SET, actor="system",
                now=SystemClock().now(), details={"user": user.id},
            )  # fmt: skip

    _run(work)


@audit_app.command("verify")
def audit_verify() -> None:
    """Check every company's chain against itself and the exported heads; exit 1 where something is wrong."""

    async def work(database: Database, settings: Settings) -> bool:
        exported = audit.read_heads(settings.data_dir / "audit-heads.json")
        sound = True
        async with database.transaction() as db:
            for company_id in sorted(await audit.all_heads(db)):
                findings = await audit.verify_company(db, company_id, exported.get(company_id))
                seq, _ = await audit.head(db, company_id)
                print(f"{company_id}: {seq} entries, " + ("sound" if not findings else f"{len(findings)} findings"))
                for finding in findings:
                    print(f"  entry {finding.seq}: {finding.problem}")
                sound = sound and not findings
        return sound

    if not _run(work):
        raise typer.Exit(1)


@db_app.command("upgrade")
def db_upgrade() -> None:
    """Bring the database to the newest schema."""

    async def work(_database: Database, _settings: Settings) -> None:
        return None

    _run(work)


def main() -> None:
    """Entry point of ``zuruf``."""
    app()


if __name__ == "__main__":
    main()
