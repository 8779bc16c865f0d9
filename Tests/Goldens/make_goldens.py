#!/usr/bin/env python3
"""Makes the golden files of this folder with Hugging Face transformers; README.md describes them.

    python -m venv venv && venv/bin/pip install -r requirements.txt
    venv/bin/python make_goldens.py              # from the models that are in the repository
    venv/bin/python make_goldens.py --check      # says whether that would change a byte
    venv/bin/python make_goldens.py --models     # makes the small models anew, too
"""
import argparse
import filecmp
import json
import shutil
import sys
import tempfile
from pathlib import Path

import torch
import transformers
from safetensors.torch import save_file

import demo
from cases import Cases
from models import FAMILIES, MARIAN
from reference import Reference

HERE = Path(__file__).resolve().parent
MADE_BY = f"transformers {transformers.__version__}, torch {torch.__version__.split('+')[0]}"

# Ordinary ids of each side, without special tokens.
WORDS = {
    "marian-separate": ((2, 60), (2, 60)),
    "marian-shared": ((2, 70), (2, 70)),
    "marian-unforced": ((10, 67), (10, 67)),
    **{name: ((6, 59), (6, 59)) for name in FAMILIES},
}


def write_rows(path, head, rows):
    """JSON with one row a line, so that a change shows as the rows it touches."""
    lines = ",\n".join(json.dumps(row, ensure_ascii=False, separators=(",", ":")) for row in rows)
    path.write_text(json.dumps(head, ensure_ascii=False)[:-1] + ', "cases": [\n' + lines + "\n]}\n")


def write_states(folder, reference, pairs):
    tensors, rows = {}, []
    for i, (source, target) in enumerate(pairs):
        states, log_probs = reference.states(source, target)
        tensors |= {f"{i}.{name}": value.float().contiguous() for name, value in states.items()}
        rows.append({"source": source, "target": target, "log_probs": log_probs})
    save_file(tensors, folder / "states.safetensors")
    (folder / "states.safetensors").chmod(0o644)
    write_rows(folder / "states.json", {"made_by": MADE_BY}, rows)


def write_model(name, folder, seed):
    reference, check = Reference(folder, torch.float64), Reference(folder, torch.float32)
    cases = Cases(reference, check, seed, WORDS[name])
    if name in MARIAN:
        cases.every_length()
        cases.defaults()
        cases.alone()
        cases.combined(120)
        lengths = (0, 1, 7, 30)
    else:
        for length in (1, 5, 9, 14, 22, 30):
            for beams in (1, 4):
                cases.add(lambda: (cases.source(length), {"beam_size": beams}))
        lengths = (3, 17)
    write_rows(folder / "cases.json", {"made_by": MADE_BY}, cases.cases)
    sources = [cases.source(length) for length in lengths]
    write_states(folder, reference, [(s, cases.target(len(s) + 1)) for s in sources])
    print(f"{name}: {len(cases.cases)} cases; {cases.dropped} drawn again, for they hung on rounding", flush=True)


def make(root, models):
    for seed, (name, build) in enumerate((MARIAN | FAMILIES).items(), start=1):
        folder = root / name
        if models:
            build(folder)
        write_model(name, folder, seed)
    demo.write(root / "demo-en-fr", MADE_BY, write_rows)


def copy_models(source, target):
    for name in MARIAN | FAMILIES:
        (target / name).mkdir(parents=True)
        for file in ("config.json", "generation_config.json", "model.safetensors"):
            shutil.copy(source / name / file, target / name / file)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--models", action="store_true", help="train the small models again as well")
    parser.add_argument("--check", action="store_true", help="write nothing; exit with 1 when a byte would change")
    options = parser.parse_args()
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
    transformers.logging.set_verbosity_error()
    transformers.utils.logging.disable_progress_bar()
    if not options.check:
        return make(HERE, options.models)
    with tempfile.TemporaryDirectory() as scratch:
        scratch = Path(scratch)
        if not options.models:
            copy_models(HERE, scratch)
        make(scratch, options.models)
        made = [file.relative_to(scratch) for file in sorted(scratch.rglob("*")) if file.is_file()]
        changed = [str(f) for f in made if not (HERE / f).exists() or not filecmp.cmp(scratch / f, HERE / f, False)]
    print("changed:", *changed) if changed else print(f"{len(made)} files, none changed")
    return 1 if changed else 0


if __name__ == "__main__":
    sys.exit(main())
