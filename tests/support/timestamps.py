"""A time-stamping authority (RFC 3161) on loopback: a certificate of the test authority, ``openssl ts`` and HTTP."""

import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from cryptography.x509.oid import ExtendedKeyUsageOID

from tests.support.code_signing import Authority

_QUERY_MAX = 64 * 1024
_CONFIGURATION = """
[tsa]
serial = {folder}/serial
crypto_device = builtin
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
accuracy = secs:1
ess_cert_id_chain = no
ess_cert_id_alg = sha256
"""


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, folder: Path, broken: bool) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.folder = folder
        self.broken = broken
        self.lock = threading.Lock()
        self.answered = 0


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_POST(self) -> None:
        length = int(self.headers["Content-Length"])
        assert length <= _QUERY_MAX
        query = self.rfile.read(length)
        if self.server.broken:
            self.send_error(503)
            return
        with self.server.lock:
            reply = _reply(self.server.folder, query)
            self.server.answered += 1
        self.send_response(200)
        self.send_header("Content-Type", "application/timestamp-reply")
        self.send_header("Content-Length", str(len(reply)))
        self.end_headers()
        self.wfile.write(reply)

    def log_message(self, format: str, *args: object) -> None:
        """Keep the test's output clean."""


def _reply(folder: Path, query: bytes) -> bytes:
    (folder / "query.tsq").write_bytes(query)
    command = ["openssl", "ts", "-reply", "-config", str(folder / "tsa.cnf"), "-section", "tsa"]
    command += ["-queryfile", str(folder / "query.tsq"), "-signer", str(folder / "tsa.pem")]
    command += ["-inkey", str(folder / "tsa.key"), "-out", str(folder / "reply.tsr")]
    subprocess.run(command, check=True, capture_output=True)
    return (folder / "reply.tsr").read_bytes()


@contextmanager
def timestamp_server(authority: Authority, folder: Path, *, broken: bool = False) -> Iterator[tuple[str, _Server]]:
    """Serve timestamps of ``authority``'s; give the address and the server. ``broken`` answers 503 to everything."""
    folder.mkdir(parents=True, exist_ok=True)
    holder = authority.publisher("Test Time Stamping", ExtendedKeyUsageOID.TIME_STAMPING)
    (folder / "tsa.pem").write_bytes(holder.pem())
    (folder / "tsa.key").write_bytes(holder.key_pem())
    (folder / "tsa.cnf").write_text(_CONFIGURATION.format(folder=folder))
    (folder / "serial").write_text("01\n")
    server = _Server(folder, broken)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/", server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
