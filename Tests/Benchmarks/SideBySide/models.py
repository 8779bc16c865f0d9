"""The models and sentences that both engines are given, and CTranslate2's conversions of the models.

`demo` is Sources/DragomanEngine/Resources/demo-en-fr on English sentences. `base` (the shape of OPUS-MT) and `tiny`
(the shape of small students) have random weights, which end no sentence by themselves: either both engines are held to
given output lengths, or the model is made to end sentences (`end_by_itself`). The shapes of `FAMILIES` are those of
published models, with random weights too; tokens have names that no tokenizer has, and both engines take tokens only.
Dragoman is told a pair of languages by those that have them, which adds a token to each source.
"""
import json
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
DEMO = ROOT / "Sources/DragomanEngine/Resources/demo-en-fr"
BATCH = 32
SHAPES = {
    "base": dict(d_model=512, heads=8, ffn=2048, enc=6, dec=6, vocab=58101),
    "tiny": dict(d_model=256, heads=8, ffn=1536, enc=6, dec=2, vocab=32000),
}
LARGE = dict(
    d_model=1024, encoder_layers=12, decoder_layers=12, encoder_attention_heads=16, decoder_attention_heads=16,
    encoder_ffn_dim=4096, decoder_ffn_dim=4096, max_position_embeddings=1024, scale_embedding=True)
FAMILIES = {  # transformers' configuration, its tokenizer, how many of its last tokens are languages', and the shape
    "nllb-600m": ("M2M100", "NllbTokenizer", 0, dict(vocab_size=256206, activation_function="relu", **LARGE)),
    "m2m100-418m": ("M2M100", "M2M100Tokenizer", 108, dict(vocab_size=128112, activation_function="relu", **LARGE)),
    "mbart-50": ("MBart", "MBart50Tokenizer", 0, dict(vocab_size=250054, activation_function="gelu", **LARGE)),
    "t5-base": ("T5", "T5Tokenizer", 0, dict(
        vocab_size=32128, d_model=768, d_kv=64, d_ff=3072, num_layers=12, num_heads=12, feed_forward_proj="relu")),
}
LANGUAGES = {name: ["--source-language", "en", "--target-language", "fr"] for name in FAMILIES if name != "t5-base"}
END, FIRST = 0, 2  # `</s>`, and the token that begins every sentence of a model that ends them by itself


@dataclass
class Prepared:
    """A model, the folder with its conversions, a file of segments, and one with some of them to go one by one.

    A line is `[output length<TAB>]source tokens`, the longest first.
    """

    model: Path
    folder: Path
    tokens: Path
    few: Path

    def ctranslate2(self, precision):
        return self.folder / f"ctranslate2-{precision}"


