#!/usr/bin/env python3
"""Folders of CTranslate2 and a package of Argos Translate, made by its own converters of the small models here, and what it makes of sources with them.

    python make_ctranslate2.py            # makes Tests/Goldens/ctranslate2 again
    python make_ctranslate2.py --check    # says whether they would be others, and changes nothing
    python make_ctranslate2.py --transliteration DIR    # cases of a real model that is not here
    python make_ctranslate2.py --all DIR    # every model in every format, and other families' with random weights, for
                                            # DRAGOMAN_CTRANSLATE2=DIR swift test --filter CTranslate2GoldenTests

`Tests/Goldens/ctranslate2-texts` has models of the families that name languages, or whose tokenizers are not SentencePiece's,
with what CTranslate2 makes of texts; their tokenizers' files are those in `tokenizers`.

Each folder has the model, and `cases.json`: ids as the encoder reads them, and CTranslate2's hypotheses in float32. What is
quantised is made into floats by it before it computes; so does Dragoman where it computes in float32.
"""
import argparse
import io
import json
import shutil
import sys
import tempfile
import zipfile
from pathlib import Path

import ctranslate2
import numpy as np
import sentencepiece
import torch
import transformers
from ctranslate2.converters import TransformersConverter
from ctranslate2.converters import transformers as loaders
from ctranslate2.specs import common_spec, transformer_spec

import models

HERE = Path(__file__).resolve().parent
OUT = HERE / "ctranslate2"
ALL = ["float16", "bfloat16", "int16", "int8", "int8_float32", "int8_float16", "int8_bfloat16"]
# By folder: the formats besides float32.
MODELS = {
    "marian-shared": ALL, "families/bart": ["int16"], "families/mbart": ["float16"], "families/m2m100": ["int8"],
    "families/t5-relu": ["int8_bfloat16"], "families/t5-gated": ["bfloat16", "int8_float16"],
}


class Tokens:
    """As much of a tokenizer as the converters ask for: a token a row, `t7` for most."""

    def __init__(self, config):
        self.unk_token, self.special_tokens_map = "<unk>", {}
        names = {config.pad_token_id: "<pad>", config.eos_token_id: "</s>"}
        if getattr(config, "bos_token_id", None) is not None:
            names.setdefault(config.bos_token_id, "<s>")
        names.setdefault(3, "<unk>")
        self.names = [names.get(i, f"t{i}") for i in range(config.vocab_size)]
        self.unk_token_id, self.num_madeup_words = self.names.index("<unk>"), 0
        self.pad_token, self.eos_token = "<pad>", "</s>"
        self.bos_token = "<s>" if "<s>" in self.names else None

    def get_vocab(self):
        return {name: i for i, name in enumerate(self.names)}

    def convert_ids_to_tokens(self, i):
        return self.names[i]


class Converter(TransformersConverter):
    def load_tokenizer(self, tokenizer_class, path, **kwargs):
        return Tokens(transformers.AutoConfig.from_pretrained(path))

    def load_model(self, model_class, path, **kwargs):
        model = super().load_model(model_class, path, **kwargs)
        # What the converter reads from the settings of all models of the hub, and transformers 5 no longer writes.
        model.config.normalize_before = model.config.model_type in ("mbart", "pegasus")
        model.config.normalize_embedding = model.config.model_type != "pegasus"
        model.config.tokenizer_class = "MBart50Tokenizer"
        return model


class PlainSpec(transformer_spec.TransformerSpec):
    """Whose vocabularies need not have a token for each row."""

    def get_source_vocabulary_size(self):
        return [super().get_source_vocabulary_size()[0] - 1]

    def get_target_vocabulary_size(self):
        return super().get_target_vocabulary_size() - 1


SOURCE = ["<blank>", "<s>", "</s>"] + [f"s{i}" for i in range(3, 43)]
TARGET = ["<blank>", "<s>", "</s>"] + [f"t{i}" for i in range(3, 37)]


