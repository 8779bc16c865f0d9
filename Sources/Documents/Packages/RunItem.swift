/// What a paragraph of runs is made of, in its order.
struct RunItem: Sendable {
    enum Kind: Sendable {
        /// Words of a run with these properties, as they are written.
        case text(String, properties: [UInt8])
        /// What is no text, and how it is written by itself.
        case mark([UInt8])
        /// An element around runs, such as a link: its number, and how its beginning or its end is written.
        case open(Int, [UInt8])
        case close(Int, [UInt8])
        /// What is left out where a text is rewritten, such as what a spelling checker has noted.
        case dropped
    }

    var kind: Kind
    /// All of the run or element that it is part of.
    var range: Range<Int>

    var isText: Bool { if case .text = kind { true } else { false } }
}
