#!/usr/bin/env python3
"""Goldens of every family from models whose weights follow from a seed: a few kilobytes each in place of a model.

    .venv/bin/python families.py             # writes generated/*.json
    .venv/bin/python families.py bart t5     # only these

Each file of `generated` has the model's own files (config.json and its companions), the tensors with their extents, and
for each of three seeds what transformers gives. A weight is `mean + k * 2^-e`, where `k` is -64 to 63 and comes from
SplitMix64 of seed, tensor and element (`GeneratedModel.swift` makes the same ones): exact in every number format.
"""
import json
import sys
import tempfile
from pathlib import Path

import numpy as np
import torch
import transformers
from safetensors.torch import save_file
from tokenizers import Tokenizer
from transformers import AutoConfig, AutoModelForSeq2SeqLM

from reference import RecordedSearch, Reference

HERE = Path(__file__).resolve().parent
DTYPES = {"float32": torch.float32, "float16": torch.float16, "bfloat16": torch.bfloat16}
MARGIN = 1e-4


def weights(seed, tensor, shape, mean, exponent):
    count = int(np.prod(shape))
    with np.errstate(over="ignore"):
        x = (np.uint64(seed) << np.uint64(48)) ^ (np.uint64(tensor) << np.uint64(32)) ^ np.arange(count, dtype=np.uint64)
        x = x + np.uint64(0x9E3779B97F4A7C15)
        x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        x = x ^ (x >> np.uint64(31))
    k = (x >> np.uint64(57)).astype(np.int64) - 64
    return torch.from_numpy((mean + k * 2.0 ** -exponent).astype(np.float32).reshape(shape))


def scale(name, shape):
    """The mean and the exponent of a tensor's numbers: norms around 1, matrices that keep the size of what they read."""
    if "norm" in name and name.endswith("weight"):
        return 1.0, 8
    if len(shape) == 1 or name == "final_logits_bias":
        return 0.0, 8
    if "relative_attention_bias" in name:
        return 0.0, 5
    if any(part in name for part in ("shared", "embed_", "lm_head", "output_projection")):
        return 0.0, 6
    return 0.0, 7