def random_opennmt(source=SOURCE, target=TARGET, ends=True):
    """What only OpenNMT's and Marian's converters write: positions that are computed, keys that heads share, biases that
    are left out, a gelu with a sigmoid, two vocabularies that lack `<unk>`, and sources that begin and end."""
    rng = np.random.default_rng(71)
    spec = PlainSpec(
        transformer_spec.TransformerEncoderSpec(2, 4, activation=common_spec.Activation.GELUSigmoid, num_heads_kv=2),
        transformer_spec.TransformerDecoderSpec(3, 4, activation=common_spec.Activation.GELUSigmoid, num_heads_kv=1))
    width, inside = 24, 36
    # The row of <unk> lies behind those of the files' lines.
    sizes = {"encoder": len(source) + 1, "decoder": len(target) + 1}

    def normal(*shape, scale=1.0, mean=0.0):
        return (mean + scale * rng.standard_normal(shape)).astype(np.float32)

    def linear(part, rows, columns, bias=True):
        part.weight = normal(rows, columns, scale=1.2 / columns ** 0.5)
        if bias:
            part.bias = normal(rows, scale=0.15)

    def norm(part):
        part.gamma, part.beta = normal(width, scale=0.25, mean=1.0), normal(width, scale=0.15)

    for side, shared in (("encoder", 2), ("decoder", 1)):
        stack = getattr(spec, side)
        del stack.position_encodings
        table = stack.embeddings[0] if side == "encoder" else stack.embeddings
        table.weight = normal(sizes[side], width, scale=0.5)
        norm(stack.layer_norm)
        kv = shared * 6
        for layer in stack.layer:
            linear(layer.self_attention.linear[0], width + 2 * kv, width, bias=False)
            linear(layer.self_attention.linear[1], width, width)
            norm(layer.self_attention.layer_norm)
            if side == "decoder":
                linear(layer.attention.linear[0], width, width)
                linear(layer.attention.linear[1], 2 * kv, width)
                linear(layer.attention.linear[2], width, width, bias=False)
                norm(layer.attention.layer_norm)
            linear(layer.ffn.linear_0, inside, width)
            linear(layer.ffn.linear_1, width, inside)
            norm(layer.ffn.layer_norm)
    linear(spec.decoder.projection, sizes["decoder"], width)
    spec.decoder.projection.weight *= 3
    if not ends:
        spec.decoder.projection.bias[[0, 1, -1]] -= 50  # a trained model writes no special tokens
    spec.register_source_vocabulary(source)
    spec.register_target_vocabulary(target)
    spec.config.add_source_bos = spec.config.add_source_eos = ends
    return spec


def save(spec, folder, quantization):
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    spec.validate()
    spec.optimize(quantization=quantization)
    spec.save(str(folder))


def vocabulary(folder, side):
    shared = folder / "shared_vocabulary.json"
    tokens = json.loads((shared if shared.exists() else folder / f"{side}_vocabulary.json").read_text("utf-8"))
    return tokens if "<unk>" in tokens else tokens + ["<unk>"]


def cases(folder, seed, count=24):
    """Random sources; every third search is greedy, every third has beams, every third has several outputs."""
    rng = np.random.default_rng(seed)
    config = json.loads((folder / "config.json").read_text("utf-8"))
    source, target = vocabulary(folder, "source"), vocabulary(folder, "target")
    ordinary = [t for t in source if t[0] in "st" and t[1:].isdigit()]
    translator = ctranslate2.Translator(str(folder), compute_type="float32", intra_threads=1)
    made = []
    for number in range(count):
        tokens = [str(t) for t in rng.choice(ordinary, rng.integers(1, 14))]
        if number % 8 == 7 and not any("<unk>" == t for t in tokens):
            tokens[0] = "<unk>"
        # Of the hub's models, callers give the end of the sentence.
        given = tokens if config["add_source_eos"] else tokens + ["</s>"]
        read = ([config["bos_token"]] if config["add_source_bos"] else []) + given
        read += [config["eos_token"]] if config["add_source_eos"] else []
        options = [dict(beam_size=1), dict(beam_size=4), dict(beam_size=4, num_hypotheses=3, length_penalty=0.6)]
        options = dict(options[number % 3], max_decoding_length=30)
        result = translator.translate_batch([given], return_scores=True, **options)[0]
        names = dict(beam_size="beam_size", num_hypotheses="n_best", length_penalty="length_penalty",
                     max_decoding_length="max_length")
        # An end may not come first, and is left out before probabilities are computed.
        ours = {**{names[key]: value for key, value in options.items()}, "renormalize_scores": True}
        made.append(dict(
            source=[source.index(t) for t in read], options=ours,
            hypotheses=[dict(tokens=[target.index(t) for t in h], score=round(s, 6))
                        for h, s in zip(result.hypotheses, result.scores)]))
    rows = ",\n".join("  " + json.dumps(case) for case in made)
    return f'{{"made_by": "ctranslate2 {ctranslate2.__version__}", "cases": [\n{rows}\n]}}\n'


