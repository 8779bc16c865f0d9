extension Sequence<String> {
    /// The one that was probably meant by a misspelt name, if any comes near.
    ///
    /// - Parameter most: How far from the name it may be; nil: farther for longer names.
    func nearest(to name: String, within most: Int? = nil) -> String? {
        let ranked = map { (name: $0, distance: editDistance(Array($0.utf8), Array(name.utf8))) }
        guard let best = ranked.min(by: { $0.distance < $1.distance }) else { return nil }
        return best.distance <= most ?? Swift.max(2, name.utf8.count / 3) ? best.name : nil
    }
}

/// Levenshtein's: the fewest bytes to insert, delete or replace.
private func editDistance(_ source: [UInt8], _ target: [UInt8]) -> Int {
    var row = Array(0...target.count)
    for (index, byte) in source.enumerated() {
        var diagonal = row[0]
        row[0] = index + 1
        for column in target.indices {
            let replaced = diagonal + (byte == target[column] ? 0 : 1)
            diagonal = row[column + 1]
            row[column + 1] = min(replaced, min(row[column], diagonal) + 1)
        }
    }
    return row[target.count]
}
