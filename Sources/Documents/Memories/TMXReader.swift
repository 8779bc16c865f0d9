internal import Markup
internal import Translations

/// Goes through the tags of a TMX file (Translation Memory eXchange, 1.1 to 1.4b) once, and keeps nothing but the segments.
struct TMXReader {
    private let bytes: [UInt8]
    private let file: String
    private var scanner: MarkupScanner
    /// The names of the elements that are open.
    private var open: [Range<Int>] = []
    private var variants: [MemoryVariant] = []
    private var unit = Unit()
    private var variant: Variant?
    private var segment: Segment?

    private struct Unit {
        var number = -1
        var changedAt: UInt64 = 0
    }

    private struct Variant {
        var language: String
        var changedAt: UInt64
    }

    private struct Segment {
        var text = ""
        /// How many elements are open around it, and around a code in it that is left out.
        var depth: Int
        var codeDepth: Int?
    }

    /// Elements that are nested more deeply are refused.
    private static let depthMax = 1000
    /// Elements of a segment that are no words of it, with all that is in them. The words in `hi` are the segment's.
    private static let codes: Set<String> = ["bpt", "ept", "it", "ph", "ut", "sub"]

    /// - Parameter bytes: UTF-8.
    static func variants(in bytes: [UInt8], file: String) throws(MemoryFileError) -> [MemoryVariant] {
        var reader = TMXReader(bytes, file: file)
        try reader.read()
        return reader.variants
    }

    private init(_ bytes: [UInt8], file: String) {
        self.bytes = bytes
        self.file = file
        scanner = MarkupScanner(bytes, .xml)
    }

    private mutating func read() throws(MemoryFileError) {
        var hasRoot = false
        while let token = try next() {
            switch token.kind {
            case .start, .empty:
                let name = name(of: token)
                if !hasRoot {
                    guard name == "tmx" else { throw fault(token, "expected the root element <tmx>, found <\(name)>") }
                    hasRoot = true
                }
                try begin(name, token)
                if token.kind == .start {
                    open.append(token.name)
                    guard open.count <= Self.depthMax else { throw fault(token, "elements are nested too deeply") }
                }
            case .end:
                guard let start = open.popLast(), bytes[start].elementsEqual(bytes[token.name]) else {
                    throw fault(token, "an end tag ends no element")
                }
                try end(token)
            case .text:
                if segment != nil, segment?.codeDepth == nil { try add(text(token.range), token) }
            case .characterData:
                if segment != nil, segment?.codeDepth == nil {
                    let characters = text(token.range).dropFirst("<![CDATA[".count).dropLast("]]>".count)
                    segment?.text += characters
                }
            case .raw, .comment, .declaration, .instruction: break
            }
        }
        guard hasRoot else {
            throw MemoryFileError(.malformed, file, "expected the root element <tmx>, found no element")
        }
        if let start = open.last {
            throw MemoryFileError(
                .malformed, file, line: line(of: start.lowerBound), "an element has no end tag; check it with xmllint")
        }
    }

    private mutating func next() throws(MemoryFileError) -> MarkupToken? {
        do {
            return try scanner.next()
        } catch {
            throw MemoryFileError(.malformed, file, line: error.line, "\(error.problem); check it with xmllint")
        }
    }

    private mutating func begin(_ name: String, _ token: MarkupToken) throws(MemoryFileError) {
        if segment != nil {
            if token.kind == .start, segment?.codeDepth == nil, Self.codes.contains(name) {
                segment?.codeDepth = open.count
            }
            return
        }
        switch name {
        case "tu":
            unit.number += 1
            unit.changedAt = attributes(of: token).changedAt ?? 0
        case "tuv":
            let found = attributes(of: token)
            guard let language = found.language else {
                throw fault(token, "expected a language in xml:lang of <tuv>, found none")
            }
            variant = Variant(language: language, changedAt: found.changedAt ?? unit.changedAt)
        case "seg" where token.kind == .start:
            guard variant != nil else { throw fault(token, "a <seg> stands in no <tuv>") }
            segment = Segment(depth: open.count)
        default: break
        }
    }

    private mutating func end(_ token: MarkupToken) throws(MemoryFileError) {
        guard let segment else {
            if name(of: token) == "tuv" { variant = nil }
            return
        }
        if segment.codeDepth == open.count { self.segment?.codeDepth = nil }
        guard segment.depth == open.count, let variant else { return }
        self.segment = nil
        if let scalar = segment.text.unicodeScalars.first(where: { !$0.mayStandInXML }) {
            throw fault(
                token,
                "the segment has the character U+\(String(scalar.value, radix: 16, uppercase: true)), which XML does not "
                    + "allow; take it out")
        }
        let text = XMLText.spaced(segment.text)
        guard !text.isEmpty else { return }
        variants.append(
            MemoryVariant(
                unit: unit.number, language: variant.language, changedAt: variant.changedAt, text: text))
    }

    /// What a declaration of the file says of an entity is not read, so that none can grow: then one has no meaning here.
    private mutating func add(_ text: String, _ token: MarkupToken) throws(MemoryFileError) {
        if let name = XMLText.unknownReference(in: text) {
            throw fault(token, "the entity &\(name); is none of XML's own; write the character itself")
        }
        segment?.text += XMLText.unescaped(text)
    }

    private func attributes(of token: MarkupToken) -> (language: String?, changedAt: UInt64?) {
        var (language, oldLanguage): (String?, String?)
        var (changed, created): (String?, String?)
        Attributes.forEach(bytes, token.name.upperBound..<token.range.upperBound - 1) { name, value in
            switch name {
            case "xml:lang": language = value
            case "lang": oldLanguage = value
            case "changedate": changed = value
            case "creationdate": created = value
            default: break
            }
        }
        return (language ?? oldLanguage, (changed ?? created).map(MemoryVariant.time))
    }

    /// Without the prefix of its namespace.
    private func name(of token: MarkupToken) -> String {
        let name = bytes[token.name]
        let start = name.lastIndex(of: UInt8(ascii: ":")).map { $0 + 1 } ?? name.startIndex
        return String(decoding: name[start...], as: UTF8.self)
    }

    private func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }

    private func line(of offset: Int) -> Int { bytes[..<offset].count { $0 == UInt8(ascii: "\n") } + 1 }

    private func fault(_ token: MarkupToken, _ problem: String) -> MemoryFileError {
        MemoryFileError(.malformed, file, line: line(of: token.range.lowerBound), problem)
    }
}

extension Unicode.Scalar {
    /// XML 1.0, 2.2
    fileprivate var mayStandInXML: Bool {
        switch value {
        case 0x09, 0x0A, 0x0D: true
        case 0..<0x20, 0xFFFE, 0xFFFF: false
        default: true
        }
    }
}
