extension SearchOption {
    /// In the order of the numbers, which is the order in which a message has its fields.
    package static let table: [SearchOption] = [
        .init(
            1, "beam_size", \.beamSize, .from(1...SearchOptions.beamSizeMaximum), .search, unit: "n",
            "Hypotheses kept alive at every step; 1 is greedy search."),
        .init(
            2, "n_best", \.nBest, .from(1...SearchOptions.beamSizeMaximum), .search, unit: "n",
            """
            Translations returned: at most the beam size, best first; or any number of samples, in the order drawn.
            """),
        .init(
            3, "length_penalty", \.lengthPenalty, .between(-8...8), .search, unit: "x",
            "A score is the sum of log-probabilities divided by the length to this power."),
        .init(
            4, "max_length", \.maximumLength, .zeroOrMore(), .search, unit: "n",
            "The most target tokens of a sentence, </s> not counted."),
        .init(
            5, "min_length", \.minimumLength, .zeroOrMore(), .search, unit: "n",
            "The fewest target tokens of a sentence, </s> not counted."),
        .init(
            6, "max_length_ratio", \.maximumLengthRatio, .aboveZero, .search, unit: "x",
            "The most target tokens, as a multiple of the source's tokens."),
        .init(
            7, "min_length_ratio", \.minimumLengthRatio, .zeroOrMore, .search, unit: "x",
            "The fewest target tokens, as a multiple of the source's tokens."),
        .init(
            8, "early_stopping", \.earlyStopping, .any, .search, unit: "rule",
            """
            When a beam search ends: with enough finished hypotheses (full), when the best that still runs looks worse \
            than the finished (heuristic), or when none can get better (never).
            """),
        .init(
            9, "patience", \.patience, .between(0.001...100), .search, unit: "x",
            "How many finished hypotheses are enough, as a multiple of the beam size."),
        .init(
            10, "repetition_penalty", \.repetitionPenalty, .between(0.001...1000), .constraints, unit: "x",
            "Divides the positive and multiplies the negative scores of tokens already in the output."),
        .init(
            11, "no_repeat_ngram_size", \.noRepeatNgramSize, .zeroOrMore(), .constraints, unit: "n",
            "Forbids the second appearance of any n tokens in a row; 0 allows it."),
        .init(
            12, "suppress", \.suppress, .sequencesOfTokens, .constraints, unit: "tokens",
            "Forbids these target tokens in a row, separated by spaces. May be given several times."),
        .init(
            13, "force_first_token", \.forceFirstToken, .token, .constraints, unit: "token",
            "The target token that every sentence begins with; a target language, as a rule."),
        .init(
            14, "prefix", \.prefix, .any, .constraints, unit: "text",
            "What the translation begins with (with --input-format tokens, in tokens)."),
        .init(
            15, "renormalize_scores", \.renormalizeScores, .any, .constraints, unit: "",
            "Normalise probabilities again after tokens have been forbidden or penalised."),
        .init(
            16, "sampling_top_k", \.samplingTopK, .zeroOrMore(zero: "all"), .sampling, unit: "n",
            "Draw from the n likeliest tokens; 0 means all."),
        .init(
            17, "sampling_top_p", \.samplingTopP, .share, .sampling, unit: "p",
            "Draw from the smallest set of likeliest tokens whose probability reaches this."),
        .init(
            18, "temperature", \.temperature, .between(0.001...1000), .sampling, unit: "t",
            "Divides scores before the draw: below 1 keeps closer to the likeliest tokens, above 1 varies more."),
        .init(
            19, "seed", \.seed, .any, .sampling, unit: "n",
            "Begins the random stream, which every request has for itself; 0 unless given."),
        .init(
            20, "alignments", \.alignments, .any, nil, unit: "",
            "Whether outputs have their cross-attention weights."),
        .init(
            21, "return_scores", \.returnScores, .any, .search, unit: "",
            """
            Include scores. Greedy search of a few sentences at a time is faster without. (default: yes; translate: \
            where its output shows them)
            """),
        .init(
            22, "disallow_unknown", \.disallowUnknown, .any, .constraints, unit: "",
            "Never produce the unknown token, which leaves a hole in the text. (default: yes)"),
        .init(
            23, "split", \.split, .any, .segmentation, unit: "rule",
            """
            Where texts are cut into segments: at the ends of sentences and lines (sentences), of lines (newlines), or \
            nowhere (none), so that a text is one segment. (default: sentences)
            """),
        .init(
            24, "max_segment_length", \.maximumSegmentLength, .oneOrMore, .segmentation, unit: "n",
            "The most source tokens of a segment; longer ones are cut. (default: what the model holds)"),
        .init(
            25, "paragraphs", \.paragraphs, .any, .segmentation, unit: "",
            """
            The text is hard-wrapped: lines next to each other are one paragraph, which is joined and translated. \
            Blank lines and items of lists end one.
            """),
        .init(
            26, "wrap", \.wrap, .oneOrMore, .segmentation, unit: "columns",
            "With paragraphs: wrap the lines of the output again at so many columns."),
        .init(
            27, "translate_numbers", \.translateNumbers, .any, .segmentation, unit: "",
            """
            Translate segments that have digits and no letters, such as dates, in place of copying them. Those that \
            have neither are always copied.
            """),
        .init(
            28, "markup", \.markup, .any, .segmentation, unit: "language",
            """
            The texts are HTML or XML (html, xml): tags go where the translations of their words are, and all that is \
            not text stays as it is. XML has to be well-formed.
            """),
        .init(
            29, "ignore_tags", \.ignoreTags, .names, .segmentation, unit: "tag",
            """
            With markup: what this element contains stays as it is, as with translate="no". May be given several times.
            """),
        .init(
            30, "splitting_tags", \.splittingTags, .names, .segmentation, unit: "tag",
            "With markup: no sentence goes over the edges of this element. May be given several times."),
        .init(
            31, "non_splitting_tags", \.nonSplittingTags, .names, .segmentation, unit: "tag",
            "With markup: this element is part of the sentence around it. May be given several times."),
        .init(
            32, "second_pass", \.secondPass, .any, .constraints, unit: "",
            """
            Decode a sentence again when its output lacks protected text, repeats itself, or looks wrong otherwise. \
            (default: yes)
            """),
    ]
}
