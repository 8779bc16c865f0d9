extension ProtectedSpan {
    /// Spans with the words that they are parts of: of a name with a letter that the vocabulary lacks, all of it is kept, and
    /// with a currency's sign or a degree's, the amount. Two of one word are both all of it.
    ///
    /// - Parameter spans: those of the text, in order.
    package static func words(of spans: some Collection<ProtectedSpan>, in text: Substring) -> [ProtectedSpan] {
        let spans = Array(spans)
        return spans.enumerated().map { number, span in
            guard span.kind == .symbol else { return span }
            // Other spans are whole by themselves.
            let before = spans[..<number].last { $0.kind != .symbol }?.text.endIndex ?? text.startIndex
            let after = spans[(number + 1)...].first { $0.kind != .symbol }?.text.startIndex ?? text.endIndex
            let room = text.unicodeScalars[before..<after]
            var (begin, end) = (span.text.startIndex, span.text.endIndex)
            if span.text.unicodeScalars.first?.belongsToWord == true {
                begin = room.wordStart(before: begin) { $0.belongsToWord }
            }
            if span.text.unicodeScalars.last?.belongsToWord == true {
                end = room.wordEnd(after: end) { $0.belongsToWord }
            }
            if span.text.unicodeScalars.allSatisfy(\.isOfAmount) {
                (begin, end) = room.amount(around: begin..<end)
            }
            return ProtectedSpan(.symbol, text[begin..<end])
        }
    }
}

extension Unicode.Scalar {
    /// What stands beside numbers and belongs to them.
    fileprivate var isOfAmount: Bool {
        self == "°" || self == "′" || self == "″" || self == "‰" || properties.generalCategory == .currencySymbol
    }

    fileprivate var isOfNumber: Bool { isDigit || self == "." || self == "," }
}

extension Substring.UnicodeScalarView {
    fileprivate func wordStart(before index: Index, _ isTaken: (Unicode.Scalar) -> Bool) -> Index {
        var index = index
        while index > startIndex, isTaken(self[self.index(before: index)]) { index = self.index(before: index) }
        return index
    }

    fileprivate func wordEnd(after index: Index, _ isTaken: (Unicode.Scalar) -> Bool) -> Index {
        var index = index
        while index < endIndex, isTaken(self[index]) { index = self.index(after: index) }
        return index
    }

    /// A sign with the number before it, a space between them or none, or else the number after it; a letter may follow a
    /// sign of degrees.
    fileprivate func amount(around sign: Range<Index>) -> (Index, Index) {
        var (begin, end) = (sign.lowerBound, sign.upperBound)
        if end < endIndex, self[end].isASCIILetter, self[end].isASCII {
            let next = index(after: end)
            if next == endIndex || !self[next].belongsToWord { end = next }
        }
        var last = begin
        if last > startIndex, self[index(before: last)].isSpace { last = index(before: last) }
        let number = wordStart(before: last) { $0.isOfNumber }
        if number < last, self[index(before: last)].isDigit {
            begin = number
            while begin < last, !self[begin].isDigit { begin = index(after: begin) }
        } else {
            var first = end
            if first < endIndex, self[first].isSpace { first = index(after: first) }
            let rest = wordEnd(after: first) { $0.isOfNumber }
            if first < rest, self[first].isDigit {
                end = rest
                // A full stop ends the sentence.
                while end > first, !self[index(before: end)].isDigit { end = index(before: end) }
            }
        }
        return (begin, end)
    }
}
