/// The lines of a text, without their ends: `\n`, `\r\n` or `\r`.
struct Lines: Sequence, IteratorProtocol {
    private let text: String
    private var start: String.Index?

    init(of text: String) {
        self.text = text
        start = text.startIndex
    }

    mutating func next() -> Substring? {
        guard let start else { return nil }
        let bytes = text.utf8
        guard let end = bytes[start...].firstIndex(where: { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") })
        else {
            self.start = nil
            return text[start...]
        }
        var next = bytes.index(after: end)
        if bytes[end] == UInt8(ascii: "\r"), next < bytes.endIndex, bytes[next] == UInt8(ascii: "\n") {
            next = bytes.index(after: next)
        }
        self.start = next
        return text[start..<end]
    }
}
