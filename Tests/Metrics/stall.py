"""Stalls hundreds of scrapes of a broker, and asks the broker and its metrics meanwhile.

    stall.py PORT PROGRAM: of the metrics; the program dragoman
"""

import http.client
import pathlib
import socket
import subprocess
import sys
import time
import urllib.request


def connect(port, text):
    connection = socket.create_connection(("127.0.0.1", port), timeout=30)
    connection.setblocking(False)
    try:
        connection.send(text)
    except OSError:
        pass
    return connection


def scrape(port):
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=30) as answer:
        return answer.read()


def main():
    port, program = int(sys.argv[1]), sys.argv[2]
    stalled = [connect(port, b"GET /metrics HTTP/1.1\r\nHost: a\r\n") for _ in range(200)]
    # A head and a body that have no end, and answers that are asked for and not read.
    stalled += [connect(port, b"GET /metrics HTTP/1.1\r\nX: " + b"a" * (1 << 20)) for _ in range(10)]
    stalled += [
        connect(port, b"POST /metrics HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000000000\r\n\r\n" + b"a" * (1 << 20))
        for _ in range(10)
    ]
    stalled += [connect(port, b"GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n" * 10_000) for _ in range(10)]
    begin = time.monotonic()
    subprocess.run([program, "status"], check=True, capture_output=True, timeout=30)
    subprocess.run(
        [program, "submit", "--wait"], input=b"Hello.\n", check=True, capture_output=True, timeout=60
    )
    print(f"a status and a job took {time.monotonic() - begin:.2f} s")
    # Those that stall lose their places.
    problem = "another page is served"
    while True:
        if time.monotonic() - begin > 120:
            sys.exit(f"nothing is scraped any more: {problem}")
        try:
            if b"dragoman_epoch" in scrape(port):
                break
        except (OSError, http.client.HTTPException) as error:
            problem = error
        time.sleep(0.2)
    print(f"the first scrape was answered after {time.monotonic() - begin:.1f} s")
    # They were held until here.
    for connection in stalled:
        connection.close()


if pathlib.Path(sys.argv[2]).exists():
    main()
else:
    sys.exit(f"there is no program {sys.argv[2]}")
