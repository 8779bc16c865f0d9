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
