extension String {
    /// The text, or as much of its beginning as fits, and then a note of how much is missing.
    func truncated(toBytes maximum: Int) -> String {
        guard utf8.count > maximum else { return self }
        // Never in the middle of a character's bytes.
        var end = utf8.index(startIndex, offsetBy: maximum)
        while end.samePosition(in: unicodeScalars) == nil { end = utf8.index(before: end) }
        let head = self[..<end]
        return "\(head)… (\(utf8.count - head.utf8.count) bytes more)"
    }
}
