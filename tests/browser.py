"""A real browser, driven over its own debugging protocol: what a page says, measures and looks like."""

import base64
import json
import os
import shutil
import socket
import struct
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

COMMANDS = ("chromium", "chromium-browser", "google-chrome")
INSTALL = "no chromium: apt-get install chromium (.ci/run does), or put one on the PATH"


def found() -> str:
    """The path of the browser.

    Raises:
        AssertionError: there is none; it says how to install one.
    """
    paths = [path for name in COMMANDS if (path := shutil.which(name))]
    assert paths, INSTALL
    return paths[0]


class Tab:
    """One tab; ``events`` are all messages that were no answers."""

    def __init__(self, address: str) -> None:
        parts = urlsplit(address)
        self.socket = socket.create_connection((parts.hostname, parts.port), timeout=60)
        key = base64.b64encode(os.urandom(16)).decode()
        self.socket.sendall(
            f"GET {parts.path} HTTP/1.1\r\nHost: {parts.netloc}\r\nUpgrade: websocket\r\n"
            f"Connection: Upgrade\r\nSec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n".encode()
        )
        self.stream = self.socket.makefile("rb")
        assert b" 101 " in self.stream.readline()
        while self.stream.readline() != b"\r\n":
            pass
        self.events: list[dict[str, Any]] = []
        self.number = 0

    def _receive(self) -> dict[str, Any]:
        data = b""
        while True:
            first, size = self.stream.read(2)
            if size == 126:
                (size,) = struct.unpack(">H", self.stream.read(2))
            elif size == 127:
                (size,) = struct.unpack(">Q", self.stream.read(8))
            piece = self.stream.read(size)
            if first & 15 > 2:  # neither text nor its continuation
                continue
            data += piece
            if first & 128:
                message: dict[str, Any] = json.loads(data)
                return message

    def call(self, method: str, **parameters: Any) -> dict[str, Any]:
        """The result of a command."""
        self.number += 1
        data = json.dumps({"id": self.number, "method": method, "params": parameters}).encode()
        # what a client sends is masked; a mask of zeros leaves it as it is
        length = bytes([128 | 126]) + struct.pack(">H", len(data))
        self.socket.sendall(b"\x81" + length + b"\0\0\0\0" + data)
        while (message := self._receive()).get("id") != self.number:
            self.events.append(message)
        assert "error" not in message, message
        result: dict[str, Any] = message["result"]
        return result

    def value(self, expression: str) -> Any:
        """The value of a JavaScript expression."""
        found = self.call("Runtime.evaluate", expression=expression, returnByValue=True)
        return found["result"].get("value")

    def open(self, path: Path, width: int, *, dark: bool) -> None:
        """Show a file in a window so wide, and wait until it is there."""
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(f"{domain}.enable")
        self.call(
            "Emulation.setDeviceMetricsOverride", width=width, height=900, deviceScaleFactor=1, mobile=False
        )
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.call("Emulation.setEmulatedMedia", features=[scheme])
        self.events.clear()
        self.call("Page.navigate", url=path.as_uri())
        while not any(event["method"] == "Page.loadEventFired" for event in self.events):
            self.events.append(self._receive())
        self.value("document.fonts.ready.then(() => 1)")

    def complaints(self) -> list[dict[str, Any]]:
        """What the console says, and what failed."""
        spoken = ("Runtime.consoleAPICalled", "Runtime.exceptionThrown", "Log.entryAdded")
        return [event for event in self.events if event["method"] in spoken]

    def requests(self) -> list[str]:
        """The addresses of everything that was asked for."""
        asked = [event for event in self.events if event["method"] == "Network.requestWillBeSent"]
        return [event["params"]["request"]["url"] for event in asked]

    def picture(self) -> bytes:
        """The whole page as PNG."""
        shot = self.call("Page.captureScreenshot", captureBeyondViewport=True, format="png")
        return base64.b64decode(shot["data"])

    def printed(self) -> bytes:
        """The page on paper, as PDF."""
        return base64.b64decode(self.call("Page.printToPDF")["data"])


@contextmanager
def tab(profile: Path) -> Iterator[Tab]:
    """A tab of a headless browser whose files are in the folder ``profile``."""
    options = [
        "--headless",
        "--disable-gpu",
        "--hide-scrollbars",
        "--no-first-run",
        "--remote-debugging-port=0",
    ]
    if os.geteuid() == 0:
        options.append("--no-sandbox")  # the browser refuses to run as root otherwise
    if not os.access("/dev/shm", os.W_OK):
        options.append("--disable-dev-shm-usage")
    with (profile.parent / "browser.log").open("wb") as log:
        process = subprocess.Popen(
            [found(), *options, f"--user-data-dir={profile}", "about:blank"], stdout=log, stderr=log
        )
    try:
        port_file = profile / "DevToolsActivePort"
        deadline = time.monotonic() + 60
        while not (port_file.exists() and port_file.read_text().count("\n")):
            assert process.poll() is None, (profile.parent / "browser.log").read_text()
            assert time.monotonic() < deadline, "the browser does not start"
            time.sleep(0.05)
        port = port_file.read_text().split("\n")[0]
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/json/list", timeout=60) as answer:
            pages = [page for page in json.load(answer) if page["type"] == "page"]
        opened = Tab(pages[0]["webSocketDebuggerUrl"])
        try:
            yield opened
        finally:
            opened.stream.close()
            opened.socket.close()
    finally:
        process.terminate()
        process.wait(timeout=60)