def random_models(out):
    """Models of the families that have no goldens of transformers' here, with random weights."""
    t5 = dict(
        vocab_size=53, d_model=24, d_kv=10, d_ff=40, num_layers=2, num_decoder_layers=3, num_heads=3,
        relative_attention_num_buckets=8, relative_attention_max_distance=14, feed_forward_proj="gated-gelu",
        pad_token_id=0, eos_token_id=1, decoder_start_token_id=0, tie_word_embeddings=False)
    made = {
        "pegasus": transformers.PegasusForConditionalGeneration(transformers.PegasusConfig(
            vocab_size=53, d_model=24, encoder_layers=2, decoder_layers=3, encoder_attention_heads=3,
            decoder_attention_heads=3, encoder_ffn_dim=40, decoder_ffn_dim=36, max_position_embeddings=48,
            activation_function="relu", scale_embedding=True, pad_token_id=0, eos_token_id=1, decoder_start_token_id=0)),
        "mt5": transformers.MT5ForConditionalGeneration(transformers.MT5Config(**t5)),
        "umt5": transformers.UMT5ForConditionalGeneration(transformers.UMT5Config(**t5)),
    }
    for seed, (name, model) in enumerate(made.items()):
        models.fill(model, 90 + seed)
        model.save_pretrained(out / name)
        yield str(out / name)


def make(out, extra=None):
    number = 0
    formats = {name: ALL for name in [*MODELS, *random_models(extra), "opennmt"]} if extra else {
        **MODELS, "opennmt": ["float16", "int8"]}
    for name, quantizations in formats.items():
        for quantization in ["float32", *quantizations]:
            folder = out / name.split("/")[-1] / quantization
            if name == "opennmt":
                save(random_opennmt(), folder, quantization)
            else:
                Converter(str(HERE / name)).convert(str(folder), quantization=quantization, force=True)
            (folder / "cases.json").write_text(cases(folder, number), "utf-8")
            number += 1


SENTENCES = [
    "the mill stands by the river", "a miller grinds the corn", "who grinds first?", "the river is high in spring",
    "corn and rye and oats", "the wheel turns, the stone turns", "bread for the village", "a sack of flour, please",
]