class Family:
    """One file of `generated`."""

    def __init__(self, name, config, words, frame, generation=None, tokenizer=None, dtype="float32", extra=(),
                 languages=((None, None),), computes_positions=False, pieces=None):
        """`frame(body, source, target)` gives what the encoder reads, the decoder's start and its forced first token."""
        self.name, self.config, self.words, self.frame = name, config, words, frame
        self.generation, self.tokenizer, self.dtype = generation, tokenizer, dtype
        self.extra, self.languages, self.computes_positions = extra, languages, computes_positions
        self.pieces = pieces

    def files(self):
        files = {"config.json": self.config}
        if self.generation is not None:
            files["generation_config.json"] = self.generation
        if self.tokenizer is not None:
            files["tokenizer_config.json"] = self.tokenizer
        if self.pieces is not None:
            files["tokenizer.json"] = unigram(self.pieces)
        return files

    def tensors(self, folder):
        config = AutoConfig.from_pretrained(folder)
        model = AutoModelForSeq2SeqLM.from_config(config)
        model.save_pretrained(folder / "shapes")
        from safetensors import safe_open
        with safe_open(folder / "shapes/model.safetensors", "pt") as file:
            shapes = {name: list(file.get_slice(name).get_shape()) for name in file.keys()}
        # A copy has the number of what it is a copy of.
        copies = {copy: of for copy, of in self.extra if isinstance(of, str)}
        shapes |= {copy: shapes[of] if isinstance(of, str) else of for copy, of in self.extra}
        if self.computes_positions:
            shapes = {name: shape for name, shape in shapes.items() if "embed_positions" not in name}
        numbers = {name: index for index, name in enumerate(sorted(set(shapes) - set(copies)))}
        return [[n, numbers[copies.get(n, n)], s, *scale(n, s)] for n, s in sorted(shapes.items())]

    def write(self, out):
        with tempfile.TemporaryDirectory() as scratch:
            folder = Path(scratch)
            for name, contents in self.files().items():
                (folder / name).write_text(json.dumps(contents))
            tensors = self.tensors(folder)
            runs = [self.run(folder, tensors, seed) for seed in (1, 2, 3)]
        head = {"made_by": f"transformers {transformers.__version__}", "files": self.files(), "dtype": self.dtype}
        body = ",\n".join(json.dumps(tensor) for tensor in tensors)
        cases = ",\n".join(json.dumps(case) for run in runs for case in run)
        out.write_text(json.dumps(head)[:-1] + f', "tensors": [\n{body}\n], "cases": [\n{cases}\n]}}\n')
        print(self.name, sum(map(len, runs)), "cases", flush=True)

    def run(self, folder, tensors, seed):
        values = {n: weights(seed, i, s, mean, e).to(DTYPES[self.dtype]) for n, i, s, mean, e in tensors}
        save_file(values, folder / "model.safetensors", metadata={"format": "pt"})
        exact, rounded = Search(folder, torch.float64), Search(folder, torch.float32)
        random, cases = np.random.default_rng(seed), []
        for languages in self.languages:
            for length in (1, 4, 9):
                for beams in (1, 4):
                    for _ in range(40):
                        body = [int(w) for w in random.integers(*self.words, length)]
                        encoder, start, first = self.frame(body, *languages)
                        found, margin = exact.find(encoder, start, first, beams)
                        other, _ = rounded.find(encoder, start, first, beams)
                        if margin > MARGIN and [h["tokens"] for h in found] == [h["tokens"] for h in other]:
                            break
                    else:
                        raise AssertionError(f"{self.name}: every draw hung on rounding")
                    cases.append({
                        "seed": seed, "languages": languages, "body": body, "encoder": encoder, "beam_size": beams,
                        "hypotheses": found})
        return cases


class Search(Reference):
    def __init__(self, folder, dtype):
        self.folder = folder
        self.model = AutoModelForSeq2SeqLM.from_pretrained(
            folder, dtype=dtype, attn_implementation="eager", local_files_only=True).eval()
        kind = type(self.model)
        self.model.__class__ = type("Recorded" + kind.__name__, (RecordedSearch, kind), {})
        # A folder without settings of generation has them in config.json.
        self.defaults = self.model.generation_config
        ends = self.defaults.eos_token_id
        self.ends = ends if isinstance(ends, list) else [ends]
        self.eos = self.ends[0]

    def hypothesis(self, tokens, scores, score, settings):
        # Any end is left out of the tokens.
        made = super().hypothesis(tokens, scores, score, settings)
        if tokens[-1] in self.ends:
            made["tokens"] = tokens[:-1]
            made["finished"] = len(tokens) < settings.max_length - 1 or settings.forced_eos_token_id is None
        return made

    @torch.inference_mode()
    def find(self, encoder, start, first, beams):
        settings = self.settings(encoder, {"beam_size": beams})
        settings.max_length = 18
        # Random weights like to repeat themselves; and no family's decoder is made for <pad> as an input.
        settings.no_repeat_ngram_size = 2
        settings.bad_words_ids = [[settings.pad_token_id]]
        settings.decoder_start_token_id = start
        if first is not None:
            settings.forced_bos_token_id = first
        self.model.prefix, self.model.margin = [], float("inf")
        ids = torch.tensor([encoder])
        out = self.model.generate(ids, attention_mask=torch.ones_like(ids), generation_config=settings)
        read = self.read_beam if beams > 1 else self.read_greedy
        return read(out, settings, 0), self.model.margin


BART = dict(d_model=24, encoder_layers=2, decoder_layers=1, encoder_attention_heads=3, decoder_attention_heads=2,
            encoder_ffn_dim=40, decoder_ffn_dim=28, max_position_embeddings=24, vocab_size=53, pad_token_id=1,
            bos_token_id=0, eos_token_id=2, is_encoder_decoder=True)
