/// Sequences of tokens that an output must have, each as often as it is listed: lexical constraints.
package struct RequiredPhrases: Sendable, Hashable {
    /// How much of the phrases a hypothesis has.
    package struct Progress: Sendable, Equatable {
        /// Which phrases are met, by their bits.
        fileprivate(set) var met: UInt64 = 0
        /// The phrase that has begun, and which of its forms; -1: none.
        fileprivate(set) var phrase = -1
        fileprivate(set) var form = 0
        /// How many tokens of the form there are.
        fileprivate(set) var length = 0

        package init() {}
    }

    /// As many as a progress has bits for.
    package static let countMax = 64

    /// For each phrase the forms that it may have, of which one is enough.
    package let phrases: [[[Int32]]]
    /// How many tokens each phrase counts for: those of its longest form.
    private let weights: [Int]

    /// - Parameter phrases: At most `countMax`; each has a form, and no form is empty.
    package init(_ phrases: [[[Int32]]] = []) {
        precondition(phrases.count <= Self.countMax, "\(phrases.count) phrases; there may be \(Self.countMax)")
        precondition(phrases.allSatisfy { !$0.isEmpty && $0.allSatisfy { !$0.isEmpty } }, "a phrase has tokens")
        self.phrases = phrases
        weights = phrases.map { forms in forms.map(\.count).max() ?? 0 }
    }

    package var isEmpty: Bool { phrases.isEmpty }

    /// All tokens of all forms.
    package var tokens: [Int32] { phrases.flatMap { $0.flatMap { $0 } } }

    /// How many tokens make everything met: the highest of the banks, which begin with 0.
    package var weight: Int { weights.reduce(0, +) }

    /// How many tokens of the phrases a hypothesis has; by this number it competes with others.
    package func bank(_ progress: Progress) -> Int {
        var sum = phrases.indices.reduce(0) { isMet($1, progress) ? $0 + weights[$1] : $0 }
        if progress.phrase >= 0 { sum += min(progress.length, weights[progress.phrase] - 1) }
        return sum
    }

    package func isComplete(_ progress: Progress) -> Bool {
        phrases.indices.allSatisfy { isMet($0, progress) }
    }

    /// What may come next of the phrases: the rest of the one that has begun, or else the begin of one that is not met.
    /// Tokens may be named twice.
    package func next(_ progress: Progress) -> [Int32] {
        let begun = begun(progress)
        return phrases.indices.flatMap { phrase in
            isMet(phrase, progress)
                ? [] : phrases[phrase].compactMap { $0.starts(with: begun) ? $0.dropFirst(begun.count).first : nil }
        }
    }

    /// Takes a token into account.
    ///
    /// What has begun and does not go on is given up, but for the longest end of it that begins a phrase itself.
    package func advance(_ progress: inout Progress, by token: Int32) {
        let seen = begun(progress) + [token]
        for start in seen.indices {
            let tail = seen[start...]
            // The phrase that has begun goes before others with the same tokens.
            let current = start == 0 && progress.phrase >= 0 ? [progress.phrase] : []
            let order = current + phrases.indices
            for phrase in order where !isMet(phrase, progress) && phrases[phrase].contains(where: tail.elementsEqual) {
                progress.met |= 1 << UInt64(phrase)
                forget(&progress)
                return
            }
            for phrase in order where !isMet(phrase, progress) {
                if let form = phrases[phrase].firstIndex(where: { $0.starts(with: tail) }) {
                    (progress.phrase, progress.form, progress.length) = (phrase, form, tail.count)
                    return
                }
            }
        }
        forget(&progress)
    }

    private func isMet(_ phrase: Int, _ progress: Progress) -> Bool { progress.met >> UInt64(phrase) & 1 == 1 }

    private func begun(_ progress: Progress) -> ArraySlice<Int32> {
        progress.phrase < 0 ? [] : phrases[progress.phrase][progress.form].prefix(progress.length)
    }

    private func forget(_ progress: inout Progress) {
        (progress.phrase, progress.form, progress.length) = (-1, 0, 0)
    }
}
