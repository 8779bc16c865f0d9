"""CTranslate2 in processes of its own, since its instruction set is read when the library loads, and at its best.

What it is told by its environment, and what CTranslate2 4.8.5 makes of it:

- `CT2_FORCE_CPU_ISA` chooses the kernels of its own (attention's softmax, norms, top-k); it takes AVX2 unless told
  otherwise, on Intel too. Matrix products are a library's, which that does not limit.
- On Intel the library is MKL, with weights packed when the model is loaded; `CT2_PACKED_GEMM=0` turns that off. (The
  older `CT2_USE_EXPERIMENTAL_PACKED_GEMM` is not read any more.) `CT2_USE_MKL=0` takes oneDNN, the default elsewhere.
- `MKL_ENABLE_INSTRUCTIONS` and `ONEDNN_MAX_CPU_ISA` limit the libraries. Both take AMX where there is one.

What is best differs with the number of rows and the model. Nearly always the best, or within a few percent of it, on a
Xeon with AMX (model 207): AVX-512 in CTranslate2's own kernels and MKL with packed weights, which uses AMX for greedy
search on 32 sentences (and for the demo model's beams), is limited to AVX-512 for the beams of `base` and `tiny` on 32,
where oneDNN with the same limit is its equal, and to AVX-VNNI for single sentences, for which a tile of AMX is mostly
empty. Against what CTranslate2 chooses unbidden that was up to 10 % for greedy batches of `base` and `tiny`, and 15 to
75 % for all else (short runs, others on the machine). Without the limit, a CTranslate2 told to use AVX2 does its
products with AMX there: greedy, that is twice as fast as with AVX2.
"""
import json
import math
import os
import subprocess
import sys
import time
from pathlib import Path

from models import BATCH

# By the value of DRAGOMAN_ISA: CTranslate2's own kernels, MKL and oneDNN (which all take less where there is less).
LIMITS = {
    "avx2": ("AVX2", "AVX2", "AVX2"),
    "avxvnni": ("AVX2", "AVX2_E1", "AVX2_VNNI"),
    "avx512": ("AVX512", "AVX512_E1", "AVX512_CORE_VNNI"),
}
LIBRARIES = {"mkl": "1", "onednn": "0"}  # the values of CT2_USE_MKL
UNBIDDEN = "unbidden"


def candidates(limit=None, library=None):
    """Environments worth trying, by name; with a limit of `LIMITS`, those that keep to it, and with one of `LIBRARIES`,
    those that use it."""
    has_avx512 = "avx512vl" in Path("/proc/cpuinfo").read_text()
    environments = {} if limit else {UNBIDDEN: {}}
    for isa in [LIMITS[limit][0]] if limit else ["AVX2"] + ["AVX512"] * has_avx512:
        for products in [limit] if limit else [None, "avxvnni"] + ["avx512"] * has_avx512:
            _, mkl, onednn = LIMITS.get(products, (None, None, None))
            suffix = f", products at most {products}" if products else ""
            environments[f"{isa}, MKL{suffix}"] = environment(isa, "mkl", MKL_ENABLE_INSTRUCTIONS=mkl)
            environments[f"{isa}, oneDNN{suffix}"] = environment(isa, "onednn", ONEDNN_MAX_CPU_ISA=onednn)
        environments[f"{isa}, MKL, unpacked"] = environment(
            isa, "mkl", CT2_PACKED_GEMM="0", MKL_ENABLE_INSTRUCTIONS=LIMITS[limit][1] if limit else None)
    if library:
        return {name: variables for name, variables in environments.items()
                if variables.get("CT2_USE_MKL") == LIBRARIES[library]}
    return environments


def environment(isa, library, **variables):
    variables = {"CT2_FORCE_CPU_ISA": isa, "CT2_USE_MKL": LIBRARIES[library]} | variables
    return {name: value for name, value in variables.items() if value}


