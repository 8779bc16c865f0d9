internal import Synchronization

/// How words and phrases of sources are to be translated: each source phrase has one target, in exactly this casing.
///
/// A target that is the source says that the phrase is not translated.
public struct Glossary: Sendable, Hashable {
    public struct Entry: Sendable, Hashable {
        public var source: String
        public var target: String

        public init(source: String, target: String) {
            self.source = source
            self.target = target
        }
    }

    /// The most bytes of UTF-8 that a source or a target may have.
    public static let termBytesMax = 1024
    /// The most bytes of UTF-8 that all sources and targets may have together.
    public static let byteCountMax = 10 << 20

    private let storage: Storage

    /// - Parameter entries: An entry without a target says that its source is not translated. One that is given twice counts
    ///   once.
    /// - Throws: `GlossaryProblem` for the first entry that cannot be.
    public init(_ entries: [Entry]) throws(GlossaryProblem) {
        var kept: [Entry] = []
        // By their bytes: strings are equal that are written in different scalars.
        var known: [[UInt8]: Int] = [:]
        var byteCount = 0
        for (index, entry) in entries.enumerated() {
            var entry = entry
            if entry.target.isEmpty { entry.target = entry.source }
            if let fault = Self.fault(entry) { throw GlossaryProblem(entry: index, fault) }
            let bytes = Array(entry.source.utf8)
            if let earlier = known[bytes] {
                guard kept[earlier].target == entry.target else {
                    throw GlossaryProblem(
                        entry: index, .contradiction(source: entry.source, entry.target, earlier: kept[earlier].target))
                }
                continue
            }
            known[bytes] = kept.count
            kept.append(entry)
            byteCount += entry.source.utf8.count + entry.target.utf8.count
            guard byteCount <= Self.byteCountMax else { throw GlossaryProblem(entry: index, .tooLarge) }
        }
        storage = Storage(kept, byteCount: byteCount)
    }

    private init(part entries: [Entry]) {
        storage = Storage(entries, byteCount: entries.reduce(0) { $0 + $1.source.utf8.count + $1.target.utf8.count })
    }

    public var entries: [Entry] { storage.entries }
    public var isEmpty: Bool { storage.entries.isEmpty }
    /// The bytes of all sources and targets.
    public var byteCount: Int { storage.byteCount }

    /// Finds the sources of the entries, by their indices.
    package var phrases: PhraseMatcher { storage.phrases }

    /// What may stand in texts between words that are side by side in what is translated.
    package enum Joining: Sendable, Hashable {
        case nothing, lines, markup
    }

    /// The entries whose sources texts have; nil if there is none.
    ///
    /// Of words that are joined, it is those that they may have: some more, and all where a text's markup is not plain. It is all,
    /// too, where so many begin as words of the texts do that to look for each would take long.
    package func part(for sources: some Sequence<Source>, joining: Joining = .nothing) -> Glossary? {
        var found: Set<Int> = []
        var patience = PhraseMatcher.patience
        for case .text(let text) in sources where found.count < entries.count {
            guard patience >= 0 else { return self }
            guard joining != .nothing else {
                phrases.insertAll(in: text, into: &found, &patience)
                continue
            }
            guard let readings = SquashedText(text, isMarkup: joining == .markup).readings else { return self }
            for reading in readings { storage.squashedPhrases.insertAll(in: reading, into: &found, &patience) }
        }
        if patience < 0 { return self }
        if found.count == entries.count { return isEmpty ? nil : self }
        return found.isEmpty ? nil : Glossary(part: found.sorted().map { entries[$0] })
    }

    /// One glossary of several, in which no source may have two targets.
    public static func joined(_ glossaries: [Glossary]) throws(GlossaryProblem) -> Glossary {
        glossaries.count == 1 ? glossaries[0] : try Glossary(glossaries.flatMap(\.entries))
    }

    public static func == (first: Glossary, second: Glossary) -> Bool {
        first.storage === second.storage || first.entries == second.entries
    }

    /// Of large glossaries, not all entries need to be looked at.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(entries.count)
        for entry in entries.prefix(8) { hasher.combine(entry) }
    }

    private static func fault(_ entry: Entry) -> GlossaryProblem.Fault? {
        for (isTarget, term) in [(false, entry.source), (true, entry.target)] {
            if term.isEmpty { return .empty }
            if term.utf8.count > termBytesMax { return .tooLong(isTarget: isTarget, bytes: term.utf8.count) }
            if let control = term.unicodeScalars.first(where: \.endsLineOrControls) {
                return .control(isTarget: isTarget, control)
            }
            let scalars = term.unicodeScalars
            if scalars.first?.properties.isWhitespace == true || scalars.last?.properties.isWhitespace == true {
                return .outerSpace(isTarget: isTarget)
            }
        }
        return nil
    }

    private final class Storage: Sendable {
        let entries: [Entry]
        let byteCount: Int
        private let matcher = Mutex<PhraseMatcher?>(nil)
        private let squashed = Mutex<SquashedPhrases?>(nil)

        init(_ entries: [Entry], byteCount: Int) {
            self.entries = entries
            self.byteCount = byteCount
        }

        /// Made when it is needed: what only passes a glossary on does not look into texts.
        var phrases: PhraseMatcher {
            matcher.withLock { matcher in
                if let matcher { return matcher }
                let made = PhraseMatcher(entries.map(\.source))
                matcher = made
                return made
            }
        }

        var squashedPhrases: SquashedPhrases {
            squashed.withLock { squashed in
                if let squashed { return squashed }
                let made = SquashedPhrases(entries.map(\.source))
                squashed = made
                return made
            }
        }
    }
}

extension Unicode.Scalar {
    /// The control characters C0 and C1, and Unicode's ends of lines and paragraphs.
    fileprivate var endsLineOrControls: Bool {
        switch value {
        case 0..<0x20, 0x7F...0x9F, 0x2028, 0x2029: true
        default: false
        }
    }
}
