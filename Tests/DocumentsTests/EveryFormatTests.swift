import Documents
import TestKit
import Testing

/// What holds for documents of every format.
@Suite struct EveryFormatTests {
    @Test(arguments: DocumentFormat.allCases)
    func `a document that is read and written is what it was`(format: DocumentFormat) throws {
        var documents = RandomDocuments(seed: 17)
        for _ in 0..<200 {
            let bytes = documents.bytes(format)
            let document = try DocumentFile(bytes, format: format)
            #expect(try document.written(with: document.units.map { _ in nil }) == bytes)
            // A catalogue has a place of its own for what a text is its own translation of.
            if !Self.keepsSource(format) { #expect(try document.unchanged() == bytes) }
        }
    }

    @Test(arguments: DocumentFormat.allCases)
    func `a translation changes texts and nothing else`(format: DocumentFormat) throws {
        var documents = RandomDocuments(seed: 23)
        for _ in 0..<200 {
            let bytes = documents.bytes(format)
            let document = try DocumentFile(bytes, format: format)
            let written = try document.shouted()
            let again = try DocumentFile(written, format: format)
            if Self.keepsSource(format) { continue }
            // Of what is wrapped, lines may end elsewhere; runs of words are rewritten.
            #expect(try Self.words(written, format) == Self.words(bytes, format))
            #expect(again.units == document.units.map { Shouting.shouted($0, document.markup) })
        }
    }

    private static func keepsSource(_ format: DocumentFormat) -> Bool { format == .po || format == .xliff }

    /// What is left when case, blanks and what one may write with or without are taken away.
    private static func words(_ bytes: [UInt8], _ format: DocumentFormat) throws -> String {
        var text = String(decoding: bytes, as: UTF8.self)
        if bytes.starts(with: "PK".utf8) { text = try unpacked(bytes).map { $0.name + $0.text }.joined() }
        if format == .docx || format == .pptx { text.replace(/<[^>]*>/, with: "") }
        return text.uppercased().filter { !$0.isWhitespace && !"\\\"'>".contains($0) }
    }

    @Test(arguments: DocumentFormat.allCases)
    func `what is cut off or damaged is refused or read, and never more`(format: DocumentFormat) throws {
        var documents = RandomDocuments(seed: 5)
        for _ in 0..<2 {
            let bytes = documents.bytes(format)
            for count in 0..<min(bytes.count, 500) { Self.read(Array(bytes[..<count]), format) }
            for _ in 0..<100 {
                var damaged = bytes
                for _ in 0..<documents.random.integer(1...4) {
                    damaged[documents.random.integer(0...damaged.count - 1)] = UInt8(documents.random.integer(0...127))
                }
                Self.read(damaged, format)
            }
        }
        for _ in 0..<200 {
            Self.read(
                (0..<documents.random.integer(0...200)).map { _ in UInt8(documents.random.integer(0...255)) }, format)
            // Marks of the formats, in any order.
            let marks = Array("\n\n\n  :-*_`[]()<>{}\"'\\|#&!0ab>~=,;%".utf8)
            Self.read((0..<documents.random.integer(0...200)).map { _ in documents.random.choice(marks) }, format)
        }
    }

    /// What can be read can be written.
    private static func read(_ bytes: [UInt8], _ format: DocumentFormat) {
        do throws(DocumentError) {
            let document = try DocumentFile(bytes, format: format)
            let same = try document.written(with: document.units.map { _ in nil })
            if same != bytes { Issue.record("\(String(decoding: bytes, as: UTF8.self).debugDescription) has changed") }
            _ = try document.written(with: document.units.map { Shouting.shouted($0, document.markup) })
        } catch {
            if error.message.isEmpty || error.message.contains("\n") { Issue.record("\(error.message)") }
        }
    }

    @Test func `files are known by their names`() {
        #expect(DocumentFormat(fileName: "film.en.SRT") == .srt)
        #expect(DocumentFormat(fileName: "a/b.c/README.md") == .markdown)
        #expect(DocumentFormat(fileName: "config.yml") == .yaml)
        for name in ["README", "a.srt/b", "x.jsonl", ""] { #expect(DocumentFormat(fileName: name) == nil) }
        let endings = DocumentFormat.allCases.flatMap(\.extensions)
        #expect(Set(endings).count == endings.count)
    }

    @Test func `text that is not UTF-8 is refused, with the line`() {
        let error = #expect(throws: DocumentError.self) {
            try DocumentFile(Array("a\nb".utf8) + [0xFF], format: .markdown)
        }
        #expect(error?.place == .line(2))
        #expect(error?.message.contains("0xFF") == true)
        #expect(throws: DocumentError.self) { try DocumentFile([0xFF, 0xFE, 0x41, 0], format: .strings) }
    }
}
