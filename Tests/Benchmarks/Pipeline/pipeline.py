#!/usr/bin/env python3
"""Measures the pipeline on this machine: acceptance, throughput beside the bare engine, what metrics cost, latency,
memory, recovery.

    swift build -c release && Tests/Benchmarks/Pipeline/pipeline.py [--sentences N] [--only PART] [--model DIR]
                                                                        [--store URL]

With a URL, the store is in that PostgreSQL database instead of SQLite; it has the tables (`dragoman store init`), and loses
what it holds.

Clients are Python (pyzmq and protobuf: `apt install python3-zmq python3-protobuf protobuf-compiler`), so that they share
no code with what is measured; they run on the same cores. Every part starts daemons of its own in a fresh folder.
"""
import argparse
import json
import os
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
import uuid
from pathlib import Path
from random import Random

import zmq

ROOT = Path(__file__).resolve().parents[3]
PROGRAM = ROOT / ".build/release/dragoman"

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from messages import pb  # noqa: E402

context = zmq.Context()
# Where the store is; None: in SQLite.
store_url = None


class Daemons:
    """A broker and, when wanted, a worker, in a folder of their own on a real disk."""

    def __init__(self, model=None, **settings):
        # Not in memory: what is measured is made durable.
        self.folder = Path(tempfile.mkdtemp(prefix="dragoman-bench-", dir=ROOT / ".build"))
        self.environment = dict(os.environ)
        if store_url:
            tables = "job, content, chunk, log, record, log_age, consumer, offer"
            empty = "TRUNCATE " + tables.replace(", ", ", dragoman.").replace("job", "dragoman.job", 1)
            subprocess.run(["psql", "-qXc", empty, store_url], check=True)
            self.environment["DRAGOMAN_STORE_URL"] = store_url
        else:
            self.environment["DRAGOMAN_STORE_DIRECTORY"] = str(self.folder / "state")
        # Sentences come again and again, and each is to be translated.
        self.environment["DRAGOMAN_WORKER_CACHE_BYTES"] = "0"
        for socket in ("jobs", "work", "results", "feed"):
            self.environment[f"DRAGOMAN_BROKER_{socket.upper()}_ENDPOINT"] = f"ipc://{self.folder}/{socket}"
        self.environment.update({f"DRAGOMAN_{key.upper()}": str(value) for key, value in settings.items()})
        self.processes = {}
        self.configuration = []
        if model:
            file = self.folder / "dragoman.yaml"
            file.write_text(f'models:\n  bench:\n    directory: "{Path(model).resolve()}"\n    preload: true\n')
            self.configuration = ["--config", file]

    def start(self, *names):
        for name in names:
            log = open(self.folder / f"{name}.log", "a")
            self.processes[name] = subprocess.Popen(
                [PROGRAM, name, *self.configuration], env=self.environment, stdout=log, stderr=log)
        return self

    def stop(self, name, how=signal.SIGTERM):
        process = self.processes.pop(name)
        process.send_signal(how)
        process.wait()

    def endpoint(self, socket):
        return f"ipc://{self.folder}/{socket}"

    def resident_megabytes(self, name):
        for line in open(f"/proc/{self.processes[name].pid}/status"):
            if line.startswith("VmRSS"):
                return int(line.split()[1]) / 1024

    def cpu_seconds(self):
        """Of each daemon, and of this process, which holds the clients."""
        ticks = os.sysconf("SC_CLK_TCK")
        used = {"clients": time.process_time()}
        for name, process in self.processes.items():
            fields = open(f"/proc/{process.pid}/stat").read().rpartition(")")[2].split()
            used[name] = (int(fields[11]) + int(fields[12])) / ticks
        return used

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for name in list(self.processes):
            self.stop(name, signal.SIGKILL)
        shutil.rmtree(self.folder)


