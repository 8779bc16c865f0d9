#!/usr/bin/env python3
"""Dragoman and Marian (bergamot) in turns on a student of random weights in 8 bits: throughput, latency, their ratios.

    python3.10 -m venv DIR && DIR/bin/pip install -r Tests/Goldens/marian/requirements.txt
    DIR/bin/python Tests/Benchmarks/SideBySide/marian.py [--rounds 5] [--dragoman .build/release/dragoman]

The student has the shape of Firefox's: 6 + 2 layers, width 256, 8 heads, feed-forward 1536, SSRU, 32,000 tokens, levels
and multipliers of activations in the file (`int8shiftAlphaAll`). It never ends a sentence: each of 512 sources has 24
words, a token each, and both engines write 25 tokens. Words and the entries of the shortlist (50 frequent tokens, and 50
for each word) are drawn as words of a language are, most of them seldom: Marian makes one list for a batch, so lists
must overlap as real ones do. How long they are is printed.

A round is Dragoman, then Marian, both with one thread and greedy; a ratio is taken within its round. Dragoman is
`dragoman bench`; Marian is called in a process of its own, after a warm-up. Batches are of 32 sentences
(`mini-batch-words` 800), or sentences go one by one, 100 of them.
"""
import argparse
import json
import os
import statistics
import struct
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "Tests/Goldens/marian"))

SHAPE = dict(width=256, heads=8, inside=1536, encoder=6, decoder=2, vocabulary=32000, ssru=True)
SOURCES, WORDS, BATCH, FEW = 512, 24, 32, 100
FREQUENT, BEST = 50, 50
FILES = dict(model="model.enfr.intgemm.alphas.bin", vocabulary="vocab.enfr.spm", shortlist="lex.enfr.s2t.bin")


# The model


def word(index):
    """A word of letters for each token, so that a text is cut into what it was made of."""
    letters = ""
    for _ in range(4):
        index, letter = divmod(index, 26)
        letters = chr(97 + letter) + letters
    return letters


def pieces(count):
    """A SentencePiece model (`sentencepiece_model.proto`) whose pieces are words, after `</s>` and `<unk>`."""
    def varint(value):
        value &= (1 << 64) - 1
        out = b""
        while value > 127:
            out, value = out + bytes([value & 127 | 128]), value >> 7
        return out + bytes([value])

    def number(field, value):
        return varint(field << 3) + varint(value)

    def text(field, value):
        return varint(field << 3 | 2) + varint(len(value)) + value

    def piece(name, score, kind):
        return text(1, text(1, name.encode()) + varint(2 << 3 | 5) + struct.pack("<f", score) + number(3, kind))

    out = piece("</s>", 0, 3) + piece("<unk>", 0, 2)
    out += b"".join(piece(f"▁{word(index)}", -1 - index / count, 1) for index in range(2, count))
    trainer = number(3, 1) + number(4, count) + number(40, 1) + number(41, -1) + number(42, 0) + number(43, -1)
    return out + text(2, trainer) + text(3, text(1, b"identity"))


def prepare(work):
    """Makes the model, with the options of a decoder that names the shortlist and without, and the workload."""
    import marian_files as marian
    import numpy as np

    random = np.random.default_rng(11)
    reached = np.cumsum(1 / np.arange(1, SHAPE["vocabulary"] - 1))
    draw = lambda count: 2 + np.searchsorted(reached, reached[-1] * random.random(count))
    found = marian.tensors(seed=7, end_bias=-1e4, **SHAPE)
    found.update({
        f"{name}_QuantMultA": np.full((1, 1), 127 / 8, np.float32)
        for name in [name for name in found if marian.is_matrix(name)] + ["none"]})
    lists = [[]] * 2 + [sorted(set(draw(BEST).tolist())) for _ in range(2, SHAPE["vocabulary"])]
    sources = [draw(WORDS).tolist() for _ in range(SOURCES)]
    for folder in [work / "all", work / "listed"]:
        folder.mkdir(parents=True, exist_ok=True)
        marian.write_bin(folder / FILES["model"], found, marian.options(**SHAPE), quantized=True)
        (folder / FILES["vocabulary"]).write_bytes(pieces(SHAPE["vocabulary"]))
    marian.write_shortlist(work / "listed" / FILES["shortlist"], lists, first=FREQUENT)
    (work / "listed/config.yml").write_text(
        f"models: [{FILES['model']}]\nvocabs: [{FILES['vocabulary']}]\nbeam-size: 1\n"
        f"shortlist: [{FILES['shortlist']}, false]\n")
    (work / "texts").write_text("".join(" ".join(map(word, source)) + "\n" for source in sources))
    # Marian counts `</s>` on both sides.
    (work / "tokens").write_text(
        "".join(f"{WORDS + 1}\t" + " ".join(f"▁{word(one)}" for one in source) + "\n" for source in sources))
    lines = (work / "tokens").read_text().splitlines(keepends=True)
    (work / "few").write_text("".join(lines[:FEW]))

    def length(batch):
        return len({*range(FREQUENT)}.union(*([one, *lists[one]] for source in batch for one in source)))

    alone = statistics.mean(length([source]) for source in sources)
    together = statistics.mean(length(sources[at:at + BATCH]) for at in range(0, SOURCES, BATCH))
    print(f"shortlists: {alone:.0f} tokens for a sentence, {together:.0f} for a batch of {BATCH}", flush=True)


