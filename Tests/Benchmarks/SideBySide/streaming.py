#!/usr/bin/env python3
"""How long a sentence takes from its arrival to its result when sentences come one by one: Dragoman beside CTranslate2.

    python Tests/Benchmarks/SideBySide/streaming.py [--models base] [--beam-size 4] [--rounds 3] [--sentences 200]

Sentences come at random (Poisson, from a seed; in a round, the same sentences at the same times for both sides), at
70 % of what CTranslate2 translates in batches of 32 when it has all sentences sorted by length (the better of two
runs), and for Dragoman alone also at 70 % of its own throughput, measured likewise. Latency is from the time at which a
sentence was due to the one at which its result is there. One thread each, int8; printed are minimum, median and maximum
over rounds.

Dragoman is `dragoman translate --input-format tokens`, with a line written to its pipe at each arrival; sentences join
its running batch. Its results come in the order of the input, so that one that is ready waits for those before it, and
that waiting counts. The same rule costs CTranslate2 nothing: its batches are made, and end, in the order of arrival.
(Of the same sentences through `dragoman serve`, base, 9 and 25 a second, results as they came had a median 20 to 50 %
below that of results put in order, and a p99 0 to 20 % below.)

CTranslate2 stands behind a dispatcher: whenever it is free, it gets the sentences that have arrived, at most B of them;
fewer than B wait until the first of them has waited for T ms (T = 0: dynamic batching). Before the rounds, B of 8, 16,
32 and 64 are tried, and with the best of them T of 5 and 20 ms; the pair with the best p99 is used. It runs with the
instruction sets and library that are fastest here for batches, see ctranslate2_process.py.

CTranslate2 can hold only a whole batch to a length, so the models of random weights are made so that they end sentences
where the source does, more or less (`models.end_by_itself`). Both engines' outputs have as many tokens within a
percent, those of the demo model within three; both numbers are printed.
"""
import argparse
import json
import statistics
import subprocess
import sys
import threading
import time
from pathlib import Path
from random import Random

import ctranslate2_process
from ctranslate2_process import best_environments, job_for, load, percentile, read_rows, run_job, submit
from models import ROOT, prepare
from side_by_side import bench_command, print_machine, ratios, run_ctranslate2, run_dragoman, spread

LOAD = 0.7
SIZES, WAITS_MS = (8, 16, 32, 64), (0, 5, 20)
TRIED = 0.4  # of a round's sentences, for each pair of B and T before the rounds
SECONDS_MIN = 8  # of a round
KEYS = ("p50", "p90", "p99", "mean")


def arrivals(seed, rate, count, available):
    """Pairs of when, in seconds, and which of the available sentences."""
    random, now, result = Random(seed), 0.0, []
    order = random.sample(range(available), available)
    for number in range(count):
        now += random.expovariate(rate)
        result.append((now, order[number % available]))
    return result


def figures(latencies, tokens):
    milliseconds = [latency * 1e3 for latency in latencies]
    return {"p50": percentile(50, milliseconds), "p90": percentile(90, milliseconds),
            "p99": percentile(99, milliseconds), "mean": statistics.mean(milliseconds), "tokens": tokens}


# The two sides


