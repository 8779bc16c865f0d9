#!/usr/bin/env python3
"""The HTTP gateway of `dragoman serve` with the demo model: beside LibreTranslate, beside the pipeline itself, with
many connections, and with its metrics read.

    swift build -c release --product dragoman
    python3 -m venv DIR && DIR/bin/pip install -r Tests/Benchmarks/Gateway/requirements.txt
    DIR/bin/python Tests/Benchmarks/Gateway/gateway.py peers     # requests/s, p50 and p99 at 1, 8 and 64 clients
    DIR/bin/python Tests/Benchmarks/Gateway/gateway.py latency   # what HTTP adds to a job by ZeroMQ
    DIR/bin/python Tests/Benchmarks/Gateway/gateway.py idle      # 1,000 idle and 100 slow connections
    DIR/bin/python Tests/Benchmarks/Gateway/gateway.py metrics   # /metrics read each second, and not

All but `peers` need pyzmq and protobuf only (`apt install python3-zmq python3-protobuf protobuf-compiler`).

`peers` has the same texts go through `POST /translate`, one a request, by the same clients over connections that stay
open, to one server after the other; a round is every server at every number of clients, and a ratio is taken within its
round. Servers and clients share the cores, all servers have as many threads to compute with, and beam 4. peers.py says
what LibreTranslate is here; CTranslate2 has the instruction set and the way to use its cores that are fastest, which is
tried first. All texts differ, and Dragoman remembers none unless --cache is given. Its jobs and results are on disk
before they count, and its log has a line for each request, as ever.

`latency` takes turns: a block of requests by HTTP, then one of jobs by ZeroMQ, on the same server, each sent when the
one before has its result. `idle` compares the memory (MiB) and other requests' latency before and with the connections,
each of which must serve at the end. `metrics` has two servers in turns, of which one has no address for metrics; and
what a scrape takes of the processor is measured by itself, as it is little.
"""
import argparse
import asyncio
import json
import resource
import statistics
import sys
import time
import uuid
from pathlib import Path

HERE = Path(__file__).resolve()
sys.path[:0] = [str(HERE.parents[1] / part) for part in ("", "Pipeline", "SideBySide")]
import clients  # noqa: E402
import peers  # noqa: E402
import pipeline  # noqa: E402
from ctranslate2_process import percentile  # noqa: E402
from messages import pb  # noqa: E402
from models import DEMO, ROOT  # noqa: E402
from side_by_side import ratios, spread  # noqa: E402

COUNTS = (1, 8, 64)
WORDS = 12  # of a made-up sentence at most
SHARES = {1: 0.2, 8: 0.5, 64: 1}  # of the requests of a round, as few clients take longer


def distinct_texts(options):
    """Short sentences, in an order that is always the same."""
    if options.texts:
        lines = options.texts.read_text(encoding="utf-8").splitlines()
    else:
        # Without their numbers, which would have to be in the translation.
        lines = [f"{line.rpartition(' ')[0]}." for line in pipeline.workload(20_000)]
        lines = [line for line in lines if len(line.split()) <= WORDS]
    return [line for line in dict.fromkeys(lines) if line.strip()]


def some(texts, count):
    return [texts[number % len(texts)] for number in range(count)]


def requests(texts, count):
    return [clients.translation(text) for text in some(texts, count)]


class Serving(pipeline.Daemons):
    """`dragoman serve`, ready to translate."""

    def __init__(self, options, **settings):
        self.port = pipeline.free_port()
        cache = dict(worker_cache_bytes=64 << 20) if options.cache else {}
        super().__init__(
            gateway_address=f"127.0.0.1:{self.port}", worker_threads=options.threads, **cache, **settings)

    def __enter__(self):
        self.start("serve")
        while not peers.answers(self.port, "/readyz"):
            if self.processes["serve"].poll() is not None:
                problem = (self.folder / "serve.log").read_text()
                self.__exit__()
                raise SystemExit(problem)
            time.sleep(0.05)
        return self


def milliseconds(times, percent):
    return percentile(percent, times) * 1000


# Beside LibreTranslate


