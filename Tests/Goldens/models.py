"""Small models, saved as Hugging Face folders: random weights, then a few seconds of training on a random language.

Purely random weights repeat one token for ever, whatever the source. The starting point comes from NumPy's generator
and is the same on every machine; training is repeatable on one machine only, so the folders in the repository are made
once (`make_goldens.py --models`) and the goldens are made from them.
"""
import json
import math
import re

import numpy as np
import torch
from transformers import (
    BartConfig, BartForConditionalGeneration, GenerationConfig, M2M100Config, M2M100ForConditionalGeneration,
    MarianConfig, MarianMTModel, MBartConfig, MBartForConditionalGeneration, T5Config, T5ForConditionalGeneration,
)


def fill(model, seed, embedding=0.5, gain=1.0, norm=0.25, bias=0.15):
    """Random weights with norms far from 1 and biases far from 0, so that no part of a layer can be left out unseen."""
    rng = np.random.default_rng(seed)

    def normal(shape, scale, mean=0.0):
        return torch.from_numpy((mean + scale * rng.standard_normal(shape)).astype(np.float32))

    with torch.no_grad():
        for name, weight in sorted(model.named_parameters()):
            shape = tuple(weight.shape)
            if "embed_positions" in name:
                if weight.requires_grad:
                    weight.copy_(normal(shape, 0.5))
            elif "relative_attention_bias" in name:
                weight.copy_(normal(shape, 1.0))
            elif re.search("shared|embed_tokens|lm_head", name):
                weight.copy_(normal(shape, embedding))
            elif len(shape) == 1:
                weight.copy_(normal(shape, norm, 1.0) if name.endswith("weight") else normal(shape, bias))
            else:
                weight.copy_(normal(shape, gain / math.sqrt(shape[1])))
        if getattr(model, "final_logits_bias", None) is not None:
            model.final_logits_bias.copy_(normal(tuple(model.final_logits_bias.shape), 0.5))


def train(model, seed, words, steps=1500, batch=48, first=None):
    """Teaches a random "language": each source token becomes one of two target tokens, or nothing, or both.

    After it the output depends on the source, hypotheses compete, and they end by themselves. `words` is the range of
    ordinary ids on each side, `first` a token that every target begins with.
    """
    (source_low, source_high), (target_low, target_high) = words
    rng = np.random.default_rng(seed)
    meanings = rng.integers(target_low, target_high, (source_high, 2))
    eos = model.config.eos_token_id
    optimizer = torch.optim.Adam(model.parameters(), lr=4e-3)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 6e-3, total_steps=steps)
    torch.manual_seed(seed)
    model.train()
    for _ in range(steps):
        length = rng.integers(1, 31) if rng.random() < 0.3 else rng.integers(1, 13)
        sources = rng.integers(source_low, source_high, (batch, length))
        targets = []
        for source in sources:
            target = [] if first is None else [first]
            for word, kind in zip(source, rng.random(length)):
                if kind < 0.9:
                    target.append(meanings[word, int(kind > 0.6)])
                elif kind < 0.96:
                    target += list(meanings[word])
            targets.append(target[:36] + [eos])
        longest = max(map(len, targets))
        labels = torch.tensor([t + [-100] * (longest - len(t)) for t in targets])
        ids = torch.tensor(np.concatenate((sources, np.full((batch, 1), eos)), 1))
        loss = model(input_ids=ids, attention_mask=torch.ones_like(ids), labels=labels).loss
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        schedule.step()
    model.eval()


def vocabulary(size, specials, letter):
    words = {f"{letter}{i}": i for i in range(size)}
    for word, i in specials.items():
        del words[f"{letter}{i}"]
        words[word] = i
    return dict(sorted(words.items(), key=lambda item: item[1]))


def save(model, folder, dtype, generation):
    folder.mkdir(parents=True, exist_ok=True)
    model.generation_config = GenerationConfig(**generation)
    model.to(dtype).save_pretrained(folder)
    (folder / "model.safetensors").chmod(0o644)


