"""Makes small tokenizers of every kind and what transformers and tokenizers say of odd lines.

    make_tokenizers.py --train --texts FOLDER     # trains the vocabularies on the texts (*.en, *.fr, segmentation/*.jsonl)
    make_tokenizers.py                            # writes the expected hashes again
    make_tokenizers.py --compare --texts FOLDER   # asks the Swift tests about 2,000 odd and 10,000 plain lines of each kind

A text must not become a special token, so the references are asked with these made unreachable: `hidden` below.
"""

import argparse
import collections
import json
import os
import pathlib
import random
import shutil
import subprocess
import tempfile

import sentencepiece
import tokenizers
import transformers
from tokenizers import decoders, models, normalizers, pre_tokenizers, trainers
from transformers import AutoTokenizer

from odd_lines import odd_lines

HERE = pathlib.Path(__file__).parent
RULES = {"ﬁ": "fi", "ﬀ": "ff", "é": "e", "\u0301": "", "Ａ": "A", "\t": " ", "\n": " ", "\u00a0": " ", "\u3000": " ", "…": "...",
         "\u200b": " ", "½": "1/2"}


def texts(folder, each):
    result = []
    for path in sorted(pathlib.Path(folder).glob("*.en")) + sorted(pathlib.Path(folder).glob("*.fr")):
        result += path.read_text().splitlines()[:each]
    for path in sorted(pathlib.Path(folder).glob("segmentation/*.jsonl")):
        lines = [s for line in path.read_text().splitlines() for s in json.loads(line)["sentences"]]
        result += lines[:each]
    return result


