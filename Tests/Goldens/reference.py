"""Hugging Face `generate`, wrapped so that it says what Dragoman says, and how close its decisions were.

Two things are added to `generate`:

- the **margin** of a search: the smallest difference of scores on which anything in the output depended (which
  hypotheses stay, which finish, in what order, when the search ends). A search with a small margin may come out
  otherwise in another order of the same float operations, so it proves nothing and is not kept as a golden.
- the **prefix**: `generate` knows no such option for encoder-decoder models, only `prefix_allowed_tokens_fn`, where the
  other constraints apply to the prefix too. In Dragoman they do not: the user has written the prefix.
"""
import copy
import math
from pathlib import Path

import torch
from transformers import AutoModelForSeq2SeqLM, GenerationConfig, LogitsProcessorList

# `generate` gives -1e9 to hypotheses that do not exist.
NOTHING = -1e8

EARLY_STOPPING = {"heuristic": False, "full": True, "never": "never"}


class PrefixFirst(LogitsProcessorList):
    """While the prefix lasts, its token alone is allowed, at its own log-probability; then the constraints rule."""

    def __init__(self, constraints, prefix):
        super().__init__(constraints)
        self.prefix = prefix

    def __call__(self, input_ids, scores, **kwargs):
        step = input_ids.shape[1] - 1
        if step >= len(self.prefix):
            return super().__call__(input_ids, scores, **kwargs)
        allowed = torch.full_like(scores, -math.inf)
        allowed[:, self.prefix[step]] = scores[:, self.prefix[step]]
        return allowed


class RecordedSearch:
    """Mixed into a model's class: the steps of `generate`'s beam search, each noting its margin."""

    prefix = []
    margin = math.inf

    def note(self, better, worse):
        if float(better) > NOTHING and float(worse) > NOTHING:
            self.margin = min(self.margin, abs(float(better) - float(worse)))

    def _get_logits_processor(self, *args, **kwargs):
        return PrefixFirst(super()._get_logits_processor(*args, **kwargs), self.prefix)

    def _get_running_beams_for_next_iteration(self, **kwargs):
        scores, ended = kwargs["topk_log_probs"][0], kwargs["next_token_hits_stopping_criteria"][0]
        beams = kwargs["num_beams"]
        running = scores[~ended]
        if len(running) > beams:
            self.note(running[beams - 1], running[beams])
        if bool(ended[beams - 1]) or bool(ended[beams]):
            self.note(scores[beams - 1], scores[beams])
        return super()._get_running_beams_for_next_iteration(**kwargs)

    def _update_finished_beams(self, **kwargs):
        beams = kwargs["num_beams"]
        length = kwargs["cur_len"] + 1 - kwargs["decoder_prompt_len"]
        ended = kwargs["next_token_hits_stopping_criteria"][0][:beams]
        added = kwargs["topk_log_probs"][0][:beams][ended] / length ** kwargs["length_penalty"]
        merged = torch.cat((kwargs["beam_scores"][0], added)).sort(descending=True).values[: beams + 1]
        for better, worse in zip(merged, merged[1:]):
            self.note(better, worse)
        return super()._update_finished_beams(**kwargs)

    def _check_early_stop_heuristic(self, **kwargs):
        length = kwargs["cur_len"] - kwargs["decoder_prompt_len"]
        if kwargs["early_stopping"] == "never" and kwargs["length_penalty"] > 0:
            length = kwargs["max_length"] - kwargs["decoder_prompt_len"]
        self.note(kwargs["running_beam_scores"][0, 0] / length ** kwargs["length_penalty"], kwargs["beam_scores"].min())
        return super()._check_early_stop_heuristic(**kwargs)