# transformers 5.23 cannot decode with more layers than the encoder has.
T5 = dict(d_model=24, d_kv=10, d_ff=40, num_heads=3, num_layers=3, num_decoder_layers=2, vocab_size=53,
          relative_attention_num_buckets=8, relative_attention_max_distance=14, layer_norm_epsilon=1e-6,
          pad_token_id=0, eos_token_id=1, decoder_start_token_id=0, is_encoder_decoder=True)
PAIRS = (("en", "fr"), ("fr", "de"))


def tokens(codes, first):
    return {"added_tokens_decoder": {str(first + i): {"content": code} for i, code in enumerate(codes)}}


def plain(start, prefix=(), suffix=(2,)):
    return lambda body, source, target: ([*prefix, *body, *suffix], start, None)


def coded(ids, prefix, suffix, start, first):
    """A frame whose places are ids, or "source" and "target"."""
    def frame(body, source, target):
        place = {"source": ids.get(source), "target": ids.get(target)}
        fill = lambda slots: [place.get(slot, slot) for slot in slots]
        return fill(prefix) + body + fill(suffix), fill([start])[0], fill([first])[0]
    return frame


def unigram(pieces):
    """A tokenizer of words, of which each is a piece."""
    space = {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "always"}
    return {"version": "1.0", "truncation": None, "padding": None, "normalizer": None, "post_processor": None,
            "pre_tokenizer": space, "decoder": space, "added_tokens": [],
            "model": {"type": "Unigram", "unk_id": pieces.index("<unk>"), "vocab": [[piece, -2.0] for piece in pieces]}}


def prompted(pieces, prompts, end):
    """A frame of words before the text, which the tokenizer reads with it."""
    tokenizer = Tokenizer.from_str(json.dumps(unigram(pieces)))
    def frame(body, source, target):
        text = prompts[source, target] + " ".join(pieces[id].removeprefix("▁") for id in body)
        return [*tokenizer.encode(text).ids, end], 0, None
    return frame


MBART = {"en": 46, "fr": 47, "de": 48}
ORDER = ("en", "fr", "de")
MBART_CODES = ("en_XX", "fr_XX", "de_DE")
WORDS = (6, 45)
MADLAD_PIECES = ["<unk>", "<s>", "</s>", *(f"▁w{id}" for id in range(3, 46)), "<2en>", "<2fr>", "<2de>",
                 *(f"▁w{id}" for id in range(49, 53))]
T5_PIECES = ["<pad>", "</s>", "<unk>", *(f"▁w{id}" for id in range(3, 53))]
PROMPTS = {("en", "fr"): "w9 w10 ", ("en", "de"): "w11 w10 w9 "}

