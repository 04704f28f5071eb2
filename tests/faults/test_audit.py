"""A pin with a known hole fails the audit; an audit that could not be made says so (faults.md, U2)."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.command import ROOT

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]
BEFORE = {"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "2.14.2"}]}
HOLE = {"id": "GHSA-0000-test", "modified": "2026-03-12T00:00:00Z", "summary": "a hole", "details": "a hole",
        "affected": [{"package": {"name": "scrapy", "ecosystem": "PyPI"}, "ranges": [BEFORE]}]}  # fmt: skip
SCRAPY = "scrapy==2.14.{} --hash=sha256:" + "0" * 64 + "\n"


@pytest.fixture(scope="module")
def pip_audit(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """As `make audit` installs it."""
    folder = tmp_path_factory.mktemp("audit")
    subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
    wanted = ["install", "--quiet", "--no-deps", "--require-hashes", "--requirement", str(ROOT / ".ci" / "audit.lock")]
    done = subprocess.run(
        [folder / "bin" / "python", "-m", "pip", *wanted], capture_output=True, text=True, check=False
    )
    if done.returncode:
        pytest.skip(f"pip-audit cannot be had here: {done.stderr.strip().splitlines()[-1]}")
    return folder / "bin" / "pip-audit"


@contextmanager
def osv() -> Iterator[str]:
    """A service that speaks as OSV does, and knows of one hole."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            known = asked["package"]["name"] == "scrapy" and asked["version"] == "2.14.1"
            body = json.dumps({"vulns": [HOLE]} if known else {}).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/v1/query"
    finally:
        server.shutdown()
        server.server_close()


def audited(pip_audit: Path, lock: Path, service: str) -> subprocess.CompletedProcess[str]:
    """What `.ci/audit` says; nothing but `service` answers."""
    nowhere = dict.fromkeys(("https_proxy", "HTTPS_PROXY"), "http://127.0.0.1:9")
    return subprocess.run(
        [ROOT / ".ci" / "audit", lock], env={**os.environ, **nowhere, "PIP_AUDIT": str(pip_audit), "OSV_URL": service},
        capture_output=True, text=True, check=False,
    )  # fmt: skip


@pytest.mark.parametrize(("patch", "status"), [(1, 1), (2, 0)])
def test_a_pin_with_a_known_hole_fails(pip_audit: Path, tmp_path: Path, patch: int, status: int) -> None:
    """Scrapy 2.14.1, of which the service knows something, and the release that mends it."""
    lock = tmp_path / "requirements.lock"
    lock.write_text(SCRAPY.format(patch))
    with osv() as service:
        done = audited(pip_audit, lock, service)

    assert done.returncode == status, done.stdout + done.stderr
    assert ("GHSA-0000-test" in done.stdout) == bool(status)


def test_our_own_lock_is_read_whole(pip_audit: Path) -> None:
    """Each pin is asked for; none is passed over."""
    with osv() as service:
        done = audited(pip_audit, ROOT / "requirements.lock", service)

    assert done.returncode == 0, done.stdout + done.stderr


def test_no_answer_is_not_a_clean_bill(pip_audit: Path, tmp_path: Path) -> None:
    """69, in so many words: CI goes on, and nobody takes it for an audit."""
    lock = tmp_path / "requirements.lock"
    lock.write_text(SCRAPY.format(1))
    done = audited(pip_audit, lock, "http://127.0.0.1:9/v1/query")

    assert (done.returncode, done.stderr.splitlines()[-1]) == (69, "audit: nothing was audited")
