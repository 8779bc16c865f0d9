import Inference
import Languages
import Text
import Translations

/// What looks wrong about an output, by rules that need no reference: they are made so that a good output breaks none.
struct OutputCheck: Sendable, Equatable {
    let suspicion: Translation.Segment.Suspicion
    /// How much is wrong, to compare two outputs by.
    let severity: Int

    /// What the rules look at.
    struct Subject {
        /// The segment's own tokens.
        var source: ArraySlice<Int32>
        var sourceText: Substring
        var output: TokenHypothesis
        var outputText: String
        /// BCP 47; nil where they are not known.
        var sourceLanguage: String?
        var targetLanguage: String?
        /// Whether the request itself says how long an output may be.
        var limitsLength: Bool
    }

    /// - Returns: nil for an output that breaks no rule.
    init?(_ subject: Subject) {
        let output = subject.output.tokens.map(Int32.init)
        let repeated = Self.repeatedTokens(output[...])
        if repeated >= Self.repeatedMinimum, repeated > Self.repeatedTokens(subject.source) + Self.repeatedMargin {
            self.init(suspicion: .repetition, severity: repeated)
        } else if let excess = Self.excess(output.count, subject) {
            self.init(suspicion: .length, severity: excess)
        } else if Self.isCopy(subject) {
            self.init(suspicion: .copy, severity: output.count)
        } else if let letters = Self.foreignLetters(subject) {
            self.init(suspicion: .script, severity: letters)
        } else {
            return nil
        }
    }

    private init(suspicion: Translation.Segment.Suspicion, severity: Int) {
        self.suspicion = suspicion
        self.severity = severity
    }

    /// Whether a second output is to be kept in place of a first one.
    static func isBetter(_ second: OutputCheck?, than first: OutputCheck) -> Bool {
        guard let second else { return true }
        return second.severity < first.severity
    }

    private static let repeatedMinimum = 10
    private static let repeatedMargin = 4
    /// The longest sequence whose repetition is looked for.
    private static let sequenceMaximum = 16

    /// How many tokens are in the longest stretch of one sequence that comes three times in a row or more.
    static func repeatedTokens(_ tokens: ArraySlice<Int32>) -> Int {
        var longest = 0
        for length in 1...sequenceMaximum where 3 * length <= tokens.count {
            var same = 0
            for index in tokens.indices.dropLast(length) {
                same = tokens[index] == tokens[index + length] ? same + 1 : 0
                if same >= 2 * length { longest = max(longest, same + length) }
            }
        }
        return longest
    }

    /// How many tokens an output is too long or too short by; nil for one that is in proportion.
    private static func excess(_ count: Int, _ subject: Subject) -> Int? {
        if subject.limitsLength { return nil }
        let source = subject.source.count
        let longest = 3 * source + 10
        if count > longest { return count - longest }
        return source >= 20 && 4 * count < source ? source / 4 - count : nil
    }

    /// Whether the output is the source, which is a sentence and not only names.
    private static func isCopy(_ subject: Subject) -> Bool {
        // Letters of another case may have another length.
        guard subject.source.count >= 5, abs(subject.outputText.utf8.count - subject.sourceText.utf8.count) <= 8 else {
            return false
        }
        if let source = subject.sourceLanguage, source == subject.targetLanguage { return false }
        return isSentence(subject.sourceText) && subject.outputText.lowercased() == subject.sourceText.lowercased()
    }

    /// Whether a text has words that are no names; where a script has no small letters, whether it has some letters.
    private static func isSentence(_ text: Substring) -> Bool {
        let words = text.split(separator: " ")
        if words.count >= 5, words.count(where: { $0.first?.isLowercase == true && $0.utf8.count > 2 }) >= 3 {
            return true
        }
        return text.unicodeScalars.count { LetterScript($0)?.hasCase == false } >= 10
    }

    /// How many letters are of another script than the target's, where those are most.
    private static func foreignLetters(_ subject: Subject) -> Int? {
        guard let language = subject.targetLanguage, let script = LanguageTag(language)?.script,
            let scripts = LetterScript.scripts(of: script)
        else { return nil }
        var (own, foreign) = (0, 0)
        for scalar in subject.outputText.unicodeScalars {
            guard let letter = LetterScript(scalar) else { continue }
            if scripts.contains(letter) { own += 1 } else { foreign += 1 }
        }
        return foreign >= 10 && foreign > 4 * own && isSentence(subject.sourceText) ? foreign : nil
    }
}
