/// A text with codes in it: what its format writes between the words, such as `**`, a tag, or the properties of a run.
///
/// Codes have numbers, which say what is to be written for them.
struct InlineText: Sendable, Equatable {
    enum Piece: Sendable, Hashable {
        case text(String)
        /// The beginning and the end of a stretch of text that a code belongs to.
        case open(Int)
        case close(Int)
        /// A code at one place.
        case mark(Int)
    }

    var pieces: [Piece]

    init(_ pieces: [Piece] = []) { self.pieces = pieces }
    init(_ text: String) { pieces = [.text(text)] }

    var hasCodes: Bool {
        pieces.contains { if case .text = $0 { false } else { true } }
    }

    /// The words alone.
    var plain: String {
        pieces.reduce(into: "") { if case .text(let text) = $1 { $0 += text } }
    }

    /// Without a letter there is nothing to translate.
    var hasLetters: Bool { plain.hasLetters }

    // MARK: As a fragment of XML

    /// The names of the tags below.
    static let tagNames = ["g", "x"]

    /// With codes as tags: `<g id="1">` and `</g>` around a stretch, `<x id="2"/>` at one place.
    var fragment: String {
        pieces.reduce(into: "") { result, piece in
            switch piece {
            case .text(let text): result += XMLText.escaped(text)
            case .open(let number): result += "<g id=\"\(number)\">"
            case .close: result += "</g>"
            case .mark(let number): result += "<x id=\"\(number)\"/>"
            }
        }
    }

    /// Reads what a translator has made of a fragment.
    ///
    /// - Returns: nil when it is not a fragment with tags as above, properly nested.
    init?(fragment: String) {
        self.init()
        let bytes = Array(fragment.utf8)
        var (position, start) = (0, 0)
        var opened: [Int] = []
        func add(_ text: ArraySlice<UInt8>) {
            guard !text.isEmpty else { return }
            pieces.append(.text(XMLText.unescaped(String(decoding: text, as: UTF8.self))))
        }
        while position < bytes.count {
            guard bytes[position] == UInt8(ascii: "<") else {
                position += 1
                continue
            }
            add(bytes[start..<position])
            guard let end = bytes[position...].firstIndex(of: UInt8(ascii: ">")) else { return nil }
            let tag = String(decoding: bytes[position + 1..<end], as: UTF8.self)
            position = end + 1
            start = position
            if tag == "/g" {
                guard let number = opened.popLast() else { return nil }
                pieces.append(.close(number))
                continue
            }
            let isEmpty = tag.hasSuffix("/")
            guard let kind = tag.first, tag.dropFirst().hasPrefix(" id=\""),
                let number = Int(tag.dropFirst(6).prefix { $0 != "\"" })
            else { return nil }
            switch (kind, isEmpty) {
            case ("g", false):
                opened.append(number)
                pieces.append(.open(number))
            case ("g", true): pieces += [.open(number), .close(number)]
            case ("x", true): pieces.append(.mark(number))
            default: return nil
            }
        }
        add(bytes[start...])
        guard opened.isEmpty else { return nil }
    }
}

extension StringProtocol {
    var hasLetters: Bool { unicodeScalars.contains(where: \.properties.isAlphabetic) }
}
