/// Where a segment's marks go in its output.
///
/// Each element of the source is one element of the output: around the stretch of words that come most from its own. Marks
/// without words go where the words before them and after them part. What is in an element stays in it, and no two elements
/// overlap, so that the output is as well nested as the source.
struct MarkPlacement {
    /// Marks at about the same share of the words, in their order: for more marks or words than can be weighed.
    static func inOrder(
        _ marks: [MarkupMark], _ inner: Range<Int>, segment: Range<Int>, units: [Range<Int>], of target: Int
    ) -> [Event] {
        var unit = 0
        func boundary(_ place: Int) -> Int {
            while unit < units.count, units[unit].lowerBound < place - segment.lowerBound { unit += 1 }
            return units.isEmpty ? target : unit * target / units.count
        }
        return inner.map { index in
            let mark = marks[index], begin = boundary(mark.place)
            guard case .verbatim(let end) = mark.kind else {
                return Event(boundary: begin, mark: index, isPoint: mark.isPoint)
            }
            let last = max(begin, boundary(end))
            return Event(boundary: begin, mark: index, end: last, isPoint: last == begin)
        }
    }

    /// A mark in the output.
    struct Event: Equatable {
        /// Before which unit of the output; the number of units stands for its end.
        var boundary: Int
        /// Index of the block's mark.
        var mark: Int
        /// For an element that stays as it is, where the words end that it replaces.
        var end: Int?
        /// Whether its node covers no words.
        var isPoint: Bool
    }

    /// In the order of the output.
    private(set) var events: [Event] = []

    private let weights: UnitWeights
    private let marks: [MarkupMark]

    init(_ tree: MarkTree, _ weights: UnitWeights, _ marks: [MarkupMark]) {
        self.weights = weights
        self.marks = marks
        emit(place(tree.nodes, from: 0..<weights.source.count, in: 0..<weights.target.count))
    }

    /// A node, and the units of the output that it covers.
    private struct Placed {
        var node: MarkTree.Node
        var units: Range<Int>
        var children: [Placed] = []
        /// How many elements came around others here.
        var depth = 0
    }

    /// So many elements come around one.
    private static let depthLimit = 256

    private func place(_ nodes: [MarkTree.Node], from words: Range<Int>, in room: Range<Int>) -> [Placed] {
        var placed: [Placed] = []
        let elements = nodes.filter { $0.kind == .element }
            .map { (node: $0, best: best($0, of: words, in: [room])) }
            .sorted { ($0.best?.sum ?? -1, -$0.node.marks[0]) > ($1.best?.sum ?? -1, -$1.node.marks[0]) }
        for (node, first) in elements {
            guard !node.units.isEmpty else {
                // Marks in an element without words.
                let place = boundary(
                    node.units.lowerBound, of: words, from: room.lowerBound, in: room, besides: placed.map(\.units))
                placed.append(Placed(node: node, units: place..<place))
                continue
            }
            let free = Self.gaps(placed.map(\.units), in: room)
            let isFree = first.map { best in free.contains { $0.contains(best.units) } } ?? false
            if let found = isFree ? first : best(node, of: words, in: free), found.sum > 0 || !isVerbatim(node) {
                placed.append(Placed(node: node, units: found.units))
            } else if isVerbatim(node) {
                // No word of the output is its own, so that it replaces none.
                let place = boundary(
                    node.units.lowerBound, of: words, from: room.lowerBound, in: room, besides: placed.map(\.units))
                placed.append(Placed(node: node, units: place..<place))
            } else {
                surround(node, &placed, in: room)
            }
        }
        placed = placed.map { finished($0) }
        var edge = room.lowerBound
        let taken = placed.map(\.units)
        // Any number of marks may stand at one place.
        var last: (place: Int, lowest: Int, found: Int)?
        for node in nodes where node.kind != .element {
            let lowest = node.kind == .edge ? edge : room.lowerBound, place = node.units.lowerBound
            let isSame = last.map { $0.place == place && ($0.lowest == lowest || $0.found == lowest) } ?? false
            let found =
                isSame ? last?.found ?? lowest : boundary(place, of: words, from: lowest, in: room, besides: taken)
            last = (place, lowest, found)
            if node.kind == .edge { edge = found }
            placed.append(Placed(node: node, units: found..<found))
        }
        return placed.sorted {
            ($0.units.lowerBound, $0.units.isEmpty ? 0 : 1, $0.node.marks[0])
                < ($1.units.lowerBound, $1.units.isEmpty ? 0 : 1, $1.node.marks[0])
        }
    }

