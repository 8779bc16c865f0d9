#!/usr/bin/env python3
"""BLEU and chrF of `dragoman translate` in float32 and in int8 on a test set, and whether int8 keeps up.

    pip install -r Tests/Goldens/requirements.txt
    python Tests/Quality/bleu.py --testset DIR/NAME [--dragoman .build/release/dragoman] [--beam-size 4] [--threads 2]

The test set is a pair of files, DIR/NAME.en and DIR/NAME.fr, one sentence a line. Exits with 1 when the BLEU of the
two precisions differ by more than --tolerance (0.2).
"""
import argparse
import subprocess
import sys
import time
from pathlib import Path

from sacrebleu.metrics import BLEU, CHRF


def lines(path):
    return Path(path).read_text(encoding="utf-8").split("\n")[:-1]


def translate(options, precision):
    command = [options.dragoman, "translate", "--precision", precision, "--beam-size", str(options.beam_size),
               "--threads", str(options.threads), "--input-format", "lines", "--cache-bytes", "0"]
    if options.model:
        command += ["--model", options.model]
    start = time.perf_counter()
    done = subprocess.run([*command, f"{options.testset}.en"], stdout=subprocess.PIPE, encoding="utf-8")
    if done.returncode != 0:
        sys.exit(f"{' '.join(command)}: exit status {done.returncode}")
    return done.stdout.split("\n")[:-1], time.perf_counter() - start


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--testset", required=True, help="DIR/NAME of NAME.en and NAME.fr")
    parser.add_argument("--dragoman", default=".build/release/dragoman")
    parser.add_argument("--model", help="a model's folder; the demo model by default")
    parser.add_argument("--beam-size", type=int, default=4)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--tolerance", type=float, default=0.2)
    options = parser.parse_args()
    references = lines(f"{options.testset}.fr")
    scores = {}
    for precision in ("float32", "int8"):
        output, seconds = translate(options, precision)
        if len(output) != len(references):
            sys.exit(f"{precision}: {len(output)} lines of output for {len(references)} lines of input")
        bleu, chrf = BLEU(), CHRF()
        scores[precision] = bleu.corpus_score(output, [references]).score
        print(f"{precision:8} BLEU {scores[precision]:.2f}  chrF {chrf.corpus_score(output, [references]).score:.2f}"
              f"  {seconds:.1f} s  {bleu.get_signature()}", flush=True)
    difference = scores["int8"] - scores["float32"]
    print(f"int8 - float32: {difference:+.2f} BLEU (tolerance {options.tolerance})")
    return 1 if abs(difference) > options.tolerance else 0


if __name__ == "__main__":
    sys.exit(main())
