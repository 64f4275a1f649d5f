"""Driver for a harness that measures remote-control products in a real browser: class ``Zuruf``.

Copy this file into the harness's ``drivers`` folder and set ZURUF_HOME to this repository. The harness provides
``drivers.base.Driver``; nothing here is imported by the product.
"""

import json
import os
import shutil
import subprocess

from drivers.base import Driver

ROOT = os.environ["ZURUF_HOME"]


class Zuruf(Driver):
    """The production server with encryption, the shipped viewer, the host on the harness's X display."""

    name, display_num = "zuruf", 49
    selector = "#screen"

    def version(self):
        return subprocess.run(
            ["git", "describe", "--always", "--dirty"], cwd=ROOT, capture_output=True, text=True
        ).stdout.strip()

    def start(self):
        self.host.start()
        folder = f"{self.logdir}/installation"
        shutil.rmtree(folder, ignore_errors=True)
        self.process = subprocess.Popen(
            [f"{ROOT}/.venv/bin/python", "-m", "bench.peers.installation", os.path.abspath(folder)],
            cwd=ROOT, env=self.host.env(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            start_new_session=True,
        )  # fmt: skip
        self.told = json.loads(self.process.stdout.readline())

    @property
    def ports(self):
        return (self.told["port"],)

    @property
    def host_ports(self):
        return (self.told["port"],)

    def page_url(self):
        return f"{self.told['url']}/connect/{self.told['session']}"

    def open(self, b):
        told = self.told
        b.page.goto(told["url"])
        b.page.get_by_test_id("sign-in-email").fill(told["email"])
        b.page.get_by_test_id("sign-in-password").fill(told["account_password"])
        b.page.get_by_test_id("sign-in-submit").click()
        b.page.get_by_test_id("session-row").first.wait_for()
        b.page.goto(self.page_url())
        b.page.locator("#password").fill(told["password"])
        b.page.locator("#connect").click()

    def host_pids(self):
        return [self.told["host_pid"]]

    def server_pids(self):
        return [self.told["server_pid"]]

    def stop(self):
        if hasattr(self, "process"):
            self.process.stdin.close()
            self.process.wait(30)
        self.host.stop()
