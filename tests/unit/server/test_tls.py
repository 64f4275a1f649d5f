"""``zuruf serve`` with a certificate of its own: pages, cookies and sockets over TLS, and nothing without it."""

import ssl
import sys
from pathlib import Path

import httpx
import pytest
from websockets.sync.client import connect

from tests.support import flow
from tests.support.certificate import certificate
from tests.support.processes import Program, eventually, free_port
from zuruf.protocol import control

EMAIL = "jana@muster.example"


def test_everything_goes_over_tls(tmp_path: Path) -> None:
    pem, path = certificate(tmp_path)
    port, data = free_port(), tmp_path / "data"
    url = f"https://127.0.0.1:{port}"
    flow.seed_sqlite(data, EMAIL)
    env = {
        "ZURUF_DATA_DIR": str(data), "ZURUF_PUBLIC_URL": url, "ZURUF_LISTEN_PORT": str(port),
        "ZURUF_TLS_CERTIFICATE": str(path), "ZURUF_TLS_KEY": str(path),
    }  # fmt: skip
    trust = ssl.create_default_context(cadata=pem)
    server = Program([sys.executable, "-m", "zuruf.server.cli", "serve"], tmp_path / "server.log", env)
    try:
        with httpx.Client(base_url=url, verify=trust, headers={"Origin": url}) as http:

            def answers() -> bool:
                try:
                    return http.get("/api/v1/health").is_success
                except httpx.TransportError:
                    return False

            eventually(answers, "the server answers over TLS", 40)
            assert "max-age" in http.get("/api/v1/health").headers["Strict-Transport-Security"]
            signed_in = http.post("/api/v1/auth/sign-in", json={"email": EMAIL, "password": flow.ACCOUNT})
            assert signed_in.is_success
            assert "Secure" in signed_in.headers["Set-Cookie"]
        with connect(url.replace("https", "wss") + "/ws/host/control", ssl=trust, compression=None) as socket:
            assert isinstance(control.to_host.decode(socket.recv(timeout=20)), control.Challenge)
        with pytest.raises(httpx.TransportError):
            httpx.get(f"http://127.0.0.1:{port}/api/v1/health")
    finally:
        server.stop()