def stream_to_dragoman(options, prepared, schedule):
    """A process for each stream; its model is loaded when its first sentence, which does not count, has come back."""
    lines = prepared.tokens.read_bytes().splitlines(keepends=True)
    command = [options.dragoman, "translate", "--model", str(prepared.model), "--input-format", "tokens",
               "--threads", "1", "--beam-size", str(options.beam_size), "--cache-bytes", "0"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:

        def send(line):
            process.stdin.write(line)
            process.stdin.flush()

        def feed():
            for due, sentence in schedule:
                time.sleep(max(0, start + due - time.perf_counter()))
                send(lines[sentence])
            process.stdin.close()

        send(lines[-1])
        process.stdout.readline()
        start = time.perf_counter()
        feeder = threading.Thread(target=feed)
        feeder.start()
        latencies, tokens = [], 0
        for due, _ in schedule:
            tokens += len(process.stdout.readline().split())
            latencies.append(time.perf_counter() - start - due)
        feeder.join()
    if process.returncode:
        sys.exit(f"dragoman translate ended with {process.returncode}")
    return figures(latencies, tokens)


def stream_to_ctranslate2(options, prepared, schedule, policies, environment):
    job = dict(job_for(prepared, "int8", threads=1), beams=options.beam_size, schedule=schedule, policies=policies)
    return run_job(__file__, job, environment)


def ctranslate2_job(job):
    translator, rows = load(job), read_rows(job["tokens"])
    for row in rows[-3:]:
        submit(translator, [row], job["beams"])[0].result()
    return [dispatch(translator, rows, job["beams"], job["schedule"], *policy) for policy in job["policies"]]


def dispatch(translator, rows, beams, schedule, size, wait_ms):
    latencies, tokens, done, start = [], 0, 0, time.perf_counter()
    while done < len(schedule):
        now = time.perf_counter() - start
        batch = [arrival for arrival in schedule[done:done + size] if arrival[0] <= now]
        patience_ends = schedule[done][0] + wait_ms / 1e3
        if len(batch) < min(size, len(schedule) - done) and now < patience_ends:
            time.sleep(min(schedule[done + len(batch)][0], patience_ends) - now)
            continue
        results = submit(translator, [rows[sentence] for _, sentence in batch], beams)
        tokens += sum(len(result.result().hypotheses[0]) for result in results)
        now = time.perf_counter() - start
        latencies += [now - due for due, _ in batch]
        done += len(batch)
    return figures(latencies, tokens)


def best_policy(options, prepared, schedule, environment):
    def p99(policies):
        found = stream_to_ctranslate2(options, prepared, schedule, policies, environment)
        return {policy: result["p99"] for policy, result in zip(policies, found)}

    tried = p99([(size, 0) for size in SIZES])
    size, _ = min(tried, key=tried.get)
    tried |= p99([(size, wait_ms) for wait_ms in WAITS_MS[1:]])
    print("  CTranslate2, p99 by B and T: " + "; ".join(f"{b}, {t} ms: {ms:.0f} ms" for (b, t), ms in tried.items()),
          flush=True)
    return min(tried, key=tried.get)


# The report


def measure(options, name):
    prepared = prepare(name, options.work, ["int8"], options.english, ending=True)
    available = len(read_rows(prepared.tokens))
    case = (f"beam {options.beam_size}, batch 32", options.beam_size, False)
    job = job_for(prepared, "int8", threads=1)
    environment = best_environments(job, [case])[0]
    bench = bench_command(options, prepared.model, prepared.tokens, "int8", options.beam_size, threads=1)
    theirs = max(run_ctranslate2(job, case, environment)["sentences_per_s"] for _ in range(2))
    ours = max(run_dragoman(options, bench)["sentences_per_s"] for _ in range(2))
    print(f"{name}, int8, 1 thread, {case[0]}: CTranslate2 {theirs:.1f} sentences/s, Dragoman {ours:.1f}", flush=True)

    def schedule(seed, rate, share=1):
        return arrivals(seed, rate, round(share * max(options.sentences, SECONDS_MIN * rate)), available)

    policy = best_policy(options, prepared, schedule(0, LOAD * theirs, TRIED), environment)
    dragoman, ctranslate2, alone = [], [], []
    for seed in range(1, options.rounds + 1):
        both = schedule(seed, LOAD * theirs)
        dragoman.append(stream_to_dragoman(options, prepared, both))
        ctranslate2 += stream_to_ctranslate2(options, prepared, both, [policy], environment)
        alone.append(stream_to_dragoman(options, prepared, schedule(seed, LOAD * ours)))
    print(f"  {LOAD * theirs:.1f} sentences/s, {len(both)} a round; minimum / median / maximum ms")
    report("CTranslate2, B {}, T {} ms".format(*policy), ctranslate2)
    report("Dragoman", dragoman)
    print("    CTranslate2 / Dragoman: " + "; ".join(
        f"{key} {ratios([r[key] for r in ctranslate2], [r[key] for r in dragoman])}" for key in KEYS))
    print(f"  {LOAD * ours:.1f} sentences/s")
    report("Dragoman", alone)


def report(title, rounds):
    print(f"    {title}: " + "; ".join(f"{key} {spread([r[key] for r in rounds], 1)}" for key in KEYS)
          + f" ({sum(r['tokens'] for r in rounds)} tokens)", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--dragoman", default=".build/release/dragoman")
    parser.add_argument("--models", default="base", help="of demo, tiny and base")
    parser.add_argument("--beam-size", type=int, default=4)
    parser.add_argument("--sentences", type=int, default=200, help="in a round; more where they would come within 8 s")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--english", help="a file of English sentences for the demo model; 512 of it are taken")
    parser.add_argument("--work", type=Path, default=ROOT / ".build/side-by-side", help="where models are made")
    options = parser.parse_args()
    options.isa = options.library = None
    print_machine(options)
    for name in options.models.split(","):
        measure(options, name)


if __name__ == "__main__":
    if sys.argv[1:] == ["--job"]:
        print(json.dumps(ctranslate2_job(json.load(sys.stdin))))
    else:
        main()
