/// A string that equals only the same bytes.
///
/// Swift's `String` takes canonically equivalent texts for one: `"é"` and `"e\u{301}"` are the same dictionary key. In
/// a vocabulary they are two pieces with two ids, and in a header two tensors.
struct ExactString: Hashable, Sendable, ExpressibleByStringLiteral, CustomStringConvertible {
    let text: String

    init(_ text: String) {
        // Native and contiguous, so that the closures below see all of it without a copy.
        var text = text
        text.makeContiguousUTF8()
        self.text = text
    }

    init(stringLiteral text: StaticString) {
        self.init(text.description)
    }

    var description: String { text }

    static func == (left: Self, right: Self) -> Bool {
        left.text.utf8.elementsEqual(right.text.utf8)
    }

    func hash(into hasher: inout Hasher) {
        _ = text.utf8.withContiguousStorageIfAvailable { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
        hasher.combine(text.utf8.count)
    }
}