def measure_peers(options):
    texts = distinct_texts(options)
    job, environment = best_peer(options, texts)
    count = options.requests
    with Serving(options) as ours, peers.Peer("libretranslate", pipeline.free_port(), job, environment) as theirs, \
            peers.Peer("flask", pipeline.free_port(), job, environment) as bare:
        sides = {"Dragoman": ours.port, "LibreTranslate": theirs.port, "Flask": bare.port}
        for port in sides.values():
            clients.run(port, requests(texts, count // 4), 8)
        figures = {(side, number): [] for side in sides for number in COUNTS}
        for number in range(options.rounds):
            for many in COUNTS:
                for side in list(sides)[:: -1 if number % 2 else 1]:
                    load = clients.run(sides[side], requests(texts, round(count * SHARES[many])), many)
                    figures[side, many].append(load)
    for many in COUNTS:
        report_peers(many, {side: figures[side, many] for side in sides})
    found = {side: figures[side, COUNTS[-1]][0].translations() for side in sides}
    for side in list(sides)[1:]:
        equal = sum(found[side][number] == text for number, text in found["Dragoman"].items())
        print(f"translations of {side} that are Dragoman's: {equal} of {len(found[side])}")


def report_peers(many, figures):
    def column(side, figure):
        return [figure(load) for load in figures[side]]

    measures = {
        "requests/s": (lambda load: load.rate, 0), "p50 ms": (lambda load: milliseconds(load.times, 50), 2),
        "p99 ms": (lambda load: milliseconds(load.times, 99), 2)}
    print(f"{many} client(s), {len(figures['Dragoman'][0].times)} requests; minimum / median / maximum")
    for side, loads in figures.items():
        cost = statistics.median(1000 * load.clients_seconds / len(load.times) for load in loads)
        print(f"  {side:14} " + "; ".join(
            f"{title} {spread(column(side, figure), digits)}" for title, (figure, digits) in measures.items())
            + f"; the clients' processor {cost:.2f} ms a request")
    for side in list(figures)[1:]:
        print(f"  Dragoman to {side}: " + "; ".join(
            f"{title} {ratios(column('Dragoman', figure), column(side, figure))}"
            for title, (figure, _) in measures.items()), flush=True)


def best_peer(options, texts):
    """The peers' job and environment, with which CTranslate2 is fastest."""
    import sentencepiece
    from ctranslate2_process import best_environments
    from models import convert

    work = options.work.resolve()
    work.mkdir(parents=True, exist_ok=True)
    model, tokens = work / "ctranslate2-int8", work / "texts.tokens"
    if not (model / "model.bin").exists():
        convert(DEMO, model, "int8")
    pieces = sentencepiece.SentencePieceProcessor(model_file=str(DEMO / "source.spm"))
    rows = [" ".join(pieces.encode(text, out_type=str)) for text in some(texts, 64)]
    tokens.write_text("".join(f"{row}\n" for row in rows), encoding="utf-8")
    case = ("beam 4, one by one", peers.BEAMS, True)
    environment = best_environments(
        dict(model=str(model), tokens=str(tokens), few=str(tokens), precision="int8", threads=1, workers=1), [case])[0]
    job = dict(work=str(work), model=str(model), pieces=str(DEMO / "source.spm"))
    shapes, rates = [(options.threads, 1)] + [(1, options.threads)] * (options.threads > 1), {}
    for workers, threads in shapes:
        wanted = dict(job, workers=workers, threads=threads)
        with peers.Peer("flask", pipeline.free_port(), wanted, environment) as peer:
            clients.run(peer.port, requests(texts, 20), 8)
            rates[workers, threads] = clients.run(peer.port, requests(texts, 100), COUNTS[-1]).rate
    print("  CTranslate2, requests/s of 64 clients: " + "; ".join(
        f"{workers} worker(s) of {threads} thread(s) {rate:.0f}" for (workers, threads), rate in rates.items()))
    workers, threads = max(rates, key=rates.get)
    return dict(job, workers=workers, threads=threads), environment


# Beside the pipeline


def measure_latency(options):
    texts = distinct_texts(options)
    block, turns = 50, 2 * options.rounds
    with Serving(options) as serving:
        model = pipeline.Client(serving.endpoint("jobs")).status().models[0].name
        clients.run(serving.port, requests(texts, 100), 1)
        ways = {"HTTP": lambda texts: clients.run(serving.port, requests(texts, block), 1),
                "ZeroMQ": lambda texts: by_zeromq(serving, model, texts)}
        found = {name: clients.Load() for name in ways}
        for turn in range(turns):
            # The same texts both ways; the later turns have others.
            chosen = some(texts[turn * block % len(texts) :], block)
            for name in list(ways)[:: -1 if turn % 2 else 1]:
                load = ways[name](chosen)
                found[name].times += load.times
                found[name].clients_seconds += load.clients_seconds
    for name, load in found.items():
        print(f"{name:6} {len(load.times)} one at a time: p50 {milliseconds(load.times, 50):.2f} ms, "
              f"p99 {milliseconds(load.times, 99):.2f} ms; the client's processor "
              f"{1000 * load.clients_seconds / len(load.times):.2f} ms each")
    added = {percent: milliseconds(found["HTTP"].times, percent) - milliseconds(found["ZeroMQ"].times, percent)
             for percent in (50, 99)}
    print("the gateway adds " + ", ".join(f"{time:.2f} ms at p{percent}" for percent, time in added.items()))


def by_zeromq(serving, model, texts):
    """Jobs as the gateway makes them, each submitted when the one before has its record."""
    results, jobs = pipeline.Client(serving.endpoint("results")), pipeline.Client(serving.endpoint("jobs"))
    results.send(attach=pb.Attach(consumer=uuid.uuid4().hex, from_sequence=jobs.status().last_sequence + 1))
    results.send(result_credit=pb.ResultCredit(records=16, bytes=1 << 20))
    results.receive("attached")
    load, processor = clients.Load(), time.process_time()
    for text in texts:
        job = pipeline.job(text, return_scores=False)
        job.model, job.priority, job.deadline_ms = model, 2, 60_000
        start = time.perf_counter()
        jobs.send(submit=pb.Submit(jobs=[job]))
        record = results.receive("record")
        load.times.append(time.perf_counter() - start)
        assert record.state == pb.DONE and record.job_id == job.job_id, record
        jobs.receive("submit_reply")
        results.send(ack=pb.Ack(up_to_sequence=record.sequence))
    load.clients_seconds = time.process_time() - processor
    results.send(detach=pb.Detach())
    for client in (results, jobs):
        client.socket.close(linger=1000)
    return load


# Many connections


def measure_idle(options):
    texts = distinct_texts(options)
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, min(hard, 65536)), hard))
    settings = dict(gateway_connections_max=options.idle + options.slow + 64, gateway_arrival_ms_max=600_000)
    # Idle connections are closed after a minute, so all has to be measured before.
    count = min(options.requests // 4, 400)
    with Serving(options, **settings) as serving:
        clients.run(serving.port, requests(texts, options.requests), 64)
        time.sleep(2)

        async def measured():
            async def others():
                times = (await clients.drive(serving.port, requests(texts, count), 1)).times
                return f"p50 {milliseconds(times, 50):.2f} ms, p99 {milliseconds(times, 99):.2f} ms"

            held = clients.Held(serving.port, every=0.5)
            quiet, before = await others(), serving.resident_megabytes("serve")
            print(f"without them: {before:.1f} MB; other requests {quiet}", flush=True)
            await held.open(options.idle, options.slow, clients.translation(texts[0]))
            opened, busy = serving.resident_megabytes("serve"), await others()
            after = serving.resident_megabytes("serve")
            print(f"with {options.idle} idle and {options.slow} slow connections: {opened:.1f} MB, then {after:.1f} MB "
                  f"({max(opened, after) - before:+.1f} MB); other requests {busy}", flush=True)
            await held.close()
            quiet = await others()
            print(f"all answered and closed: {serving.resident_megabytes('serve'):.1f} MB; other requests {quiet}")

        asyncio.run(measured())


# Metrics


def measure_metrics(options):
    texts, port = distinct_texts(options), pipeline.free_port()
    count = 2 * options.requests
    rates, costs, scrapes = [], [], 200

    def measured(serving):
        before = serving.cpu_seconds()["serve"]
        load = clients.run(serving.port, requests(texts, count), 64)
        return load.rate, serving.cpu_seconds()["serve"] - before

    with Serving(options) as plain, Serving(options, broker_metrics_address=f"127.0.0.1:{port}") as watched:
        for serving in (plain, watched):
            clients.run(serving.port, requests(texts, count // 4), 64)
        before = watched.cpu_seconds()["serve"]
        for _ in range(scrapes):
            assert peers.answers(port, "/metrics")
        each = 1000 * (watched.cpu_seconds()["serve"] - before) / scrapes
        print(f"one scrape: {each:.2f} ms of the processor, of a core's second {each / 10:.2f} %", flush=True)
        for number in range(2 * options.rounds):
            # Who is first changes, so that a machine that slows down harms neither more.
            if number % 2:
                without = measured(plain)
            with pipeline.Scraper(port) as scraper:
                scraped = measured(watched)
            if not number % 2:
                without = measured(plain)
            rates.append(scraped[0] / without[0])
            costs.append(scraped[1] / without[1])
            print(f"requests/s: without metrics {without[0]:.0f}, with {scraped[0]:.0f} ({scraper.count} scrapes), "
                  f"ratio {rates[-1]:.3f}; processor's time, with to without: {costs[-1]:.3f}", flush=True)
    print(f"metrics, with to without; minimum / median / maximum: requests/s {spread(rates, 3)}; "
          f"processor's time {spread(costs, 3)}")


PARTS = {"peers": measure_peers, "latency": measure_latency, "idle": measure_idle, "metrics": measure_metrics}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("part", choices=PARTS)
    parser.add_argument("--dragoman", type=Path, default=pipeline.PROGRAM, help="the program")
    parser.add_argument("--texts", type=Path, help="a file with a short text a line; without it, made-up sentences")
    parser.add_argument("--requests", type=int, default=1200, help="of 64 clients in a round; fewer clients send less")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--threads", type=int, default=len(pipeline.os.sched_getaffinity(0)), help="to compute with")
    parser.add_argument("--cache", action="store_true", help="let Dragoman remember translations")
    parser.add_argument("--idle", type=int, default=1000, help="idle connections")
    parser.add_argument("--slow", type=int, default=100, help="connections on which a request trickles in")
    parser.add_argument("--work", type=Path, default=ROOT / ".build/gateway", help="where the peers' model is kept")
    options = parser.parse_args()
    pipeline.PROGRAM = options.dragoman.resolve()
    (ROOT / ".build").mkdir(exist_ok=True)
    start = time.monotonic()
    PARTS[options.part](options)
    print(f"measured in {time.monotonic() - start:.0f} s")


if __name__ == "__main__":
    main()