def best_environments(job, cases, limit=None, library=None):
    """For each case of (title, beam size, latency) the environment that serves CTranslate2 best, by short runs: half a
    second or more with one batch of middling sentences, or with eight sentences one by one. The best four run twice."""
    environments, rates = candidates(limit, library), {}
    job = dict(job, cases=[case[1:] for case in cases], short=True)

    def ranking(place):
        return sorted(rates, key=lambda name: rates[name][place], reverse=True)

    def race(names):
        for name in names:
            found = [r["tokens_per_s"] for r in run_job(__file__, job, environments[name])]
            rates[name] = [max(pair) for pair in zip(found, rates.get(name, found))]

    race(environments)
    race({name for place in range(len(cases)) for name in ranking(place)[:4]})
    for place, (title, _, _) in enumerate(cases):
        shown = dict.fromkeys(ranking(place)[:3] + [UNBIDDEN] * (UNBIDDEN in rates))
        print(f"  CTranslate2, {title}, tokens/s: " + "; ".join(f"{name} {rates[name][place]:.0f}" for name in shown),
              flush=True)
    return [environments[ranking(place)[0]] for place in range(len(cases))]


def run_job(script, job, variables, launcher=()):
    """Runs `script --job` with the job as its input, and returns what it prints last."""
    done = subprocess.run(
        [*launcher, sys.executable, script, "--job"], input=json.dumps(job), stdout=subprocess.PIPE,
        env=dict(os.environ, **variables), check=True, encoding="utf-8")
    return json.loads(done.stdout.splitlines()[-1])


def job_for(prepared, precision, threads, workers=1):
    return dict(model=str(prepared.ctranslate2(precision)), tokens=str(prepared.tokens), few=str(prepared.few),
                precision=precision, threads=threads, workers=workers)


def percentile(percent, values):
    """Of the nearest rank, as `dragoman bench` has it."""
    return sorted(values)[max(0, math.ceil(len(values) * percent / 100) - 1)]


# In the process


def load(job):
    import ctranslate2

    return ctranslate2.Translator(
        job["model"], compute_type=job["precision"], inter_threads=job["workers"], intra_threads=job["threads"])


def read_rows(path):
    rows = []
    for line in Path(path).read_text(encoding="utf-8").splitlines():
        length, _, source = line.rpartition("\t")
        rows.append((int(length) if length else None, source.split() + ["</s>"]))
    return rows


def submit(translator, batch, beams):
    length = batch[0][0]
    limits = {} if length is None else dict(min_decoding_length=length, max_decoding_length=length)
    return translator.translate_batch(
        [row[1] for row in batch], beam_size=beams, max_batch_size=0, return_scores=False, disable_unk=True,
        asynchronous=True, **limits)


def throughput(translator, rows, beams):
    """All batches are handed over at once, so that no worker waits for Python."""
    start = time.perf_counter()
    pending = [p for i in range(0, len(rows), BATCH) for p in submit(translator, rows[i:i + BATCH], beams)]
    tokens = sum(len(p.result().hypotheses[0]) for p in pending)
    seconds = time.perf_counter() - start
    return {"tokens": tokens, "tokens_per_s": tokens / seconds, "sentences_per_s": len(rows) / seconds}


def one_by_one(translator, rows, beams):
    times, tokens = [], 0
    for row in rows:
        start = time.perf_counter()
        tokens += len(submit(translator, [row], beams)[0].result().hypotheses[0])
        times.append((time.perf_counter() - start) * 1e3)
    return {"tokens": tokens, "tokens_per_s": tokens / sum(times) * 1e3,
            "latency_ms": {f"p{p}": percentile(p, times) for p in (50, 90, 99)}}


def main():
    job = json.load(sys.stdin)
    translator, rows, few = load(job), read_rows(job["tokens"]), read_rows(job["few"])
    if job.get("short"):
        middle = len(rows) // BATCH // 2 * BATCH
        rows, few = rows[middle:middle + BATCH], few[::max(1, len(few) // 8)][:8]
    results = []
    for beams, latency in job["cases"]:
        throughput(translator, rows[-BATCH // 4:], beams)
        passes, start = [], time.perf_counter()
        while len(passes) < job.get("passes", 1) or job.get("short") and time.perf_counter() - start < 0.5:
            passes.append(one_by_one(translator, few, beams) if latency else throughput(translator, rows, beams))
        passes.sort(key=lambda figures: figures["tokens_per_s"])
        results.append(passes[(len(passes) - 1) // 2])
    print(json.dumps(results))


if __name__ == "__main__":
    main()
