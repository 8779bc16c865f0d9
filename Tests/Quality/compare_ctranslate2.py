#!/usr/bin/env python3
"""Dragoman beside CTranslate2 on the demo model, line by line: how many outputs are identical, and why others differ.

    pip install -r Tests/Goldens/requirements.txt
    python Tests/Quality/compare_ctranslate2.py --testset DIR/NAME [--dragoman .build/release/dragoman] [--lines N]
    python Tests/Quality/compare_ctranslate2.py --testset DIR/NAME --ctranslate2-only

Both get the same tokens, float32, beam 4. Two differences are known and can be taken away, so each is tried both ways:

- **start**: CTranslate2's converter lets the decoder of every Marian model begin with a vector of zeros and drops
  `<pad>`; transformers (and Dragoman) begin with the embedding of `decoder_start_token_id`, which is `<pad>`. In
  OPUS-MT models that row is zero; in the demo model it is not. The second conversion here keeps it.
- **end of search**: CTranslate2 ends when as many hypotheses have ended as there are beams, which is transformers'
  `early_stopping=True`, Dragoman's `full`. The demo model's settings, like those of most models, say `heuristic`.

What still differs is scored by transformers in float32: a **tie** (scores within 1e-5), or the **search** of one of the
two found the better output: transformers drops a sentence whose best running hypothesis is worse than its worst
finished one, CTranslate2 goes on; CTranslate2 keeps every finished hypothesis, transformers as many as beams.
"""
import argparse
import json
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

import ctranslate2
import sacrebleu
import sentencepiece
import torch
from ctranslate2.converters import TransformersConverter
from ctranslate2.converters import transformers as loaders
from transformers import MarianMTModel

MODEL = Path(__file__).resolve().parents[2] / "Sources/DragomanEngine/Resources/demo-en-fr"
TIE = 1e-5


class KeepsStart(type(loaders._MODEL_LOADERS["MarianConfig"])):
    """CTranslate2's loader of Marian models, but `<pad>` stays and starts the decoder."""

    def set_config(self, config, model, tokenizer):
        super().set_config(config, model, tokenizer)
        config.decoder_start_token = tokenizer.pad_token

    def set_decoder(self, spec, decoder):
        super().set_decoder(spec, decoder)
        spec.start_from_zero_embedding = False

    def get_vocabulary(self, model, tokenizer):
        return loaders.BartLoader.get_vocabulary(self, model, tokenizer)

    def _remove_pad_weights(self, spec):
        pass


def run_ctranslate2(sources, keep_start, threads):
    standard = loaders._MODEL_LOADERS["MarianConfig"]
    with tempfile.TemporaryDirectory() as folder:
        loaders._MODEL_LOADERS["MarianConfig"] = KeepsStart() if keep_start else standard
        try:
            TransformersConverter(str(MODEL)).convert(folder, quantization="float32", force=True)
        finally:
            loaders._MODEL_LOADERS["MarianConfig"] = standard
        translator = ctranslate2.Translator(folder, compute_type="float32", intra_threads=threads)
        results = translator.translate_batch(
            [tokens + ["</s>"] for tokens in sources], beam_size=4, max_batch_size=32,
            suppress_sequences=[["<pad>"]] if keep_start else None, disable_unk=True)
    return [result.hypotheses[0] for result in results]


def run_dragoman(options, sources, early_stopping):
    command = [options.dragoman, "translate", "--model", str(MODEL), "--precision", "float32", "--beam-size", "4",
               "--early-stopping", early_stopping, "--threads", str(options.threads), "--input-format", "tokens",
               "--json"]
    text = "".join(" ".join(tokens) + "\n" for tokens in sources)
    done = subprocess.run(command, input=text, stdout=subprocess.PIPE, encoding="utf-8")
    if done.returncode != 0:
        sys.exit(f"{' '.join(command)}: exit status {done.returncode}")
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    if len(rows) != len(sources):
        sys.exit(f"{' '.join(command)}: {len(rows)} lines of output for {len(sources)} lines of input")
    return [row["hypotheses"][0]["tokens"] for row in rows]


