#!/usr/bin/env python3
"""Dragoman and CTranslate2 in turns on the same models, threads and tokens: throughput and latency, and their ratios.

    python Tests/Benchmarks/SideBySide/side_by_side.py [--threads 1] [--rounds 5] [--models demo,tiny,base]
    python … --venv DIR      # makes a virtual environment there with the pinned versions and runs in it
    python … --ctranslate2-only

Models: `demo` (Sources/DragomanEngine/Resources/demo-en-fr on English sentences, free to end where it will) and two
with random weights, `base` (the shape of OPUS-MT) and `tiny` (the shape of small students), where both engines are held
to given output lengths. They are made under --work (kept from one run to the next).

A round is Dragoman, then CTranslate2; a ratio is taken within its round, so that a machine that slows down slows both.
Throughput counts target tokens without `</s>`, batches of 32 segments; latency is that of one segment after another.
For CTranslate2, segments are sorted by length and every batch of the random models has one output length (its mean), so
that it pays nothing for raggedness. CTranslate2 runs with the instruction set that is faster here; on AMD it must be
told to use AVX-512.

Dragoman is `dragoman bench --model DIR --tokens FILE --beam-size N --threads T --precision P --batch 32 [--latency]
--json`, FILE with a segment a line: `[output length<TAB>]source tokens`; it prints {"tokens_per_s", "sentences_per_s",
"latency_ms": {"p50", "p99"}}.
"""
import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve()
ROOT = HERE.parents[3]
DEMO = ROOT / "Sources/DragomanEngine/Resources/demo-en-fr"
BATCH = 32
SHAPES = {
    "base": dict(d_model=512, heads=8, ffn=2048, enc=6, dec=6, vocab=58101),
    "tiny": dict(d_model=256, heads=8, ffn=1536, enc=6, dec=2, vocab=32000),
}


# Models and workloads


def random_model(shape, folder):
    """Random weights of a real shape; the row of `<pad>`, with which decoders start, is zero as CTranslate2 has it."""
    import torch
    from transformers import MarianConfig, MarianMTModel

    size = shape["vocab"]
    torch.manual_seed(1234)
    model = MarianMTModel(MarianConfig(
        vocab_size=size, decoder_vocab_size=size, d_model=shape["d_model"], encoder_layers=shape["enc"],
        decoder_layers=shape["dec"], encoder_attention_heads=shape["heads"], decoder_attention_heads=shape["heads"],
        encoder_ffn_dim=shape["ffn"], decoder_ffn_dim=shape["ffn"], activation_function="swish",
        max_position_embeddings=512, scale_embedding=True, eos_token_id=0, pad_token_id=size - 1,
        decoder_start_token_id=size - 1, forced_eos_token_id=0)).eval()
    with torch.no_grad():
        for name, weight in model.named_parameters():
            if name.endswith(".bias"):
                weight.add_(torch.randn(weight.shape) * 0.02)
            elif "layer_norm.weight" in name:
                weight.mul_(1 + torch.randn(weight.shape) * 0.05)
        model.final_logits_bias.copy_(torch.randn(model.final_logits_bias.shape) * 0.1)
        model.model.shared.weight[size - 1].zero_()
    model.generation_config.bad_words_ids = [[size - 1]]
    model.generation_config.max_length = 256
    model.save_pretrained(folder)
    words = {"</s>": 0, "<unk>": 1, **{f"t{i}": i for i in range(2, size - 1)}, "<pad>": size - 1}
    (folder / "vocab.json").write_text(json.dumps(words))


def random_workload(shape, path):
    """256 segments, log-normal lengths of mean 25 with `</s>`, 5 to 100; as long an output as the source."""
    import numpy as np

    random = np.random.default_rng(2024)
    lengths = np.clip(np.rint(random.lognormal(np.log(25) - 0.55 ** 2 / 2, 0.55, 256)), 5, 100).astype(int)
    order = sorted(lengths, reverse=True)
    with open(path, "w") as file:
        for start in range(0, len(order), BATCH):
            batch = order[start:start + BATCH]
            target = round(sum(batch) / len(batch))
            for n in batch:
                ids = 2 + (random.pareto(0.6, n - 1) * 20).astype(np.int64) % (shape["vocab"] - 3)
                file.write(f"{target}\t{' '.join(f't{i}' for i in ids)}\n")