# The two sides


def run_dragoman(options, folder, one_by_one):
    command = [options.dragoman, "bench", "--model", str(options.work / folder), "--tokens",
               str(options.work / ("few" if one_by_one else "tokens")), "--beam-size", "1", "--threads", "1",
               "--precision", "int8", "--batch", str(BATCH), "--no-return-scores", "--json"]
    done = subprocess.run(command + ["--latency"] * one_by_one, stdout=subprocess.PIPE, check=True, encoding="utf-8")
    figures = json.loads(done.stdout)
    return figures["latency_ms"]["p50"] if one_by_one else figures["sentences_per_s"]


def run_marian(options, folder, one_by_one):
    command = [sys.executable, __file__, "--work", str(options.work), "--marian", folder] + ["--latency"] * one_by_one
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True, encoding="utf-8")
    return json.loads(done.stdout.strip().split("\n")[-1])


def marian_figure(options):
    """What this process prints when it is Marian."""
    from bergamot_reference import engine

    extension, folder = engine(), options.work / options.marian
    listed = f"shortlist: [{folder / FILES['shortlist']}, false]\n" if options.marian == "listed" else ""
    config = (
        f"models: [{folder / FILES['model']}]\nvocabs: [{folder / FILES['vocabulary']}, {folder / FILES['vocabulary']}]\n"
        f"{listed}beam-size: 1\nnormalize: 1.0\nword-penalty: 0\nmax-length-break: 128\n"
        f"mini-batch-words: {BATCH * (WORDS + 1)}\nworkspace: 128\nmax-length-factor: 1.0\nskip-cost: true\n"
        "cpu-threads: 0\nquiet: true\nquiet-translation: true\ngemm-precision: int8shiftAlphaAll\n"
        "ssplit-mode: sentence\n")
    service = extension.Service(extension.ServiceConfig(numWorkers=1, logLevel="off"))
    model = service.modelFromConfig(config)
    lines = (options.work / "texts").read_text().splitlines()

    def translate(lines):
        start = time.perf_counter()
        found = service.translate(model, extension.VectorString(lines), extension.ResponseOptions())
        return time.perf_counter() - start, found

    _, found = translate(lines[:BATCH])
    counts = {len(one.target.text.split()) for one in found}
    assert counts == {WORDS + 1}, f"outputs of {counts} words"
    if options.latency:
        print(json.dumps(statistics.median(translate([line])[0] for line in lines[:FEW]) * 1e3))
    else:
        print(json.dumps(len(lines) / translate(lines)[0]))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--dragoman", default=".build/release/dragoman")
    parser.add_argument("--work", type=Path, default=Path("/tmp/dragoman-marian"))
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--marian", help=argparse.SUPPRESS)
    parser.add_argument("--latency", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.marian:
        return marian_figure(options)
    prepare(options.work)
    for folder, words in [("all", "all tokens"), ("listed", "shortlist")]:
        for one_by_one in [False, True]:
            ours, theirs = [], []
            for _ in range(options.rounds):
                ours.append(run_dragoman(options, folder, one_by_one))
                theirs.append(run_marian(options, folder, one_by_one))
            ratios = [b / a if one_by_one else a / b for a, b in zip(ours, theirs)]
            unit = "ms" if one_by_one else "sentences/s"
            print(f"{words}, {'one by one' if one_by_one else f'batches of {BATCH}'}: Dragoman "
                  f"{statistics.median(ours):.1f} {unit}, Marian {statistics.median(theirs):.1f} {unit}, "
                  f"{statistics.median(ratios):.2f} times as fast ({min(ratios):.2f} to {max(ratios):.2f})", flush=True)
    print(f"load of the machine: {os.getloadavg()[0]:.1f}")


main()