def argos(out):
    """A package as Argos Translate's are: pieces of SentencePiece, OpenNMT's special tokens, levels of int8; and what its
    own code makes of some sentences: `apply_packaged_translation` without the search for sentences, without putting words of
    the source in the place of `<unk>`, and with both ends trimmed."""
    shutil.rmtree(out, ignore_errors=True)
    folder = out / "translate-en_eo-1_5"
    (folder / "model").mkdir(parents=True)
    pieces = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(SENTENCES * 4), model_writer=pieces, vocab_size=56, normalization_rule_name="identity",
        character_coverage=1.0, hard_vocab_limit=False, num_threads=1, minloglevel=2)
    (folder / "sentencepiece.model").write_bytes(pieces.getvalue())
    processor = sentencepiece.SentencePieceProcessor(model_proto=pieces.getvalue())
    tokens = ["<blank>", "<s>", "</s>"] + [processor.id_to_piece(i) for i in range(3, len(processor))]
    save(random_opennmt(tokens, tokens, ends=False), folder / "model", "int8")
    (folder / "metadata.json").write_text(json.dumps(dict(
        package_version="1.5", argos_version="1.5", from_code="en", from_name="English", to_code="eo",
        to_name="Esperanto", target_prefix="")) + "\n")
    translator = ctranslate2.Translator(str(folder / "model"), compute_type="float32", intra_threads=1)
    cases = []
    for text in SENTENCES:
        result = translator.translate_batch(
            [processor.encode(text, out_type=str)], beam_size=4, length_penalty=0.2)[0]
        target = processor.decode_pieces(result.hypotheses[0]).replace("▁", " ").replace("_", " ").strip()
        cases.append(dict(source=text, target=target))
    (out / "cases.json").write_text(json.dumps(cases, indent=1, ensure_ascii=False) + "\n", "utf-8")
    with zipfile.ZipFile(out / "translate-en_eo-1_5.argosmodel", "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(folder.rglob("*")):
            if file.is_file():
                name = str(file.relative_to(out))
                archive.writestr(zipfile.ZipInfo(name, (2020, 1, 1, 0, 0, 0)), file.read_bytes(), zipfile.ZIP_DEFLATED)
        archive.writestr(zipfile.ZipInfo("translate-en_eo-1_5/stanza/resources.json", (2020, 1, 1, 0, 0, 0)), "{}")
    shutil.rmtree(folder)


# By folder: the family, its tokenizer's kind (`tokenizers/kinds.json`), and its languages as their tokens call them.
TEXTS = {
    "nllb": ("m2m_100", "nllb", "eng_Latn", "fra_Latn"), "m2m100": ("m2m_100", "m2m100", "__en__", "__fr__"),
    "mbart": ("mbart", "mbart", "en_XX", "fr_XX"), "mbart50": ("mbart", "mbart50", "en_XX", "fr_XX"),
    "bart": ("bart", "bart", None, None), "t5": ("t5", "file-unigram", None, None),
}
NLLB = ["deu_Latn", "eng_Latn", "fra_Latn", "ita_Latn", "jpn_Jpan", "nld_Latn", "pol_Latn", "rus_Cyrl", "spa_Latn", "zho_Hans"]
LINES = [
    "The mill stands by the river.", "Who grinds first?", "Bread, rye and oats: 12 sacks.", "The wheel turns; so do we!",
    "le moulin tourne", "Une phrase, puis une autre.", "two  spaces",
    "A Japanese word in the middle, 日本, of a line.",
]


def text_model(family, vocabulary, tokenizer):
    shape = dict(
        vocab_size=vocabulary, d_model=16, encoder_layers=1, decoder_layers=1, encoder_attention_heads=2,
        decoder_attention_heads=2, encoder_ffn_dim=16, decoder_ffn_dim=16, max_position_embeddings=64,
        pad_token_id=tokenizer.pad_token_id, eos_token_id=tokenizer.eos_token_id,
        decoder_start_token_id=tokenizer.eos_token_id)
    if family == "t5":
        return transformers.T5ForConditionalGeneration(transformers.T5Config(
            vocab_size=vocabulary, d_model=16, d_kv=8, d_ff=16, num_layers=1, num_heads=2,
            relative_attention_num_buckets=8, pad_token_id=0, eos_token_id=1, decoder_start_token_id=0))
    kinds = dict(
        m2m_100=(transformers.M2M100Config, transformers.M2M100ForConditionalGeneration),
        mbart=(transformers.MBartConfig, transformers.MBartForConditionalGeneration),
        bart=(transformers.BartConfig, transformers.BartForConditionalGeneration))
    config, model = kinds[family]
    return model(config(bos_token_id=tokenizer.bos_token_id, **shape))


def texts(out):
    """Models with tokenizers, converted as people do, and CTranslate2 asked as its documentation shows: the hub's tokenizer
    makes the tokens, and the target's language is a prefix."""
    shutil.rmtree(out, ignore_errors=True)
    kinds = json.loads((HERE / "tokenizers/kinds.json").read_text("utf-8"))
    for seed, (name, (family, kind, source, target)) in enumerate(TEXTS.items()):
        with tempfile.TemporaryDirectory() as work:
            work = Path(work)
            for file, here in kinds[kind]["files"].items():
                shutil.copy(HERE / "tokenizers" / here, work / file)
            settings = dict(kinds[kind]["tokenizer_config.json"])
            if kind == "mbart50":
                settings["bos_token"] = "<s>"  # as in the files that transformers 4 wrote; CTranslate2 cannot do without
            if kind == "nllb":
                settings["additional_special_tokens"] = NLLB
            if family == "t5":
                settings.update(pad_token="<pad>", eos_token="</s>", unk_token="<unk>")
            (work / "tokenizer_config.json").write_text(json.dumps(settings))
            (work / "config.json").write_text(json.dumps({"model_type": family}))
            tokenizer = transformers.AutoTokenizer.from_pretrained(work)
            vocabulary = max(tokenizer.get_vocab().values()) + 1
            names = []
            if kind == "m2m100":
                # transformers 4 listed its languages among the special tokens, which is where the converter finds them.
                names = sorted(tokenizer.lang_token_to_id, key=tokenizer.lang_token_to_id.get)
                type(tokenizer).special_tokens_map = dict(additional_special_tokens=names)
                vocabulary += len(names) + tokenizer.num_madeup_words
            model = text_model(family, vocabulary, tokenizer)
            models.fill(model, 300 + seed)
            model.config.tokenizer_class = settings["tokenizer_class"]
            model.save_pretrained(work)

            class Texts(TransformersConverter):
                def load_tokenizer(self, tokenizer_class, path, **kwargs):
                    return tokenizer

                def load_model(self, model_class, path, **kwargs):
                    model = super().load_model(model_class, path, **kwargs)
                    model.config.normalize_before = family == "mbart"
                    model.config.normalize_embedding = True
                    model.config.tokenizer_class = settings["tokenizer_class"]
                    return model

            Texts(str(work)).convert(str(out / name), quantization="int8", force=True)
        translator = ctranslate2.Translator(str(out / name), compute_type="float32", intra_threads=1)
        if source:
            tokenizer.src_lang = source.strip("_")
        cases = []
        for line in LINES:
            ids = tokenizer(line).input_ids
            if family == "t5":
                ids = [i for i in ids if i != tokenizer.eos_token_id] + [tokenizer.eos_token_id]
            tokens = tokenizer.convert_ids_to_tokens(ids)
            prefix = [[target]] if target else None
            result = translator.translate_batch(
                [tokens], target_prefix=prefix, beam_size=4, max_decoding_length=12, no_repeat_ngram_size=3,
                return_scores=True)[0]
            made = result.hypotheses[0]
            made = made[1:] if made[0] == target else made
            cases.append(dict(
                text=line, tokens=made, score=round(result.scores[0], 6),
                translation=tokenizer.decode(
                    tokenizer.convert_tokens_to_ids([t for t in made if t not in names]), skip_special_tokens=True)))
        (out / name / "cases.json").write_text(json.dumps(dict(
            made_by=f"ctranslate2 {ctranslate2.__version__}, transformers {transformers.__version__}", kind=kind,
            source=source, target=target, cases=cases), indent=1, ensure_ascii=False) + "\n", "utf-8")


def transliteration(models, out):
    """What CTranslate2 makes of Arabic letters with a real model, which is not in the repository."""
    lines = []
    for name in sorted(p.name for p in models.iterdir()):
        folder = models / name
        source = (folder / "source_vocabulary.txt").read_text("utf-8").split("\n")[:-1] + ["<unk>"]
        target = (folder / "target_vocabulary.txt").read_text("utf-8").split("\n")[:-1] + ["<unk>"]
        rng = np.random.default_rng(5)
        translator = ctranslate2.Translator(str(folder), compute_type="float32", intra_threads=1)
        rows = []
        for number in range(60):
            tokens = [str(t) for t in rng.choice(source[3:36], rng.integers(1, 12))]
            options = [dict(beam_size=1), dict(beam_size=4, num_hypotheses=2)][number % 2]
            result = translator.translate_batch([tokens], return_scores=True, **options)[0]
            ours = dict(
                beam_size=options["beam_size"], n_best=options.get("num_hypotheses", 1), renormalize_scores=True)
            rows.append(dict(
                source=[source.index(t) for t in tokens], options=ours,
                hypotheses=[dict(tokens=[target.index(t) for t in h], score=round(s, 6))
                            for h, s in zip(result.hypotheses, result.scores)]))
        cases = ",\n".join("  " + json.dumps(row) for row in rows)
        lines.append(f'{{"model": "{name}", "made_by": "ctranslate2 {ctranslate2.__version__}", "cases": [\n{cases}\n]}}')
    out.write_text("[" + ",\n".join(lines) + "]\n", "utf-8")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--all", type=Path, metavar="DIR")
    parser.add_argument("--transliteration", type=Path, help="the folder of the transliteration models: makes their cases")
    options = parser.parse_args()
    torch.set_num_threads(1)
    if options.all:
        with tempfile.TemporaryDirectory() as folder:
            return make(options.all, Path(folder))
    if options.transliteration:
        return transliteration(options.transliteration, HERE / "ctranslate2-transliteration.json")
    if not options.check:
        shutil.rmtree(OUT, ignore_errors=True)
        make(OUT)
        texts(HERE / "ctranslate2-texts")
        return argos(HERE / "argos")
    with tempfile.TemporaryDirectory() as folder:
        make(Path(folder))
        wrong = [p for p in Path(folder).rglob("*") if p.is_file()
                 and p.read_bytes() != (OUT / p.relative_to(folder)).read_bytes()]
    with tempfile.TemporaryDirectory() as folder:
        texts(Path(folder))
        wrong += [p for p in Path(folder).rglob("*") if p.is_file()
                  and p.read_bytes() != (HERE / "ctranslate2-texts" / p.relative_to(folder)).read_bytes()]
    sys.exit("\n".join(["would change:", *map(str, wrong)]) if wrong else 0)


if __name__ == "__main__":
    main()