class Client:
    def __init__(self, endpoint):
        self.socket = context.socket(zmq.DEALER)
        self.socket.linger = 0
        self.socket.hwm = 0
        self.socket.connect(endpoint)

    def send(self, **body):
        self.socket.send(pb.Envelope(version=1, **body).SerializeToString())

    def receive(self, kind, seconds=60):
        deadline = time.monotonic() + seconds
        while (left := deadline - time.monotonic()) > 0 and self.socket.poll(int(left * 1000)):
            answer = pb.Envelope.FromString(self.socket.recv())
            if answer.WhichOneof("body") == kind:
                return getattr(answer, kind)
            if answer.WhichOneof("body") == "fault":
                raise SystemExit(f"refused: {answer.fault.message}")
        raise SystemExit(f"no {kind} in {seconds} s")

    def ask(self, kind, seconds=60, **body):
        self.send(**body)
        return self.receive(kind, seconds)

    def status(self, seconds=60):
        return self.ask("status_report", seconds, status_query=pb.StatusQuery())


def job(text, **options):
    return pb.Job(job_id=uuid.uuid4().bytes, sources=[pb.Source(text=text)], options=pb.Options(**options))


def known_model(daemons):
    """Jobs are accepted for models that some worker has said to have."""
    client = Client(daemons.endpoint("jobs"))
    while not client.status().models:
        time.sleep(0.05)


def accepted_per_second(endpoint, batch, seconds):
    """One producer in lockstep: the next request goes when the answer to the last one is there."""
    client = Client(endpoint)
    messages = []
    for _ in range(int(seconds * 40000 / batch) // 8 + 8):
        jobs = pb.Submit(jobs=[job(f"Sentence number {n} of a batch.") for n in range(batch)])
        messages.append(pb.Envelope(version=1, submit=jobs).SerializeToString())
    accepted, start = 0, time.monotonic()
    for message in messages:
        client.socket.send(message)
        answer = pb.Envelope.FromString(client.socket.recv())
        accepted += sum(verdict.HasField("accepted") for verdict in answer.submit_reply.verdicts)
        if time.monotonic() - start > seconds:
            break
    return accepted / (time.monotonic() - start)


def producer_process(endpoint, batch, seconds):
    arguments = [sys.executable, __file__, "--producer", endpoint, str(batch), str(seconds)]
    return subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True)


def acceptance(_):
    with Daemons().start("broker", "worker") as daemons:
        known_model(daemons)
        daemons.stop("worker")
        for producers, batch in ((1, 1), (1, 64), (8, 1), (8, 64)):
            running = [producer_process(daemons.endpoint("jobs"), batch, 5) for _ in range(producers)]
            rate = sum(float(process.communicate()[0]) for process in running)
            print(f"accepted durable jobs/s, {producers} producer(s), {batch} jobs a message: {rate:,.0f}")


def workload(count):
    """Sentences of 3 to 30 words, all different; the same ones every time."""
    random = Random(1)
    people = ["My brother", "The old man", "Our teacher", "She", "The committee", "A friend of mine", "Nobody"]
    verbs = ["has seen", "wants", "forgot", "is looking for", "bought", "cannot find", "wrote about", "remembers"]
    things = ["the letter", "a small house", "the station", "his children", "the garden", "two books", "the weather"]
    ends = ["", "today", "in the garden", "because it was raining", "before the end of the week", "with my parents"]
    links = ["and", "but", "when", "although", "because"]

    def clause():
        words = [random.choice(people).lower(), random.choice(verbs), random.choice(things), random.choice(ends)]
        return " ".join(word for word in words if word)

    sentences = []
    for number in range(count):
        text = clause()
        for _ in range(random.choice([0, 0, 1, 1, 2])):
            text += f" {random.choice(links)} {clause()}"
        sentences.append(f"{text[0].upper()}{text[1:]} {number}.")
    return sentences