def train(folder):
    lines = texts(folder, 250)
    random.seed(1)
    random.shuffle(lines)
    source = HERE / "train.txt"
    source.write_text("\n".join(line.replace("\n", " ") for line in lines))
    rules = HERE / "rules.tsv"
    rules.write_text("".join(
        " ".join(f"{ord(c):X}" for c in old) + "\t" + " ".join(f"{ord(c):X}" for c in new) + "\n"
        for old, new in RULES.items()))
    common = dict(input=str(source), character_coverage=0.98, num_threads=1, minloglevel=2)
    sentencepiece.SentencePieceTrainer.Train(
        model_prefix=str(HERE / "unigram"), model_type="unigram", vocab_size=1200, normalization_rule_name="nmt_nfkc",
        **common)
    sentencepiece.SentencePieceTrainer.Train(
        model_prefix=str(HERE / "t5"), model_type="unigram", vocab_size=900, normalization_rule_tsv=str(rules), pad_id=0,
        eos_id=1, unk_id=2, bos_id=-1, user_defined_symbols=["<tag>"], **common)
    sentencepiece.SentencePieceTrainer.Train(
        model_prefix=str(HERE / "pairs"), model_type="bpe", vocab_size=1200, normalization_rule_tsv=str(rules), **common)
    for path in list(HERE.glob("*.vocab")) + [source, rules]:
        path.unlink()

    def save(name, tokenizer):
        (HERE / f"{name}.json").write_text(json.dumps(json.loads(tokenizer.to_str()), ensure_ascii=False, separators=(",", ":")))

    counts = collections.Counter("".join(lines))
    usual = {c for c, _ in counts.most_common(300)}
    lines = [line for line in lines if usual.issuperset(line)]

    from transformers.convert_slow_tokenizer import import_protobuf
    proto = import_protobuf().ModelProto()
    proto.ParseFromString((HERE / "t5.model").read_bytes())
    charsmap = proto.normalizer_spec.precompiled_charsmap

    t = tokenizers.Tokenizer(models.Unigram())
    t.normalizer = normalizers.Sequence([normalizers.Precompiled(charsmap), normalizers.Strip(left=False, right=True),
                                         normalizers.Replace(tokenizers.Regex(" {2,}"), "▁")])
    t.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="first")
    t.decoder = decoders.Metaspace(prepend_scheme="first")
    t.train_from_iterator(lines, trainers.UnigramTrainer(
        vocab_size=800, special_tokens=["<pad>", "</s>", "<unk>"], unk_token="<unk>", show_progress=False))
    t.add_tokens([tokenizers.AddedToken("<tag>", normalized=False), tokenizers.AddedToken("word", single_word=True),
                  tokenizers.AddedToken("<sep>", lstrip=True, rstrip=True, normalized=False)])
    save("file-unigram", t)

    t = tokenizers.Tokenizer(models.BPE(unk_token="<unk>", fuse_unk=True, byte_fallback=False))
    t.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Nmt()])
    t.pre_tokenizer = pre_tokenizers.Sequence([pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Metaspace(),
                                               pre_tokenizers.Digits(individual_digits=True)])
    t.decoder = decoders.Sequence([decoders.Replace("▁", " "), decoders.Fuse(), decoders.Strip(" ", 1, 0)])
    t.train_from_iterator(lines, trainers.BpeTrainer(
        vocab_size=800, special_tokens=["<s>", "<pad>", "</s>", "<unk>"], limit_alphabet=300, show_progress=False))
    t.add_special_tokens(["eng_Latn", "fra_Latn", "<mask>"])
    save("file-pairs", t)

    t = tokenizers.Tokenizer(models.BPE(byte_fallback=True, unk_token="<unk>", fuse_unk=True))
    t.normalizer = normalizers.Sequence([normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")])
    t.decoder = decoders.Sequence([decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse(),
                                   decoders.Strip(" ", 1, 0)])
    t.train_from_iterator([word for line in lines for word in line.split()], trainers.BpeTrainer(
        vocab_size=700, special_tokens=["<unk>", "<s>", "</s>"] + [f"<0x{i:02X}>" for i in range(256)],
        limit_alphabet=200, show_progress=False))
    data = json.loads(t.to_str())
    data["added_tokens"] = [x for x in data["added_tokens"] if not x["content"].startswith("<0x")]
    save("file-fallback", tokenizers.Tokenizer.from_str(json.dumps(data)))

    t = tokenizers.Tokenizer(models.BPE())
    t.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    t.decoder = decoders.ByteLevel()
    t.train_from_iterator(lines, trainers.BpeTrainer(
        vocab_size=900, special_tokens=["<s>", "<pad>", "</s>", "<unk>", "<mask>"],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False))
    save("file-bytes", t)
    data = json.loads(t.to_str())["model"]
    (HERE / "bart-vocab.json").write_text(json.dumps(data["vocab"], ensure_ascii=False, separators=(",", ":")))
    (HERE / "bart-merges.txt").write_text("#version: 0.2\n" + "".join(" ".join(x) + "\n" for x in data["merges"]))

    t = tokenizers.Tokenizer(models.WordPiece(unk_token="[UNK]"))
    t.normalizer = normalizers.BertNormalizer()
    t.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    t.decoder = decoders.WordPiece()
    t.train_from_iterator(lines, trainers.WordPieceTrainer(
        vocab_size=900, special_tokens=["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"], limit_alphabet=250,
        show_progress=False))
    save("file-words", t)

    for name, normalizer, pre in [
        ("file-steps", normalizers.Sequence([normalizers.NFD(), normalizers.StripAccents(), normalizers.Lowercase(),
                                             normalizers.Strip()]),
         pre_tokenizers.Sequence([pre_tokenizers.Whitespace(), pre_tokenizers.Punctuation("merged_with_previous"),
                                  pre_tokenizers.Split(tokenizers.Regex(r"\d"), "merged_with_next")])),
    ]:
        t = tokenizers.Tokenizer(models.BPE(unk_token="<unk>", end_of_word_suffix="</w>"))
        t.normalizer, t.pre_tokenizer, t.decoder = normalizer, pre, decoders.BPEDecoder()
        t.train_from_iterator(lines, trainers.BpeTrainer(
            vocab_size=600, special_tokens=["<unk>"], end_of_word_suffix="</w>", limit_alphabet=200, show_progress=False))
        save(name, t)

    # Pairs of words whose symbols are no tokens: vocabularies are what the lines become.
    t = tokenizers.Tokenizer(models.BPE(unk_token="<unk>", end_of_word_suffix="</w>"))
    t.normalizer = normalizers.Lowercase()
    t.pre_tokenizer = pre_tokenizers.Whitespace()
    t.train_from_iterator(lines, trainers.BpeTrainer(
        vocab_size=900, special_tokens=["<unk>"], end_of_word_suffix="</w>", limit_alphabet=200, show_progress=False))
    merges = json.loads(t.to_str())["model"]["merges"]
    random.shuffle(merges)
    (HERE / "words-merges.txt").write_text("#version: 0.2\n" + "".join(" ".join(x) + "\n" for x in merges))
    (HERE / "counts-merges.txt").write_text("".join(" ".join(x) + f" {i}\n" for i, x in enumerate(merges)))
    with tempfile.TemporaryDirectory() as work:
        path = pathlib.Path(work)
        (path / "vocab.json").write_text('{"__null__": 0, "__start__": 1, "__end__": 2, "__unk__": 3}')
        shutil.copy(HERE / "words-merges.txt", path / "merges.txt")
        small = transformers.BlenderbotSmallTokenizer(str(path / "vocab.json"), str(path / "merges.txt"))
        counts = collections.Counter(piece for line in lines for piece in small._tokenize(line))
        tokens = ["__null__", "__start__", "__end__", "__unk__", "__newln__"] + [x for x, _ in counts.most_common(700)]
        (HERE / "words-vocab.json").write_text(json.dumps(
            {x: i for i, x in enumerate(dict.fromkeys(tokens))}, ensure_ascii=False, separators=(",", ":")))
        for side in ["src", "tgt"]:
            (path / f"vocab-{side}.json").write_text('{"<s>": 0, "<pad>": 1, "</s>": 2, "<unk>": 3}')
        fsmt = transformers.FSMTTokenizer(["en", "de"], *(str(path / f"vocab-{x}.json") for x in ["src", "tgt"]),
                                          str(HERE / "counts-merges.txt"))
        counts = collections.Counter(piece for line in lines for piece in fsmt._tokenize(line))
        tokens = ["<s>", "<pad>", "</s>", "<unk>"] + [x for x, _ in counts.most_common(900)]
        (HERE / "moses-vocab.json").write_text(json.dumps(
            {x: i for i, x in enumerate(dict.fromkeys(tokens))}, ensure_ascii=False, separators=(",", ":")))

    pieces = sentencepiece.SentencePieceProcessor(model_file=str(HERE / "pairs.model"))
    vocabulary = ["<s>", "<pad>", "</s>", "<unk>"] + [pieces.id_to_piece(i) for i in range(3, pieces.get_piece_size() - 50)]
    (HERE / "m2m-vocab.json").write_text(
        json.dumps({token: i for i, token in enumerate(vocabulary)}, ensure_ascii=False, separators=(",", ":")))


# Each kind: its files (name in the folder: name here), and what its configurations say.
KINDS = {
    "t5": ({"spiece.model": "t5.model"}, {"model_type": "t5"}, {"tokenizer_class": "T5Tokenizer", "extra_ids": 20}),
    "mbart": ({"sentencepiece.bpe.model": "unigram.model"}, {"model_type": "mbart"}, {"tokenizer_class": "MBartTokenizer"}),
    "mbart50": ({"sentencepiece.bpe.model": "unigram.model"}, {"model_type": "mbart"}, {"tokenizer_class": "MBart50Tokenizer"}),
    "nllb": ({"sentencepiece.bpe.model": "pairs.model"}, {"model_type": "m2m_100"}, {"tokenizer_class": "NllbTokenizer"}),
    "pegasus": ({"spiece.model": "t5.model"}, {"model_type": "pegasus"}, {"tokenizer_class": "PegasusTokenizer"}),
    "m2m100": ({"sentencepiece.bpe.model": "pairs.model", "vocab.json": "m2m-vocab.json"}, {"model_type": "m2m_100"},
               {"tokenizer_class": "M2M100Tokenizer"}),
    "plbart": ({"sentencepiece.bpe.model": "unigram.model"}, {"model_type": "plbart"},
               {"tokenizer_class": "PLBartTokenizer", "language_codes": "base"}),
    "bart": ({"vocab.json": "bart-vocab.json", "merges.txt": "bart-merges.txt"}, {"model_type": "bart"},
             {"tokenizer_class": "BartTokenizer"}),
    "blenderbot-small": ({"vocab.json": "words-vocab.json", "merges.txt": "words-merges.txt"},
                         {"model_type": "blenderbot-small"}, {"tokenizer_class": "BlenderbotSmallTokenizer"}),
    "byt5": ({}, {"model_type": "t5"}, {"tokenizer_class": "ByT5Tokenizer"}),
}
for pair in ["en-de", "de-ru", "ru-en"]:
    KINDS[f"fsmt-{pair}"] = ({"vocab-src.json": "moses-vocab.json", "vocab-tgt.json": "moses-vocab.json",
                              "merges.txt": "counts-merges.txt"}, {"model_type": "fsmt"},
                             {"tokenizer_class": "FSMTTokenizer", "langs": pair.split("-")})
for name in ["unigram", "pairs", "fallback", "bytes", "words", "steps"]:
    KINDS[f"file-{name}"] = ({"tokenizer.json": f"file-{name}.json"}, {"model_type": "t5"},
                             {"tokenizer_class": "PreTrainedTokenizerFast"})


def folder(kind, parent):
    files, model, settings = KINDS[kind]
    result = pathlib.Path(parent) / kind
    result.mkdir()
    for name, here in files.items():
        shutil.copy(HERE / here, result / name)
    (result / "config.json").write_text(json.dumps(model))
    (result / "tokenizer_config.json").write_text(json.dumps(settings))
    return result


def hidden(text, specials):
    """A tokenizer of the `tokenizers` library whose special tokens no text becomes."""
    data = json.loads(text)
    names = {token: f"\U0010fffd{i}" for i, token in enumerate(sorted(specials))}
    data["added_tokens"] = [x for x in data["added_tokens"] if x["content"] not in names]
    # Those that are added stay with their ids only when the vocabulary has them.
    model = data["model"]
    if isinstance(model["vocab"], list):
        model["vocab"] = [[names.get(token, token), score] for token, score in model["vocab"]]
    else:
        model["vocab"] = {names.get(token, token): i for token, i in model["vocab"].items()}
    if "merges" in model:
        model["merges"] = [m for m in model["merges"] if not {m[0], m[1], m[0] + m[1]} & set(names)]
    if model.get("unk_token") in names:
        model["unk_token"] = names[model["unk_token"]]
    data["post_processor"] = None
    return tokenizers.Tokenizer.from_str(json.dumps(data))


class Reference:
    def __init__(self, kind, path):
        self.kind = kind
        if kind.startswith("file-"):
            # The file itself: transformers' classes make some of its steps anew.
            self.fast = tokenizers.Tokenizer.from_file(str(path / "tokenizer.json"))
            specials = {x["content"] for x in json.loads(self.fast.to_str())["added_tokens"] if x["special"]}
            self.added = {x["content"]: x["id"] for x in json.loads(self.fast.to_str())["added_tokens"]}
            self.bare = hidden(self.fast.to_str(), specials)
            self.decode = lambda ids: self.fast.decode(ids, skip_special_tokens=True)
            self.lookup = self.fast.token_to_id
            self.end = self.fast.token_to_id("</s>") or 0
            return
        self.slow = AutoTokenizer.from_pretrained(path)
        self.lookup = lambda token: self.slow.convert_tokens_to_ids(token)
        self.end = self.slow.eos_token_id or self.slow.convert_tokens_to_ids("</s>")
        self.decode = lambda ids: self.slow.decode(ids, skip_special_tokens=True)
        self.bare = None
        if hasattr(self.slow, "_tokenizer"):
            self.bare = hidden(self.slow._tokenizer.to_str(), set(self.slow.all_special_tokens))
            self.added = {str(t): i for i, t in self.slow.added_tokens_decoder.items()}

    def is_tie(self, line):
        """Whether rounding decides between two cuts: versions of SentencePiece differ there."""
        if self.kind != "plbart":
            return False
        best = self.slow.sp_model.nbest_encode(line, nbest_size=2, return_type="proto")
        scores = [x.score for x in best.nbests]
        return len(scores) > 1 and scores[0] - scores[1] < 1e-3

    def encode(self, line):
        if self.bare is None:
            return self.slow(line, add_special_tokens=False, split_special_tokens=True)["input_ids"]
        encoding = self.bare.encode(line, add_special_tokens=False)
        # Ids of tokens that are added move when others are hidden: theirs are looked up by name.
        return [self.added.get(token, i) for token, i in zip(encoding.tokens, encoding.ids)]


def digest(text):
    value = 0xCBF29CE484222325
    for byte in text.encode():
        value = ((value ^ byte) * 0x100000001B3) & 0xFFFFFFFFFFFFFFFF
    return f"{(value ^ value >> 32) & 0xFFFFFFFF:08x}"


def expected(reference, line):
    ids = reference.encode(line)
    decoded = reference.decode(ids + [reference.end])
    turned = reference.decode(ids[::-1])
    return ids, decoded, turned


def write(parent, lines, kinds, full):
    parent = pathlib.Path(parent)
    (parent / "lines.json").write_text("[\n" + ",\n".join(json.dumps(line) for line in lines) + "\n]\n")
    with tempfile.TemporaryDirectory() as work:
        for kind in kinds:
            reference = Reference(kind, folder(kind, work))
            rows, details = [], []
            for line in lines:
                ids, decoded, turned = expected(reference, line)
                text = " ".join(map(str, ids)) + "\n" + decoded + "\n" + turned
                rows.append("tie" if reference.is_tie(line) else digest(text))
                details.append({"ids": ids, "decoded": decoded, "turned": turned})
            (parent / f"{kind}.txt").write_text("\n".join(rows) + "\n")
            if full:
                (parent / f"{kind}.full.json").write_text(json.dumps(details))
            print(kind, digest("\n".join(rows)))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--train", action="store_true")
    parser.add_argument("--compare", action="store_true")
    parser.add_argument("--texts", default=os.environ.get("DRAGOMAN_TESTSETS", HERE.parents[3] / "shared/testsets"))
    parser.add_argument("--kinds", default=",".join(KINDS))
    options = parser.parse_args()
    kinds = options.kinds.split(",")
    if options.train:
        train(options.texts)
    (HERE / "kinds.json").write_text(json.dumps(
        {kind: {"files": files, "config.json": model, "tokenizer_config.json": settings}
         for kind, (files, model, settings) in KINDS.items()}, indent=1) + "\n")
    if not options.compare:
        write(HERE, odd_lines(600, 5), kinds, False)
        return
    plain = texts(options.texts, 1500)
    random.seed(2)
    random.shuffle(plain)
    with tempfile.TemporaryDirectory() as work:
        write(work, odd_lines(2000, 6) + plain[:10000], kinds, True)
        environment = dict(os.environ, DRAGOMAN_TOKENIZER_EXPECTATIONS=work, DRAGOMAN_TOKENIZER_KINDS=",".join(kinds))
        root = HERE.parents[2]
        subprocess.run(["swift", "test", *os.environ.get("SWIFT_TEST_FLAGS", "-c release").split(), "--filter",
                        "HubTokenizerTests"], cwd=root, env=environment, check=True)


if __name__ == "__main__":
    main()
