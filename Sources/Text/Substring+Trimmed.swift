extension Substring {
    /// The text without the scalars at both ends that `isSpace` accepts. Works on scalars, not on characters, so that
    /// a space with a combining mark is cut where a space without one would be.
    func trimmed(_ isSpace: (Unicode.Scalar) -> Bool) -> Substring {
        guard let first = unicodeScalars.firstIndex(where: { !isSpace($0) }),
            let last = unicodeScalars.lastIndex(where: { !isSpace($0) })
        else { return self[endIndex...] }
        return self[first..<unicodeScalars.index(after: last)]
    }
}

extension Substring.UnicodeScalarView {
    /// The scalars without those at the end that a condition holds for.
    func dropLast(while isDropped: (Unicode.Scalar) -> Bool) -> Self {
        guard let last = lastIndex(where: { !isDropped($0) }) else { return self[..<startIndex] }
        return self[...last]
    }

    /// The scalars at the end that a condition holds for.
    func suffix(while isTaken: (Unicode.Scalar) -> Bool) -> Self {
        guard let last = lastIndex(where: { !isTaken($0) }) else { return self }
        return self[index(after: last)...]
    }
}
