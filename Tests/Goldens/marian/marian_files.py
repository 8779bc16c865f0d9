"""Random models in Marian's own formats: `.npz`, and `.bin` of the fork that Firefox uses, in floats or 8 bits."""
import struct

import numpy as np

FLOAT32, INT8, INTGEMM8 = 0x404, 0x101, 0x4101


def options(*, width, heads, inside, encoder, decoder, vocabulary, ssru, **changes):
    """The options that a model was trained with, as Marian keeps them in its file."""
    keys = {
        "bert-train-type-embeddings": "true", "bert-type-vocab-size": 2, "dec-cell": "ssru" if ssru else "gru",
        "dec-cell-base-depth": 2, "dec-cell-high-depth": 1, "dec-depth": decoder, "dim-emb": width, "dim-rnn": 1024,
        "dim-vocabs": f"\n  - {vocabulary}\n  - {vocabulary}", "enc-cell": "gru", "enc-cell-depth": 1,
        "enc-depth": encoder, "enc-type": "bidirectional", "input-types": "[]", "layer-normalization": "false",
        "lemma-dim-emb": 0, "right-left": "false", "skip": "false", "tied-embeddings": "false",
        "tied-embeddings-all": "true", "tied-embeddings-src": "false", "transformer-aan-activation": "swish",
        "transformer-aan-depth": 2, "transformer-aan-nogate": "false",
        "transformer-decoder-autoreg": "rnn" if ssru else "self-attention", "transformer-decoder-dim-ffn": 0,
        "transformer-decoder-ffn-depth": 0, "transformer-depth-scaling": "true", "transformer-dim-aan": 2048,
        "transformer-dim-ffn": inside, "transformer-ffn-activation": "relu", "transformer-ffn-depth": 2,
        "transformer-guided-alignment-layer": "last", "transformer-heads": heads, "transformer-no-affine": "false",
        "transformer-no-bias": "false", "transformer-no-projection": "false", "transformer-postprocess": "dan",
        "transformer-postprocess-emb": "d", "transformer-postprocess-top": '""', "transformer-preprocess": '""',
        "transformer-rnn-projection": "false", "transformer-tied-layers": "\n  []",
        "transformer-train-position-embeddings": "false", "transformer-pool": "false", "type": "transformer",
        "ulr": "false", "version": "v1.9.56 random", "output-omit-bias": "false",
    }
    keys.update({key.replace("_", "-"): value for key, value in changes.items()})
    return "".join(f"{key}: {value}\n" for key, value in keys.items())


def tensors(seed, *, width, heads, inside, encoder, decoder, vocabulary, ssru, end_bias, pre_norm=False,
            ties="all", tied_layers=None, scale=2.5):
    """Tensors by name. Weights are larger than those of trained models, so that outputs depend on the source."""
    random = np.random.default_rng(seed)
    found = {}

    def matrix(*shape):
        return (random.standard_normal(shape) * scale / np.sqrt(shape[0])).astype(np.float32)

    def row(n, around=0.0):
        return (around + 0.2 * random.standard_normal((1, n))).astype(np.float32)

    def norm(prefix, pre=pre_norm):
        found[f"{prefix}_ln_scale{'_pre' if pre else ''}"] = row(width, 1.0)
        found[f"{prefix}_ln_bias{'_pre' if pre else ''}"] = row(width)

    def attention(prefix):
        for letter in "qkvo":
            found[f"{prefix}_W{letter}"], found[f"{prefix}_b{letter}"] = matrix(width, width), row(width)
        norm(f"{prefix}_Wo")

    def feed_forward(prefix):
        found[f"{prefix}_W1"], found[f"{prefix}_b1"] = matrix(width, inside), row(inside)
        found[f"{prefix}_W2"], found[f"{prefix}_b2"] = matrix(inside, width), row(width)
        norm(f"{prefix}_ffn")

    table = lambda: (random.standard_normal((vocabulary, width)) / np.sqrt(width)).astype(np.float32)
    if ties == "all":
        found["Wemb"] = table()
    else:
        found["encoder_Wemb"], found["decoder_Wemb"] = table(), table()
        if ties == "none":
            found["decoder_ff_logit_out_Wt"] = table()
    bias = row(vocabulary)
    bias[0, 0] += end_bias
    found["decoder_ff_logit_out_b"] = bias
    for layer in range(1, encoder + 1):
        attention(f"encoder_l{layer}_self")
        feed_forward(f"encoder_l{layer}_ffn")
    for layer in sorted(set(tied_layers or range(1, decoder + 1))):
        prefix = f"decoder_l{layer}"
        if ssru:
            found[f"{prefix}_rnn_W"], found[f"{prefix}_rnn_Wf"] = matrix(width, width), matrix(width, width)
            found[f"{prefix}_rnn_bf"] = row(width)
            norm(f"{prefix}_rnn" if pre_norm else f"{prefix}_rnn_ffn")
        else:
            attention(f"{prefix}_self")
        attention(f"{prefix}_context")
        feed_forward(f"{prefix}_ffn")
    # With signs at random a state is not like its token's own row: else every output would repeat one token.
    if not pre_norm:
        found[f"decoder_l{(tied_layers or [decoder])[-1]}_ffn_ffn_ln_scale"] *= np.where(random.random((1, width)) < 0.5, -1, 1).astype(np.float32)
    if pre_norm:
        for side in ("encoder", "decoder"):
            norm(f"{side}_top", pre=False)
        found["decoder_top_ln_scale"] *= np.where(random.random((1, width)) < 0.5, -1, 1).astype(np.float32)
    return found


