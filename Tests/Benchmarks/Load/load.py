#!/usr/bin/env python3
"""How long models take to load: as Hugging Face folders, and packed by `dragoman model import`.

    python3 Tests/Benchmarks/Load/load.py --work FOLDER [--dragoman PROGRAM]

Needs numpy only. Under --work two models are made, with random weights in float16, a vocabulary and SentencePiece
models of as many pieces as real ones have: `base` (the shape of OPUS-MT) and `tiny` (that of small students). Then each
is packed, and `dragoman model time` says how long each folder takes, and what that is made of.
"""
import argparse
import json
import subprocess
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[3]
DEMO = ROOT / "Sources/DragomanEngine/Resources/demo-en-fr"
SHAPES = {
    "base": dict(width=512, heads=8, inside=2048, encoder=6, decoder=6, vocabulary=58101),
    "tiny": dict(width=256, heads=8, inside=1536, encoder=6, decoder=2, vocabulary=32000),
}
PIECES = 32000


def tensors(shape):
    """The names and extents of a Marian model's tensors, as transformers writes them."""
    width, inside = shape["width"], shape["inside"]
    yield "model.shared.weight", [shape["vocabulary"], width]
    yield "final_logits_bias", [1, shape["vocabulary"]]
    for side in ["encoder", "decoder"]:
        for layer in range(shape[side]):
            prefix = f"model.{side}.layers.{layer}"
            for attention in ["self_attn"] + (["encoder_attn"] if side == "decoder" else []):
                for projection in ["q_proj", "k_proj", "v_proj", "out_proj"]:
                    yield f"{prefix}.{attention}.{projection}.weight", [width, width]
                    yield f"{prefix}.{attention}.{projection}.bias", [width]
                yield f"{prefix}.{attention}_layer_norm.weight", [width]
                yield f"{prefix}.{attention}_layer_norm.bias", [width]
            yield f"{prefix}.fc1.weight", [inside, width]
            yield f"{prefix}.fc1.bias", [inside]
            yield f"{prefix}.fc2.weight", [width, inside]
            yield f"{prefix}.fc2.bias", [width]
            yield f"{prefix}.final_layer_norm.weight", [width]
            yield f"{prefix}.final_layer_norm.bias", [width]


def write_weights(shape, path):
    random = np.random.default_rng(1)
    header, data, end = {}, [], 0
    for name, extents in tensors(shape):
        values = random.normal(0, 0.05, extents).astype(np.float16)
        if name.endswith("layer_norm.weight"):
            values += np.float16(1)
        start, end = end, end + values.nbytes
        header[name] = dict(dtype="F16", shape=extents, data_offsets=[start, end])
        data.append(values.tobytes())
    text = json.dumps(header).encode()
    path.write_bytes(len(text).to_bytes(8, "little") + text + b"".join(data))


def varint(number):
    encoded = b""
    while number > 127:
        encoded += bytes([number & 127 | 128])
        number >>= 7
    return encoded + bytes([number])


def write_pieces(path, words):
    """The demo model's SentencePiece file with other pieces: those fields of the message are number 1."""
    original, position, others, first = (DEMO / "source.spm").read_bytes(), 0, b"", []

    def read_varint():
        nonlocal position
        number = shift = 0
        while True:
            byte = original[position]
            position += 1
            number |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                return number

    while position < len(original):
        start, tag = position, read_varint()
        assert tag & 7 == 2, "all fields of a model are messages"
        length = read_varint()
        position += length
        if tag >> 3 != 1:
            others += original[start:position]
        elif len(first) < 2:
            first.append(original[start:position])  # </s> and <unk>, with their types
    pieces = b"".join(first)
    for rank, word in enumerate(words[: PIECES - len(first)]):
        text = word.encode()
        body = b"\x0a" + varint(len(text)) + text + b"\x15" + np.float32(-3 - rank / 4000).tobytes()
        pieces += b"\x0a" + varint(len(body)) + body
    path.write_bytes(pieces + others)


def make_words(count, seed):
    """Made-up words, all different, as long as pieces are."""
    random = np.random.default_rng(seed)
    consonants, vowels = list("bcdfghjklmnprstvz"), list("aeiou") + ["é", "è", "ou", "ai"]
    words = dict.fromkeys(["▁"] + list("abcdefghijklmnopqrstuvwxyz.,"))
    while len(words) < count:
        syllables = [random.choice(consonants) + random.choice(vowels) for _ in range(random.integers(1, 5))]
        words["▁" * int(random.integers(0, 2)) + "".join(syllables)] = None
    return list(words)


def make_model(shape, folder):
    size = shape["vocabulary"]
    folder.mkdir(parents=True)
    words = make_words(size, 2)
    source, target = words[: PIECES], words[:30] + words[::-1][: PIECES]
    write_pieces(folder / "source.spm", source)
    write_pieces(folder / "target.spm", target)
    ids = {"</s>": 0, "<unk>": 1, **{word: 2 + index for index, word in enumerate(words[: size - 3])}}
    (folder / "vocab.json").write_text(json.dumps({**ids, "<pad>": size - 1}))
    (folder / "config.json").write_text(json.dumps(dict(
        model_type="marian", vocab_size=size, d_model=shape["width"], encoder_layers=shape["encoder"],
        decoder_layers=shape["decoder"], encoder_attention_heads=shape["heads"], scale_embedding=True,
        decoder_attention_heads=shape["heads"], encoder_ffn_dim=shape["inside"], decoder_ffn_dim=shape["inside"],
        activation_function="swish", max_position_embeddings=512, eos_token_id=0, pad_token_id=size - 1,
        decoder_start_token_id=size - 1, forced_eos_token_id=0, num_beams=4, bad_words_ids=[[size - 1]])))
    (folder / "tokenizer_config.json").write_text(json.dumps(dict(source_lang="eng", target_lang="fra")))
    # Random weights end a sentence at the longest that is allowed: as many tokens as a sentence has.
    (folder / "generation_config.json").write_text(json.dumps(dict(
        max_length=24, num_beams=4, eos_token_id=0, pad_token_id=size - 1, decoder_start_token_id=size - 1,
        forced_eos_token_id=0, bad_words_ids=[[size - 1]])))
    # Last: where it is, the model is whole.
    write_weights(shape, folder / "model.safetensors")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", type=Path, required=True, help="where the models are made and kept")
    parser.add_argument("--dragoman", default=str(ROOT / ".build/release/dragoman"), help="the program")
    parser.add_argument("--repeat", default="9", help="how often each folder is loaded")
    arguments = parser.parse_args()
    for name, shape in SHAPES.items():
        folder, packed = arguments.work / name, arguments.work / f"{name}-packed"
        if not (folder / "model.safetensors").exists():
            make_model(shape, folder)
        subprocess.run([arguments.dragoman, "model", "import", str(folder), "--output", str(packed)], check=True)
        for each in [folder, packed]:
            print(f"{each.name}:", flush=True)
            subprocess.run(
                [arguments.dragoman, "model", "time", str(each), "--repeat", arguments.repeat], check=True)


if __name__ == "__main__":
    main()