def write_vocabulary(path, words):
    path.write_text(json.dumps(words, ensure_ascii=False, indent=0) + "\n")


def marian_separate(folder):
    """3 heads of 8, 1 + 3 layers, a vocabulary for each side; `<pad>`, which starts the decoder, lies in the middle."""
    model = MarianMTModel(MarianConfig(
        vocab_size=61, decoder_vocab_size=83, share_encoder_decoder_embeddings=False, d_model=24, encoder_layers=1,
        decoder_layers=3, encoder_attention_heads=3, decoder_attention_heads=3, encoder_ffn_dim=40, decoder_ffn_dim=40,
        activation_function="relu", max_position_embeddings=40, scale_embedding=True, eos_token_id=0, pad_token_id=60,
        decoder_start_token_id=60, forced_eos_token_id=0)).eval()
    fill(model, seed=101)
    train(model, 101, ((2, 60), (2, 83)))
    save(model, folder, torch.float32, dict(
        max_length=36, num_beams=1, bad_words_ids=[[60]], decoder_start_token_id=60, eos_token_id=0, pad_token_id=60,
        forced_eos_token_id=0))
    specials = {"</s>": 0, "<unk>": 1, "<pad>": 60}
    write_vocabulary(folder / "vocab.json", vocabulary(61, specials, "s"))
    write_vocabulary(folder / "target_vocab.json", vocabulary(83, specials, "t"))


def marian_shared(folder):
    """2 heads of 10, 2 + 2 layers, one vocabulary, swish, bfloat16; its own settings are unlike `generate`'s."""
    model = MarianMTModel(MarianConfig(
        vocab_size=71, decoder_vocab_size=71, d_model=20, encoder_layers=2, decoder_layers=2, encoder_attention_heads=2,
        decoder_attention_heads=2, encoder_ffn_dim=36, decoder_ffn_dim=36, activation_function="swish",
        max_position_embeddings=40, scale_embedding=True, eos_token_id=0, pad_token_id=70, decoder_start_token_id=70,
        forced_eos_token_id=0)).eval()
    fill(model, seed=202)
    train(model, 202, ((2, 70), (2, 70)))
    save(model, folder, torch.bfloat16, dict(
        max_length=34, num_beams=4, length_penalty=0.8, early_stopping=True, renormalize_logits=True,
        bad_words_ids=[[70]], decoder_start_token_id=70, eos_token_id=0, pad_token_id=70, forced_eos_token_id=0))
    write_vocabulary(folder / "vocab.json", vocabulary(71, {"</s>": 0, "<unk>": 1, "<pad>": 70}, "w"))


def marian_unforced(folder):
    """4 heads of 8, gelu, embeddings not scaled, no forced `</s>`, a forced first token, `</s>` not 0."""
    model = MarianMTModel(MarianConfig(
        vocab_size=67, decoder_vocab_size=67, d_model=32, encoder_layers=2, decoder_layers=1, encoder_attention_heads=4,
        decoder_attention_heads=4, encoder_ffn_dim=28, decoder_ffn_dim=52, activation_function="gelu",
        max_position_embeddings=40, scale_embedding=False, eos_token_id=2, pad_token_id=1, decoder_start_token_id=1,
        forced_eos_token_id=None)).eval()
    fill(model, seed=303)
    train(model, 303, ((6, 67), (6, 67)), first=5)
    save(model, folder, torch.float16, dict(
        max_length=32, num_beams=2, bad_words_ids=[[1], [9, 8]], decoder_start_token_id=1, eos_token_id=2,
        pad_token_id=1, forced_bos_token_id=5))
    write_vocabulary(folder / "vocab.json", vocabulary(67, {"</s>": 2, "<unk>": 3, "<pad>": 1}, "w"))


SMALL = dict(max_position_embeddings=40, d_model=24, encoder_attention_heads=3, decoder_attention_heads=3,
             encoder_ffn_dim=40, decoder_ffn_dim=40, pad_token_id=1, eos_token_id=2, decoder_start_token_id=2)


