/// A stretch of markup. The tokens of a text have no gap between them: written one after the other, they are the text.
package struct MarkupToken: Sendable, Equatable {
    package enum Kind: Sendable, Equatable {
        /// Words, with character references in them.
        case text
        /// The contents of an element that has no markup inside, such as a script.
        case raw
        /// `<![CDATA[…]]>`
        case characterData
        case comment
        /// `<!DOCTYPE …>`
        case declaration
        /// `<?…?>`
        case instruction
        case start
        /// A start tag that ends its element: `<x/>`
        case empty
        case end
    }

    package let kind: Kind
    /// In bytes.
    package let range: Range<Int>
    /// Where a tag's name is.
    package let name: Range<Int>

    init(_ kind: Kind, _ range: Range<Int>, name: Range<Int> = 0..<0) {
        self.kind = kind
        self.range = range
        self.name = name
    }
}