class Scorer:
    """Scores of given outputs by transformers, normalised by length with `</s>`."""

    def __init__(self):
        self.words = json.loads((MODEL / "vocab.json").read_text(encoding="utf-8"))
        self.model = MarianMTModel.from_pretrained(MODEL, dtype=torch.float32, local_files_only=True).eval()

    def ids(self, tokens):
        return [self.words.get(token, self.words["<unk>"]) for token in tokens]

    @torch.inference_mode()
    def score(self, source, target):
        config = self.model.config
        labels = torch.tensor(self.ids(target) + [config.eos_token_id])
        logits = self.model(
            input_ids=torch.tensor([self.ids(source) + [config.eos_token_id]]),
            decoder_input_ids=torch.tensor([[config.decoder_start_token_id] + labels[:-1].tolist()])).logits[0]
        return float(logits.double().log_softmax(-1)[torch.arange(len(labels)), labels].mean())


def explain(sources, ours, theirs, show):
    """`ours` by early stopping, `theirs` by start; classes of the lines where the two engines as they are differ."""
    scorer, classes, examples = Scorer(), Counter(), {}
    for i, source in enumerate(sources):
        as_is = ours["heuristic"][i], theirs["zeros"][i]
        if as_is[0] == as_is[1]:
            classes["identical"] += 1
            continue
        if ours["heuristic"][i] == theirs["pad"][i]:
            kind = "start"
        elif ours["full"][i] == theirs["zeros"][i]:
            kind = "end of search"
        elif ours["full"][i] == theirs["pad"][i]:
            kind = "start and end of search"
        else:
            mine, other = scorer.score(source, ours["full"][i]), scorer.score(source, theirs["pad"][i])
            kind = "tie" if abs(mine - other) < TIE else (
                "search: Dragoman's is better" if mine > other else "search: CTranslate2's is better")
            kind += " (even with the same start and end of search)"
        classes[kind] += 1
        examples.setdefault(kind, []).append(i)
    for kind, count in classes.most_common():
        print(f"{count:6} {100 * count / len(sources):6.2f} %  {kind}")
        # What the search alone explains is shown as it comes out when nothing else differs.
        aligned = "even" in kind
        mine, other = (ours["full"], theirs["pad"]) if aligned else (ours["heuristic"], theirs["zeros"])
        for i in examples.get(kind, [])[:show]:
            for name, output in (("Dragoman", mine[i]), ("CTranslate2", other[i])):
                print(f"         line {i + 1}: {scorer.score(sources[i], output):.5f} {name}: {' '.join(output)}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--testset", required=True, help="DIR/NAME of NAME.en and NAME.fr")
    parser.add_argument("--dragoman", default=".build/release/dragoman")
    parser.add_argument("--lines", type=int, help="only the first N lines")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--show", type=int, default=2, help="examples of each class")
    parser.add_argument("--ctranslate2-only", action="store_true")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    pieces = sentencepiece.SentencePieceProcessor(model_file=str(MODEL / "source.spm"))
    target_pieces = sentencepiece.SentencePieceProcessor(model_file=str(MODEL / "target.spm"))
    english, french = (Path(f"{options.testset}.{side}").read_text(encoding="utf-8").split("\n")[:-1][:options.lines]
                       for side in ("en", "fr"))
    sources = [pieces.encode(line, out_type=str) for line in english]

    def report(name, outputs):
        bleu = sacrebleu.corpus_bleu([target_pieces.decode(o) for o in outputs], [french])
        print(f"{name:40} BLEU {bleu.score:.2f}", flush=True)

    theirs = {}
    for start in ("zeros", "pad"):
        theirs[start] = run_ctranslate2(sources, start == "pad", options.threads)
        report(f"CTranslate2, decoder starts with {start}", theirs[start])
    if options.ctranslate2_only:
        same = sum(a == b for a, b in zip(theirs["zeros"], theirs["pad"]))
        print(f"identical with both starts: {same} of {len(sources)}")
        return
    ours = {}
    for early_stopping in ("heuristic", "full"):
        ours[early_stopping] = run_dragoman(options, sources, early_stopping)
        report(f"Dragoman, early stopping {early_stopping}", ours[early_stopping])
    for (e, mine), (s, other) in ((a, b) for a in ours.items() for b in theirs.items()):
        same = sum(a == b for a, b in zip(mine, other))
        print(f"identical, Dragoman {e}, CTranslate2 {s}: {same} of {len(sources)} ({100 * same / len(sources):.2f} %)")
    explain(sources, ours, theirs, options.show)


if __name__ == "__main__":
    main()
