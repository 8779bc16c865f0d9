#!/usr/bin/env python3
"""What a broker takes of memory under floods, and how long an honest producer waits beside them.

    swift build -c release --product dragoman
    python3 Tests/Benchmarks/Load/flood.py [--program PROGRAM ...] [--only messages|4MiB|1MiB] [--transport tcp|ipc]

Needs protobuf and protoc (`apt install python3-protobuf protobuf-compiler`). Floods: `messages`, 150 producers with 12
jobs of 1 MiB each; `4MiB` and `1MiB`, 250 frames of that size that lack their last byte, held for --hold seconds.
With several programs, each flood meets one after the other. For each: the peak of the resident memory (VmHWM) above that
of the idle broker, and what is left 10 s after the flood; how long the honest producer's jobs took, each on a new
connection; how long the flood took until its last verdict.
"""
import argparse
import json
import os
import selectors
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
MEBIBYTE = 1 << 20
FLOODS = ("messages", "4MiB", "1MiB")

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from messages import pb  # noqa: E402

# ZMTP 3.0 (RFC 23 of ZeroMQ), by hand: a library would not leave a frame half sent.
GREETING = b"\xff" + bytes(8) + b"\x7f\x03\x00NULL" + bytes(48)


def ready():
    body = b"\x05READY\x0bSocket-Type\x00\x00\x00\x06DEALER"
    return bytes([4, len(body)]) + body


def header(size):
    return b"\x02" + size.to_bytes(8, "big")


def connected(endpoint):
    if endpoint.startswith("ipc://"):
        peer = socket.socket(socket.AF_UNIX)
        peer.connect(endpoint.removeprefix("ipc://"))
    else:
        host, port = endpoint.removeprefix("tcp://").rsplit(":", 1)
        peer = socket.create_connection((host, int(port)))
    peer.sendall(GREETING + ready())
    return peer


def exactly(peer, count):
    data = b""
    while len(data) < count:
        part = peer.recv(count - len(data))
        if not part:
            raise ConnectionError("closed")
        data += part
    return data


def frames(data):
    """The frames in what has come, and how many bytes they are."""
    found, position = [], 0
    while position + 2 <= len(data):
        flags, count, start = data[position], data[position + 1], 2
        if flags & 2:
            if position + 9 > len(data):
                break
            count, start = int.from_bytes(data[position + 1 : position + 9], "big"), 9
        if position + start + count > len(data):
            break
        if not flags & 4:
            found.append(data[position + start : position + start + count])
        position += start + count
    return found, position


def submit(text):
    job = pb.Job(job_id=uuid.uuid4().bytes, sources=[pb.Source(text=text)], model="flooded")
    return pb.Envelope(version=1, submit=pb.Submit(jobs=[job])).SerializeToString()


def offer_model(endpoint):
    """Jobs are accepted for models that some worker has said to have."""
    peer = connected(endpoint)
    hello = pb.Hello(
        instance="flood", models=[pb.ModelOffer(name="flooded", source_language="en", target_language="fr")])
    body = pb.Envelope(version=1, hello=hello).SerializeToString()
    exactly(peer, 64)
    peer.sendall(header(len(body)) + body)
    data = b""
    while True:
        data += peer.recv(4096)
        if any(pb.Envelope.FromString(frame).WhichOneof("body") == "welcome" for frame in frames(data)[0]):
            return peer.close()


# The flood, in a process of its own.


