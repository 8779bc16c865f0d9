"""Makes the models in Marian's formats, and what Marian (bergamot) translates with them.

    python3.10 -m venv .venv310 && .venv310/bin/pip install -r requirements.txt
    .venv310/bin/python make_marian_goldens.py           # makes all of it again

Each line is translated by itself: Marian pads the lines of a batch, and outputs of 8-bit models depend on the others.
"""
import json
import os
import random
import shutil
import subprocess
import sys

import numpy as np
import sentencepiece

import marian_files as marian

HERE = os.path.dirname(os.path.abspath(__file__))
VOCABULARY = 120
WORDS = (
    "the a of to in is it you that he was for on are with as his they be at one have this from or had by hot but some "
    "what there we can out other were all your when up use word how said an each she which do their time if will way "
    "about many then them would write like so these her long make thing see him two has look more day could go come "
    "did my sound no most number who over know water than call first people may down side been now find").split()

MODELS = {
    # name: (files, shape, how tensors are stored)
    "attention": dict(seed=2, width=24, heads=3, inside=40, encoder=1, decoder=2, ssru=False, end_bias=1.2),
    "ssru": dict(seed=5, width=24, heads=3, inside=40, encoder=1, decoder=2, ssru=True, end_bias=1.2),
    "ssru-tied": dict(seed=7, width=20, heads=2, inside=28, encoder=1, decoder=2, ssru=True, end_bias=1.2,
                      tied_layers=[1, 1]),
    "ssru-int8": dict(seed=5, width=64, heads=8, inside=64, encoder=1, decoder=2, ssru=True, end_bias=0.9),
    "attention-int8": dict(seed=2, width=64, heads=8, inside=64, encoder=1, decoder=1, ssru=False, end_bias=0.9),
    # Levels so small that no pair of products leaves 16 bits (2 * 254 * 64 < 2^15): where Marian adds pairs with
    # saturation, as it does on processors without VNNI, its sums are exact all the same.
    "ssru-int8-small": dict(seed=5, width=64, heads=8, inside=64, encoder=1, decoder=2, ssru=True, end_bias=0.9, most=64),
    "attention-int8-small": dict(seed=2, width=64, heads=8, inside=64, encoder=1, decoder=1, ssru=False, end_bias=0.9,
                                 most=64),
}


def corpus():
    chance = random.Random(3)
    return [" ".join(chance.choice(WORDS) for _ in range(chance.randint(2, 14))) for _ in range(3000)]


def vocabulary(path, lines):
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(lines), model_prefix=path[:-4], vocab_size=VOCABULARY, bos_id=-1, eos_id=0, unk_id=1,
        normalization_rule_name="identity", minloglevel=2, character_coverage=1.0)
    os.rename(path[:-4] + ".model", path)
    os.remove(path[:-4] + ".vocab")


def translate(**request):
    """In a process of its own: the engine ends the process when something is wrong, and keeps what it has loaded."""
    run = subprocess.run(
        [sys.executable, os.path.join(HERE, "make_marian_goldens.py"), "--translate"], input=json.dumps(request),
        capture_output=True, text=True, check=True)
    return json.loads(run.stdout.strip().split("\n")[-1])


def alphas(found):
    """Multipliers of activations, one for each matrix: rows that were normalised seldom leave [-5, 5]."""
    matrices = [name for name, tensor in found.items() if "_W" in name[-3:] and "ln" not in name]
    limits = {name: 12.0 if name.endswith("W2") else 6.0 for name in matrices}
    return {f"{name}_QuantMultA": np.full((1, 1), 127 / limits.get(name, 6.0), np.float32)
            for name in matrices + ["none", "Wemb"]}


