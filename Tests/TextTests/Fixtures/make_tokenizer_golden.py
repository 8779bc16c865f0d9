# /// script
# requires-python = ">=3.10"
# dependencies = ["sentencepiece==0.2.3", "transformers==5.23.0"]
# ///
"""Writes what Hugging Face's MarianTokenizer gives, for TokenizerGoldenTests.swift to compare with.

    python make_tokenizer_golden.py [--testsets DIR] [--samples]

Pinned: sentencepiece 0.2.3, transformers 5.23.0. Written beside this file:

  awkward.jsonl          awkward Unicode through the demo model: text, pieces, ids, the text of the ids
  samples.jsonl          the same for every line of samples.en
  separate/              two small models with vocabularies of their own, trained here on the samples
  separate.jsonl         awkward Unicode and prefixes through them, on the source and on the target side
  testsets-digest.json   digests of 10,000 pairs of lines of the test sets, which are not in the repository

`--samples` also draws samples.en and samples.fr anew. See README.md for their licences.
"""

import argparse
import json
import pathlib

import sentencepiece
import transformers
from transformers import MarianTokenizer

HERE = pathlib.Path(__file__).resolve().parent
PACKAGE = HERE.parents[2]
DEMO = PACKAGE / "Sources/DragomanEngine/Resources/demo-en-fr"

AWKWARD = {
    "empty": "",
    "one space": " ",
    "only spaces": "     ",
    "spaces around and inside": "  two   words  ",
    "tab and newline": "a\tb\nc\r\nd",
    "no-break spaces": "10\u00a0000\u202fkm\u2007!",
    "other spaces": "a\u2003b\u3000c\u1680d\u2028e\u2029f\u0085g",
    "combining acute": "e\u0301te\u0301",
    "precomposed acute": "\u00e9t\u00e9",
    "many combining marks": "Z\u0351\u036b\u0343\u036a\u0302\u036b\u033d\u034f\u0334\u0319\u0324\u031ea\u0343\u036al\u0369g\u0365o",
    "leading combining mark": "\u0301a",
    "combining after a space": "a \u0301b",
    "Hangul jamo": "\u1112\u1161\u11ab\u1100\u1173\u11af",
    "emoji": "I love it 😀😀!",
    "emoji family": "👨\u200d👩\u200d👧\u200d👦 and 👩🏽\u200d🚀",
    "flags": "🇫🇷🇬🇧🇺",
    "keycap and variation": "1\ufe0f\u20e3 \u2764\ufe0f \u2764\ufe0e",
    "zero-width space": "zero\u200bwidth",
    "zero-width joiner": "a\u200db\u200cc",
    "word joiner and soft hyphen": "co\u2060op\u00aderate",
    "byte order mark first": "\ufeffHello",
    "byte order mark inside": "Hel\ufefflo",
    "Arabic": "مرحبا، كيف حالك؟",
    "Hebrew with marks": "\u200fשלום\u200e (world) \u202bעולם\u202c",
    "bidi isolates": "\u2067abc\u2069 \u2066def\u2069",
    "Arabic ligature": "\ufdfa \ufefb",
    "NUL": "be\u0000fore",
    "NUL only": "\u0000",
    "NUL at both ends": "\u0000a\u0000",
    "C0 controls": "".join(map(chr, range(1, 32))) + "x\u007fy",
    "C1 controls": "a" + "".join(map(chr, range(0x80, 0xA0))) + "b",
    "full-width forms": "Ｈｅｌｌｏ　Ｗｏｒｌｄ！１２３",
    "half-width kana": "ｶﾞｷﾞｸﾞ",
    "ligatures": "ﬁne eﬀort oﬃce ﬅ",
    "superscripts and fractions": "x² ½ ⅷ ™ ℃ № Å",
    "circled": "①②③ Ⓐ ㈱ ㍿",
    "Chinese": "你好，世界。",
    "compatibility ideograph": "豈 更",
    "Japanese": "「こんにちは」と言った。",
    "Thai": "สวัสดีชาวโลก",
    "Devanagari": "नमस्ते दुनिया।",
    "Tamil with ZWJ": "க்\u200dஷ",
    "Myanmar": "မြန်မာ",
    "long word": "pneumonoultramicroscopicsilicovolcanoconiosis" * 30,
    "long run": "a" * 3000,
    "long unknown run": "漢" * 500,
    "unknown between known": "the 漢 cat 字字 sat",
    "last before surrogates": "\ud7ff",
    "first after surrogates": "\ue000\uf8ff",
    "ends of planes": "\uffff\ufffe\U0001ffff\U0010ffff",
    "first astral": "\U00010000",
    "replacement character": "a\ufffdb",
    "mathematical letters": "𝐇𝐞𝐥𝐥𝐨 𝟙𝟚",
    "Gothic and Linear B": "𐌰𐌱 𐀀",
    "tag characters": "🏴\U000e0067\U000e0062\U000e007f",
    "meta symbol": "a▁b ▁▁c",
    "special tokens as text": "a </s> b <unk> <pad> <s>",
    "byte-like text": "<0x41> <0x0A>",
    "prefix unknown to the model": ">>fra<< Hello",
    "prefix alone": ">>fra<<",
    "prefix with a space before": " >>fra<< Hello",
    "prefix not closed": ">>fra Hello",
    "half closed prefix": ">>fra< Hello",
    "three signs": ">>>fra<<< Hello",
    "prefix closed late": ">> see << Hello <<",
    "prefix of nothing": ">><< Hello",
    "prefix twice": ">>fra<< >>deu<< Hello",
    "prefix right before a word": ">>fra<<Hello",
    "quotes and dashes": "“Hello”—‘world’ … « ça »",
    "apostrophes": "l'été d’abord ‚x‛",
    "numbers": "1,234.56 −7 3×4 ٣٫١٤",
    "address": "https://example.org/a_b?c=d&e=%20#f",
    "case": "ÀÉÎÕÜ ẞ ß İ ı ǅ",
}


