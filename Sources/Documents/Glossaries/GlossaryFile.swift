package import Languages
package import Translations

/// A file of terms, before it is known between which languages it is used.
package struct GlossaryFile: Sendable {
    /// The most bytes that are read.
    package static let byteCountMax = Glossary.byteCountMax

    package let name: String
    package let format: GlossaryFormat
    private let contents: Contents

    private enum Contents: Sendable {
        case rows([GlossaryRow])
        case concepts([TermConcept])
    }

    /// - Parameter name: What messages call the file, and what may say its format.
    /// - Throws: Where it cannot be read, by the line.
    package init(_ bytes: [UInt8], name: String, format: GlossaryFormat? = nil) throws(GlossaryFileError) {
        self.name = name
        self.format = format ?? GlossaryFormat(fileName: name, contents: bytes)
        guard bytes.count <= Self.byteCountMax else {
            throw GlossaryFileError(
                .tooLarge, name, "has more than \(Self.byteCountMax >> 20) MiB; make several files of it")
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            let line = Self.line(ofInvalidIn: bytes)
            throw GlossaryFileError(.malformed, name, line: line, "not UTF-8; convert the file")
        }
        let isMarked = text.unicodeScalars.first == "\u{FEFF}"
        switch self.format {
        case .tsv: contents = .rows(GlossaryRow.tabSeparated(isMarked ? text.unicodeScalars.dropFirst().text : text))
        case .csv:
            contents = .rows(try GlossaryRow.commaSeparated(Array(text.utf8.dropFirst(isMarked ? 3 : 0)), file: name))
        case .tbx: contents = .concepts(try TermConcept.all(in: bytes, file: name))
        }
    }

    /// The terms as a glossary of a pair of languages.
    ///
    /// - Parameter pair: nil where it is not known. A file with the names of its languages, or of several, needs it.
    /// - Throws: For the first entry that cannot be, with its line.
    package func glossary(for pair: LanguagePair?) throws(GlossaryFileError) -> Glossary {
        let lined =
            switch contents {
            case .rows(let rows): try entries(rows, pair)
            case .concepts(let concepts): try entries(concepts, pair)
            }
        do {
            return try Glossary(lined.map(\.entry))
        } catch {
            let code: GlossaryFileError.Code = error.fault == .tooLarge ? .tooLarge : .invalidEntry
            throw GlossaryFileError(code, name, line: lined[error.entry].line, error.reason)
        }
    }

    private typealias LinedEntry = (line: Int, entry: Glossary.Entry)

    // MARK: Rows

    private func entries(_ rows: [GlossaryRow], _ pair: LanguagePair?) throws(GlossaryFileError) -> [LinedEntry] {
        guard format == .csv, let first = rows.first else {
            return try rows.map { row throws(GlossaryFileError) in try pairs(row) }
        }
        guard let columns = try GlossaryColumns(first, pair, file: name) else {
            return try rows.map { row throws(GlossaryFileError) in try codedPair(row, pair) }.compactMap(\.self)
        }
        var entries: [LinedEntry] = []
        for row in rows.dropFirst() {
            guard row.fields.count == first.fields.count else {
                throw GlossaryFileError(
                    .malformed, name, line: row.line,
                    "has \(row.fields.count) fields; the first line has \(first.fields.count)")
            }
            let (source, target) = (row.fields[columns.source], row.fields[columns.target])
            // Of several languages, some may have no term.
            if row.fields.count > 2, source.isEmpty || target.isEmpty { continue }
            entries.append((row.line, Glossary.Entry(source: source, target: target)))
        }
        return entries
    }

    private func pairs(_ row: GlossaryRow) throws(GlossaryFileError) -> LinedEntry {
        guard row.fields.count == 2 else {
            let found = row.fields.count == 1 ? "no tab" : "\(row.fields.count - 1) tabs"
            throw GlossaryFileError(
                .malformed, name, line: row.line, "expected a source, a tab and a target, found \(found)")
        }
        return (row.line, Glossary.Entry(source: row.fields[0], target: row.fields[1]))
    }

    /// A source and a target, and after them perhaps their languages; nil where these are others.
    private func codedPair(_ row: GlossaryRow, _ pair: LanguagePair?) throws(GlossaryFileError) -> LinedEntry? {
        let entry = (row.line, Glossary.Entry(source: row.fields[0], target: row.fields.count > 1 ? row.fields[1] : ""))
        switch row.fields.count {
        case 2: return entry
        case 4:
            guard let own = LanguagePair(source: row.fields[2], target: row.fields[3]) else {
                throw GlossaryFileError(
                    .malformed, name, line: row.line,
                    "expected the codes of two languages after source and target, found other text")
            }
            guard let pair else { return entry }
            return own.distance(from: pair) != nil || pair.distance(from: own) != nil ? entry : nil
        default:
            throw GlossaryFileError(
                .malformed, name, line: row.line,
                "expected a source and a target, and perhaps the codes of their languages, found "
                    + "\(row.fields.count) \(row.fields.count == 1 ? "field" : "fields")")
        }
    }

    // MARK: Concepts

    private func entries(_ concepts: [TermConcept], _ pair: LanguagePair?) throws(GlossaryFileError) -> [LinedEntry] {
        let languages = Set(concepts.flatMap { $0.sections.map(\.language) })
        func names() -> String { languages.map(\.description).sorted().joined(separator: ", ") }
        guard let pair else {
            throw GlossaryFileError(
                .unknownLanguages, name,
                "the file has terms of \(names()); say between which languages, with source and target language")
        }
        let lined = concepts.flatMap { $0.entries(for: pair) }
        guard !lined.isEmpty || concepts.isEmpty else {
            throw GlossaryFileError(
                .unknownLanguages, name, "the file has no terms from \(pair); it has terms of \(names())")
        }
        return lined
    }

    private static func line(ofInvalidIn bytes: [UInt8]) -> Int {
        var parser = Unicode.UTF8.ForwardParser()
        var iterator = bytes.makeIterator()
        var line = 1
        while case .valid(let scalar) = parser.parseScalar(from: &iterator) {
            if scalar.first == UInt8(ascii: "\n") { line += 1 }
        }
        return line
    }
}

extension Substring.UnicodeScalarView {
    fileprivate var text: String { String(Substring(self)) }
}
