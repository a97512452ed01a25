"""One process of the app that can be tied to cores, measured, killed and started again: Linux."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from threading import Thread
from typing import Any, Self

from cnnviz.cli import wake
from scripts.server import ROOT, free_port

TICKS = os.sysconf("SC_CLK_TCK")
PAGE_SIZE = os.sysconf("SC_PAGE_SIZE")


class Replica:
    """The app on a port of this machine, for the duration of a `with`.

    `command` is what Python runs, `cores` are the cores it may use, `prepare` runs in the new
    process before Python does; `root` is the checkout to run.
    """

    def __init__(
        self,
        *,
        cores: set[int] | None = None,
        environment: Mapping[str, str] | None = None,
        command: tuple[str, ...] = ("-m", "streamlit"),
        prepare: Callable[[], None] | None = None,
        root: Path = ROOT,
    ) -> None:
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.lines: list[str] = []  # its output on stderr
        self.environment = {**os.environ, **(environment or {})}
        self.command = [
            *(sys.executable, *command, "run", "asgi.py", "--server.headless=true"),
            *("--server.address=127.0.0.1", f"--server.port={self.port}"),
        ]
        self.cores, self.prepare, self.root = cores, prepare, root
        self.process = self._start()

    def __enter__(self) -> Self:
        """Wait until it answers; from then on, Streamlit knows its pages."""
        wake(self.process, f"{self.address}/_stcore/script-health-check")
        return self

    def __exit__(self, *_: object) -> None:
        """End it."""
        self.process.terminate()
        self._end()

    def kill(self) -> None:
        """End it as a power cut does, without warning."""
        self.process.send_signal(signal.SIGKILL)
        self._end()

    def restart(self) -> None:
        """Start it again on the same port, and wait until it answers."""
        self.process = self._start()
        self.__enter__()

    def text(self) -> str:
        """Return its output so far."""
        return "".join(self.lines)

    def events(self) -> list[dict[str, Any]]:
        """Return the events of its log."""
        return [json.loads(line) for line in self.lines if line.startswith("{")]

    @property
    def cpu(self) -> float:
        """Processor time of the process and its children so far, all threads, in seconds."""
        return sum(sum(map(int, _fields(pid)[11:13])) for pid in self._family()) / TICKS

    @property
    def memory(self) -> float:
        """Private memory of the process and its children, in MB."""
        return sum(_own_pages(pid) for pid in self._family()) * PAGE_SIZE / 1e6

    def children(self) -> list[int]:
        """Return the processes that it has started, by id."""
        found: list[int] = []
        for thread in Path(f"/proc/{self.process.pid}/task").iterdir():
            with suppress(FileNotFoundError, ProcessLookupError):  # a thread that has just ended
                found += map(int, (thread / "children").read_text().split())
        return found

    def _family(self) -> list[int]:
        return [self.process.pid, *self.children()]

    def _start(self) -> subprocess.Popen:
        process = subprocess.Popen(
            self.command,
            cwd=self.root,  # where the configuration is
            env=self.environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            preexec_fn=self.prepare,
        )
        self._listener = Thread(target=self._listen, args=(process,), daemon=True)
        self._listener.start()
        if self.cores:
            os.sched_setaffinity(process.pid, self.cores)
        return process

    def _listen(self, process: subprocess.Popen) -> None:
        with process.stderr as lines:
            for line in lines:
                self.lines.append(line)

    def _end(self) -> None:
        self.process.wait()
        self._listener.join()


def _fields(pid: int) -> list[str]:
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()


def _own_pages(pid: int) -> int:
    _, resident, shared, *_ = map(int, Path(f"/proc/{pid}/statm").read_text().split())
    return resident - shared