class Reference:
    """A Hugging Face model in one precision."""

    def __init__(self, folder, dtype):
        self.folder = Path(folder)
        # Eager attention gives the attention weights.
        self.model = AutoModelForSeq2SeqLM.from_pretrained(
            folder, dtype=dtype, attn_implementation="eager", local_files_only=True).eval()
        self.model.__class__ = type("Recorded" + type(self.model).__name__, (RecordedSearch, type(self.model)), {})
        self.defaults = GenerationConfig.from_pretrained(folder, local_files_only=True)
        self.eos = self.defaults.eos_token_id
        self.start = self.defaults.decoder_start_token_id

    def settings(self, source, options):
        """Dragoman's options as `generate`'s."""
        o, s = options, copy.deepcopy(self.defaults)
        # The forced `</s>` has a place of its own after the last token; without it a hypothesis just ends.
        extra = 1 if s.forced_eos_token_id is None else 2
        if "max_length" in o:
            s.max_length = o["max_length"] + extra
        if "max_length_ratio" in o:
            s.max_length = min(s.max_length, int(o["max_length_ratio"] * len(source)) + extra)
        if "min_length" in o:
            s.min_length = o["min_length"] + 1
        if "min_length_ratio" in o:
            s.min_length = max(s.min_length or 0, int(o["min_length_ratio"] * len(source)) + 1)
        s.num_beams = o.get("beam_size", s.num_beams or 1)
        s.num_return_sequences = o.get("n_best", 1)
        s.length_penalty = float(o.get("length_penalty", 1.0 if s.length_penalty is None else s.length_penalty))
        s.early_stopping = EARLY_STOPPING[o["early_stopping"]] if "early_stopping" in o else (s.early_stopping or False)
        s.repetition_penalty = float(o.get("repetition_penalty", s.repetition_penalty or 1.0))
        s.no_repeat_ngram_size = o.get("no_repeat_ngram_size", s.no_repeat_ngram_size or 0)
        s.bad_words_ids = (s.bad_words_ids or []) + o.get("suppress", []) or None
        s.forced_bos_token_id = o.get("forced_first_token", s.forced_bos_token_id)
        s.renormalize_logits = o.get("renormalize_scores", s.renormalize_logits or False)
        s.do_sample = False
        s.return_dict_in_generate = s.output_scores = s.output_logits = True
        return s

    @torch.inference_mode()
    def search(self, source, options):
        """`source` without `</s>`; gives the hypotheses, best first, and the margin."""
        settings = self.settings(source, options)
        model = self.model
        model.prefix, model.margin = options.get("prefix", []), math.inf
        ids = torch.tensor([source + [self.eos]])
        out = model.generate(ids, attention_mask=torch.ones_like(ids), generation_config=settings)
        read = self.read_beam if settings.num_beams > 1 else self.read_greedy
        return read(out, settings, len(model.prefix)), model.margin

    def read_beam(self, out, settings, _prefix):
        hypotheses = []
        for row in range(settings.num_return_sequences):
            score = float(out.sequences_scores[row])
            if score < NOTHING:
                continue
            beams = [int(b) for b in out.beam_indices[row] if b >= 0]
            tokens = out.sequences[row, 1:len(beams) + 1].tolist()
            scores = [float(out.scores[step][beam, token]) for step, (beam, token) in enumerate(zip(beams, tokens))]
            if max(scores) > 0 or abs(sum(scores) / len(scores) ** settings.length_penalty - score) > 1e-4:
                raise AssertionError(f"{scores} do not add up to {score}")
            hypotheses.append(self.hypothesis(tokens, scores, score, settings))
        return hypotheses

    def read_greedy(self, out, settings, prefix):
        tokens = out.sequences[0, 1:].tolist()
        scores = []
        for step, token in enumerate(tokens):
            raw, processed = out.logits[step][0], out.scores[step][0]
            best, second = processed.topk(2).values
            self.model.note(best, second)
            forced = step == 0 and settings.forced_bos_token_id is not None and prefix == 0
            forced |= step == settings.max_length - 2 and settings.forced_eos_token_id is not None
            if forced:
                scores.append(0.0)
            elif settings.renormalize_logits:
                scores.append(float(processed[token]))
            else:
                scores.append(float(processed[token] - raw.logsumexp(0)))
        score = sum(scores) / len(scores) ** settings.length_penalty
        return [self.hypothesis(tokens, scores, score, settings)]

    def hypothesis(self, tokens, scores, score, settings):
        ended = tokens[-1] == self.eos
        forced = settings.forced_eos_token_id is not None and len(tokens) == settings.max_length - 1
        return {
            "tokens": tokens[:-1] if ended else tokens,
            "score": round(score, 6),
            "token_scores": [round(s, 6) for s in scores],
            "finished": ended and not forced,
        }

    @torch.inference_mode()
    def states(self, source, target):
        """Encoder states, logits under `target` (the last row is after its last token), cross-attention, log-probs."""
        ids = torch.tensor([source + [self.eos]])
        labels = torch.tensor(target + [self.eos])
        decoder = torch.tensor([[self.start] + target])
        out = self.model(input_ids=ids, attention_mask=torch.ones_like(ids), decoder_input_ids=decoder,
                         output_attentions=True, use_cache=False)
        logits = out.logits[0]
        log_probs = logits.double().log_softmax(-1)[torch.arange(len(labels)), labels]
        return {
            "encoder": out.encoder_last_hidden_state[0],
            "logits": logits,
            "cross_attention": out.cross_attentions[-1][0].mean(0),
        }, [round(float(x), 6) for x in log_probs]
