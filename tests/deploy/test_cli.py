import os
import re
import shutil
import signal
import socket
import ssl
import subprocess
from contextlib import closing
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, HTTPServer
from importlib import metadata
from pathlib import Path
from threading import Thread
from urllib.parse import urljoin, urlsplit
from urllib.request import Request, urlopen

import pytest

from cnnviz.cli import app_address, main, unreadable, unusable_host, unusable_port, wake
from scripts.server import ROOT, free_port
from tests.deploy.starting import RUN, start

HTML = {"Accept": "text/html"}
SOCKET = {
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA==",
}


class Healthy(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_):
        pass


class Running:
    """A process that has not ended."""

    def poll(self):
        return None


def status(address, headers=None):
    """Return the status of a response."""
    parts = urlsplit(address)
    with closing(HTTPConnection(parts.netloc)) as line:
        line.request("GET", parts.path, headers=headers or {})
        return line.getresponse().status


@pytest.fixture
def taken():
    with socket.create_server(("127.0.0.1", 0)) as other:
        yield other.getsockname()[1]


def test_a_taken_port_is_said_in_one_sentence_with_what_to_type(taken):
    message = f"Port {taken} is taken: stop the program that uses it, or choose another with --port"
    assert start("--port", str(taken)) == (1, f"{message}, or with PORT= in make run.\n")
    assert unusable_port(taken) == f"{message}."


@pytest.mark.parametrize("port", ["0", "-1", "65536"])
def test_invalid_ports_are_named(port):
    assert start("--port", port)[1].startswith(f"{port} is not a port")


def test_a_host_that_is_not_of_this_machine_is_said_in_one_sentence():
    message = "192.0.2.9 is not an address of this machine: 0.0.0.0 stands for all of them.\n"
    assert start("--server.address=192.0.2.9", f"--port={free_port()}") == (1, message)
    for host in ("no.invalid", "2001:db8::9", "a..b", "k" * 64):
        assert unusable_host(host).startswith(f"{host} is not an address")
    assert [unusable_host(host) for host in ("localhost", "127.0.0.1", "0.0.0.0")] == [None] * 3


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="reads a file without an end")
def test_a_file_is_read_no_further_than_a_photo_may_be_long():
    assert "at most 10 MB work" in unreadable(Path("/dev/zero"))


@pytest.mark.parametrize("others", [["b.jpg"], ["--server.headless=true", "b.jpg"]])
def test_a_second_photo_is_said(monkeypatch, capsys, others):
    monkeypatch.setattr("cnnviz.cli.serve", lambda *_: pytest.fail("it was served"))
    assert main(["a.jpg", *others]) == 1
    assert capsys.readouterr().err.startswith("b.jpg is a second photo")


def test_a_forbidden_port_is_said(monkeypatch):
    def refuse(*_):
        raise PermissionError

    monkeypatch.setattr(socket.socket, "bind", refuse)
    assert "administrator rights" in unusable_port(80)


def test_the_app_starts_and_takes_the_server_with_it_when_it_ends():
    port = free_port()
    command = [*RUN, f"--port={port}", "--server.headless=true"]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    try:
        wake(process, f"http://127.0.0.1:{port}/_stcore/health")
        with urlopen(f"http://127.0.0.1:{port}/") as page:
            assert "Content-Security-Policy" in page.headers
        lines = [process.stdout.readline() for _ in range(2)]
    finally:
        process.terminate()
    said = process.communicate(timeout=30)[0]
    assert process.returncode == 0
    assert lines[0] == f"cnnviz is at http://localhost:{port}\n"
    assert re.fullmatch(rf"For others in this network: http://[\d.]+:{port}\n", lines[1])
    assert said == ""
    assert unusable_port(port) is None