def digest(text: str) -> str:
    """FNV-1a, 64 bits, over UTF-8: short, and easily written anew in any language."""
    value = 0xCBF29CE484222325
    for byte in text.encode():
        value = (value ^ byte) * 0x100000001B3 & 0xFFFFFFFFFFFFFFFF
    return f"{value:016x}"


def ids(tokenizer, text: str, target: bool = False) -> list[int]:
    # Special tokens in a text are letters to Dragoman: see Tokenizer.swift.
    side = {"text_target" if target else "text": text}
    return tokenizer(**side, add_special_tokens=False, split_special_tokens=True)["input_ids"]


def entry(tokenizer, text: str, **more) -> dict:
    encoded = ids(tokenizer, text)
    pieces = tokenizer.tokenize(text, split_special_tokens=True)
    return more | {
        "text": text,
        "pieces": pieces,
        "ids": encoded,
        "decoded": tokenizer.decode(encoded, skip_special_tokens=True),
    }


def write(name: str, entries: list[dict]) -> None:
    with open(HERE / name, "w", encoding="utf-8") as file:
        for value in entries:
            # ASCII only: editors and diffs do odd things to marks that they do not show.
            file.write(json.dumps(value, separators=(",", ":")) + "\n")


def lines(path: pathlib.Path) -> list[str]:
    return path.read_bytes().decode().split("\n")[:-1]


def draw_samples(testsets: pathlib.Path) -> None:
    for language in ("en", "fr"):
        tatoeba = lines(testsets / f"tatoeba-v2021-08-07.{language}")[::32][:380]
        tico = lines(testsets / f"tico19.{language}")[::9][:220]
        (HERE / f"samples.{language}").write_text("\n".join(tatoeba + tico) + "\n", encoding="utf-8")


