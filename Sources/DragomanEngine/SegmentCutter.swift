import Inference
import Text
import Translations

/// Cuts the documents of one request into segments, and makes a job of each that is decoded.
struct SegmentCutter {
    private let preparation: Preparation
    private let tokenizer: Tokenizer
    private let request: TranslationRequest
    private let rules: SegmentationRules
    /// The direction of segments that name no other.
    private let main: Direction
    private let options: DecodingOptions
    /// Those of the first segment, which has the prefix.
    private let first: DecodingOptions
    private let attention: Preparation.Attention
    private var symbols: KnownSymbols
    private var jobs: [SegmentJob] = []
    private var segments: [Preparation.SegmentSource] = []

    init(
        _ preparation: Preparation, _ rules: SegmentationRules, _ main: Direction, _ request: TranslationRequest,
        _ options: DecodingOptions, first: DecodingOptions, _ attention: Preparation.Attention
    ) throws {
        self.preparation = preparation
        tokenizer = try preparation.requireTokenizer()
        self.request = request
        self.rules = rules
        self.main = main
        self.options = options
        self.first = first
        self.attention = attention
        symbols = KnownSymbols(tokenizer, unknown: preparation.configuration.specials.unknown)
    }

    /// - Parameter unbroken: stretches in which no sentence ends, in bytes.
    mutating func document(_ text: String, unbroken: [Range<Int>] = []) throws -> Document {
        let earlier = segments.count
        return try Document(
            text, at: preparation.cuts(rules.split, main),
            unbroken: unbroken.map { range in
                let begin = text.utf8.index(text.startIndex, offsetBy: range.lowerBound)
                return begin..<text.utf8.index(begin, offsetBy: range.count)
            },
            keeps: { text, number in
                guard isFree(earlier + number) else { return false }
                return rules.copies(text, try symbols.spans(in: text))
            },
            splitter: LengthSplitter(limit: try preparation.segmentLimit(rules, main, tokenizer)),
            count: { try tokenizer.count(main.prompt + $0) })
    }

    /// Appends the segments of a document.
    /// - Parameters:
    ///   - marked: For each, whether marks follow its words; none if empty.
    ///   - verbatim: Stretches that stay as they are, in bytes.
    mutating func append(_ document: Document, marked: [Bool] = [], verbatim: [Range<Int>] = []) throws {
        let places = verbatim.isEmpty ? [] : document.places
        // The parts of a sentence that was too long are in its language.
        var (sentence, direction) = (-1, main)
        for (index, segment) in document.segments.enumerated() {
            var body = segment.text
            if segment.sentence != sentence {
                (sentence, direction) = (segment.sentence, main)
                if let (language, rest) = try preparation.choice.marked(body) {
                    direction = try preparation.choice.direction(
                        source: request.sourceLanguage, target: request.targetLanguage, marked: language)
                    body = rest
                }
            }
            let kept = places.isEmpty ? [] : Self.stretches(verbatim, of: body, in: segment, at: places[index])
            try append(segment, body, direction, isMarked: !marked.isEmpty && marked[index], verbatim: kept)
        }
    }

    /// The stretches that lie in a segment's body, without white space around them.
    private static func stretches(
        _ stretches: [Range<Int>], of body: Substring, in segment: Segment, at place: Range<Int>
    ) -> [ProtectedSpan] {
        stretches.compactMap { stretch in
            guard place.lowerBound <= stretch.upperBound, stretch.lowerBound < place.upperBound else { return nil }
            let range = stretch.clamped(to: place), bytes = segment.text.utf8
            let begin = bytes.index(bytes.startIndex, offsetBy: range.lowerBound - place.lowerBound)
            let end = bytes.index(begin, offsetBy: range.count)
            let words = segment.text[begin..<end].drop(while: \.isWhitespace)
            guard let last = words.lastIndex(where: { !$0.isWhitespace }), words.startIndex >= body.startIndex else {
                return nil
            }
            return ProtectedSpan(.code, words[...last])
        }
    }

    /// What is protected in a body: what a text says, and what its markup says.
    private mutating func spans(in body: Substring, _ verbatim: [ProtectedSpan]) throws -> [ProtectedSpan] {
        let found = try symbols.spans(in: body)
        guard !verbatim.isEmpty else { return found }
        let others = found.filter { span in
            !verbatim.contains { $0.text.startIndex < span.text.endIndex && span.text.startIndex < $0.text.endIndex }
        }
        return (others + verbatim).sorted { $0.text.startIndex < $1.text.startIndex }
    }

    /// - Parameter body: The segment's text without the name of a language.
    private mutating func append(
        _ segment: Segment, _ body: Substring, _ direction: Direction, isMarked: Bool, verbatim: [ProtectedSpan]
    ) throws {
        var body = body
        let name = segment.text.utf8.count - body.utf8.count
        var source = Preparation.SegmentSource(
            text: String(segment.text), boundary: segment.boundary, direction: direction)
        defer { segments.append(source) }
        let isFree = isFree(segments.count)
        if isFree, !segment.isKept, !isMarked, verbatim.isEmpty, let memory = request.memory, memory.serves(direction),
            let known = memory.target(of: body)
        {
            (source.copy, source.memory) = (known.text, known.match)
            return
        }
        // What follows the name of a language is not the whole segment.
        let spans = segment.isKept ? [] : try spans(in: body, verbatim)
        if isFree, segment.isKept || rules.copies(body, spans) {
            source.copy = String(body)
            return
        }
        (source.spans, source.inner) = (spans, spans.indices)
        if isFree, !spans.isEmpty {
            let edges = SegmentEdges(of: body, spans: spans)
            (source.leading, source.trailing, body) = (edges.leading, edges.trailing, edges.body)
            source.inner = edges.inner
        }
        source.body = body
        source.words = ProtectedSpan.words(of: source.spans[source.inner], in: body)
        source.input = try ModelInput(body, spans: source.words, symbols: &symbols)
        if let glossary = request.glossary {
            source.terms = SourceTerm.all(of: glossary, in: body, besides: source.words)
        }
        source.isMarked = isMarked
        source.limitsLength = request.options.limitsLength
        var options = segments.isEmpty ? first : options
        switch attention {
        case .heads(let heads): options.attentionHeads = heads
        case .marks(let aligner) where isMarked || !source.terms.isEmpty:
            if let aligner { options.attentionHeads = [aligner.head] } else { options.alignments = true }
            (source.nameLength, source.aligner) = (name, aligner)
        case .marks: break
        }
        // What the model does not write is put where it has looked at it.
        if !source.words.isEmpty, options.secondPass ?? true { options.alignments = true }
        jobs.append(
            try preparation.job(
                try tokenizer.encode(direction.prompt + source.input.text), direction.frame,
                task: .search(segment: segments.count), options: options, priority: request.priority))
    }

    /// The request, when all of its documents are appended.
    func prepared(_ layout: Preparation.Layout) throws -> Preparation.Prepared {
        if jobs.isEmpty { try preparation.check(first, main.frame) }
        return Preparation.Prepared(options, layout, jobs: jobs, segments: segments)
    }

    /// Whether a segment's output need not begin with the request's prefix.
    private func isFree(_ number: Int) -> Bool { number > 0 || request.options.prefix == nil }
}

extension SearchOptions {
    /// Whether they say how long an output may be.
    fileprivate var limitsLength: Bool {
        maximumLength != nil || minimumLength != nil || maximumLengthRatio != nil || minimumLengthRatio != nil
    }
}