def test_ctrl_c_ends_the_app_without_a_word():
    port = free_port()
    command = [*RUN, f"--port={port}", "--server.headless=true"]
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        process_group=0,
    )
    try:
        assert process.stdout.readline() == f"cnnviz is at http://localhost:{port}\n"
    finally:
        os.killpg(process.pid, signal.SIGINT)  # as the terminal does: the server gets it, too
    _, said = process.communicate(timeout=30)
    assert process.returncode == 0
    assert all(line.startswith('{"time"') for line in said.splitlines())
    assert unusable_port(port) is None


def test_ctrl_c_before_the_server_runs_ends_the_start_without_a_word(tmp_path, monkeypatch):
    (tmp_path / "numpy.py").write_text("raise KeyboardInterrupt")  # while it is imported
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    assert start() == (0, "")

    def press_ctrl_c(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr("cnnviz.cli.unreadable", press_ctrl_c)
    assert main(["a.jpg"]) == 0


def test_below_a_base_path_everything_answers_that_a_page_needs():
    port = free_port()
    command = [*RUN, f"--port={port}", "--server.headless=true", "--server.baseUrlPath=cnn"]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout.readline() == f"cnnviz is at http://localhost:{port}/cnn\n"
        for address in ("", "/join/KRTZN"):
            with urlopen(Request(f"http://localhost:{port}/cnn{address}", headers=HTML)) as page:
                links = re.findall(r'(?:href|src)="([^"]+\.(?:css|js))"', page.read().decode())
                files = [urljoin(page.url, link) for link in links if "/app/static/" in link]
            assert files
            assert {status(file) for file in files} == {200}
        for channel in ("live", "room"):
            assert status(f"http://localhost:{port}/cnn/{channel}", SOCKET) == 101
    finally:
        process.terminate()
        process.communicate(timeout=30)


def test_the_address_has_what_streamlit_is_told_in_either_way(monkeypatch):
    assert app_address("::1", 80, ["--server.baseUrlPath", "/a/b/"]) == "http://[::1]:80/a/b"
    monkeypatch.setenv("STREAMLIT_SERVER_BASE_URL_PATH", "cnn")
    monkeypatch.setenv("STREAMLIT_SERVER_SSL_CERT_FILE", "a.pem")
    assert app_address("a", 80, []) == "https://a:80/cnn"
    assert app_address("a", 80, ["--server.baseUrlPath=b"]) == "https://a:80/b"


def test_port_and_host_may_have_the_names_that_streamlit_has_for_them(monkeypatch):
    served = []
    monkeypatch.setattr("cnnviz.cli.serve", lambda *given: served.append(given) or 0)
    main(["--server.port=8600", "--server.address=::", "--server.fileWatcherType=none"])
    main(["--port", "8601", "--host", "a"])
    assert served == [("::", 8600, ["--server.fileWatcherType=none"], None), ("a", 8601, [], None)]


@pytest.mark.skipif(not shutil.which("openssl"), reason="makes a certificate")
def test_a_server_with_a_certificate_for_another_name_is_waited_for(tmp_path):
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=school.example",
         "-keyout", "key.pem", "-out", "cert.pem"],
        cwd=tmp_path, check=True, capture_output=True,
    )  # fmt: skip
    encrypted = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    encrypted.load_cert_chain(tmp_path / "cert.pem", tmp_path / "key.pem")
    with HTTPServer(("127.0.0.1", 0), Healthy) as site:
        site.socket = encrypted.wrap_socket(site.socket, server_side=True)
        Thread(target=site.handle_request, daemon=True).start()
        wake(Running(), f"https://127.0.0.1:{site.server_port}/")


def test_a_server_that_ends_at_once_is_said():
    code, said = start(f"--port={free_port()}", "--server.noSuchOption=1")
    assert code == 1
    assert said.splitlines()[-1].startswith("The server ended before it answered")


@pytest.mark.parametrize("argument", ["--help", "--version"])
def test_the_program_explains_itself_in_a_checkout_too(monkeypatch, capsys, argument):
    def missing(name):
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(metadata, "version", missing)
    with pytest.raises(SystemExit) as end:
        main([argument])
    assert end.value.code == 0
    assert capsys.readouterr().out.split()[-1] in ("installed)", "run`.")
