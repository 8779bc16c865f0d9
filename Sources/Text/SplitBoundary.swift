/// Where a sentence that does not fit is cut, the best first.
package enum SplitBoundary: Int, Sendable, Comparable {
    /// After a comma, a colon, a dash, a bracket and the like.
    case clause
    /// At white space.
    case word
    /// Inside a word, between characters; inside a character only when it alone does not fit.
    case character

    package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}
