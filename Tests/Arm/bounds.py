#!/usr/bin/env python3
"""How fast the inner loops of Arm's kernels could be, by LLVM's models of processors.

    python3 Tests/Arm/bounds.py [--processors neoverse-n1,…]

Compiles the kernels for 64-bit Arm, finds the loops that each row of the table is about, and has llvm-mca (17 or later;
Debian's package llvm-19) say how many cycles one pass takes where everything is in the nearest cache. The share is that
of what the units that multiply could do if they had nothing else to do: the same instructions alone. A model is not a
processor: it knows neither caches nor branches that are predicted wrongly.
"""

import argparse
import glob
import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
KERNELS = os.path.join(ROOT, "Sources", "CKernels")
PASSES = 200


@dataclass(frozen=True)
class Loop:
    """An inner loop, known by what it has."""

    file: str
    function: str
    instruction: str  # that multiplies; a pattern
    each: int  # multiply-adds of one of them
    count: int  # of them in the loop
    other: str = None  # another instruction that it has

    @property
    def products(self):
        return self.count * self.each


PAIRS = [Loop("i8mm", "multiply_by_eights", "smmla", 32, 8 * pairs) for pairs in (1, 2, 3)]
ZIPPING = Loop("i8mm", "multiply_by_eights", "zip[12]", 0, 8)
# What a row of the table is about, and how often each loop runs. With zipping: for all tiles of so many rows.
ROWS = [
    ("int8 product, `smmla`, 6 rows", {PAIRS[2]: 1}),
    ("int8 product, `smmla`, 4 rows", {PAIRS[1]: 1}),
    ("int8 product, `smmla`, 16 rows, with zipping", {PAIRS[2]: 2, PAIRS[1]: 1, ZIPPING: 1}),
    ("int8 product, `smmla`, 32 rows, with zipping", {PAIRS[2]: 4, PAIRS[1]: 2, ZIPPING: 1}),
    ("int8 product, `smmla`, 64 rows, with zipping", {PAIRS[2]: 10, PAIRS[1]: 1, ZIPPING: 1}),
    ("int8 product, `sdot`, 4 rows", {Loop("dotprod", "multiply_signed", "sdot", 16, 64, "prfm"): 1}),
    ("int8 product, `sdot`, 1 row", {Loop("dotprod", "multiply_signed", "sdot", 16, 16, "prfm"): 1}),
    ("int8 product, `smull`, 2 rows", {Loop("neon", "multiply_signed", "sm(ul|la)l2?", 8, 32, "prfm"): 1}),
    ("float32 product, `fmla`, 4 rows", {Loop("dotprod", "multiply_float32", "fmla", 4, 64): 1}),
    ("attention, scores of keys in 16 bits", {Loop("dotprod", "attend", "fmla", 4, 16, "shl"): 1}),
    ("attention, mix of values in 16 bits", {Loop("dotprod", "attend", "fmla", 4, 16, "ld1r"): 1}),
    ("bounds of one row, `sdot`", {Loop("dotprod", "screen", "sdot", 16, 32, "ushr"): 1}),
]
PROCESSORS = ["neoverse-n1", "neoverse-v1", "neoverse-v2", "neoverse-n2", "apple-m1"]


def fail(message):
    sys.exit(f"bounds.py: {message}")


def clang():
    swift = shutil.which("swift")
    beside = swift and os.path.join(os.path.dirname(os.path.realpath(swift)), "clang")
    found = beside if beside and os.path.exists(beside) else shutil.which("clang")
    return found or fail("no clang, neither beside swift nor in the PATH: install either")


def analyser():
    """The newest llvm-mca: older ones lack the models of Neoverse processors."""
    found = []
    for path in os.environ["PATH"].split(os.pathsep):
        for program in glob.glob(os.path.join(path, "llvm-mca*")):
            said = subprocess.run([program, "--version"], capture_output=True, text=True).stdout
            if version := re.search(r"LLVM version (\d+)", said):
                found.append((int(version[1]), program))
    version, program = max(found, default=(0, None))
    if version < 17:
        fail(f"llvm-mca 17 or later is needed, and here is {version or 'none'}: install llvm-19")
    return version, program


