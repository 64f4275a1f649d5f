"""REST: sign-in, sign-out, who am I."""

from typing import Annotated

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field

from zuruf.server.auth.dependencies import COOKIE, Address, CurrentPrincipal, SameOrigin
from zuruf.server.auth.service import Principal

router = APIRouter(prefix="/api/v1/auth", tags=["auth"])


class SignIn(BaseModel):
    """Credentials."""

    email: Annotated[str, Field(max_length=254)]
    password: Annotated[str, Field(max_length=200)]


class UserOut(BaseModel):
    """The signed-in user."""

    id: str
    name: str
    email: str
    role: str
    locale: str


class CompanyOut(BaseModel):
    """Their company."""

    id: str
    name: str
    locale: str
    plan: str
    insight: bool


class MailOut(BaseModel):
    """How mail leaves this server."""

    local_outbox: bool


class LimitsOut(BaseModel):
    """How many sessions may be open at once, and how long one lasts."""

    per_user: int
    per_company: int
    session_duration_s: int


class Me(BaseModel):
    """Everything that the console needs to know about the caller."""

    user: UserOut
    company: CompanyOut
    entitlements: list[str]
    mail: MailOut
    limits: LimitsOut


def _me(request: Request, principal: Principal) -> Me:
    context, user, company = request.app.state.context, principal.user, principal.company
    return Me(
        user=UserOut(id=user.id, name=user.name, email=user.email, role=user.role, locale=user.locale),
        company=CompanyOut(
            id=company.id, name=company.name, locale=company.locale, plan=company.plan, insight=company.insight
        ),
        entitlements=sorted(company.entitlements),
        mail=MailOut(local_outbox=context.adapters.mailer.local_outbox),
        limits=LimitsOut(
            per_user=company.user_session_limit,
            per_company=company.company_session_limit,
            session_duration_s=context.settings.session_duration_s,
        ),
    )


@router.post("/sign-in", dependencies=[SameOrigin])
async def sign_in(body: SignIn, request: Request, response: Response, address: Address) -> Me:
    """Sign in; the cookie carries an opaque token."""
    context = request.app.state.context
    previous = request.cookies.get(COOKIE)
    token, principal = await context.auth.sign_in(body.email, body.password, address, previous)
    response.set_cookie(
        COOKIE, token, max_age=context.settings.web_session_lifetime_s, path="/", httponly=True, samesite="strict",
        secure=context.origin.startswith("https:"),
    )  # fmt: skip
    return _me(request, principal)


@router.post("/sign-out", status_code=204, dependencies=[SameOrigin])
async def sign_out(request: Request, response: Response, principal: CurrentPrincipal) -> None:
    """End this web session."""
    await request.app.state.context.auth.sign_out(principal)
    response.delete_cookie(COOKIE, path="/")


@router.get("/me")
async def me(request: Request, principal: CurrentPrincipal) -> Me:
    """Who am I."""
    return _me(request, principal)
