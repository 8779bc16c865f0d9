/// Words that belong together, such as a paragraph's, with the marks among them.
package struct MarkupBlock: Sendable {
    /// The words as they are read: references are characters, and white space is folded.
    package internal(set) var text = ""
    /// Stretches of the text, in bytes, in which no sentence ends.
    package internal(set) var unbroken: [Range<Int>] = []
    /// In the markup's bytes.
    package internal(set) var range = 0..<0
    var items: [Item] = []
    var marks: [MarkupMark] = []
    /// How characters were written that would not be seen.
    var spellings: [Character: String] = [:]

    enum Item: Sendable {
        /// Words, as they are written, and in the block's text. The two differ where something was read or folded.
        case words(source: Range<Int>, text: Range<Int>)
        case mark(Int)
    }
}
