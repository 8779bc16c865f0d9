/// Tags that begin and end stretches of a text, each with its other half. What has none is a mark at one place.
struct CodePairs {
    struct Tag {
        enum Kind: Equatable {
            case opening(String), closing(String), other
        }

        var kind: Kind
        var range: Range<Int>
    }

    /// Of more tags that are open, only the last are looked at.
    private static let depthMax = 256

    private(set) var tags: [(piece: InlineText.Piece, range: Range<Int>)] = []

    init(_ found: [Tag]) {
        var opened: [(name: String, index: Int)] = []
        for (index, tag) in found.enumerated() {
            tags.append((.mark(index + 1), tag.range))
            switch tag.kind {
            case .opening(let name): opened.append((name, index))
            case .closing(let name):
                guard let match = opened.suffix(Self.depthMax).lastIndex(where: { $0.name == name }) else { continue }
                let begin = opened[match].index
                tags[begin].piece = .open(begin + 1)
                tags[index].piece = .close(begin + 1)
                // What was opened inside and has not ended has no end.
                opened.removeSubrange(match...)
            case .other: break
            }
        }
    }
}
