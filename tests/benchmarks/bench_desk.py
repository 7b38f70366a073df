"""The desk page under many people: what it answers, how fast, and what it keeps.

``python -m tests.benchmarks.bench_desk [--requests N] [--people N]``. Each of the people is a
browser of its own that finds, looks, types a name, looks at a page, at the PDF, joins a letter now
and then, and goes to the next patient. Prints, after each tenth, the requests a second, the slowest
answers, and the server's memory, threads, open files and files in its folders: what grows without
end is a leak.
"""

from __future__ import annotations

import argparse
import os
import re
import signal
import subprocess
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from http.client import HTTPConnection
from itertools import count
from pathlib import Path
from time import perf_counter
from urllib.parse import urlencode, urlsplit
from uuid import uuid4

from tests.desk.desks import clinic_folder

ROOT = Path(__file__).parents[2]
LETTER = (ROOT / "tests/attach/samples/weasyprint.pdf").read_bytes()
WORDS = ("crps", "g90521", "foot burning", "g90521 spanish large", "knee", "nothing like it")
TURNS = 10


class Person:
    """A browser that was let in."""

    def __init__(self, address: str) -> None:
        """Enter by the start token."""
        parts = urlsplit(address)
        self.link = HTTPConnection(parts.hostname or "", parts.port, timeout=120)
        self.cookie, self.csrf = "", ""
        self.times: list[float] = []
        self.answers: Counter[int] = Counter()
        self.ask("GET", f"/open?{parts.query}")
        page = self.ask("GET", "/").decode()
        self.csrf = re.findall(r'name="csrf" value="([^"]+)"', page)[0]

    def ask(self, how: str, path: str, body: bytes | None = None, kind: str = "") -> bytes:
        """One request; a redirection is followed, and counts as another."""
        begun = perf_counter()
        headers = {"Cookie": self.cookie} | ({"Content-Type": kind} if kind else {})
        self.link.request(how, path, body, headers)
        answer = self.link.getresponse()
        data = answer.read()
        self.times.append(perf_counter() - begun)
        self.answers[answer.status] += 1
        self.cookie = (answer.getheader("Set-Cookie") or self.cookie).partition(";")[0]
        if answer.status == 303:
            return self.ask("GET", answer.getheader("Location") or "/")
        return data

    def send(self, path: str, **fields: str) -> bytes:
        """A form."""
        body = urlencode({"csrf": self.csrf, **fields}).encode()
        return self.ask("POST", path, body, "application/x-www-form-urlencoded")

    def letter(self) -> None:
        """A letter is dropped, and goes with the doctor's sheet."""
        edge = uuid4().hex
        fields = {"csrf": self.csrf, "condition": "crps", "lang": "en", "sheet": "referral"}
        head = "".join(
            f'--{edge}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
            for name, value in fields.items()
        )
        file = 'Content-Disposition: form-data; name="letter"; filename="a.pdf"'
        body = f"{head}--{edge}\r\n{file}\r\nContent-Type: application/pdf\r\n\r\n".encode()
        body += LETTER + f"\r\n--{edge}--\r\n".encode()
        self.ask("POST", "/attach", body, f"multipart/form-data; boundary={edge}")

    def patient(self, number: int) -> Iterator[None]:
        """One patient at the desk; a step each."""
        self.send("/find", q=WORDS[number % len(WORDS)])
        yield
        self.ask("GET", "/h/crps")
        yield
        page = self.send("/d", condition="crps", lang="en", **{"you-patient": f"Ana {number}"})
        yield
        for found in re.findall(rb"/d/[^\"]*/(?:page/1\.png|file\.pdf)", page)[:2]:
            self.ask("GET", found.decode())
            yield
        if number % 10 == 0:
            self.letter()
            yield
        self.send("/next")
        yield


def work(person: Person, numbers: Iterator[int], wanted: int) -> None:
    """Patients, until the requests of this person are done."""
    while len(person.times) < wanted:
        for _ in person.patient(next(numbers)):
            if len(person.times) >= wanted:
                return


def state(pid: int, folder: Path) -> str:
    """Memory, threads and open files of the server, and files of it (Linux)."""
    lines = Path(f"/proc/{pid}/status").read_text("ascii").splitlines()
    found = dict(line.split(":", 1) for line in lines)
    memory = int(found["VmRSS"].split()[0]) // 1000
    opened = len(list(Path(f"/proc/{pid}/fd").iterdir()))
    files = sum(one.is_file() for one in folder.rglob("*"))
    return f"{memory} MB, {found['Threads'].strip()} threads, {opened} open, {files} files"


def main() -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=10_000)
    parser.add_argument("--people", type=int, default=50)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        home = clinic_folder(folder)
        (folder / "tmp").mkdir()
        own = {"HOME": name, "TMPDIR": str(folder / "tmp"), "CUPS_SERVER": "127.0.0.1:9"}
        command = [sys.executable, "-P", str(ROOT / "generate.py"), "--workspace", str(home)]
        with subprocess.Popen(
            [*command, "serve"], stdout=subprocess.PIPE, text=True, env=os.environ | own
        ) as server:
            assert server.stdout is not None
            address = server.stdout.readline().strip()
            people = [Person(address) for _ in range(given.people)]
            print(f"begun: {state(server.pid, folder)}")
            measure(people, given.requests, lambda: state(server.pid, folder))
            server.send_signal(signal.SIGTERM)
            begun = perf_counter()
            server.wait(60)
            print(f"stopped in {perf_counter() - begun:.1f} s")


def measure(people: list[Person], requests: int, tell: Callable[[], str]) -> None:
    """All of them at once, in ten turns."""
    numbers = count(1)
    for turn in range(1, TURNS + 1):
        wanted = turn * requests // (TURNS * len(people))
        already = [len(person.times) for person in people]
        begun = perf_counter()
        threads = [threading.Thread(target=work, args=(one, numbers, wanted)) for one in people]
        for one in threads:
            one.start()
        for one in threads:
            one.join()
        took = perf_counter() - begun
        times = sorted(
            time for person, old in zip(people, already, strict=True) for time in person.times[old:]
        )
        answers = sum((person.answers for person in people), Counter[int]())
        slow = f"median {times[len(times) // 2]:.2f} s, slowest {times[-1]:.1f} s"
        print(f"{sum(answers.values())}: {len(times) / took:.0f} a second, {slow}; {tell()}")
    print(f"answers: {dict(sorted(answers.items()))}")


if __name__ == "__main__":
    main()
