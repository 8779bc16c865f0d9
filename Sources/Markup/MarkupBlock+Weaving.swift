import Translations

extension MarkupBlock {
    /// For each segment, whether there are marks among its words, so that its alignment is needed.
    /// - Parameter segments: where they are in the text, in bytes and in order.
    package func hasMarks(in segments: [Range<Int>]) -> [Bool] {
        guard !marks.isEmpty else { return segments.map { _ in false } }
        return inner(segments.map { WovenSegment(range: $0, output: "") }).map { !$0.isEmpty }
    }

    /// The block with its segments replaced. What is between them stays as it is, with its marks.
    package func woven(_ segments: [WovenSegment], of text: MarkupText) -> String {
        let inner = inner(segments)
        let bytes = Array(self.text.utf8)
        var weaver = Weaver(block: self, markup: text.bytes)
        var end = 0
        var mark = 0
        for (segment, inner) in zip(segments, inner) {
            weaver.write(from: end, to: segment.range.lowerBound, marks: mark..<inner.lowerBound)
            defer { (end, mark) = (segment.range.upperBound, inner.upperBound) }
            if let last = marks[..<inner.lowerBound].last, last.end >= segment.range.upperBound {
                // The rest of what stays as it is, and is written.
                weaver.skip(to: segment.range.upperBound, marks: inner)
                continue
            }
            if end == segment.range.lowerBound { weaver.write(segment.joint) }
            if let output = segment.output {
                let source = String(decoding: bytes[segment.range], as: UTF8.self)
                weaver.write(output, for: source, at: segment.range, segment.alignment, marks: inner)
                weaver.skip(to: segment.range.upperBound, marks: inner)
            } else {
                weaver.write(from: segment.range.lowerBound, to: segment.range.upperBound, marks: inner)
            }
        }
        weaver.write(from: end, to: bytes.count, marks: mark..<marks.count)
        return String(decoding: weaver.output, as: UTF8.self)
    }

    /// For each segment the marks that go with its words: those among them, and those beside them whose element's other
    /// end is among them.
    private func inner(_ segments: [WovenSegment]) -> [Range<Int>] {
        var inner: [Range<Int>] = []
        var first = 0
        for (number, segment) in segments.enumerated() {
            let range = segment.range
            let next = number + 1 < segments.count ? segments[number + 1].range.lowerBound : Int.max
            // Those before the segment's words.
            var lower = first
            while lower < marks.count, marks[lower].end <= range.lowerBound { lower += 1 }
            var upper = lower
            while upper < marks.count, marks[upper].place < range.upperBound { upper += 1 }
            let among = lower..<upper
            if !among.isEmpty, segment.output != nil {
                for mark in first..<lower {
                    guard marks[mark].kind == .open, let partner = marks[mark].partner, among.contains(partner) else {
                        continue
                    }
                    lower = mark
                    break
                }
                var after = upper
                while after < marks.count, marks[after].place <= next, marks[after].end <= next {
                    if marks[after].kind == .close, let partner = marks[after].partner, among.contains(partner) {
                        upper = after + 1
                    }
                    after += 1
                }
            }
            inner.append(lower..<upper)
            first = upper
        }
        return inner
    }
}
