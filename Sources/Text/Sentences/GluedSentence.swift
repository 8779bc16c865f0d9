/// A mark between two words without a space, "Hi.How are you?I am fine.": a sentence whose writer forgot the space, or
/// part of an address, a file's name or a number.
struct GluedSentence {
    let line: LineScalars
    let run: TerminatorRun
    /// Where the sentence before begins.
    let start: Int
    /// Where the next word begins.
    let next: Int
    let rules: LanguageRules

    /// How far is looked for marks of addresses.
    private static let reach = 48

    /// Whether a sentence ends at the mark: between a small letter and a capital, in a word with nothing of an address.
    var isCut: Bool {
        let stop = run.range.lowerBound
        guard next == run.range.upperBound, let last = line.last(of: start..<stop), let first = line.scalar(at: next)
        else { return false }
        guard last.isLower, first.isUpper else { return false }
        let after = line.scalar(at: line.after(next))
        guard after?.isLower ?? false || after?.isSpace ?? false || after == "'" || after == "’" else { return false }

        let begin = line.skipBack(start..<stop, reach: Self.reach) { !$0.isSpace }
        guard isPlain(begin..<stop) else { return false }
        // "what...Next" stands in no address.
        let end = line.skip(next, reach: Self.reach) { !$0.isSpace && !$0.isTerminator }
        guard isPlain(next..<end), end == line.end || isEnd(end) else { return false }
        if run.kind != .fullStop { return true }

        let word = line.text(line.skipBack(begin..<stop) { !$0.isOpening }..<stop)
        guard word.unicodeScalars.count > 1, word.unicodeScalars.dropFirst().allSatisfy({ $0.isLower || $0.isMark }),
            rules.abbreviation(word, isFirst: true) == nil
        else { return false }
        let follower = Follower(line: line, at: next)
        // "Amazon.Com", "Node.Js", "file.Name".
        return follower.isStarter(rules)
    }

    /// Whether there is nothing of an address or a name of files and code.
    private func isPlain(_ range: Range<Int>) -> Bool {
        line.skip(range.lowerBound) { !$0.isOfAddress && !$0.isTerminator && !$0.isDigit } >= range.upperBound
    }

    /// Whether the word ends at an offset: with a space, or a mark that a space follows.
    private func isEnd(_ offset: Int) -> Bool {
        guard let mark = line.scalar(at: offset) else { return true }
        if mark.isSpace { return true }
        return line.scalar(at: line.skip(offset) { $0.isTerminator })?.isAlphanumeric != true
    }
}

extension Unicode.Scalar {
    /// Marks that stand in addresses, paths and code.
    fileprivate var isOfAddress: Bool {
        switch self {
        case "/", "@", "=", "\\", "_", "#", "&", "<", ">", "$", "+", "(", ")", "[", "]", "{", "}", ":": true
        default: false
        }
    }
}