def daemon_seconds(daemons, sentences):
    """From the first SUBMIT to the last record, through a submitter and a reader of their own."""
    results, jobs = Client(daemons.endpoint("results")), Client(daemons.endpoint("jobs"))
    results.send(attach=pb.Attach(consumer=uuid.uuid4().hex, from_sequence=jobs.status().last_sequence + 1))
    results.send(result_credit=pb.ResultCredit(records=1024, bytes=16 << 20))
    results.receive("attached")
    messages = []
    for start in range(0, len(sentences), 64):
        batch = [job(text) for text in sentences[start : start + 64]]
        messages.append(pb.Envelope(version=1, submit=pb.Submit(jobs=batch)).SerializeToString())

    def submit():
        for message in messages:
            jobs.socket.send(message)
        for _ in messages:
            jobs.receive("submit_reply")

    begin = acknowledged = time.monotonic()
    submitter = threading.Thread(target=submit)
    submitter.start()
    for number in range(len(sentences)):
        record = results.receive("record")
        assert record.state == pb.DONE, record
        # Also when records are few: a consumer that is silent for long is taken for gone.
        if number % 256 == 255 or time.monotonic() - acknowledged > 1:
            results.send(ack=pb.Ack(up_to_sequence=record.sequence))
            acknowledged = time.monotonic()
    results.send(ack=pb.Ack(up_to_sequence=record.sequence))
    submitter.join()
    return time.monotonic() - begin


def engine_seconds(sentences, folder, model):
    file = folder / "sentences.txt"
    file.write_text("\n".join(sentences) + "\n")
    arguments = [PROGRAM, "bench", "--repeat", "1", "--json", *(["--model", model] if model else []), file]
    before = os.times()
    figures = json.loads(subprocess.run(arguments, check=True, capture_output=True, text=True).stdout)
    after = os.times()
    # What loads the model is counted with the processor's time, not with the engine's.
    processor = after.children_user + after.children_system - before.children_user - before.children_system
    return len(sentences) / figures["sentences_per_s"], processor


