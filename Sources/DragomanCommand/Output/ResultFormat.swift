package import DragomanEngine
import JobModel
import Wording

/// How results are written.
package struct ResultFormat: Sendable, Equatable {
    package enum Style: Sendable, Equatable {
        /// The best hypothesis.
        case best
        /// All hypotheses, as Marian and Moses list them: `index ||| text ||| score`.
        case list
        /// The given target's score.
        case score
        /// One object a line.
        case json
    }

    package var style: Style
    /// Decides whether hypotheses are written as tokens, and whether a result may have several lines.
    package var input: InputFormat

    package init(style: Style, input: InputFormat) {
        self.style = style
        self.input = input
    }

    package func outcome(
        index: Int, line: Line, request: TranslationRequest, _ translation: Translation
    ) -> Outcome {
        var outcome = Outcome(output: [], tokenCount: translation.hypotheses.first?.tokens.count ?? 0)
        switch style {
        case .json:
            var json = JSONText()
            json.result(
                index: index, source: source(of: request), translation,
                withSourceTokens: request.options.alignments ?? false)
            outcome.output = json.bytes + [UInt8(ascii: "\n")]
            return outcome
        case .best:
            let text = translation.hypotheses.first.map(text(of:)) ?? ""
            outcome.output = Array(((input == .text ? text : onOneLine(text)) + line.ending.forOutput).utf8)
        case .list:
            let list = translation.hypotheses.map {
                "\(index) ||| \(onOneLine(text(of: $0))) ||| \(score(of: $0))\(line.ending.forOutput)"
            }
            outcome.output = Array(list.joined().utf8)
        case .score:
            let score = translation.hypotheses.first.map(score(of:)) ?? ""
            outcome.output = Array((score + line.ending.forOutput).utf8)
        }
        outcome.messages = Self.notices(translation, request.options).map { "\(line.place()): \($0)" }
        return outcome
    }

    /// What JSON says in `truncated`, `split`, `suspicious`, `protected` and `glossary_misses`, for outputs that have no place for it.
    static func notices(_ translation: Translation, _ options: SearchOptions) -> [String] {
        var notices: [String] = []
        if translation.isTruncated { notices.append("the output reached the maximum length (cut)") }
        let count = partCount(translation.segments)
        let limit = options.maximumSegmentLength == nil ? "the model holds" : "a segment may be"
        if count > 0 { notices.append("longer than \(limit); translated in \(count) parts") }
        if let suspicion = translation.suspicion { notices.append("the translation looks wrong: \(reason(suspicion))") }
        let lost = translation.segments.flatMap(\.spans).filter { $0.fate == .lost }
        if !lost.isEmpty { notices.append("the model has changed or left out \(names(lost.map(\.text)))") }
        let missed = translation.glossaryMisses
        if !missed.isEmpty { notices.append("not translated as the glossary says: \(names(missed))") }
        return notices
    }

    private static func reason(_ suspicion: Translation.Segment.Suspicion) -> String {
        switch suspicion {
        case .repetition: "it repeated itself"
        case .length: "it was far longer or shorter than the source"
        case .copy: "it was the source"
        case .script: "it was not in the script of the language"
        }
    }

    /// The first few, and how many more there are.
    private static func names(_ texts: [String]) -> String {
        let shown = texts.prefix(5).map { $0.printable(limit: 60) }.joined(separator: " ")
        return texts.count > 5 ? "\(shown) and \(texts.count - 5) more" : shown
    }

    /// How many segments are parts of sentences. The last part of each is not split from what follows it.
    private static func partCount(_ segments: [Translation.Segment]) -> Int {
        segments.indices.count { index in
            segments[index].split != nil || index > 0 && segments[index - 1].split != nil
        }
    }

    /// A failed request's place in the output: an error object, or an empty line that keeps the lines aligned.
    package func outcome(index: Int, line: Line, _ error: RequestError) -> Outcome {
        let message = "\(line.place(linesBefore: error.linesBefore)): \(error.message)"
        if style == .json {
            var json = JSONText()
            json.failure(index: index, code: error.code, message: message)
            return Outcome(output: json.bytes + [UInt8(ascii: "\n")], hasFailed: true)
        }
        let output = input == .text ? [] : Array(line.ending.forOutput.utf8)
        return Outcome(output: output, messages: [message], hasFailed: true)
    }

    private func source(of request: TranslationRequest) -> String {
        switch request.source {
        case .text(let text): text
        case .tokens(let tokens): Tokens.join(tokens)
        }
    }

    private func text(of hypothesis: Hypothesis) -> String {
        input == .tokens ? Tokens.join(hypothesis.tokens) : hypothesis.text
    }

    private func score(of hypothesis: Hypothesis) -> String { hypothesis.score.map { "\($0)" } ?? "" }

    /// A model may write a line break where its source has none.
    private func onOneLine(_ text: String) -> String {
        guard text.utf8.contains(UInt8(ascii: "\n")) else { return text }
        return String(String.UnicodeScalarView(text.unicodeScalars.map { $0 == "\n" ? " " : $0 }))
    }
}
