#!/usr/bin/env python3
"""Translates a text in which lines come again, with what was decoded remembered and without, in turns.

    Tests/Benchmarks/Repeats/repeats.py TEXT [--share 0.3] [--lines 1000] [--rounds 3] [--dragoman PROGRAM]

Both outputs are compared. What is printed is the time without over the time with, of each round and the median.
"""
import argparse
import random
import statistics
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
CACHE = 64 << 20


def repeated(lines, count, share):
    """As many lines, of which a share repeats others, in a random order that is always the same."""
    chance = random.Random(1)
    distinct = lines[: count - round(count * share)]
    chosen = distinct + [chance.choice(distinct) for _ in range(count - len(distinct))]
    chance.shuffle(chosen)
    return "\n".join(chosen) + "\n"


def translate(options, text, cache):
    command = [options.dragoman, "translate", "--threads", "1", "--beam-size", str(options.beam_size),
               "--input-format", "lines", "--cache-bytes", str(cache)]
    start = time.perf_counter()
    done = subprocess.run(
        command, input=text, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, encoding="utf-8", check=True)
    return time.perf_counter() - start, done.stdout


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("text", type=Path)
    parser.add_argument("--share", type=float, default=0.3)
    parser.add_argument("--lines", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--beam-size", type=int, default=4)
    parser.add_argument("--dragoman", default=str(ROOT / ".build/release/dragoman"))
    options = parser.parse_args()
    lines = options.text.read_text(encoding="utf-8").splitlines()
    text = repeated(lines, options.lines, options.share)
    ratios = []
    for _ in range(options.rounds):
        without, expected = translate(options, text, 0)
        remembered, found = translate(options, text, CACHE)
        if found != expected:
            sys.exit("the outputs differ")
        ratios.append(without / remembered)
        print(f"without {without:.2f} s, remembered {remembered:.2f} s: {ratios[-1]:.2f} times as fast")
    print(f"median {statistics.median(ratios):.2f}")


if __name__ == "__main__":
    main()
