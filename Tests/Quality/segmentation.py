#!/usr/bin/env python3
"""How well programs cut running text into sentences: precision, recall and F1 for each language.

    python3 Tests/Quality/segmentation.py --testset DIR [--program '.build/release/dragoman sentences --language {}']...
        [--peer pysbd]... [--languages de,fr] [--show de --count 40] [--hostile]

The test set is a folder of LANGUAGE.jsonl, each line {"text": a paragraph, "sentences": its sentences in order}. A
program gets the paragraphs, one a line, on its standard input and prints each sentence on a line of its own; `{}` in its
command is the language. Empty lines are ignored. The peers are libraries of Python that must be installed: pysbd, punkt
(nltk and its data), syntok, blingfire, sentencex.

A boundary is where a sentence ends inside a paragraph, counted in characters that are not white space; the ends of
paragraphs, which everybody finds, do not count. The last line is the mean over languages. With `--hostile`, the time of
each program for 1 and for 10 MB on one line that is hard to cut: ten times the text may take ten times as long.
"""
import argparse
import importlib
import json
import shlex
import subprocess
import sys
import time
from pathlib import Path

DEFAULT = ".build/release/dragoman sentences --language {}"


def length(text):
    return len("".join(text.split()))


def inner_ends(sentences):
    """Where the sentences of a paragraph end, that of the last left out."""
    ends, position = [], 0
    for sentence in sentences:
        position += length(sentence)
        ends.append(position)
    return set(ends[:-1]) - {0, position}


class Program:
    """A command that reads paragraphs and prints sentences."""

    def __init__(self, command):
        self.name = command
        self.command = command

    def split(self, paragraphs, language):
        command = [part.replace("{}", language) for part in shlex.split(self.command)]
        text = "\n".join(" ".join(paragraph.split("\n")) for paragraph in paragraphs) + "\n"
        done = subprocess.run(command, input=text, stdout=subprocess.PIPE, encoding="utf-8")
        if done.returncode != 0:
            sys.exit(f"{' '.join(command)}: exit status {done.returncode}")
        lines = iter(line for line in done.stdout.split("\n") if line.strip())
        return [self.take(lines, length(paragraph)) for paragraph in paragraphs]

    def take(self, lines, count):
        """The sentences that make up so many characters: a program prints all that it reads, and in order."""
        sentences = []
        while count > 0:
            sentence = next(lines, None)
            if sentence is None or length(sentence) > count:
                sys.exit(f"{self.name}: its output is not its input: {sentence!r}")
            sentences.append(sentence)
            count -= length(sentence)
        return sentences


class Peer:
    """A library of Python, which knows some languages."""

    NAMES = ("pysbd", "punkt", "syntok", "blingfire", "sentencex")
    PUNKT = {"cs": "czech", "de": "german", "el": "greek", "en": "english", "es": "spanish", "fi": "finnish",
             "fr": "french", "it": "italian", "nl": "dutch", "pl": "polish", "pt": "portuguese", "ru": "russian",
             "sv": "swedish", "tr": "turkish"}

    def __init__(self, name):
        self.name = name

    def split(self, paragraphs, language):
        split = getattr(self, self.name)(language)
        return split and [split(paragraph) for paragraph in paragraphs]

    def pysbd(self, language):
        pysbd = importlib.import_module("pysbd")
        if language not in pysbd.languages.LANGUAGE_CODES:
            return None
        return pysbd.Segmenter(language=language, clean=False).segment

    def punkt(self, language):
        name = self.PUNKT.get(language)
        return name and importlib.import_module("nltk.tokenize").PunktTokenizer(name).tokenize

    def syntok(self, language):
        if language not in ("en", "de", "es"):
            return None
        segmenter = importlib.import_module("syntok.segmenter")

        def split(text):
            return ["".join(token.spacing + token.value for token in sentence)
                    for paragraph in segmenter.analyze(text) for sentence in paragraph]
        return split

    def blingfire(self, language):
        blingfire = importlib.import_module("blingfire")
        return lambda text: blingfire.text_to_sentences(text).split("\n")

    def sentencex(self, language):
        segment = importlib.import_module("sentencex").segment
        return lambda text: list(segment(language, text))


