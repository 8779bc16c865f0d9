/// Translations of segments that are known, as people have made them: each source has one target.
public struct TranslationMemory: Sendable, Equatable {
    public struct Entry: Sendable, Hashable {
        public var source: String
        public var target: String

        public init(source: String, target: String) {
            self.source = source
            self.target = target
        }
    }

    /// How like its source in the memory a segment is.
    public enum Match: String, Sendable {
        /// It is the same but for white space.
        case exact
        /// It is the same but for white space and the case of its letters.
        case folded
    }

    /// The languages, BCP 47: segments in another direction have nothing here. nil: it is not known, and not asked for.
    public let sourceLanguage: String?
    public let targetLanguage: String?
    private let storage: Storage

    /// - Parameter entries: Of several with one source the last counts.
    public init(_ entries: [Entry], sourceLanguage: String? = nil, targetLanguage: String? = nil) {
        self.sourceLanguage = sourceLanguage
        self.targetLanguage = targetLanguage
        storage = Storage(entries)
    }

    /// So many sources have a target.
    public var count: Int { storage.count }
    public var isEmpty: Bool { count == 0 }

    /// The target of a segment. An exact match goes before one that differs in case, and of these the last counts.
    ///
    /// Characters are equal however they are composed.
    public func target(of segment: some StringProtocol) -> (text: String, match: Match)? {
        let source = Self.spaced(segment)
        guard let candidates = storage.sources[Self.folded(source)] else { return nil }
        if let exact = candidates.last(where: { $0.source == source }) { return (exact.target, .exact) }
        return candidates.last.map { ($0.target, .folded) }
    }

    public static func == (first: TranslationMemory, second: TranslationMemory) -> Bool {
        first.sourceLanguage == second.sourceLanguage && first.targetLanguage == second.targetLanguage
            && (first.storage === second.storage || first.storage.sources == second.storage.sources)
    }

    /// A text with each run of white space as one space, and none around it.
    private static func spaced(_ text: some StringProtocol) -> String {
        var result = String.UnicodeScalarView()
        var isSpaced = false
        for scalar in text.unicodeScalars {
            if scalar == " " || scalar.properties.isWhitespace {
                isSpaced = !result.isEmpty
            } else {
                if isSpaced { result.append(" ") }
                isSpaced = false
                result.append(scalar)
            }
        }
        return String(result)
    }

    /// As Unicode folds case, in all but rare letters: capitals first, so that "ß" is "SS" and both sigmas are one.
    private static func folded(_ text: String) -> String { text.uppercased().lowercased() }

    private final class Storage: Sendable {
        /// By the folded source: few differ in nothing but case.
        let sources: [String: [Entry]]
        let count: Int

        init(_ entries: [Entry]) {
            var sources: [String: [Entry]] = [:]
            sources.reserveCapacity(entries.count)
            var count = 0
            for entry in entries {
                let source = TranslationMemory.spaced(entry.source)
                guard !source.isEmpty else { continue }
                let known = Entry(source: source, target: entry.target)
                let key = TranslationMemory.folded(source)
                count += 1
                if let earlier = sources[key]?.firstIndex(where: { $0.source == source }) {
                    // The last one is also the last of those that differ in case.
                    sources[key]!.remove(at: earlier)
                    count -= 1
                }
                sources[key, default: []].append(known)
            }
            self.sources = sources
            self.count = count
        }
    }
}
