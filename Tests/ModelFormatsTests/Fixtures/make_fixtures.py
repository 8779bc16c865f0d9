"""Writes the fixtures beside this file: safetensors files and Marian folders as the reference libraries write them.

    python3 -m venv venv && venv/bin/pip install torch==2.15.0 safetensors==0.8.0 transformers==5.23.0
    venv/bin/python make_fixtures.py

`values.json` and each folder's `golden.json` hold what those libraries read back, as the bits of float32 numbers.
"""

import collections
import json
import pathlib
import shutil

import safetensors
import safetensors.torch
import torch
import transformers

VERSIONS = {"safetensors": "0.8.0", "transformers": "5.23.0", "torch": "2.15.0"}
HERE = pathlib.Path(__file__).parent
VOCABULARY = ["</s>", "<unk>", "\u2581a", "\u00e9", "e\u0301", "K", "\u212a", '"\\\n', "\U0001f438", ">>fra<<", "<pad>"]


def bits(tensor: torch.Tensor) -> list[int]:
    return [x & 0xFFFFFFFF for x in tensor.float().contiguous().view(-1).view(torch.int32).tolist()]


def write_json(path: pathlib.Path, value: object) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False) + "\n", encoding="utf-8")


def make_values() -> None:
    torch.manual_seed(2)
    edges = torch.tensor([0.0, -0.0, 1.0, -1.0, 2.0**-24, -(2.0**-14), 65504.0, 3.0e-39, 1e-45, 3.0e38, 1 / 3])
    tensors = {}
    for name, dtype in [("f32", torch.float32), ("f16", torch.float16), ("bf16", torch.bfloat16)]:
        fitting = edges[edges.abs() <= torch.finfo(dtype).max]
        tensors[f"{name}.edges"] = fitting.to(dtype)
        tensors[f"{name}.matrix"] = torch.randn(5, 7).to(dtype)
        tensors[f"{name}.scalar"] = torch.tensor(-2.5).to(dtype)
        tensors[f"{name}.empty"] = torch.zeros(3, 0).to(dtype)
    path = HERE / "values.safetensors"
    safetensors.torch.save_file(tensors, path, metadata={"made": "by make_fixtures.py"})
    read = safetensors.torch.load_file(path)
    golden = {name: {"shape": list(t.shape), "bits": bits(t)} for name, t in sorted(read.items())}
    write_json(HERE / "values.json", golden)


def make_folder(name: str, shares: bool, ties: bool, dtype: torch.dtype) -> None:
    folder = HERE / name
    shutil.rmtree(folder, ignore_errors=True)
    torch.manual_seed(3)
    target_size = 11 if shares else 13
    config = transformers.MarianConfig(
        vocab_size=11, decoder_vocab_size=target_size, d_model=12, max_position_embeddings=16,
        encoder_layers=1, encoder_attention_heads=3, encoder_ffn_dim=10,
        decoder_layers=2, decoder_attention_heads=2, decoder_ffn_dim=14,
        eos_token_id=0, forced_eos_token_id=0, pad_token_id=10, decoder_start_token_id=10,
        activation_function="swish", scale_embedding=True,
        share_encoder_decoder_embeddings=shares, tie_word_embeddings=ties,
    )
    model = transformers.MarianMTModel(config)
    with torch.no_grad():
        model.final_logits_bias.normal_()
    model.to(dtype)
    model.generation_config.update(num_beams=3, max_length=14, bad_words_ids=[[10], [0], [3, 4]], length_penalty=0.6)
    model.save_pretrained(folder)

    write_json(folder / "vocab.json", {piece: i for i, piece in enumerate(VOCABULARY)})
    tokenizer = {"source_lang": "eng", "target_lang": "fra", "separate_vocabs": not shares, "unk_token": "<unk>"}
    if not shares:
        target = VOCABULARY[:10] + ["x", "y", "z"]
        write_json(folder / "target_vocab.json", {piece: i for i, piece in enumerate(target)})
        tokenizer["eos_token"] = {"__type": "AddedToken", "content": "</s>", "special": True}
    write_json(folder / "tokenizer_config.json", tokenizer)

    read = transformers.MarianMTModel.from_pretrained(folder, dtype=dtype)
    # The position tables are not trained; the shared table is not used when it is not tied.
    unused = ["embed_positions"] if ties else ["embed_positions", "shared"]
    used = [p for name, p in read.named_parameters() if not any(word in name for word in unused)]
    write_json(folder / "golden.json", {
        "encoder": bits(read.model.encoder.embed_tokens.weight),
        "decoder": bits(read.model.decoder.embed_tokens.weight),
        "output": bits(read.lm_head.weight),
        "bias": bits(read.final_logits_bias),
        "cross": bits(read.model.decoder.layers[1].encoder_attn.k_proj.weight),
        "down": bits(read.model.encoder.layers[0].fc2.weight),
        "parameters": sum(p.numel() for p in used) + read.final_logits_bias.numel(),
    })


def make_pytorch() -> None:
    """What torch.save writes, in its zip format and in the one before it, and what torch.load reads back."""
    folder = HERE / "pytorch"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    torch.manual_seed(5)
    base = torch.randn(4, 6)
    values = collections.OrderedDict(
        whole=base, row=base[2], corner=base[1:, :1].contiguous(), transposed=base.t(),
        parameter=torch.nn.Parameter(torch.randn(2, 3)), scalar=torch.tensor(-2.5), empty=torch.zeros(3, 0),
        f64=torch.randn(5, dtype=torch.float64), f16=torch.randn(5).half(), bf16=torch.randn(5).bfloat16(),
        i8=torch.tensor([-128, -1, 0, 127], dtype=torch.int8), i64=torch.tensor([1, 2, 3]),
    )
    values._metadata = collections.OrderedDict({"": {"version": 1}})
    model = transformers.MarianMTModel.from_pretrained(HERE / "shared-tied")
    for name, is_zip in [("zip", True), ("legacy", False)]:
        torch.save(values, folder / f"values.{name}.bin", _use_new_zipfile_serialization=is_zip)
        torch.save(model.state_dict(), folder / f"marian.{name}.bin", _use_new_zipfile_serialization=is_zip)
    read = torch.load(folder / "values.legacy.bin", weights_only=True)
    write_json(folder / "values.json", {n: {"shape": list(t.shape), "bits": bits(t)} for n, t in read.items()})
    torch.save({"model": values, "epoch": 3}, folder / "checkpoint.bin")
    torch.save(transformers.MarianConfig(), folder / "object.bin")


for module in (safetensors, transformers, torch):
    found = module.__version__.split("+")[0]
    assert found == VERSIONS[module.__name__], f"{module.__name__} {found}: the fixtures are pinned to {VERSIONS}"
make_values()
make_folder("shared-tied", True, True, torch.float32)
make_folder("shared-untied", True, False, torch.float16)
make_folder("separate-tied", False, True, torch.bfloat16)
make_folder("separate-untied", False, False, torch.bfloat16)
make_pytorch()
