/// The marks of a segment: what is in what, and which units of the source each covers.
struct MarkTree {
    enum Kind {
        /// An element with words; both of its tags are here.
        case element
        /// What has no words: a mark, or the two tags of an element that is empty.
        case point
        /// What keeps its order: a tag whose element began before the segment, or ends after it, and marks that may belong
        /// together.
        case edge
    }

    struct Node {
        var kind: Kind
        /// Indices of the block's marks: one, or an element's two tags.
        var marks: [Int]
        /// The units of the source that it covers; empty, and at its place, if it covers none.
        var units: Range<Int>
        var children: [Node] = []
    }

    private(set) var nodes: [Node] = []

    /// - Parameters:
    ///   - inner: which of the marks are in the segment.
    ///   - segment: where it is in the block's text, in bytes.
    ///   - units: the segment's, in bytes from its beginning.
    init(_ marks: [MarkupMark], _ inner: Range<Int>, segment: Range<Int>, units: [Range<Int>]) {
        var open: [Node] = []
        for index in inner {
            let mark = marks[index], place = Self.unit(at: mark.place, segment, units)
            var node = Node(kind: .edge, marks: [index], units: place..<place)
            switch mark.kind {
            case .point(let isOrdered): node.kind = isOrdered ? .edge : .point
            case .verbatim(let end):
                node.kind = .element
                node.units = place..<max(place, Self.unit(at: end, segment, units))
            case .open:
                if let partner = mark.partner, inner.contains(partner) {
                    open.append(Node(kind: .element, marks: [index, partner], units: place..<place))
                    continue
                }
            case .close:
                if let partner = mark.partner, inner.contains(partner), let element = open.popLast() {
                    node = element
                    node.units = element.units.lowerBound..<max(element.units.lowerBound, place)
                    if node.units.isEmpty, node.children.isEmpty { node.kind = .point }
                }
            }
            if open.isEmpty { nodes.append(node) } else { open[open.count - 1].children.append(node) }
        }
        precondition(open.isEmpty, "partners are well nested")
    }
    /// The first unit at a place in the block's text, or after it.
    private static func unit(at place: Int, _ segment: Range<Int>, _ units: [Range<Int>]) -> Int {
        let place = min(max(place, segment.lowerBound), segment.upperBound) - segment.lowerBound
        return units.firstIndex { $0.lowerBound >= place } ?? units.count
    }
}