def make(name, lines):
    arguments = dict(MODELS[name], vocabulary=VOCABULARY)
    most = arguments.pop("most", 127)
    is_quantized = "-int8" in name
    folder = os.path.join(HERE, name)
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    changes = {}
    if arguments.get("tied_layers"):
        changes["transformer_tied_layers"] = str(arguments["tied_layers"])
    if arguments.get("pre_norm"):
        changes.update(transformer_preprocess="n", transformer_postprocess="da", transformer_postprocess_top="n")
    if arguments.get("ties") == "none":
        changes["tied_embeddings_all"] = "false"
    shape = {key: arguments[key] for key in ("width", "heads", "inside", "encoder", "decoder", "vocabulary", "ssru")}
    text = marian.options(**shape, **changes)
    found = marian.tensors(scale=5, **arguments)
    # A text of spaces alone ends bergamot's process.
    pieces = sentencepiece.SentencePieceProcessor(os.path.join(HERE, "vocab.spm"))
    found["decoder_ff_logit_out_b"][0, pieces.piece_to_id("▁")] = -50
    outputs = {}
    if is_quantized:
        found.update(alphas(found))
        vocabulary_name = "vocab.enfr.spm"
        model = "model.enfr.intgemm.alphas.bin"
        marian.write_bin(os.path.join(folder, model), found, text, quantized=True, most=most)
        precisions = {"int8shift": "int8shiftAll", "alphas": "int8shiftAlphaAll"}
    elif name == "ssru-tied":
        vocabulary_name, model, precisions = "vocab.enfr.spm", "model.enfr.bin", {"float32": "float32"}
        marian.write_bin(os.path.join(folder, model), found, text, quantized=False)
    else:
        vocabulary_name, model, precisions = "vocab.spm", "model.npz", {"float32": "float32"}
        marian.write_npz(os.path.join(folder, model), found, text)
    shutil.copy(os.path.join(HERE, "vocab.spm"), os.path.join(folder, vocabulary_name))
    paths = dict(model=os.path.join(folder, model), vocabularies=[os.path.join(folder, vocabulary_name)] * 2)
    for key, precision in precisions.items():
        outputs[key] = translate(lines=lines, precision=precision, factor=2.0, **paths)
        outputs[f"{key}-beam4"] = translate(lines=lines, precision=precision, factor=2.0, beam=4, **paths)
    if is_quantized:
        rounded = {key: marian.rounded(key, tensor, most) for key, tensor in found.items() if "QuantMultA" not in key}
        other = os.path.join(folder, "float.npz")
        marian.write_npz(other, rounded, text)
        outputs["float32"] = translate(lines=lines, factor=2.0, **dict(paths, model=other))
        os.remove(other)
    # Marian ends a hypothesis when it has twice as many tokens as the source, `</s>` counted on both sides.
    if name.startswith("ssru-int8"):
        # Used only where the decoder's options name it: the tests write such a file.
        chance = random.Random(17)
        lists = [chance.sample(range(2, VOCABULARY), chance.randint(0, 6)) for _ in range(VOCABULARY)]
        path = os.path.join(folder, "lex.enfr.s2t.bin")
        marian.write_shortlist(path, lists, first=10)
        outputs["alphas-shortlist"] = translate(
            lines=lines, precision="int8shiftAlphaAll", factor=2.0, shortlist=path, **paths)
        rounded = os.path.join(folder, "float.npz")
        marian.write_npz(rounded, {key: marian.rounded(key, tensor, most) for key, tensor in found.items()
                                   if "QuantMultA" not in key}, text)
        outputs["float32-shortlist"] = translate(lines=lines, factor=2.0, shortlist=path, **dict(paths, model=rounded))
        os.remove(rounded)
    cases = [dict(text=line, max_length=2 * (len(pieces.encode(line)) + 1), **{key: found[index] for key, found in outputs.items()})
             for index, line in enumerate(lines)]
    with open(os.path.join(folder, "cases.json"), "w") as file:
        rows = ",\n".join(json.dumps(case) for case in cases)
        file.write('{"made_by": "bergamot 0.4.5, max-length-factor 2, normalize 1", "cases": [\n' + rows + "\n]}\n")
    for key, found in outputs.items():
        words = [output.split() for output in found]
        print(f"{name} {key}: {len(set(found))} different outputs of {len(found)}, "
              f"{sum(len(set(line)) > 3 for line in words)} of more than 3 words")


def main():
    if sys.argv[1:] == ["--translate"]:
        import bergamot_reference

        print()
        print(json.dumps(bergamot_reference.translate(**json.loads(sys.stdin.read()))))
        return
    lines = corpus()
    if not os.path.exists(os.path.join(HERE, "vocab.spm")):
        vocabulary(os.path.join(HERE, "vocab.spm"), lines)
    for name in sys.argv[1:] or MODELS:
        make(name, list(dict.fromkeys(lines))[:40])


main()
