/// A tag, or another thing that is no word, within the words of a block.
struct MarkupMark: Sendable {
    enum Kind: Sendable, Equatable {
        case open
        case close
        /// Without contents: an image, a comment, a reference that stands for no character. What is ordered does not change
        /// places with others: two may belong together.
        case point(isOrdered: Bool)
        /// An element whose contents stay as they are; they are words of the block up to `end`.
        case verbatim(end: Int)
    }

    let kind: Kind
    /// In the markup's bytes.
    let source: Range<Int>
    /// Where it stands in the block's text, in bytes.
    let place: Int
    /// The mark at the other end of its element, where that is in the same block and well nested.
    var partner: Int?
    /// Whether there is white space right before and right after it, other marks not counted.
    var hasSpaceBefore: Bool
    var hasSpaceAfter = false

    /// Where what it covers ends in the block's text, if it covers something.
    var end: Int { if case .verbatim(let end) = kind { end } else { place } }

    var isPoint: Bool { if case .point = kind { true } else { false } }
}