    /// Places what is within an element.
    private func finished(_ placed: Placed) -> Placed {
        var placed = placed
        let inner = place(placed.node.children, from: placed.node.units, in: placed.units)
        // An element that came around another holds that as well.
        placed.children = placed.children.map { finished($0) } + inner
        return placed
    }

    /// Puts an element for which no word is left around, or right beside, the element that has its words.
    private func surround(_ node: MarkTree.Node, _ placed: inout [Placed], in room: Range<Int>) {
        let wanted = room.max { weights.support($0, node.units) < weights.support($1, node.units) }
        if node.marks.count == 2, node.children.isEmpty, let wanted,
            let index = placed.firstIndex(where: { $0.units.contains(wanted) }),
            placed[index].depth < Self.depthLimit
        {
            let inner = placed[index]
            placed[index] = Placed(node: node, units: inner.units, children: [inner], depth: inner.depth + 1)
        } else {
            let place = placed.first { $0.units.contains(wanted ?? -1) }?.units.upperBound ?? room.lowerBound
            placed.append(Placed(node: node, units: place..<place))
        }
    }

    private func isVerbatim(_ node: MarkTree.Node) -> Bool {
        if case .verbatim = marks[node.marks[0]].kind { return true }
        return false
    }

    /// The stretch of free units that comes most from words; nil where nothing is free.
    private func best(
        _ node: MarkTree.Node, of words: Range<Int>, in free: [Range<Int>]
    ) -> (units: Range<Int>, sum: Float)? {
        let own = node.units, isVerbatim = isVerbatim(node)
        if own == words, free.count == 1, !free[0].isEmpty { return (free[0], Float(free[0].count)) }
        var best: (units: Range<Int>, sum: Float)?
        for room in free {
            // The largest sum of a stretch (Kadane).
            var begin = room.lowerBound
            var sum: Float = 0
            for unit in room {
                let value = 2 * weights.support(unit, own) - 1
                // What stays as it is takes the place of no other word.
                if sum <= 0 || isVerbatim && value < 0 { (begin, sum) = (unit, 0) }
                sum += value
                if best.map({ sum > $0.sum }) ?? true { best = (begin..<unit + 1, sum) }
            }
        }
        return best
    }

    /// Between which units the words before a place and those after it part; never within an element.
    private func boundary(
        _ place: Int, of words: Range<Int>, from lowest: Int, in room: Range<Int>, besides elements: [Range<Int>]
    ) -> Int {
        let before = words.lowerBound..<max(words.lowerBound, place), after = before.upperBound..<words.upperBound
        var sum: Float = 0
        var sums = [sum]
        for unit in room {
            sum += weights.support(unit, before) - weights.support(unit, after)
            sums.append(sum)
        }
        func value(_ boundary: Int) -> Float {
            var value = sums[boundary - room.lowerBound]
            // Right beside the words that it stood beside.
            if let word = before.last, boundary > room.lowerBound {
                value += weights.support(boundary - 1, word..<word + 1)
            }
            if let word = after.first, boundary < room.upperBound {
                value += weights.support(boundary, word..<word + 1)
            }
            return value
        }
        var best: (place: Int, value: Float)?
        for boundary in lowest...room.upperBound
        where !elements.contains(where: { $0.lowerBound < boundary && boundary < $0.upperBound }) {
            let value = value(boundary)
            if best.map({ value > $0.value }) ?? true { best = (boundary, value) }
        }
        return best?.place ?? room.upperBound
    }

    private static func gaps(_ taken: [Range<Int>], in room: Range<Int>) -> [Range<Int>] {
        var gaps: [Range<Int>] = []
        var begin = room.lowerBound
        for range in taken.sorted(by: { $0.lowerBound < $1.lowerBound }) {
            if begin < range.lowerBound { gaps.append(begin..<range.lowerBound) }
            begin = max(begin, range.upperBound)
        }
        if begin < room.upperBound { gaps.append(begin..<room.upperBound) }
        return gaps
    }

    private mutating func emit(_ placed: [Placed]) {
        for item in placed {
            let marks = item.node.marks, units = item.units
            let isPoint = units.isEmpty && (item.node.kind != .edge || self.marks[marks[0]].isPoint)
            let end = isVerbatim(item.node) ? units.upperBound : nil
            events.append(Event(boundary: units.lowerBound, mark: marks[0], end: end, isPoint: isPoint))
            emit(item.children)
            for mark in marks.dropFirst() {
                events.append(Event(boundary: units.upperBound, mark: mark, isPoint: isPoint))
            }
        }
    }
}

extension Range<Int> {
    fileprivate func contains(_ other: Range<Int>) -> Bool {
        lowerBound <= other.lowerBound && other.upperBound <= upperBound
    }
}