def write_npz(path, found, text):
    entry = np.frombuffer(text.encode() + b"\0", dtype=np.int8)
    np.savez(path, **found, **{"special:model.yml": entry})


def levels(name, matrix, most=127):
    """A matrix in 8 bits as `marian-conv --gemm-type intgemm8` stores it: transposed, but for embeddings."""
    multiplier = np.float32(most) / np.abs(matrix).max()
    rounded = np.clip(np.rint(matrix * multiplier), -127, 127).astype(np.int8)
    return (rounded if "Wemb" in name else rounded.T).tobytes() + struct.pack("<f", multiplier)


def is_matrix(name):
    """Whether marian-conv quantises a tensor: it goes by names."""
    return ("_W" in name[-3:] or "Wemb" in name) and "QuantMult" not in name and "_ln_" not in name


def rounded(name, tensor, most=127):
    """A tensor as it is after it was stored in 8 bits."""
    if not is_matrix(name):
        return tensor
    multiplier = np.float32(most) / np.abs(tensor).max()
    return np.clip(np.rint(tensor * multiplier), -127, 127).astype(np.float32) * (np.float32(1) / multiplier)


def write_shortlist(path, lists, first):
    """A lexical shortlist in Marian's binary form: for each source token the target tokens that it may become."""
    offsets = np.cumsum([0] + [len(one) for one in lists]).astype("<u8")
    tokens = np.array([token for one in lists for token in sorted(one)], dtype="<u4")
    head = struct.pack("<QQQQQQ", 0xF11A48D5013417F5, 0, first, max(map(len, lists)), len(offsets), len(tokens))
    open(path, "wb").write(head + offsets.tobytes() + tokens.tobytes())


def write_bin(path, found, text, *, quantized, code=INTGEMM8, most=127):
    items = []
    for name, tensor in sorted(found.items()):
        in_levels = quantized and is_matrix(name)
        data = levels(name, tensor, most) if in_levels else tensor.tobytes()
        data += bytes(-len(data) % 256)
        items.append((name, code if in_levels else FLOAT32, tensor.shape, data))
    entry = text.encode() + b"\0"
    items.append(("special:model.yml", INT8, (len(entry),), entry + bytes(-len(entry) % 256)))
    out = struct.pack("<QQ", 1, len(items))
    for name, kind, shape, data in items:
        out += struct.pack("<QQQQ", len(name.encode()) + 1, kind, len(shape), len(data))
    for name, *_ in items:
        out += name.encode() + b"\0"
    for _, _, shape, _ in items:
        out += struct.pack(f"<{len(shape)}i", *shape)
    padding = ((len(out) + 8) // 256 + 1) * 256 - len(out) - 8
    out += struct.pack("<Q", padding) + bytes(padding)
    out += b"".join(data for *_, data in items)
    open(path, "wb").write(out)