def train_separate() -> MarianTokenizer:
    """A source side without normalisation, so that canonically equal pieces differ; a target side of BPE with bytes."""
    folder = HERE / "separate"
    folder.mkdir(exist_ok=True)
    equal = ["caf\u00e9 cafe\u0301 \u00c5ngstr\u00f6m A\u030angstro\u0308m"] * 40
    common = dict(minloglevel=2, unk_id=1, bos_id=-1, eos_id=0, num_threads=1)
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(lines(HERE / "samples.en") + equal), model_prefix=str(folder / "source"),
        vocab_size=400, normalization_rule_name="identity", remove_extra_whitespaces=False, **common)
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(lines(HERE / "samples.fr")), model_prefix=str(folder / "target"),
        vocab_size=600, model_type="bpe", byte_fallback=True, **common)
    codes = [">>fra<<", ">>deu<<", ">>see<<"]
    for side, file, extra in (("source", "vocab.json", codes), ("target", "target_vocab.json", [])):
        (folder / f"{side}.model").rename(folder / f"{side}.spm")
        (folder / f"{side}.vocab").unlink()
        model = sentencepiece.SentencePieceProcessor(model_file=str(folder / f"{side}.spm"))
        pieces = [model.id_to_piece(i) for i in range(2, len(model))]
        # Marian's order: the end, the unknown token, the rest, the padding last. Every ninth piece is missing, as in
        # vocabularies that Marian cut by frequency; the others are not in the model's order.
        kept = [piece for i, piece in enumerate(reversed(pieces)) if i % 9 or piece.startswith("<0x")]
        # Characters that the model does not know but the vocabulary does.
        vocabulary = ["</s>", "<unk>"] + extra + kept + ["漢", "字字", "<pad>"]
        (folder / file).write_text(json.dumps({token: i for i, token in enumerate(vocabulary)}), encoding="utf-8")
    return MarianTokenizer(
        source_spm=str(folder / "source.spm"), target_spm=str(folder / "target.spm"), vocab=str(folder / "vocab.json"),
        target_vocab_file=str(folder / "target_vocab.json"), separate_vocabs=True)


def separate_entries(tokenizer: MarianTokenizer) -> list[dict]:
    entries = []
    texts = AWKWARD | {"canonically equal": "caf\u00e9 cafe\u0301", "Angstrom": "\u00c5 A\u030a \u212b"}
    texts |= {f"line {i}": line for i, line in enumerate(lines(HERE / "samples.fr")[::20])}
    for name, text in texts.items():
        target = ids(tokenizer, text, target=True)
        entries.append(entry(tokenizer, text, name=name) | {
            "target_ids": target, "decoded": tokenizer.decode(target, skip_special_tokens=True)})
    return entries


# Lines, counted from 0, in which two ways to cut have the same score, so that the sum's rounding decides: "9" + "99" or
# "99" + "9" in line 1436 of tico19.fr. Versions 0.1.97 to 0.2.1 of SentencePiece agree on it, 0.2.3 differs. Its author
# promises nothing for ties: https://github.com/google/sentencepiece/issues/747
TIES = {"tico19": [1436]}


def testset_digests(tokenizer: MarianTokenizer, testsets: pathlib.Path) -> dict:
    """Digests of blocks of 100 lines, so that a difference can be found."""
    files = {"tatoeba-v2021-08-07": 5904, "ntrex": 1997, "tico19": 2100}
    pairs = []
    for name, count in files.items():
        both = list(zip(lines(testsets / f"{name}.en"), lines(testsets / f"{name}.fr")))[:count]
        pairs += [pair for i, pair in enumerate(both) if i not in TIES.get(name, [])]
    blocks = []
    for start in range(0, len(pairs), 100):
        text = ""
        for english, french in pairs[start:start + 100]:
            source, target = ids(tokenizer, english), ids(tokenizer, french, target=True)
            decoded = tokenizer.decode(target, skip_special_tokens=True)
            text += " ".join(map(str, source)) + "\t" + " ".join(map(str, target)) + "\t" + decoded + "\n"
        blocks.append(digest(text))
    return {"files": files, "ties": TIES, "blocks": blocks}


def main() -> None:
    assert sentencepiece.__version__ == "0.2.3", sentencepiece.__version__
    assert transformers.__version__ == "5.23.0", transformers.__version__
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--testsets", type=pathlib.Path, default=PACKAGE.parent / "shared/testsets")
    arguments.add_argument("--samples", action="store_true")
    options = arguments.parse_args()
    if options.samples:
        draw_samples(options.testsets)

    demo = MarianTokenizer.from_pretrained(DEMO)
    write("awkward.jsonl", [entry(demo, text, name=name) for name, text in AWKWARD.items()])
    write("samples.jsonl", [entry(demo, line) for line in lines(HERE / "samples.en")])
    write("separate.jsonl", separate_entries(train_separate()))
    digests = testset_digests(demo, options.testsets)
    (HERE / "testsets-digest.json").write_text(json.dumps(digests, indent=1) + "\n")


if __name__ == "__main__":
    main()