FAMILIES = [
    # No settings of generation, a forced end by the class's default, gelu.
    Family("bart", BART | dict(model_type="bart", activation_function="gelu", decoder_start_token_id=2), WORDS,
           plain(2, prefix=(0,))),
    # The configuration ties what the file has apart; two tokens end; a forced begin.
    Family("bart-untied", BART | dict(model_type="bart", activation_function="relu", scale_embedding=True), WORDS,
           plain(2, prefix=(0,)), generation=dict(
               eos_token_id=[2, 7, 11], pad_token_id=1, bos_token_id=0, decoder_start_token_id=2, forced_bos_token_id=0,
               num_beams=4), extra=[("lm_head.weight", [53, 24])]),
    Family("mbart-50", BART | dict(model_type="mbart", activation_function="gelu", scale_embedding=True,
                                   tokenizer_class="MBart50Tokenizer"), WORDS,
           coded(MBART, ["source"], [2], 2, "target"), dtype="float16", languages=PAIRS,
           generation=dict(eos_token_id=2, pad_token_id=1, bos_token_id=0, decoder_start_token_id=2, num_beams=5,
                           forced_eos_token_id=2), tokenizer=tokens(MBART_CODES, 46)),
    Family("mbart-25", BART | dict(model_type="mbart", activation_function="silu", decoder_layers=3), WORDS,
           coded(MBART, [], [2, "source"], "target", None), languages=PAIRS,
           generation=dict(eos_token_id=2, pad_token_id=1, bos_token_id=0, decoder_start_token_id=47),
           tokenizer=tokens(MBART_CODES, 46) | {"tokenizer_class": "MBartTokenizer"}),
    Family("m2m-100", BART | dict(model_type="m2m_100", activation_function="relu", scale_embedding=True,
                                  vocab_size=160), WORDS,
           coded({"en": 52 + 18, "fr": 52 + 24, "de": 52 + 16}, ["source"], [2], 2, "target"), dtype="bfloat16",
           languages=PAIRS, tokenizer={"tokenizer_class": "M2M100Tokenizer"},
           generation=dict(eos_token_id=2, pad_token_id=1, bos_token_id=0, decoder_start_token_id=2, num_beams=5)),
    Family("small-100", BART | dict(model_type="m2m_100", activation_function="relu", scale_embedding=True,
                                    vocab_size=160, encoder_layers=3), WORDS,
           coded({"en": 52 + 18, "fr": 52 + 24, "de": 52 + 16}, ["target"], [2], 2, None), languages=PAIRS,
           tokenizer={"tokenizer_class": "SMALL100Tokenizer"},
           generation=dict(eos_token_id=2, pad_token_id=1, bos_token_id=0, decoder_start_token_id=2, num_beams=5)),
    Family("nllb-200", BART | dict(model_type="m2m_100", activation_function="relu", scale_embedding=True,
                                   decoder_layers=2), WORDS,
           coded(MBART, ["source"], [2], 2, "target"), languages=PAIRS,
           tokenizer=tokens(("eng_Latn", "fra_Latn", "deu_Latn"), 46) | {"tokenizer_class": "NllbTokenizer"},
           generation=dict(eos_token_id=2, pad_token_id=1, bos_token_id=0, decoder_start_token_id=2, num_beams=5)),
    Family("plbart", BART | dict(model_type="plbart", activation_function="gelu", scale_embedding=True), WORDS,
           coded({"java": 49, "python": 50, "en_XX": 51}, [], [2, "source"], "target", None), dtype="float16",
           languages=(("java", "en_XX"), ("python", "java")),
           generation=dict(eos_token_id=2, pad_token_id=1, bos_token_id=0, forced_eos_token_id=2)),
    # Marian's sines in a model with norms before its blocks, and a bias of the output.
    Family("pegasus", BART | dict(model_type="pegasus", activation_function="relu", scale_embedding=True,
                                  pad_token_id=0, eos_token_id=1, bos_token_id=None, decoder_start_token_id=0), WORDS,
           plain(0, suffix=(1,)), generation=dict(
               eos_token_id=1, pad_token_id=0, decoder_start_token_id=0, forced_eos_token_id=1, num_beams=8,
               length_penalty=0.6, min_length=5), computes_positions=True),
    # The decoder's norm on embeddings comes before positions; sequences of the source are forbidden.
    Family("blenderbot-small", BART | dict(model_type="blenderbot-small", activation_function="gelu", pad_token_id=0,
                                           bos_token_id=1, decoder_start_token_id=1), WORDS,
           plain(1, suffix=()), generation=dict(
               eos_token_id=2, pad_token_id=0, bos_token_id=1, decoder_start_token_id=1, forced_eos_token_id=2,
               encoder_no_repeat_ngram_size=2, no_repeat_ngram_size=3, num_beams=10, length_penalty=0.65)),
    # Two vocabularies; the output apart, and (tied) not.
    Family("fsmt", {k: v for k, v in BART.items() if k != "vocab_size"} | dict(
        model_type="fsmt", activation_function="relu", scale_embedding=True, src_vocab_size=47, tgt_vocab_size=61,
        langs=["en", "de"], tie_word_embeddings=False, decoder_start_token_id=2, max_length=30, num_beams=5,
        early_stopping=True), WORDS, plain(2), computes_positions=True),
    Family("fsmt-tied", {k: v for k, v in BART.items() if k != "vocab_size"} | dict(
        model_type="fsmt", activation_function="swish", scale_embedding=True, src_vocab_size=53, tgt_vocab_size=53,
        langs=["de", "en"], tie_word_embeddings=True, decoder_start_token_id=2), WORDS, plain(2),
           computes_positions=True),
    Family("t5", T5 | dict(model_type="t5", feed_forward_proj="relu"), (3, 53), plain(0, suffix=(1,)), dtype="float16"),
    Family("t5-1.1", T5 | dict(model_type="t5", feed_forward_proj="gated-gelu", tie_word_embeddings=False), (3, 53),
           plain(0, suffix=(1,)), extra=[("lm_head.weight", [53, 24])],
           generation=dict(eos_token_id=1, pad_token_id=0, decoder_start_token_id=0)),
    # As the published files have it, a copy of the table for each side.
    Family("t5-copies", T5 | dict(model_type="t5", feed_forward_proj="gated-silu", num_decoder_layers=1), (3, 53),
           plain(0, suffix=(1,)), dtype="bfloat16", extra=[
               ("encoder.embed_tokens.weight", "shared.weight"), ("decoder.embed_tokens.weight", "shared.weight"),
               ("lm_head.weight", "shared.weight")]),
    Family("mt5", T5 | dict(model_type="mt5", feed_forward_proj="gated-gelu", tie_word_embeddings=False), (3, 53),
           plain(0, suffix=(1,)), extra=[("lm_head.weight", [53, 24])], dtype="bfloat16"),
    # A relative bias in every layer.
    Family("umt5", T5 | dict(model_type="umt5", feed_forward_proj="gated-gelu", tie_word_embeddings=False), (3, 53),
           plain(0, suffix=(1,)), extra=[("lm_head.weight", [53, 24])]),
    # MADLAD-400: T5 1.1, and the target's name before the text, `<2fr>` (`LanguageTests` reads them from a tokenizer).
    Family("madlad-400", T5 | dict(model_type="t5", feed_forward_proj="gated-gelu", tie_word_embeddings=False,
                                   pad_token_id=1, eos_token_id=2, decoder_start_token_id=0), (6, 46),
           coded(MBART, ["target"], [2], 0, None), extra=[("lm_head.weight", [53, 24])],
           languages=((None, "fr"), (None, "de")), pieces=MADLAD_PIECES),
    # Words before the text, as T5's settings have them for each pair.
    Family("t5-prompts", T5 | dict(model_type="t5", feed_forward_proj="relu", task_specific_params={
        "summarization": {"prefix": "w6 "}} | {
            f"translation_{source}_to_{target}": {"prefix": prompt} for (source, target), prompt in PROMPTS.items()}),
           (12, 53), prompted(T5_PIECES, PROMPTS, 1), languages=tuple(PROMPTS), pieces=T5_PIECES),
    Family("byt5", T5 | dict(model_type="t5", feed_forward_proj="gated-gelu", tie_word_embeddings=False,
                             tokenizer_class="ByT5Tokenizer", num_layers=3, num_decoder_layers=1), (3, 53),
           plain(0, suffix=(1,)), extra=[("lm_head.weight", [53, 24])]),
]


def main():
    torch.set_num_threads(1)
    transformers.logging.set_verbosity_error()
    transformers.utils.logging.disable_progress_bar()
    (HERE / "generated").mkdir(exist_ok=True)
    for family in FAMILIES:
        if not sys.argv[1:] or family.name in sys.argv[1:]:
            family.write(HERE / f"generated/{family.name}.json")


if __name__ == "__main__":
    main()