def demo_workload(path, testset):
    import sentencepiece

    pieces = sentencepiece.SentencePieceProcessor(model_file=str(DEMO / "source.spm"))
    sys.path.insert(0, str(ROOT / "Tests/Goldens"))
    if testset:
        sentences = Path(testset).read_text(encoding="utf-8").split("\n")[:-1]
        sentences = sentences[:: max(1, len(sentences) // 512)][:512]
    else:
        from demo import SENTENCES
        sentences = SENTENCES * 8
    rows = sorted((pieces.encode(sentence, out_type=str) for sentence in sentences), key=len, reverse=True)
    path.write_text("".join(" ".join(row) + "\n" for row in rows), encoding="utf-8")


class PlainVocabulary:
    """What CTranslate2's converter asks of a tokenizer, for models that have none."""

    eos_token, unk_token, pad_token, bos_token = "</s>", "<unk>", "<pad>", None

    def __init__(self, path):
        self.words = json.loads(Path(path).read_text())

    def get_vocab(self):
        return self.words


def convert(model, folder, precision):
    from ctranslate2.converters import TransformersConverter

    class Converter(TransformersConverter):
        def load_tokenizer(self, kind, path, **options):
            if (Path(path) / "source.spm").exists():
                return super().load_tokenizer(kind, path, **options)
            return PlainVocabulary(Path(path) / "vocab.json")

    Converter(str(model)).convert(str(folder), quantization=precision, force=True)


def prepare(name, work, precisions, testset):
    """The folder of the model, that of its conversions, and the workload."""
    folder = work / name
    folder.mkdir(parents=True, exist_ok=True)
    model, tokens = (DEMO if name == "demo" else folder / "model"), folder / "workload.tokens"
    if name == "demo":
        demo_workload(tokens, testset)
    elif not (model / "vocab.json").exists():
        random_model(SHAPES[name], model)
        random_workload(SHAPES[name], tokens)
    for precision in precisions:
        if not (folder / f"ctranslate2-{precision}" / "model.bin").exists():
            convert(model, folder / f"ctranslate2-{precision}", precision)
    return model, folder, tokens


# The two sides


def run_ctranslate2(folder, tokens, precision, beams, threads, latency, isa):
    """In a process of its own: the instruction set is read when the library loads."""
    environment = dict(os.environ, CT2_FORCE_CPU_ISA=isa)
    job = dict(model=str(folder / f"ctranslate2-{precision}"), tokens=str(tokens), precision=precision, beams=beams,
               threads=threads, latency=latency)
    done = subprocess.run([sys.executable, str(HERE), "--job", json.dumps(job)], stdout=subprocess.PIPE,
                          env=environment, check=True, encoding="utf-8")
    return json.loads(done.stdout.splitlines()[-1])


def ctranslate2_job(job):
    import ctranslate2

    translator = ctranslate2.Translator(
        job["model"], compute_type=job["precision"], inter_threads=1, intra_threads=job["threads"])
    rows = []
    for line in Path(job["tokens"]).read_text(encoding="utf-8").splitlines():
        length, _, source = line.rpartition("\t")
        rows.append((int(length) if length else None, source.split() + ["</s>"]))
    options = dict(beam_size=job["beams"], max_batch_size=0, return_scores=False)

    def translate(batch):
        length = batch[0][0]
        limits = {} if length is None else dict(min_decoding_length=length, max_decoding_length=length)
        return translator.translate_batch([row[1] for row in batch], **limits, **options)

    translate(rows[-BATCH:])
    if job["latency"]:
        times = []
        for row in rows[:: max(1, len(rows) // 100)][:100]:
            start = time.perf_counter()
            translate([row])
            times.append((time.perf_counter() - start) * 1e3)
        times.sort()
        return {"latency_ms": {"p50": times[len(times) // 2], "p99": times[int(len(times) * 0.99)]}}
    start = time.perf_counter()
    results = [r for i in range(0, len(rows), BATCH) for r in translate(rows[i:i + BATCH])]
    seconds = time.perf_counter() - start
    count = sum(len(result.hypotheses[0]) for result in results)
    return {"tokens": count, "tokens_per_s": count / seconds, "sentences_per_s": len(rows) / seconds}


def run_dragoman(options, model, tokens, precision, beams, latency):
    command = [options.dragoman, "bench", "--model", str(model), "--tokens", str(tokens), "--beam-size", str(beams),
               "--threads", str(options.threads), "--precision", precision, "--batch", str(BATCH), "--json"]
    done = subprocess.run(command + ["--latency"] * latency, stdout=subprocess.PIPE, check=True, encoding="utf-8")
    return json.loads(done.stdout)


def best_isa(folder, tokens, precision, threads):
    """The faster instruction set: CTranslate2 chooses AVX2 on AMD by itself, though AVX-512 is there."""
    candidates = ["AVX2"] + ["AVX512"] * ("avx512vl" in Path("/proc/cpuinfo").read_text())
    if len(candidates) == 1:
        return candidates[0]
    rate = {isa: max(run_ctranslate2(folder, tokens, precision, 1, threads, False, isa)["tokens_per_s"]
                     for _ in range(2)) for isa in candidates}
    print("  CTranslate2 " + precision + ", greedy: " + ", ".join(f"{i} {r:.0f} tokens/s" for i, r in rate.items()),
          flush=True)
    return max(rate, key=rate.get)


# The report


def spread(values, digits=0):
    return f"{min(values):.{digits}f} / {statistics.median(values):.{digits}f} / {max(values):.{digits}f}"


def measure(options, name, precision, model, folder, tokens):
    isa = best_isa(folder, tokens, precision, options.threads)
    print(f"{name}, {precision}, {options.threads} thread(s), CTranslate2 with {isa}; minimum / median / maximum")
    for title, beams, latency in (("greedy, batch 32", 1, False), ("beam 4, batch 32", 4, False),
                                  ("greedy, one by one", 1, True), ("beam 4, one by one", 4, True)):
        ours, theirs = [], []
        for _ in range(options.rounds):
            if not options.ctranslate2_only:
                ours.append(run_dragoman(options, model, tokens, precision, beams, latency))
            theirs.append(run_ctranslate2(folder, tokens, precision, beams, options.threads, latency, isa))
        read = (lambda r: r["latency_ms"]["p50"]) if latency else (lambda r: r["tokens_per_s"])
        unit, digits = ("ms p50", 2) if latency else ("tokens/s", 0)
        print(f"  {title:20} CTranslate2 {spread([read(r) for r in theirs], digits)} {unit}", end="")
        if latency:
            print(f" (p99 {statistics.median(r['latency_ms']['p99'] for r in theirs):.2f} ms)", end="")
        else:
            print(f" ({theirs[0]['tokens']} tokens)", end="")
        if ours:
            ratios = [read(t) / read(o) if latency else read(o) / read(t) for o, t in zip(ours, theirs)]
            print(f"; Dragoman {spread([read(r) for r in ours], digits)}; ratio {spread(ratios, 2)}", end="")
            if not latency and "tokens" in ours[0]:
                print(f" ({ours[0]['tokens']} tokens)", end="")
        print(flush=True)


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
    parser.add_argument("--sentences", help="a file of English sentences for the demo model; 512 of it are taken")
    parser.add_argument("--work", type=Path, default=ROOT / ".build/side-by-side", help="where models are made")
    parser.add_argument("--ctranslate2-only", action="store_true")
    parser.add_argument("--venv", help="make a virtual environment there and run in it")
    parser.add_argument("--job", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.job:
        return print(json.dumps(ctranslate2_job(json.loads(options.job))))
    if options.venv:
        enter_venv(options.venv)
    import ctranslate2

    processors = [line for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")]
    processor = processors[0].split(":")[1].strip() if processors else "unknown CPU"
    print(f"CTranslate2 {ctranslate2.__version__}; {processor}, {os.cpu_count()} CPUs")
    precisions = options.precisions.split(",")
    for name in options.models.split(","):
        model, folder, tokens = prepare(name, options.work, precisions, options.sentences)
        for precision in precisions:
            measure(options, name, precision, model, folder, tokens)


if __name__ == "__main__":
    main()