def bart(folder):
    """Learned positions that begin at row 2, a norm on embeddings, norms after each block, gelu."""
    model = BartForConditionalGeneration(BartConfig(
        vocab_size=59, encoder_layers=2, decoder_layers=1, activation_function="gelu", bos_token_id=0,
        forced_eos_token_id=2, scale_embedding=False, **SMALL)).eval()
    fill(model, seed=404)
    train(model, 404, ((6, 59), (6, 59)), first=0)
    save(model, folder, torch.float32, dict(
        max_length=36, num_beams=4, no_repeat_ngram_size=3, decoder_start_token_id=2, eos_token_id=2, pad_token_id=1,
        bos_token_id=0, forced_bos_token_id=0, forced_eos_token_id=2))


def mbart(folder):
    """BART with norms before each block and one after each stack, and scaled embeddings."""
    model = MBartForConditionalGeneration(MBartConfig(
        vocab_size=59, encoder_layers=1, decoder_layers=2, activation_function="gelu", forced_eos_token_id=2,
        scale_embedding=True, **SMALL)).eval()
    fill(model, seed=505)
    train(model, 505, ((6, 59), (6, 59)), first=5)
    save(model, folder, torch.float32, dict(
        max_length=36, num_beams=5, decoder_start_token_id=2, eos_token_id=2, pad_token_id=1, forced_bos_token_id=5,
        forced_eos_token_id=2))


def m2m100(folder):
    """Norms before each block, sinusoidal positions that begin at row 2, relu, scaled embeddings, no output bias."""
    model = M2M100ForConditionalGeneration(M2M100Config(
        vocab_size=59, encoder_layers=2, decoder_layers=1, activation_function="relu", scale_embedding=True,
        **SMALL)).eval()
    fill(model, seed=606)
    train(model, 606, ((6, 59), (6, 59)), first=4)
    save(model, folder, torch.float32, dict(
        max_length=36, num_beams=5, decoder_start_token_id=2, eos_token_id=2, pad_token_id=1, forced_bos_token_id=4))


def t5(folder, seed, tied, **shape):
    model = T5ForConditionalGeneration(T5Config(
        vocab_size=59, d_model=24, d_ff=40, num_layers=2, num_decoder_layers=2, relative_attention_num_buckets=8,
        relative_attention_max_distance=14, pad_token_id=0, eos_token_id=1, decoder_start_token_id=0, dropout_rate=0.0,
        tie_word_embeddings=tied, **shape)).eval()
    if not tied:
        model.lm_head.weight = torch.nn.Parameter(model.lm_head.weight.detach().clone())
    fill(model, seed)
    train(model, seed, ((3, 59), (3, 59)))
    save(model, folder, torch.float32, dict(
        max_length=36, num_beams=1, decoder_start_token_id=0, eos_token_id=1, pad_token_id=0))
    # Transformers 5 writes "tied" for every T5, and reads this key of the published files for the scale of the output.
    config = json.loads((folder / "config.json").read_text())
    del config["scale_decoder_outputs"]
    config["tie_word_embeddings"] = tied
    (folder / "config.json").write_text(json.dumps(config, indent=2) + "\n")


def t5_relu(folder):
    """T5 1.0: RMS norms, relative positions, relu, no biases, the output tied and scaled; 2 heads of 8 for width 24."""
    t5(folder, 707, tied=True, num_heads=2, d_kv=8, feed_forward_proj="relu")


def t5_gated(folder):
    """T5 1.1: a gated feed-forward block with the tanh gelu, the output not tied; 3 heads of 10 for width 24."""
    t5(folder, 808, tied=False, num_heads=3, d_kv=10, feed_forward_proj="gated-gelu")


MARIAN = {
    "marian-separate": marian_separate,
    "marian-shared": marian_shared,
    "marian-unforced": marian_unforced,
}

FAMILIES = {
    "families/bart": bart,
    "families/mbart": mbart,
    "families/m2m100": m2m100,
    "families/t5-relu": t5_relu,
    "families/t5-gated": t5_gated,
}
