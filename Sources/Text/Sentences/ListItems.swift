/// The items of a list that stands on one line, "1. Bread 2. Milk 3. Tea".
///
/// A line is such a list when it begins with a mark and goes on to count: a number with a full stop or a bracket, a small
/// letter with a bracket, or a bullet.
struct ListItems {
    /// Where the items after the first begin.
    let starts: [Int]

    /// - Parameter hasOrdinals: whether "2. Mai" is a date, so that only brackets count.
    init(in line: LineScalars, hasOrdinals: Bool) {
        let begin = line.skip(0, while: \.isSpace)
        guard let first = line.scalar(at: begin) else {
            starts = []
            return
        }
        if first.isBullet {
            starts = Self.starts(in: line, from: line.after(begin)) { $0 == first ? line.after($1) : nil }
        } else if let mark = Mark(in: line, at: begin), !(hasOrdinals && mark.isFullStop) {
            starts = Self.starts(of: mark, in: line)
        } else {
            starts = []
        }
    }

    private static func starts(of first: Mark, in line: LineScalars) -> [Int] {
        var last = first
        return starts(in: line, from: first.end) { scalar, offset in
            guard scalar.isDigit || scalar.isASCIILetter || scalar == "(" else { return nil }
            guard let mark = Mark(in: line, at: offset), mark.follows(last) else { return nil }
            last = mark
            return mark.end
        }
    }

    /// Where a mark stands between spaces, or a bullet before a word.
    private static func starts(
        in line: LineScalars, from begin: Int, markEnd: (Unicode.Scalar, Int) -> Int?
    ) -> [Int] {
        var starts: [Int] = []
        var (position, isAfterSpace) = (begin, false)
        while let scalar = line.scalar(at: position) {
            if isAfterSpace, let end = markEnd(scalar, position) {
                starts.append(position)
                position = end
                isAfterSpace = false
            } else {
                isAfterSpace = scalar.isSpace
                position = line.after(position)
            }
        }
        return starts
    }

    /// What an item begins with: "2.", "2)", "(2)", "2.)", "b)".
    private struct Mark {
        let value: Int
        let isLetter: Bool
        let isFullStop: Bool
        let end: Int

        init?(in line: LineScalars, at offset: Int) {
            let isBracketed = line.scalar(at: offset) == "("
            let begin = isBracketed ? line.after(offset) : offset
            let digits = line.skip(begin, reach: 3) { $0.isASCII && $0.isDigit }
            var close = digits
            if digits > begin, let number = Int(line.text(begin..<digits)) {
                (value, isLetter) = (number, false)
            } else if let letter = line.scalar(at: begin), letter.isASCII, letter.isLower {
                (value, isLetter) = (Int(letter.value) - 0x60, true)
                close = line.after(begin)
            } else {
                return nil
            }
            var hasStop = false
            if line.scalar(at: close) == "." {
                hasStop = true
                close = line.after(close)
            }
            var hasBracket = false
            if line.scalar(at: close) == ")" {
                hasBracket = true
                close = line.after(close)
            }
            guard hasBracket || hasStop && !isLetter, line.scalar(at: close)?.isSpace == true else { return nil }
            isFullStop = !hasBracket
            end = close
            // "2. 3 of them" counts nothing.
            if isFullStop, line.scalar(at: line.skip(close, while: \.isSpace))?.isUpper != true { return nil }
        }

        func follows(_ other: Mark) -> Bool {
            value == other.value + 1 && isLetter == other.isLetter && isFullStop == other.isFullStop
        }
    }
}

extension Unicode.Scalar {
    fileprivate var isBullet: Bool {
        switch self {
        case "•", "‣", "⁃", "◦", "▪", "●", "○", "■", "▸", "►": true
        default: false
        }
    }
}
