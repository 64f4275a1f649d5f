"""Parts come from an index by name, file name and hash; nothing else counts, and nothing half-fetched stays."""

import hashlib
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from zuruf.installer.fetch import DEFAULT_INDEX, FetchFailed, Part, fetch, index_address, pinned

CONTENT = b"a wheel, or so"


class Index:
    """A package index with one file, in the JSON form of PEP 691."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.content = CONTENT
        index = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                index.asked.append(self.path)
                if self.path == "/simple/some-part/":
                    body = json.dumps({"files": [{"filename": "part-1.whl", "url": "../../files/part-1.whl"}]}).encode()
                elif self.path == "/files/part-1.whl":
                    body = index.content
                else:
                    self.send_error(404)
                    return
                self.send_response(200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/simple"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture
def index() -> Iterator[Index]:
    index = Index()
    yield index
    index.server.shutdown()
    index.server.server_close()


def part(content: bytes = CONTENT, file: str = "part-1.whl") -> Part:
    return Part("Some_Part", file, hashlib.sha256(content).hexdigest(), "wheel", "3.11")


def quiet(_what: str) -> None:
    pass


def test_a_part_is_fetched_once(index: Index, tmp_path: Path) -> None:
    for _ in range(2):
        assert fetch([part()], tmp_path, quiet, index.url)[part()].read_bytes() == CONTENT
    assert index.asked == ["/simple/some-part/", "/files/part-1.whl"]


def test_another_content_than_the_pinned_is_refused_and_not_kept(index: Index, tmp_path: Path) -> None:
    index.content = CONTENT + b"!"
    with pytest.raises(FetchFailed, match="SHA-256 differs"):
        fetch([part()], tmp_path, quiet, index.url)
    assert list(tmp_path.iterdir()) == []


def test_a_damaged_file_in_the_cache_is_fetched_again(index: Index, tmp_path: Path) -> None:
    (tmp_path / "part-1.whl").write_bytes(b"half of it")
    assert fetch([part()], tmp_path, quiet, index.url)[part()].read_bytes() == CONTENT


def test_what_the_index_lacks_is_named(index: Index, tmp_path: Path) -> None:
    with pytest.raises(FetchFailed, match=r"has no part-2\.whl"):
        fetch([part(file="part-2.whl")], tmp_path, quiet, index.url)


def test_an_index_that_does_not_answer_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(FetchFailed, match="could not be fetched"):
        fetch([part()], tmp_path, quiet, "http://127.0.0.1:9/simple")


def test_only_web_addresses_are_opened(tmp_path: Path) -> None:
    with pytest.raises(FetchFailed, match="not an http address"):
        fetch([part()], tmp_path, quiet, "file:///etc")


def test_an_operators_own_index_counts_before_the_public_one() -> None:
    assert index_address({}) == DEFAULT_INDEX
    assert index_address({"PIP_INDEX_URL": "https://mirror.example/simple/"}) == "https://mirror.example/simple"
    both = {"PIP_INDEX_URL": "https://a.example", "ZURUF_PACKAGE_INDEX": "https://b.example"}
    assert index_address(both) == "https://b.example"


def test_everything_that_is_pinned_has_a_hash_and_a_version() -> None:
    parts = pinned()
    assert {part.kind for part in parts} == {"runtime", "tk", "wheel"}
    assert all(len(part.sha256) == 64 and part.python in part_versions(part) for part in parts)
    wheels = {
        minor: {p.package for p in parts if p.python == minor and p.kind == "wheel"} for minor in ("3.11", "3.13")
    }
    assert wheels["3.11"] == wheels["3.13"]


def part_versions(part: Part) -> set[str]:
    if part.kind != "wheel" or "none-any" in part.file or "abi3" in part.file:
        return {"3.11", "3.13"}
    return {"3.11" if "cp311" in part.file else "3.13"}
