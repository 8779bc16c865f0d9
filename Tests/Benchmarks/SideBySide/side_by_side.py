#!/usr/bin/env python3
"""Dragoman and CTranslate2 in turns on the same models, threads and tokens: throughput and latency, and their ratios.

    python Tests/Benchmarks/SideBySide/side_by_side.py [--threads 1] [--rounds 5] [--models demo,tiny,base]
    python … --all-cores     # throughput of all cores, beside CTranslate2's, and beside one core
    python … --memory        # peak memory
    python … --isa avx2      # both held to an instruction set, products of CTranslate2's libraries too
    python … --library onednn  # CTranslate2 held to the library that it takes unless the processor is Intel's
    python … --venv DIR      # makes a virtual environment there with the pinned versions and runs in it

Models: `demo` (Sources/DragomanEngine/Resources/demo-en-fr on English sentences, free to end where it will) and two
with random weights, `base` (the shape of OPUS-MT) and `tiny` (the shape of small students), where both engines are held
to given output lengths; and so, when they are asked for, `nllb-600m`, `m2m100-418m`, `mbart-50` and `t5-base`. They are
made under --work (kept from one run to the next).

A round is Dragoman, then CTranslate2; a ratio is taken within its round, so that a machine that slows down slows both.
Throughput counts target tokens without `</s>`, batches of 32 segments; latency is that of one segment after another,
100 of them (20 of the large models, whose workload has two batches). Each side does the workload once a round, after a
warm-up; the demo model's, which is short, three times, and the median counts. For CTranslate2, segments are sorted by
length and every batch of the random models has one output length (its mean), so that it pays nothing for raggedness. It
runs with the instruction sets and the library that are fastest here for each case, which is tried first; see
ctranslate2_process.py. Neither side is asked for scores.

With --all-cores, CTranslate2 has a worker with one thread for each core, or one worker with a thread for each,
whichever is faster; all its batches are queued at once. Dragoman has 32 segments in flight for each core.

Peak memory is the largest resident set of a process that loads the model and translates the workload with beam 4, 32
segments at a time. CTranslate2's is that of Python with it; what Python holds before the model is loaded is said too.
Dragoman loads the original folder, and a packed one: that is mapped, so that its pages count here but are shared by all
processes, and can be dropped at any time.

Dragoman is `dragoman bench --model DIR --tokens FILE --beam-size N --threads T --precision P --batch 32 [--latency]
--no-return-scores --json`, FILE with a segment a line: `[output length<TAB>]source tokens`; it prints {"tokens_per_s", "sentences_per_s",
"latency_ms": {"p50", "p90", "p99"}}.
"""
import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
from pathlib import Path

import ctranslate2_process
from ctranslate2_process import LIBRARIES, LIMITS, best_environments, job_for, run_job
from models import BATCH, LANGUAGES, ROOT, prepare

HERE = Path(__file__).resolve()
PEAK_MEMORY = HERE.with_name("peak_memory.py")
CASES = [  # title, beam size, whether segments go one by one
    ("greedy, batch 32", 1, False), ("beam 4, batch 32", 4, False),
    ("greedy, one by one", 1, True), ("beam 4, one by one", 4, True),
]


# The two sides


def bench_command(options, model, tokens, precision, beams, threads, in_flight=BATCH, passes=1):
    return [options.dragoman, "bench", "--model", str(model), *LANGUAGES.get(tokens.parent.name, []),
            "--tokens", str(tokens), "--beam-size", str(beams),
            "--threads", str(threads), "--precision", precision, "--batch", str(in_flight), "--repeat", str(passes),
            "--no-return-scores", "--json"]


def run_dragoman(options, command, latency=False):
    environment = dict(os.environ, **({"DRAGOMAN_ISA": options.isa} if options.isa else {}))
    done = subprocess.run(
        command + ["--latency"] * latency, stdout=subprocess.PIPE, env=environment, check=True, encoding="utf-8")
    return json.loads(done.stdout)


def run_ctranslate2(job, case, environment, launcher=()):
    return run_job(ctranslate2_process.__file__, dict(job, cases=[case[1:]]), environment, launcher)[0]


# What is measured


def spread(values, digits=0):
    return f"{min(values):.{digits}f} / {statistics.median(values):.{digits}f} / {max(values):.{digits}f}"


def ratios(numerators, denominators):
    return spread([n / d for n, d in zip(numerators, denominators)], 2)


def measure(options, name, precision, prepared):
    passes = 3 if name == "demo" else 1
    job = dict(job_for(prepared, precision, options.threads), passes=passes)
    environments = best_environments(job, CASES, options.isa, options.library)
    print(f"{name}, {precision}, {options.threads} thread(s); minimum / median / maximum")
    for case, environment in zip(CASES, environments):
        title, beams, latency = case
        command = bench_command(options, prepared.model, prepared.few if latency else prepared.tokens, precision, beams,
                                options.threads, passes=passes)
        ours, theirs = [], []
        for _ in range(options.rounds):
            ours.append(run_dragoman(options, command, latency))
            theirs.append(run_ctranslate2(job, case, environment))
        report(title, latency, ours, theirs)


def report(title, latency, ours, theirs):
    def column(side, percent="p50"):
        return [r["latency_ms"][percent] if latency else r["tokens_per_s"] for r in side]

    unit, digits = ("ms p50", 2) if latency else ("tokens/s", 0)
    faster = (column(theirs), column(ours)) if latency else (column(ours), column(theirs))
    print(f"  {title:20} CTranslate2 {spread(column(theirs), digits)} {unit}; Dragoman {spread(column(ours), digits)}; "
          f"ratio {ratios(*faster)} ({theirs[0]['tokens']} and {ours[0]['tokens']} tokens", end="")
    if latency:
        slow, ours_slow = column(theirs, "p99"), column(ours, "p99")
        print(f"; p99 {statistics.median(slow):.2f} and {statistics.median(ours_slow):.2f} ms, "
              f"ratio {ratios(slow, ours_slow)}", end="")
    print(")", flush=True)


