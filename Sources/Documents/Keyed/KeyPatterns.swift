/// Which values of a file with keys are translated: all, or those that patterns name.
///
/// A pattern is one key or several with dots between them, and fits wherever these keys follow each other on the way to
/// a value: `title` names every value of that key and all that is below one, `menu.*` every value below `menu`. `*` is any
/// part of a key. A pattern that begins with `!` names what is not translated, and goes before all others.
package struct KeyPatterns: Sendable, Equatable {
    private var wanted: [[[Unicode.Scalar]]] = []
    private var unwanted: [[[Unicode.Scalar]]] = []

    package init(_ patterns: [String] = []) {
        for pattern in patterns {
            let isUnwanted = pattern.hasPrefix("!")
            let keys = pattern.dropFirst(isUnwanted ? 1 : 0).split(separator: ".", omittingEmptySubsequences: false)
                .map { Array($0.unicodeScalars) }
            if isUnwanted { unwanted.append(keys) } else { wanted.append(keys) }
        }
    }

    /// - Parameter path: The keys that lead to a value; of a value in a list, its number.
    func include(_ path: [String]) -> Bool {
        if wanted.isEmpty && unwanted.isEmpty { return true }
        let path = path.map { Array($0.unicodeScalars) }
        if unwanted.contains(where: { Self.fits($0, path) }) { return false }
        return wanted.isEmpty || wanted.contains { Self.fits($0, path) }
    }

    private static func fits(_ pattern: [[Unicode.Scalar]], _ path: [[Unicode.Scalar]]) -> Bool {
        guard pattern.count <= path.count else { return false }
        return (0...path.count - pattern.count).contains { start in
            zip(pattern, path[start...]).allSatisfy(fits)
        }
    }

    /// Whether a key fits, with `*` for any part of it. Linear in the product of the lengths.
    private static func fits(_ pattern: [Unicode.Scalar], _ key: [Unicode.Scalar]) -> Bool {
        var (inPattern, inKey) = (0, 0)
        var star: (pattern: Int, key: Int)?
        while inKey < key.count {
            if inPattern < pattern.count, pattern[inPattern] == "*" {
                star = (inPattern, inKey)
                inPattern += 1
            } else if inPattern < pattern.count, pattern[inPattern] == key[inKey] {
                inPattern += 1
                inKey += 1
            } else if let last = star {
                inPattern = last.pattern + 1
                inKey = last.key + 1
                star = (last.pattern, last.key + 1)
            } else {
                return false
            }
        }
        return pattern[inPattern...].allSatisfy { $0 == "*" }
    }
}
