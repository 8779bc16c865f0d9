/// An output that is known but for some places: what it has there, a search finds out. After the last part it ends.
package struct OutputTemplate: Sendable, Hashable {
    package enum Part: Sendable, Hashable {
        /// Just these tokens.
        case fixed([Int32])
        case choice(Choice)
    }

    /// Ways to write a stretch.
    package struct Choice: Sendable, Hashable {
        package struct Form: Sendable, Hashable {
            package var tokens: [Int32]
            /// As a log-probability: of two forms that are about as likely, the one with more is not the better.
            package var penalty: Float

            package init(_ tokens: [Int32], penalty: Float = 0) {
                self.tokens = tokens
                self.penalty = penalty
            }
        }

        /// None is empty.
        package var forms: [Form]
        /// Further ways: any token, and then these; nil: there are none.
        package var afterAny: Form?
        /// But not these tokens.
        package var exceptions: [Int32] = []

        package init(_ forms: [Form], afterAny: Form? = nil) {
            self.forms = forms
            self.afterAny = afterAny
        }
    }

    /// How far a hypothesis is.
    package struct Progress: Sendable, Equatable {
        /// The part that is being written.
        fileprivate(set) var part = 0
        /// What there is of it.
        fileprivate(set) var tokens: [Int32] = []
        /// Of the parts before.
        fileprivate(set) var penalty: Float = 0
    }

    package let parts: [Part]
    /// How many tokens the parts before each count for, and those of all parts.
    private let weights: [Int]

    package init(_ parts: [Part]) {
        precondition(parts.allSatisfy(\.isWritable), "a part has tokens")
        self.parts = parts
        var weights = [0]
        for part in parts { weights.append(weights[weights.count - 1] + part.length) }
        self.weights = weights
    }

    /// All tokens that are known.
    package var tokens: [Int32] {
        parts.flatMap { part -> [Int32] in
            switch part {
            case .fixed(let tokens): tokens
            case .choice(let choice): choice.forms.flatMap(\.tokens) + (choice.afterAny?.tokens ?? [])
            }
        }
    }
}

extension OutputTemplate: SearchGuide {
    package var start: Progress { Progress() }
    /// The most tokens that it may have, too.
    package var weight: Int { weights[parts.count] }

    package func bank(_ progress: Progress) -> Int {
        guard progress.part < parts.count else { return weight }
        return weights[progress.part] + min(progress.tokens.count, parts[progress.part].length - 1)
    }

    package func isComplete(_ progress: Progress) -> Bool { progress.part == parts.count }

    package func next(_ progress: Progress) -> [Int32] {
        guard progress.part < parts.count else { return [] }
        switch parts[progress.part] {
        case .fixed(let tokens): return [tokens[progress.tokens.count]]
        case .choice(let choice):
            let count = progress.tokens.count
            let known = choice.forms.compactMap { form in
                form.tokens.starts(with: progress.tokens) ? form.tokens.dropFirst(count).first : nil
            }
            guard count > 0, let form = choice.afterAny(progress.tokens) else {
                return known
            }
            return known + form.tokens.dropFirst(count - 1).prefix(1)
        }
    }

    package func isOpen(_ progress: Progress) -> Bool {
        guard progress.part < parts.count, progress.tokens.isEmpty, case .choice(let choice) = parts[progress.part]
        else { return false }
        return choice.afterAny != nil
    }

    package func allows(_ token: Int32, _ progress: Progress) -> Bool {
        guard progress.part < parts.count, case .choice(let choice) = parts[progress.part] else { return true }
        return !choice.exceptions.contains(token)
    }

    package func penalty(_ progress: Progress) -> Float {
        guard progress.part < parts.count, case .choice(let choice) = parts[progress.part] else {
            return progress.penalty
        }
        return progress.penalty + (choice.penalty(of: progress.tokens) ?? 0)
    }

    package func advance(_ progress: inout Progress, by token: Int32, isPrompt: Bool) {
        guard !isPrompt, progress.part < parts.count else { return }
        progress.tokens.append(token)
        switch parts[progress.part] {
        case .fixed(let tokens):
            guard progress.tokens.count == tokens.count else { return }
            progress = Progress(part: progress.part + 1, penalty: progress.penalty)
        case .choice(let choice):
            guard choice.has(progress.tokens) else { return }
            let penalty = choice.penalty(of: progress.tokens) ?? 0
            progress = Progress(part: progress.part + 1, penalty: progress.penalty + penalty)
        }
    }
}

extension OutputTemplate.Part {
    fileprivate var isWritable: Bool {
        switch self {
        case .fixed(let tokens): !tokens.isEmpty
        case .choice(let choice):
            !choice.forms.isEmpty && choice.forms.allSatisfy { !$0.tokens.isEmpty }
                && choice.afterAny?.tokens.isEmpty != true
        }
    }

    /// The most tokens that it may have.
    fileprivate var length: Int {
        switch self {
        case .fixed(let tokens): tokens.count
        case .choice(let choice):
            max(choice.forms.map(\.tokens.count).max() ?? 0, choice.afterAny.map { $0.tokens.count + 1 } ?? 0)
        }
    }
}

extension OutputTemplate.Choice {
    /// Whether tokens are one of the ways, and all of it.
    fileprivate func has(_ tokens: [Int32]) -> Bool {
        forms.contains { $0.tokens == tokens }
            || afterAny(tokens).map { $0.tokens.count + 1 == tokens.count } == true
    }

    /// What may follow any token, if these tokens may begin so.
    fileprivate func afterAny(_ tokens: [Int32]) -> Form? {
        guard let form = afterAny, form.tokens.starts(with: tokens.dropFirst()) else { return nil }
        return tokens.first.map(exceptions.contains) == true ? nil : form
    }

    /// The least of those ways that begin with some tokens; nil: none does.
    fileprivate func penalty(of tokens: [Int32]) -> Float? {
        let known = forms.lazy.filter { $0.tokens.starts(with: tokens) }.map(\.penalty).min()
        guard let form = afterAny(tokens) else { return known }
        return min(form.penalty, known ?? form.penalty)
    }
}