def f1(found, missed, invented):
    return 200 * found / (2 * found + missed + invented) if found else 0.0


def marked(text, wanted, got):
    """The text, with a mark at each cut: right, wrong (+) or missing (-)."""
    shown, position = [], 0
    for character in text:
        if not character.isspace() and position in wanted | got:
            shown.append("⟦⟧" if position in wanted & got else "⟦+⟧" if position in got else "⟦-⟧")
        shown.append(character)
        position += not character.isspace()
    return "".join(shown)


def measure(splitter, paragraphs, language, show):
    cut = splitter.split([paragraph["text"] for paragraph in paragraphs], language)
    if cut is None:
        return None
    found = missed = invented = 0
    for paragraph, sentences in zip(paragraphs, cut):
        wanted, got = inner_ends(paragraph["sentences"]), inner_ends(sentences)
        found += len(wanted & got)
        missed += len(wanted - got)
        invented += len(got - wanted)
        if wanted != got and show > 0:
            print("   ", marked(paragraph["text"], wanted, got))
            show -= 1
    whole = found + missed, found + invented
    return f1(found, missed, invented), 100 * found / max(whole[1], 1), 100 * found / max(whole[0], 1)


def table(splitters, folder, languages, show, count):
    print(f"{'':8}" + "".join(f"{splitter.name[-24:]:>26}" for splitter in splitters))
    print(f"{'':8}" + f"{'F1   prec.  recall':>26}" * len(splitters))
    scores = {splitter: [] for splitter in splitters}
    for language in languages:
        paragraphs = [json.loads(line) for line in (folder / f"{language}.jsonl").open(encoding="utf-8")]
        cells = []
        for splitter in splitters:
            result = measure(splitter, paragraphs, language, count if language in show else 0)
            if result:
                scores[splitter].append(result[0])
            cells.append("{:12.2f} {:6.2f} {:6.2f}".format(*result) if result else f"{'-':>26}")
        print(f"{language:8}" + "".join(cells), flush=True)
    print(f"{'macro':8}" + "".join(
        f"{sum(of) / len(of):12.2f} ({len(of):2} lang.)  " if of else f"{'-':>26}" for of in scores.values()))


def hostile(programs):
    patterns = [".", "?", "\"", "(", ")", "“", "…", "a.", "A. ", "1. ", "'' ", "。", "- ", "[1]", ". [1] ", ".\"", ". (",
                "«", "– "]
    for program in programs:
        command = [part.replace("{}", "en") for part in shlex.split(program.command)]
        for pattern in patterns:
            seconds = []
            for size in (1_000_000, 10_000_000):
                text = pattern.encode() * (size // len(pattern.encode()))
                start = time.perf_counter()
                subprocess.run(command, input=text, stdout=subprocess.DEVNULL, check=True)
                seconds.append(time.perf_counter() - start)
            print(f"{program.name[-24:]:26}{pattern!r:12}{seconds[0]:8.2f} s{seconds[1]:8.2f} s", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--testset", type=Path, required=True, help="a folder of LANGUAGE.jsonl")
    parser.add_argument("--program", action="append", help=f"a command; default: {DEFAULT}")
    parser.add_argument("--peer", action="append", default=[], choices=Peer.NAMES)
    parser.add_argument("--languages", help="separated by commas; default: all of the test set")
    parser.add_argument("--show", default="", help="languages whose errors are printed, separated by commas")
    parser.add_argument("--count", type=int, default=20, help="paragraphs with errors printed for each of them")
    parser.add_argument("--hostile", action="store_true", help="measure time on texts that are hard to cut as well")
    options = parser.parse_args()
    programs = [Program(command) for command in options.program or [DEFAULT]]
    languages = (options.languages.split(",") if options.languages
                 else sorted(path.stem for path in options.testset.glob("*.jsonl")))
    table(programs + [Peer(name) for name in options.peer], options.testset, languages,
          set(options.show.split(",")), options.count)
    if options.hostile:
        hostile(programs)


if __name__ == "__main__":
    main()
