"""Services that take messages, as tests meet them: a mail server of a few words on loopback, and what reached it."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import cast


class _Talk(socketserver.StreamRequestHandler):
    """One conversation by SMTP: whatever is said is agreed to, unless the office refuses."""

    server: "Office"
    timeout = 10

    def _say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())

    def handle(self) -> None:
        """Answer until the other side leaves."""
        if self.server.deaf:
            self.server.hung.wait(10)
            return
        self._say("220 ready")
        while line := self.rfile.readline().decode().strip():
            word = line.split(" ", maxsplit=1)[0].upper()
            if word == "EHLO":
                self._say("250-office")
                self._say("250 AUTH PLAIN LOGIN")
            elif word == "AUTH":
                self._say("535 no" if self.server.refuses else "235 yes")
            elif word == "DATA":
                self._say("354 go on")
                self.server.letters.append(self._letter())
                self._say("250 taken")
            elif word == "QUIT":
                self._say("221 bye")
                return
            else:
                self.server.heard.append(line)
                self._say("250 yes")

    def _letter(self) -> EmailMessage:
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        return message_from_bytes(b"".join(lines), policy=policy.default)


class Office(socketserver.ThreadingTCPServer):
    """A mail server. `letters`: what it took; `heard`: other words; `refuses`: the login; `deaf`: never answers."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Talk)
        self.letters: list[EmailMessage] = []
        self.heard: list[str] = []
        self.refuses = self.deaf = False
        self.hung = threading.Event()

    @property
    def template(self) -> str:
        """The channel that leads here."""
        return f"mailto://robot:Geheim99@127.0.0.1:{self.server_address[1]}?from=robot@firm.com&to={{email}}"

    def bodies(self) -> list[str]:
        """Return the texts of the letters."""
        return [
            str(cast("EmailMessage", letter.get_body(("plain",))).get_content())
            for letter in self.letters
        ]

    def received(self) -> list[str]:
        """Tell for whom the letters were, in order of arrival."""
        return [
            line.partition("<")[2].partition(">")[0]
            for line in self.heard
            if line.upper().startswith("RCPT")
        ]


@contextmanager
def office() -> Iterator[Office]:
    """Open a mail server for a while."""
    with Office() as server:
        thread = threading.Thread(
            target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
        )
        thread.start()
        yield server
        server.hung.set()
        server.shutdown()
        thread.join()