def prepare(name, work, precisions, testset=None, ending=False):
    folder = work / (f"{name}-ending" if ending and name in SHAPES else name)
    folder.mkdir(parents=True, exist_ok=True)
    prepared = Prepared(
        DEMO if name == "demo" else folder / "model", folder, folder / "workload.tokens", folder / "few.tokens")
    if name == "demo":
        demo_workload(prepared.tokens, testset)
    elif not (prepared.model / "vocab.json").exists():
        if name in FAMILIES:
            vocabulary = random_family(*FAMILIES[name], prepared.model)
        else:
            random_model(SHAPES[name], prepared.model, ending)
            vocabulary = SHAPES[name]["vocab"]
        random_workload(vocabulary, prepared.tokens, ending, count=2 * BATCH if name in FAMILIES else 8 * BATCH)
    lines = prepared.tokens.read_text(encoding="utf-8").splitlines(keepends=True)
    few = 20 if name in FAMILIES else 100
    prepared.few.write_text("".join(lines[:: max(1, len(lines) // few)][:few]), encoding="utf-8")
    for precision in precisions:
        if not (prepared.ctranslate2(precision) / "model.bin").exists():
            convert(prepared.model, prepared.ctranslate2(precision), precision)
    return prepared


def random_model(shape, folder, ending=False):
    """Random weights of a real shape; the row of `<pad>`, with which decoders start, is zero as CTranslate2 has it."""
    import torch
    from transformers import MarianConfig, MarianMTModel

    size = shape["vocab"]
    torch.manual_seed(1234)
    model = MarianMTModel(MarianConfig(
        vocab_size=size, decoder_vocab_size=size, d_model=shape["d_model"], encoder_layers=shape["enc"],
        decoder_layers=shape["dec"], encoder_attention_heads=shape["heads"], decoder_attention_heads=shape["heads"],
        encoder_ffn_dim=shape["ffn"], decoder_ffn_dim=shape["ffn"], activation_function="swish",
        max_position_embeddings=512, scale_embedding=True, eos_token_id=END, pad_token_id=size - 1,
        decoder_start_token_id=size - 1, forced_eos_token_id=END)).eval()
    with torch.no_grad():
        for name, weight in model.named_parameters():
            if name.endswith(".bias"):
                weight.add_(torch.randn(weight.shape) * 0.02)
            elif "layer_norm.weight" in name:
                weight.mul_(1 + torch.randn(weight.shape) * 0.05)
        model.final_logits_bias.copy_(torch.randn(model.final_logits_bias.shape) * 0.1)
        model.model.shared.weight[size - 1].zero_()
        if ending:
            end_by_itself(model, shape)
    model.generation_config.bad_words_ids = [[size - 1]]
    model.generation_config.max_length = 256
    model.save_pretrained(folder)
    words = {"</s>": END, "<unk>": 1, **{f"t{i}": i for i in range(2, size - 1)}, "<pad>": size - 1}
    (folder / "vocab.json").write_text(json.dumps(words))


def end_by_itself(model, shape):
    """Makes outputs end after about as many tokens as the source has, in any engine and at any beam size.

    One head of the last cross-attention compares positions: from target position t, the source's `</s>`, at position n,
    scores a constant + A sin(w (t - n)), the source's first token scores the constant, and all others less. So the
    head looks at the first token as long as t < n, and at `</s>` after that, which then becomes the likeliest token.
    What this needs travels in dimensions of the residual stream that nothing else writes to. All else stays random.
    """
    import torch

    width, half, head = shape["d_model"], shape["d_model"] // 2, shape["d_model"] // shape["heads"]
    # Positions are sin(p w) in dimension i, cos(p w) in half + i; w falls with i, and 100 w must not reach pi / 2.
    slow = next(i for i in range(half) if 10000 ** (-2 * i / width) < 0.0125)
    sines, last = list(range(slow, slow + 8)), list(range(half))[-28:]
    cosines = [half + i for i in sines]
    # The last sines hardly change: `marker` says "first or `</s>`", `side` says which, `stop` goes to the logits, and
    # `zero` knows what layer norms have subtracted.
    marker, side, stop, zero = last[:4], last[4:8], last[8:24], last[24:]
    reserved = sines + cosines + marker + side + stop + zero
    # Half of them negative, so that the mean of a row stays as it is, and with it what a layer norm does.
    signs = torch.tensor([1.0, -1.0] * 8)
    embeddings, scale = model.model.shared.weight, width ** 0.5
    embeddings[:, reserved] = 0
    for token, sign in ((END, 1), (FIRST, -1)):
        embeddings[token, marker] = 2 / scale
        embeddings[token, side] = sign * signs[:4] * 2 / scale
        embeddings[token, stop] = sign * signs * 0.15
    embeddings[FIRST, cosines] = -1 / scale
    model.final_logits_bias[0, END], model.final_logits_bias[0, FIRST] = 5, -30
    for layer in [*model.model.encoder.layers, *model.model.decoder.layers]:
        for name, part in layer.named_modules():
            if name.endswith(("out_proj", "fc2")):
                part.weight[reserved], part.bias[reserved] = 0, 0
            elif name.endswith("layer_norm"):
                part.weight[reserved], part.bias[reserved] = 1, 0
    attention = model.model.decoder.layers[-1].encoder_attn
    query, key, value, output = attention.q_proj, attention.k_proj, attention.v_proj, attention.out_proj
    for part in (query, key, value):
        part.weight[:head], part.bias[:head] = 0, 0
    for row, (sine, cosine) in enumerate(zip(sines, cosines)):
        query.weight[2 * row, sine], key.weight[2 * row, cosine] = 25, 25
        query.weight[2 * row + 1, cosine], key.weight[2 * row + 1, sine] = 25, -25
    query.bias[16], key.weight[16, marker] = 100, 7
    value.weight[0, side] = signs[:4] / 4
    for part in (query, key, value):
        part.weight[:head, zero] = -part.weight[:head].sum(1, keepdim=True) / len(zero)
    output.weight[:, :head] = 0
    output.weight[stop, 0] = 3 * signs


def random_family(kind, tokenizer, unnamed, settings, folder):
    """Random weights in the shape of a published model; no special token but `</s>` lies where a workload's tokens do.

    Returns how many tokens have names.
    """
    import torch
    import transformers

    size = settings["vocab_size"] - unnamed
    torch.manual_seed(1234)
    configuration = getattr(transformers, f"{kind}Config")(
        eos_token_id=END, bos_token_id=END, pad_token_id=1, decoder_start_token_id=END, **settings)
    model = getattr(transformers, f"{kind}ForConditionalGeneration")(configuration).eval()
    model.generation_config.max_length = 256
    model.save_pretrained(folder)
    words = {"</s>": END, "<pad>": 1, **{f"t{i}": i for i in range(2, size - 1)}, "<unk>": size - 1}
    (folder / "vocab.json").write_text(json.dumps(words))
    (folder / "tokenizer_config.json").write_text(json.dumps({"tokenizer_class": tokenizer}))
    return size


def random_workload(vocabulary, path, ending=False, count=8 * BATCH):
    """Segments of log-normal lengths of mean 25 with `</s>`, 5 to 100; as long an output as the source.

    A model that does not end sentences gets one output length for each batch, the mean.
    """
    import numpy as np

    random = np.random.default_rng(2024)
    lengths = np.clip(np.rint(random.lognormal(np.log(25) - 0.55 ** 2 / 2, 0.55, count)), 5, 100).astype(int)
    order = sorted(lengths, reverse=True)
    with open(path, "w") as file:
        for start in range(0, len(order), BATCH):
            batch = order[start:start + BATCH]
            target = round(sum(batch) / len(batch))
            for n in batch:
                ids = FIRST + ending + (random.pareto(0.6, n - 1) * 20).astype(np.int64) % (vocabulary - 3 - ending)
                if ending:
                    ids[0] = FIRST
                file.write(("" if ending else f"{target}\t") + " ".join(f"t{i}" for i in ids) + "\n")


def demo_workload(path, testset):
    import sentencepiece

    pieces = sentencepiece.SentencePieceProcessor(model_file=str(DEMO / "source.spm"))
    sys.path.insert(0, str(ROOT / "Tests/Goldens"))
    if testset:
        sentences = Path(testset).read_text(encoding="utf-8").split("\n")[:-1]
        sentences = sentences[:: max(1, len(sentences) // 512)][:512]
    else:
        from demo import SENTENCES
        sentences = SENTENCES * 8
    rows = sorted((pieces.encode(sentence, out_type=str) for sentence in sentences), key=len, reverse=True)
    path.write_text("".join(" ".join(row) + "\n" for row in rows), encoding="utf-8")


class PlainVocabulary:
    """What CTranslate2's converter asks of a tokenizer, for models that have none."""

    eos_token, unk_token, pad_token, bos_token = "</s>", "<unk>", "<pad>", "</s>"
    special_tokens_map = {}

    def __init__(self, path):
        self.words = json.loads(Path(path).read_text())
        self.names = {i: word for word, i in self.words.items()}
        self.unk_token_id = self.words["<unk>"]

    def get_vocab(self):
        return self.words

    def convert_ids_to_tokens(self, i):
        return self.names[i]


def convert(model, folder, precision):
    from ctranslate2.converters import TransformersConverter

    class Converter(TransformersConverter):
        def load_tokenizer(self, kind, path, **options):
            if (Path(path) / "source.spm").exists():
                return super().load_tokenizer(kind, path, **options)
            return PlainVocabulary(Path(path) / "vocab.json")

        def load_model(self, kind, path, **options):
            model = super().load_model(kind, path, **options)
            # What the converter reads from the settings of the hub's models, and transformers 5 no longer writes.
            if model.config.model_type == "mbart":
                model.config.normalize_before = model.config.normalize_embedding = True
                model.config.tokenizer_class = "MBart50Tokenizer"
            return model

    Converter(str(model)).convert(str(folder), quantization=precision, force=True)