def flood_with_messages(endpoint, producers=150, each=12):
    # One line, so one chunk: the queue, which has its own limits, is to take little.
    words = "This is one of very many sentences that are to be translated today. "
    template = submit(words * (1_040_000 // len(words)))
    place = template.index(pb.Envelope.FromString(template).submit.jobs[0].job_id)
    before, after = memoryview(template)[:place], memoryview(template)[place + 16 :]
    selector = selectors.DefaultSelector()
    for _ in range(producers):
        peer = connected(endpoint)
        exactly(peer, 64)
        peer.setblocking(False)
        selector.register(peer, selectors.EVENT_READ | selectors.EVENT_WRITE, dict(parts=[], sent=0, data=b""))
    start, verdicts, accepted, lost = time.monotonic(), 0, 0, 0
    while selector.get_map() and time.monotonic() - start < 300:
        for key, events in selector.select(1):
            peer, state = key.fileobj, key.data
            try:
                if events & selectors.EVENT_READ:
                    data = peer.recv(65536)
                    if not data:
                        raise ConnectionError
                    state["data"] += data
                    found, count = frames(state["data"])
                    state["data"] = state["data"][count:]
                    for frame in found:
                        for verdict in pb.Envelope.FromString(frame).submit_reply.verdicts:
                            verdicts += 1
                            accepted += verdict.HasField("accepted")
                            state["verdicts"] = state.get("verdicts", 0) + 1
                    if state.get("verdicts") == each:
                        selector.unregister(peer)
                        peer.close()
                        continue
                if events & selectors.EVENT_WRITE:
                    if not state["parts"]:
                        if state["sent"] == each:
                            selector.modify(peer, selectors.EVENT_READ, state)
                            continue
                        state["sent"] += 1
                        state["parts"] = [
                            memoryview(header(len(template))), before, memoryview(uuid.uuid4().bytes), after]
                    count = peer.sendmsg(state["parts"])
                    while state["parts"] and count >= len(state["parts"][0]):
                        count -= len(state["parts"].pop(0))
                    if state["parts"]:
                        state["parts"][0] = state["parts"][0][count:]
            except BlockingIOError:
                continue
            except OSError:
                lost += 1
                selector.unregister(peer)
                peer.close()
    return dict(verdicts=verdicts, accepted=accepted, seconds=time.monotonic() - start, closed=lost)


def flood_half_sent(endpoint, size, hold, count=250):
    body = memoryview(bytes(size - 1))
    selector = selectors.DefaultSelector()
    for _ in range(count):
        peer = connected(endpoint)
        peer.sendall(header(size))
        peer.setblocking(False)
        selector.register(peer, selectors.EVENT_READ | selectors.EVENT_WRITE, [body])
    start, closed, whole = time.monotonic(), 0, 0
    while (left := start + hold - time.monotonic()) > 0:
        if not selector.get_map():
            time.sleep(left)
        for key, events in selector.select(min(left, 1)):
            peer, rest = key.fileobj, key.data
            try:
                if events & selectors.EVENT_READ and not peer.recv(65536):
                    raise ConnectionError
                if events & selectors.EVENT_WRITE:
                    rest[0] = rest[0][peer.send(rest[0]) :]
                    if not rest[0]:
                        whole += 1
                        selector.modify(peer, selectors.EVENT_READ, rest)
            except BlockingIOError:
                continue
            except OSError:
                closed += 1
                selector.unregister(peer)
                peer.close()
    return dict(closed=closed, whole=whole)


# The honest producer, in a process of its own.


def honest(endpoint, size):
    waits, isEnding = [], []
    signal.signal(signal.SIGTERM, lambda *_: isEnding.append(True))
    begin = time.monotonic()
    while not isEnding:
        start = time.monotonic()
        while not isEnding:
            try:
                peer = connected(endpoint)
                peer.settimeout(300)
                body = submit("A sentence.\n" * max(1, size // 12))
                peer.sendall(header(len(body)) + body)
                exactly(peer, 64)
                data = b""
                while not (found := frames(data)[0]):
                    part = peer.recv(65536)
                    if not part:
                        raise ConnectionError
                    data += part
                peer.close()
                if pb.Envelope.FromString(found[0]).submit_reply.verdicts[0].HasField("accepted"):
                    break
                time.sleep(0.1)
            except ConnectionError:
                time.sleep(0.05)
        waits.append(time.monotonic() - start)
        if not isEnding:
            time.sleep(0.05)
    return dict(waits=waits, seconds=time.monotonic() - begin)


# What is measured.


class Broker:
    def __init__(self, program, transport, settings):
        # On a real disk: what is accepted is made durable.
        self.folder = Path(tempfile.mkdtemp(prefix="dragoman-flood-", dir=os.environ.get("DRAGOMAN_FLOOD_FOLDER")))
        environment = dict(os.environ, DRAGOMAN_STORE_DIRECTORY=str(self.folder / "state"), **settings)
        self.endpoints = {}
        for name in ("jobs", "work", "results", "feed"):
            if transport == "ipc":
                self.endpoints[name] = f"ipc://{self.folder}/{name}"
            else:
                with socket.create_server(("127.0.0.1", 0)) as free:
                    self.endpoints[name] = f"tcp://127.0.0.1:{free.getsockname()[1]}"
            environment[f"DRAGOMAN_BROKER_{name.upper()}_ENDPOINT"] = self.endpoints[name]
        self.log = open(self.folder / "log", "w")
        self.process = subprocess.Popen([program, "broker"], env=environment, stdout=self.log, stderr=self.log)
        while "broker listens" not in (self.folder / "log").read_text():
            if self.process.poll() is not None:
                raise SystemExit((self.folder / "log").read_text())
            time.sleep(0.02)

    def megabytes(self, field):
        for line in open(f"/proc/{self.process.pid}/status"):
            if line.startswith(field + ":"):
                return int(line.split()[1]) * 1024 / 1e6

    def cpu_seconds(self):
        fields = open(f"/proc/{self.process.pid}/stat").read().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def forget_peak(self):
        Path(f"/proc/{self.process.pid}/clear_refs").write_text("5")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        shutil.rmtree(self.folder)


def part(*arguments):
    return subprocess.Popen(
        [sys.executable, __file__, "--part", *map(str, arguments)], stdout=subprocess.PIPE, text=True)


def measure(program, transport, flood, options):
    settings = dict(setting.split("=", 1) for setting in options.set)
    with Broker(program, transport, settings) as broker:
        offer_model(broker.endpoints["work"])
        warm = part("honest", broker.endpoints["jobs"], 100)
        time.sleep(1)
        warm.terminate()
        warm.communicate()
        idle = broker.megabytes("VmRSS")
        broker.forget_peak()
        cpu = broker.cpu_seconds()
        endpoint = broker.endpoints["work" if flood == "4MiB" else "jobs"]
        if flood == "messages":
            flooding = part("messages", endpoint)
        else:
            flooding = part("half", endpoint, int(flood[0]) * MEBIBYTE, options.hold)
        time.sleep(0.5)
        others = [part("honest", broker.endpoints["jobs"], size) for size in options.honest]
        outcome = json.loads(flooding.communicate()[0])
        for other in others:
            other.terminate()
        honests = [json.loads(other.communicate()[0]) for other in others]
        peak, cpu = broker.megabytes("VmHWM"), broker.cpu_seconds() - cpu
        time.sleep(10)
        after = broker.megabytes("VmRSS")
        refusals = (broker.folder / "log").read_text().count("connection closed")
        print(
            f"{program} {transport} {flood}: idle {idle:.0f} MB, peak {peak - idle:+.0f} MB, 10 s later "
            f"{after - idle:+.0f} MB; broker's CPU {cpu:.1f} s; lines about closed connections {refusals}; "
            + ", ".join(f"{key} {value:.1f}" for key, value in outcome.items()), flush=True)
        for size, one in zip(options.honest, honests):
            waits = one["waits"] or [one["seconds"]]
            print(
                f"    honest producer, {size} bytes: {len(waits)} jobs, waits median {statistics.median(waits):.2f} s, "
                f"max {max(waits):.2f} s", flush=True)
        return peak - idle


def main():
    if sys.argv[1:2] == ["--part"]:
        name, endpoint, *rest = sys.argv[2:]
        parts = {
            "messages": lambda: flood_with_messages(endpoint),
            "half": lambda: flood_half_sent(endpoint, int(rest[0]), float(rest[1])),
            "honest": lambda: honest(endpoint, int(rest[0])),
        }
        return print(json.dumps(parts[name]()))
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", action="append", help="one or several; without it that of this folder")
    parser.add_argument("--only", choices=FLOODS, action="append")
    parser.add_argument("--transport", choices=("tcp", "ipc"), action="append")
    parser.add_argument("--hold", type=float, default=20, help="how long half-sent frames are held, in seconds")
    parser.add_argument("--honest", type=int, action="append", help="bytes of an honest producer's jobs (100)")
    parser.add_argument("--set", action="append", default=[], help="DRAGOMAN_KEY=VALUE for the broker")
    options = parser.parse_args()
    options.honest = options.honest or [100]
    for flood in options.only or FLOODS:
        for transport in options.transport or ("tcp", "ipc"):
            for program in options.program or [ROOT / ".build/release/dragoman"]:
                measure(program, transport, flood, options)


if __name__ == "__main__":
    main()