def throughput(options):
    sentences = workload(options.sentences)
    ratios = []
    with Daemons(options.model).start("broker", "worker") as daemons:
        known_model(daemons)
        daemon_seconds(daemons, sentences[: len(sentences) // 8])
        for _ in range(options.rounds):
            (engine, processor), before = engine_seconds(sentences, daemons.folder, options.model), daemons.cpu_seconds()
            daemon, after = daemon_seconds(daemons, sentences), daemons.cpu_seconds()
            ratios.append(engine / daemon)
            print(
                f"sentences/s: engine {len(sentences) / engine:,.0f}, through the daemon {len(sentences) / daemon:,.0f}, "
                f"ratio {ratios[-1]:.3f}; processor ms a sentence: engine {1000 * processor / len(sentences):.2f}, "
                + ", ".join(f"{name} {1000 * (after[name] - before[name]) / len(sentences):.2f}" for name in after))
    print(f"ratio: median {statistics.median(ratios):.3f} (min {min(ratios):.3f}, max {max(ratios):.3f})")


def free_port():
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        return bound.getsockname()[1]


class Scraper:
    """Reads metrics once a second, as Prometheus would at its most eager."""

    def __init__(self, *ports):
        self.ports = ports
        self.count = 0
        self.ended = threading.Event()
        self.thread = threading.Thread(target=self.run)

    def run(self):
        while not self.ended.wait(1):
            for port in self.ports:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10) as answer:
                    self.count += answer.read().startswith(b"# HELP")

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.ended.set()
        self.thread.join()


def metrics(options):
    """Without metrics and with them, scraped each second, by turns: two brokers and workers, of which one is idle."""
    sentences = workload(options.sentences)
    broker, worker = free_port(), free_port()
    addresses = {"broker_metrics_address": f"127.0.0.1:{broker}", "worker_metrics_address": f"127.0.0.1:{worker}"}
    ratios, costs = [], []

    def measured(daemons):
        before = daemons.cpu_seconds()
        seconds = daemon_seconds(daemons, sentences)
        after = daemons.cpu_seconds()
        return seconds, sum(after[name] - before[name] for name in ("broker", "worker"))

    with Daemons(options.model) as plain, Daemons(options.model, **addresses) as watched:
        for daemons in (plain, watched):
            known_model(daemons.start("broker", "worker"))
            daemon_seconds(daemons, sentences[: len(sentences) // 8])
        for number in range(2 * options.rounds):
            # Who is first changes, so that a machine that slows down harms neither more.
            if number % 2:
                without = measured(plain)
            with Scraper(broker, worker) as scraper:
                scraped = measured(watched)
            if not number % 2:
                without = measured(plain)
            ratios.append(without[0] / scraped[0])
            costs.append(scraped[1] / without[1])
            print(
                f"sentences/s: without metrics {len(sentences) / without[0]:,.0f}, with {len(sentences) / scraped[0]:,.0f} "
                f"({scraper.count} scrapes), ratio {ratios[-1]:.3f}; processor's time, with to without: {costs[-1]:.3f}")
    print(
        f"metrics: throughput with to without, median {statistics.median(ratios):.3f} "
        f"(min {min(ratios):.3f}, max {max(ratios):.3f}); processor's time, median {statistics.median(costs):.3f}")


def latency(_):
    text = "Where is the train station?"
    with Daemons().start("broker", "worker") as daemons:
        known_model(daemons)
        results, jobs = Client(daemons.endpoint("results")), Client(daemons.endpoint("jobs"))
        results.send(attach=pb.Attach(consumer="bench"))
        results.send(result_credit=pb.ResultCredit(records=16, bytes=1 << 20))
        times = []
        for _ in range(330):
            message = pb.Envelope(version=1, submit=pb.Submit(jobs=[job(text)])).SerializeToString()
            start = time.monotonic()
            jobs.socket.send(message)
            record = results.receive("record")
            times.append((time.monotonic() - start) * 1000)
            results.send(ack=pb.Ack(up_to_sequence=record.sequence))
            jobs.receive("submit_reply")
        file = daemons.folder / "sentence.txt"
        file.write_text((text + "\n") * 300)
        arguments = [PROGRAM, "bench", "--latency", "--repeat", "1", "--json", file]
        figures = json.loads(subprocess.run(arguments, check=True, capture_output=True, text=True).stdout)
    engine = figures["latency_ms"]["p50"]
    percentiles = statistics.quantiles(times[30:], n=100)
    p50, p99 = percentiles[49], percentiles[98]
    print(f"latency of one sentence, ms: p50 {p50:.1f}, p99 {p99:.1f}; the engine alone p50 {engine:.1f}; ", end="")
    print(f"added: p50 {p50 - engine:.1f}, p99 {p99 - engine:.1f}")


def memory(_):
    with Daemons().start("broker", "worker") as daemons:
        known_model(daemons)
        daemons.stop("worker")
        before = daemons.resident_megabytes("broker")
        client = Client(daemons.endpoint("jobs"))
        lines = workload(100_000)
        for start in range(0, len(lines), 500):
            client.ask("submit_reply", submit=pb.Submit(jobs=[job(text) for text in lines[start : start + 500]]))
        queued = client.status().queued_jobs
        after = daemons.resident_megabytes("broker")
        print(f"broker's resident memory: {before:.0f} MB idle, {after:.0f} MB with {queued:,} queued jobs")
        daemons.stop("broker", signal.SIGKILL)
        start = time.monotonic()
        daemons.start("broker")
        status = Client(daemons.endpoint("jobs")).status()
        print(f"killed and started again: answers after {time.monotonic() - start:.2f} s, {status.queued_jobs:,} jobs queued")
        print(f"broker's resident memory then: {daemons.resident_megabytes('broker'):.0f} MB")


PARTS = {
    "acceptance": acceptance, "throughput": throughput, "metrics": metrics, "latency": latency, "memory": memory,
}


def main():
    global PROGRAM, store_url
    if sys.argv[1:2] == ["--producer"]:
        print(accepted_per_second(sys.argv[2], int(sys.argv[3]), float(sys.argv[4])))
        return
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sentences", type=int, default=8000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", choices=PARTS, action="append")
    parser.add_argument("--program", type=Path, default=PROGRAM, help="to be measured, such as that of an earlier commit")
    parser.add_argument("--model", help="for the throughput, such as WORK/base of Load/load.py; without it the demo model, which is a small one")
    parser.add_argument("--store", metavar="URL", help="a PostgreSQL database for the store; what it holds is lost")
    options = parser.parse_args()
    store_url = options.store
    PROGRAM = options.program
    for name in options.only or PARTS:
        PARTS[name](options)


if __name__ == "__main__":
    main()