def measure_all_cores(options, name, precision, prepared):
    cores = len(os.sched_getaffinity(0))
    # Enough batches that no core is idle for long at the end, the longest first.
    lines = prepared.tokens.read_text(encoding="utf-8").splitlines(keepends=True)
    many = prepared.folder / "all-cores.tokens"
    many.write_text("".join(line for i in range(0, len(lines), BATCH) for line in lines[i:i + BATCH] * cores), "utf-8")
    one = job_for(prepared, precision, threads=1)
    wide = dict(job_for(prepared, precision, threads=cores), tokens=str(many))
    apart = dict(wide, threads=1, workers=cores)
    cases = [case for case in CASES if not case[2]]
    environments = best_environments(one, cases, options.isa, options.library)
    print(f"{name}, {precision}, {cores} cores; minimum / median / maximum tokens/s")
    for case, environment in zip(cases, environments):
        bench = (options, prepared.model)
        figures = {"Dragoman, one core": [], "Dragoman": [], "CTranslate2, workers": [], "CTranslate2, threads": []}
        for _ in range(options.rounds):
            row = [
                run_dragoman(options, bench_command(*bench, prepared.tokens, precision, case[1], 1)),
                run_dragoman(options, bench_command(*bench, many, precision, case[1], cores, BATCH * cores)),
                run_ctranslate2(apart, case, environment), run_ctranslate2(wide, case, environment)]
            for column, found in zip(figures.values(), row):
                column.append(found["tokens_per_s"])
        alone, ours, *theirs = figures.values()
        print(f"  {case[0]:20} " + "; ".join(f"{title} {spread(column)}" for title, column in figures.items())
              + f"; Dragoman / CTranslate2 {ratios(ours, max(theirs, key=statistics.median))}"
              + f"; all cores / one {ratios(ours, alone)}", flush=True)


def measure_memory(options, name, precision, prepared):
    packed = prepared.folder / f"packed-{precision}"
    shutil.rmtree(packed, ignore_errors=True)
    subprocess.run([options.dragoman, "model", "import", str(prepared.model), "--output", str(packed),
                    "--precision", precision], check=True, stdout=subprocess.DEVNULL)
    launcher, case = [sys.executable, str(PEAK_MEMORY)], CASES[1]
    job = job_for(prepared, precision, options.threads)
    environment = best_environments(job, [case], options.isa, options.library)[0]
    folder, mapped = [
        run_dragoman(options, launcher + bench_command(
            options, model, prepared.tokens, precision, case[1], options.threads))["peak_mb"]
        for model in (prepared.model, packed)]
    theirs = run_job(ctranslate2_process.__file__, dict(job, cases=[case[1:]]), environment, launcher)
    python = json.loads(subprocess.run(
        launcher + [sys.executable, "-c", "import ctranslate2"], stdout=subprocess.PIPE, check=True).stdout)
    print(f"{name}, {precision}, {options.threads} thread(s), {case[0]}, peak memory: "
          f"CTranslate2 {theirs['peak_mb']:.0f} MB, of which Python {python['peak_mb']:.0f}; "
          f"Dragoman {folder:.0f} MB, ratio {theirs['peak_mb'] / folder:.2f}; "
          f"packed and mapped {mapped:.0f} MB, ratio {theirs['peak_mb'] / mapped:.2f}", flush=True)


def enter_venv(folder):
    python = Path(folder) / "bin/python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", "-r", ROOT / "Tests/Goldens/requirements.txt"],
                       check=True)
    arguments = [a for i, a in enumerate(sys.argv[1:], 1) if "--venv" not in (a, sys.argv[i - 1])]
    os.execv(python, [str(python), str(HERE), *arguments])


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--dragoman", default=".build/release/dragoman")
    parser.add_argument("--models", default="demo,tiny,base")
    parser.add_argument("--precisions", default="int8")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--isa", choices=LIMITS, help="hold both to this instruction set")
    parser.add_argument("--library", choices=LIBRARIES, help="hold CTranslate2's products to this library")
    parser.add_argument("--all-cores", dest="measure", action="store_const", const=measure_all_cores, default=measure)
    parser.add_argument("--memory", dest="measure", action="store_const", const=measure_memory)
    parser.add_argument("--sentences", help="a file of English sentences for the demo model; 512 of it are taken")
    parser.add_argument("--work", type=Path, default=ROOT / ".build/side-by-side", help="where models are made")
    parser.add_argument("--venv", help="make a virtual environment there and run in it")
    options = parser.parse_args()
    if options.venv:
        enter_venv(options.venv)
    print_machine(options)
    precisions = options.precisions.split(",")
    for name in options.models.split(","):
        prepared = prepare(name, options.work, precisions, options.sentences)
        for precision in precisions:
            options.measure(options, name, precision, prepared)


def print_machine(options):
    import ctranslate2

    processors = [line for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")]
    processor = processors[0].split(":")[1].strip() if processors else "unknown CPU"
    print(f"CTranslate2 {ctranslate2.__version__}; {processor}, {os.cpu_count()} CPUs"
          + f"; both held to {options.isa}" * bool(options.isa)
          + f"; CTranslate2 to {options.library}" * bool(options.library), flush=True)


if __name__ == "__main__":
    main()
