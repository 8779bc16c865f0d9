/// What surrounds the tokens of a segment: which tokens the encoder reads before and after them, what the decoder reads
/// first, and what it has to write first. Families differ in where they put the languages; here that is data.
public struct Framing: Sendable, Equatable, Codable {
    /// A place in the frame.
    public enum Slot: Sendable, Equatable, Codable {
        /// The same token for every segment.
        case token(Int)
        /// The token that names the language of the source.
        case sourceLanguage
        /// The token that names the language to write.
        case targetLanguage
    }

    /// What the encoder reads before the segment's tokens, and after them.
    public var sourcePrefix: [Slot]
    public var sourceSuffix: [Slot]
    /// What the decoder reads first.
    public var decoderStart: Slot
    /// What the decoder has to write first; nil where the search is free, or the model's settings say it.
    public var forcedFirst: Slot?

    public init(
        sourcePrefix: [Slot] = [], sourceSuffix: [Slot] = [], decoderStart: Slot, forcedFirst: Slot? = nil
    ) {
        self.sourcePrefix = sourcePrefix
        self.sourceSuffix = sourceSuffix
        self.decoderStart = decoderStart
        self.forcedFirst = forcedFirst
    }

    /// The frame of a source that ends with one token, and names no language.
    public init(sourceEnd: Int, decoderStart: Int) {
        self.init(sourceSuffix: [.token(sourceEnd)], decoderStart: .token(decoderStart))
    }

    /// Every place of the frame.
    public var slots: [Slot] { sourcePrefix + sourceSuffix + [decoderStart] + (forcedFirst.map { [$0] } ?? []) }

    /// How many tokens the encoder reads besides the segment's, at most.
    public var sourceTokenCount: Int { sourcePrefix.count + sourceSuffix.count }

    /// The frame of segments in given languages. Places of languages that are not given stay empty; a decoder that
    /// starts with a language has to have one.
    ///
    /// - Returns: nil when the decoder has nothing to start with.
    package func frame(sourceLanguage: Int? = nil, targetLanguage: Int? = nil) -> SegmentFrame? {
        func token(_ slot: Slot) -> Int? {
            switch slot {
            case .token(let id): id
            case .sourceLanguage: sourceLanguage
            case .targetLanguage: targetLanguage
            }
        }
        guard let start = token(decoderStart) else { return nil }
        return SegmentFrame(
            sourcePrefix: sourcePrefix.compactMap(token), sourceSuffix: sourceSuffix.compactMap(token),
            decoderStart: start, forcedFirst: forcedFirst.flatMap(token))
    }
}

/// A `Framing` with its languages filled in: token ids only.
package struct SegmentFrame: Sendable, Hashable {
    package var sourcePrefix: [Int]
    package var sourceSuffix: [Int]
    package var decoderStart: Int
    package var forcedFirst: Int?

    package init(sourcePrefix: [Int] = [], sourceSuffix: [Int] = [], decoderStart: Int, forcedFirst: Int? = nil) {
        self.sourcePrefix = sourcePrefix
        self.sourceSuffix = sourceSuffix
        self.decoderStart = decoderStart
        self.forcedFirst = forcedFirst
    }

    /// What the encoder reads for a segment of these ids.
    package func source(_ ids: some Collection<Int>) -> [Int32] { (sourcePrefix + ids + sourceSuffix).map(Int32.init) }

    /// The ids of the segment itself, of what the encoder reads.
    package func body(of source: [Int32]) -> ArraySlice<Int32> {
        source.dropFirst(sourcePrefix.count).dropLast(sourceSuffix.count)
    }
}
