"""Takes every mail by SMTP on loopback and shows it on a page. For the demo only; nothing is kept on disk."""

import argparse
import asyncio
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from html import escape

import uvicorn
from aiosmtpd.controller import UnthreadedController
from aiosmtpd.smtp import SMTP, Envelope, Session
from fastapi import FastAPI, HTTPException
from fastapi.responses import HTMLResponse, Response

_STYLE = """
:root { color-scheme: light dark; --accent: #1c6dd0; }
body { font: 16px/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 60rem; padding: 2rem 1rem; }
h1 { font-size: 1.4rem; } a { color: var(--accent); }
ol { list-style: none; padding: 0; }
li { border: 1px solid #8884; border-radius: 10px; margin: 0 0 1rem; padding: 1rem; }
.to { opacity: .75; }
iframe { border: 1px solid #8884; border-radius: 10px; height: 42rem; width: 100%; background: #fff; }
"""
_SECURITY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-src 'self'"


@dataclass(frozen=True)
class _Caught:
    recipients: tuple[str, ...]
    message: EmailMessage


class _Handler:
    def __init__(self, mails: list[_Caught]) -> None:
        self._mails = mails

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:
        message = message_from_bytes(envelope.original_content or b"", policy=policy.default)
        assert isinstance(message, EmailMessage)
        self._mails.append(_Caught(tuple(envelope.rcpt_tos), message))
        return "250 caught"


def _body(message: EmailMessage, kind: str) -> str:
    part = message.get_body(preferencelist=(kind,))
    return str(part.get_content()) if part is not None else ""


def create_page(mails: list[_Caught]) -> FastAPI:
    """The page over the caught mails, newest first."""
    app = FastAPI(openapi_url=None)

    @app.get("/")
    def index() -> HTMLResponse:
        items = "".join(
            f'<li><a href="/mail/{number}"><strong>{escape(str(mail.message["subject"]))}</strong></a>'
            f'<div class="to">an / to {escape(", ".join(mail.recipients))}</div></li>'
            for number, mail in reversed(list(enumerate(mails)))
        )
        page = (
            f"<!doctype html><html lang=de><title>Demo-Postfach</title><meta http-equiv=refresh content=3>"
            f"<meta name=viewport content='width=device-width'><style>{_STYLE}</style>"
            f"<h1>Demo-Postfach · demo mailbox</h1>"
            f"<p>Jede E-Mail des Servers landet hier. · Every mail of the server lands here.</p>"
            f"<ol>{items or '<li>Noch keine E-Mail. · No mail yet.</li>'}</ol></html>"
        )
        return HTMLResponse(page, headers={"Content-Security-Policy": _SECURITY})

    @app.get("/mail/{number}")
    def show(number: int) -> HTMLResponse:
        if not 0 <= number < len(mails):
            raise HTTPException(404)
        message = mails[number].message
        page = (
            f"<!doctype html><html lang=de><title>{escape(str(message['subject']))}</title>"
            f"<meta name=viewport content='width=device-width'><style>{_STYLE}</style>"
            f"<p><a href=/>← Postfach · mailbox</a></p><h1>{escape(str(message['subject']))}</h1>"
            f'<iframe sandbox="allow-popups allow-popups-to-escape-sandbox allow-top-navigation-by-user-activation" '
            f'src="/mail/{number}/html" title="E-Mail"></iframe></html>'
        )
        return HTMLResponse(page, headers={"Content-Security-Policy": _SECURITY})

    @app.get("/mail/{number}/html")
    def html(number: int) -> Response:
        if not 0 <= number < len(mails):
            raise HTTPException(404)
        content = _body(mails[number].message, "html").replace("<head>", '<head><base target="_blank">', 1)
        return HTMLResponse(content, headers={"Content-Security-Policy": "script-src 'none'"})

    return app


async def serve(smtp_port: int, page_port: int) -> None:
    """Run both until cancelled."""
    mails: list[_Caught] = []
    smtp = UnthreadedController(_Handler(mails), hostname="127.0.0.1", port=smtp_port, loop=asyncio.get_running_loop())
    smtp_server = await smtp._create_server()  # type: ignore[no-untyped-call]
    page = uvicorn.Server(
        uvicorn.Config(create_page(mails), host="127.0.0.1", port=page_port, log_level="warning", access_log=False)
    )
    try:
        await page.serve()
    finally:
        smtp_server.close()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--smtp-port", type=int, required=True)
    parser.add_argument("--page-port", type=int, required=True)
    arguments = parser.parse_args()
    asyncio.run(serve(arguments.smtp_port, arguments.page_port))
