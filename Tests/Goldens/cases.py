"""The cases of a small model: what is asked of `generate`, and in which combinations."""
import numpy as np

# An option by itself: its values. A callable is given the generator, the source and the tokens that a plain search
# finds, so that the option touches what would be found.
ALONE = {
    "n_best": [2, 4],
    "length_penalty": [-1.0, 0.0, 0.6, 2.0],
    "early_stopping": ["heuristic", "full", "never"],
    "max_length": [1, 5, 12],
    "min_length": [1, 9, 20],
    "max_length_ratio": [0.5, 1.0],
    "min_length_ratio": [1.5, 2.0],
    "repetition_penalty": [0.8, 1.3, 3.0],
    "no_repeat_ngram_size": [1, 2, 3],
    "renormalize_scores": [True, False],
}


class Cases:
    """Draws sources and options; a case whose outcome hangs on rounding is drawn again."""

    MARGIN = 1e-4

    def __init__(self, reference, check, seed, words):
        """`reference` gives the goldens, `check` the same in the precision that rounds; `words`: ordinary ids."""
        self.reference, self.check = reference, check
        self.random = np.random.default_rng(seed)
        (self.source_low, self.source_high), (self.target_low, self.target_high) = words
        self.forces_first = reference.defaults.forced_bos_token_id is not None
        self.shortest = 0 if reference.defaults.forced_eos_token_id is not None else 1
        self.cases, self.dropped = [], 0

    def source(self, length=None):
        length = int(self.random.integers(2, 31)) if length is None else length
        return [int(w) for w in self.random.integers(self.source_low, self.source_high, length)]

    def target(self, count):
        return [int(w) for w in self.random.integers(self.target_low, self.target_high, count)]

    def add(self, draw):
        """`draw()` gives a source and options; it is called again when the margin is too small."""
        for _ in range(20):
            source, options = draw()
            hypotheses, margin = self.reference.search(source, options)
            rounded, _ = self.check.search(source, options)
            if margin < self.MARGIN or not same(hypotheses, rounded):
                self.dropped += 1
                continue
            self.cases.append({"source": source, "options": options, "hypotheses": hypotheses})
            return
        raise AssertionError(f"20 draws in a row hung on rounding: {options}")

    def plain(self, source, beams):
        return self.reference.search(source, {"beam_size": beams})[0][0]["tokens"]

    # The options that need a source to be of effect.

    def suppress(self, source, beams, kind):
        found = self.plain(source, beams) or [self.target_low]
        some = [found[i] for i in sorted(self.random.integers(0, len(found), 2))]
        several = [found[:2], found[-3:], [some[0], some[0]]]
        return {0: [[some[0]]], 1: [[some[0]], [some[1]], *([t] for t in self.target(3))], 2: several}[kind]

    def prefix(self, source, beams, kind):
        found = self.plain(source, beams)
        return {0: self.target(1), 1: self.target(3), 2: found[:4] + self.target(1), 3: self.target(2) * 3}[kind]

    def ratio_source(self):
        """Ratios are drawn such that they give a whole number of tokens: no rounding is implied."""
        return self.source(int(self.random.choice([2, 4, 6, 8, 12, 16])))

    # The groups.

    def every_length(self):
        for length in [0, 0, 1, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 14, 15, 16, 17, 20, 24, 28, 29, 30]:
            for beams in (1, 2, 4, 6):
                if length == 0 and any(not c["source"] and c["options"]["beam_size"] == beams for c in self.cases):
                    continue
                if length == 0:
                    self.add(lambda: ([], {"beam_size": beams, "n_best": max(1, beams // 2)}))
                else:
                    self.add(lambda: (self.source(length), {"beam_size": beams}))

    def defaults(self):
        for _ in range(8):
            self.add(lambda: (self.source(), {}))

    def alone(self):
        for option, values in ALONE.items():
            for value in values:
                for beams in (1, 4, int(self.random.choice([2, 6])), 3):
                    if option == "n_best":
                        if value > beams:
                            continue
                    options = {"beam_size": beams, option: value}
                    if option in ("length_penalty", "early_stopping") and beams > 2:
                        options["n_best"] = 2
                    self.add(lambda: (self.ratio_source() if "ratio" in option else self.source(), dict(options)))
        for beams in (1, 2, 4, 6):
            if self.shortest == 0:
                self.add(lambda: (self.source(), {"beam_size": beams, "max_length": 0}))
            self.add(lambda: (self.source(), {"beam_size": beams, "forced_first_token": self.target(1)[0]}))
            for kind in range(3):
                self.add(lambda: self.with_drawn({"beam_size": beams}, suppress=kind))
            for kind in range(4):
                self.add(lambda: self.with_drawn({"beam_size": beams}, prefix=kind))

    def with_drawn(self, options, source=None, suppress=None, prefix=None):
        source, options = self.source() if source is None else source, dict(options)
        beams = options.get("beam_size") or self.reference.defaults.num_beams or 1
        if suppress is not None:
            options["suppress"] = self.suppress(source, beams, suppress)
        if prefix is not None:
            # A first token forced by the model leaves no place for a prefix of one's own before it; and whether a
            # prefix's scores would be renormalised is not asked.
            start = [self.reference.defaults.forced_bos_token_id] if self.forces_first else []
            tokens = self.prefix(source, beams, prefix)
            options["prefix"] = tokens if tokens[:1] == start else start + tokens
            options["renormalize_scores"] = False
        return source, options

    def combined(self, count):
        def chance(probability):
            return self.random.random() < probability

        def pick(values):
            return values[int(self.random.integers(len(values)))]

        def draw():
            beams = pick([1, 1, 2, 3, 4, 4, 5, 6, 8])
            options = {"beam_size": beams}
            source = self.ratio_source() if chance(0.3) else self.source()
            if beams > 1:
                if chance(0.5):
                    options["n_best"] = int(self.random.integers(1, beams + 1))
                if chance(0.4):
                    options["early_stopping"] = pick(ALONE["early_stopping"])
            if chance(0.4):
                options["length_penalty"] = pick([-0.5, 0.0, 0.3, 1.2, 2.5])
            if chance(0.3):
                options["repetition_penalty"] = pick([0.9, 1.1, 1.7])
            if chance(0.3):
                options["no_repeat_ngram_size"] = pick([1, 2, 3, 4])
            if chance(0.3):
                options["min_length"] = pick([2, 6, 15])
            if chance(0.3):
                options["max_length"] = pick([3, 8, 15, 25])
            if chance(0.2) and len(source) % 2 == 0:
                options["max_length_ratio"] = pick([0.5, 1.0, 1.5])
            if chance(0.2) and len(source) % 2 == 0:
                options["min_length_ratio"] = pick([0.5, 1.0])
            if chance(0.3):
                options["renormalize_scores"] = pick([True, False])
            if chance(0.2):
                options["forced_first_token"] = self.target(1)[0]
            prefix = pick([0, 1, 2, 3]) if chance(0.25) and "forced_first_token" not in options else None
            if prefix is not None and "max_length" in options:
                options["max_length"] += 5
            if prefix is not None:
                options.pop("max_length_ratio", None)
            return self.with_drawn(options, source, pick([0, 1, 2]) if chance(0.3) else None, prefix)

        for _ in range(count):
            self.add(draw)


def same(hypotheses, others, tolerance=5e-5):
    return len(hypotheses) == len(others) and all(
        a["tokens"] == b["tokens"] and abs(a["score"] - b["score"]) < tolerance for a, b in zip(hypotheses, others))