def assembly(name):
    sources = ["-I", os.path.join(KERNELS, "include"), os.path.join(KERNELS, name + ".c")]
    headers = ["-isystem", "/usr/aarch64-linux-gnu/include"]
    result = subprocess.run(
        [clang(), "--target=aarch64-linux-gnu", "-std=gnu17", "-O2", "-S", "-o", "-", *headers, *sources],
        capture_output=True, text=True)
    return result.stdout if result.returncode == 0 else fail(result.stderr)


def is_instruction(line):
    return re.match(r"\t[a-z]", line) is not None


def loops(text, function):
    """The loops of a function that have no other label inside."""
    if f"\n{function}:" not in text:
        fail(f"there is no such function any more: {function}")
    body = text.split(f"\n{function}:", 1)[1].split(".Lfunc_end", 1)[0].splitlines()
    begins = {}
    for index, line in enumerate(body):
        if label := re.match(r"(\.LBB\w+):", line):
            begins = {label[1]: index}  # a loop with a label inside is none
        jump = re.match(r"\t(?:b\.\w+|cbnz\t\w+,|tbz\t.*,|tbnz\t.*,)\s*(\.LBB\w+)", line)
        if jump and jump[1] in begins:
            yield [line for line in body[begins[jump[1]]:index + 1] if is_instruction(line)]


def operations(loop):
    return Counter(line.split()[0] for line in loop)


def find(text, loop):
    for lines in loops(text, f"{loop.file}_{loop.function}"):
        found = operations(lines)
        products = sum(n for name, n in found.items() if re.fullmatch(loop.instruction, name))
        # Sums that begin and end in the loop are those of whole heads.
        if products == loop.count and (loop.other is None or found[loop.other]) and not found["movi"]:
            return lines
    fail(f"there is no such loop any more: {loop}")


def cycles(program, processor, lines):
    result = subprocess.run(
        [program, "-mtriple=aarch64", f"-mcpu={processor}", f"-iterations={PASSES}"],
        input="\n".join(lines), capture_output=True, text=True)
    if "instruction requires:" in result.stderr:
        return None  # a processor without it
    total = re.search(r"Total Cycles:\s+(\d+)", result.stdout)
    return int(total[1]) / PASSES if total else fail(result.stderr)


def alone(lines, instruction):
    """The multiplying instructions of a loop, none of which waits for another."""
    products = [line.split("//")[0] for line in lines if re.fullmatch(instruction, line.split()[0])]
    free = [re.sub(r"\tv\d+\.", f"\tv{index % 24}.", line, count=1) for index, line in enumerate(products)]
    return [re.sub(r", v\d+", ", v30", line) for line in free]


def main():
    parser = argparse.ArgumentParser(usage="%(prog)s [--processors LIST]", description=__doc__.split("\n\n")[0])
    parser.add_argument("--processors", default=",".join(PROCESSORS))
    processors = parser.parse_args().processors.split(",")
    version, program = analyser()
    texts = {file: assembly(file) for file in ("neon", "dotprod", "i8mm")}
    print(f"llvm-mca {version}: multiply-adds a cycle, and their share of the unit\n")
    print("| inner loop | instructions a multiply-add | " + " | ".join(processors) + " |")
    print("|---" * (2 + len(processors)) + "|")
    for what, parts in ROWS:
        found = {loop: find(texts[loop.file], loop) for loop in parts}
        products = sum(loop.products * times for loop, times in parts.items())
        instructions = sum(len(found[loop]) * times for loop, times in parts.items())
        cells = []
        for processor in processors:
            taken = [cycles(program, processor, found[loop]) for loop in parts]
            least = [
                cycles(program, processor, alone(found[loop], loop.instruction)) if loop.products else 0
                for loop in parts]
            if None in taken:
                cells.append("")
                continue
            total = sum(cost * times for cost, times in zip(taken, parts.values()))
            bound = sum(cost * times for cost, times in zip(least, parts.values()))
            cells.append(f"{products / total:.1f}, {bound / total:.0%}")
        print(f"| {what} | {instructions / products:.3f} | " + " | ".join(cells) + " |")


main()
