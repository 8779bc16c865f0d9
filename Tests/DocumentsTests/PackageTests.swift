import Archives
import Documents
import TestKit
import Testing
import Translations

@Suite struct PackageTests {
    private static func word(_ body: String) -> String {
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<w:document xmlns:w=\"x\"><w:body>\(body)</w:body></w:document>"
    }

    static func docx(_ body: String, describesBehind: Bool = false) -> [UInt8] {
        var zip = ZipBuilder()
        zip.describesBehind = describesBehind
        zip.add("[Content_Types].xml", "<Types>no text</Types>")
        zip.add("word/document.xml", word(body))
        zip.add("word/media/a.png", "\u{1}binary", isDeflated: false)
        zip.add("word/header1.xml", "<w:hdr><w:p><w:r><w:t>Header</w:t></w:r></w:p></w:hdr>")
        zip.add("word/styles.xml", "<w:styles>no text</w:styles>")
        return zip.bytes
    }

    private func shouted(_ bytes: [UInt8], _ format: DocumentFormat, _ name: String) throws -> String {
        let written = try DocumentFile(bytes, format: format).shouted()
        return try #require(try unpacked(written).first { $0.name == name }).text
    }

    @Test func `the words of runs are one text, and their properties go with them`() throws {
        let body = """
            <w:p><w:pPr><w:b/></w:pPr><w:r w:rsidR="1"><w:t>Some </w:t></w:r><w:r><w:rPr><w:b/></w:rPr><w:t>bold</w:t></w:r>\
            <w:proofErr w:type="x"/><w:r><w:t xml:space="preserve"> &amp; plain</w:t></w:r><w:r><w:t> text.</w:t></w:r></w:p>\
            <w:p><w:r><w:tab/><w:t>One</w:t><w:br/><w:t>two</w:t></w:r></w:p><w:p><w:r><w:t>12</w:t></w:r></w:p>\
            <w:p><w:bookmarkStart w:id="1"/><w:r><w:t>See </w:t></w:r><w:hyperlink r:id="3"><w:r><w:rPr><w:u/></w:rPr>\
            <w:t>the page</w:t></w:r></w:hyperlink><w:r><w:t> and go.</w:t></w:r><w:bookmarkEnd w:id="1"/></w:p>\
            <w:p><w:r><w:delText>gone</w:delText></w:r></w:p>
            """
        let bytes = Self.docx(body)
        let document = try DocumentFile(bytes, format: .docx)
        #expect(
            document.units == [
                "Some <g id=\"1\">bold</g> &amp; plain text.", "<x id=\"1\"/>One<x id=\"2\"/>two",
                "See <g id=\"1\"><g id=\"2\">the page</g></g> and go.",
                "Header",
            ])
        #expect(document.markup == .xml)
        #expect(try document.unchanged() == bytes)
        let expected = Self.word(
            """
            <w:p><w:pPr><w:b/></w:pPr><w:r><w:t xml:space="preserve">SOME </w:t></w:r><w:r><w:rPr><w:b/></w:rPr>\
            <w:t xml:space="preserve">BOLD</w:t></w:r><w:r><w:t xml:space="preserve"> &amp; PLAIN TEXT.</w:t></w:r></w:p>\
            <w:p><w:r><w:tab/></w:r><w:r><w:t xml:space="preserve">ONE</w:t></w:r><w:r><w:br/></w:r>\
            <w:r><w:t xml:space="preserve">TWO</w:t></w:r></w:p><w:p><w:r><w:t>12</w:t></w:r></w:p>\
            <w:p><w:bookmarkStart w:id="1"/><w:r><w:t xml:space="preserve">SEE </w:t></w:r><w:hyperlink r:id="3">\
            <w:r><w:rPr><w:u/></w:rPr><w:t xml:space="preserve">THE PAGE</w:t></w:r></w:hyperlink>\
            <w:r><w:t xml:space="preserve"> AND GO.</w:t></w:r><w:bookmarkEnd w:id="1"/></w:p>\
            <w:p><w:r><w:delText>gone</w:delText></w:r></w:p>
            """)
        expectSame(try shouted(bytes, .docx, "word/document.xml").utf8, expected)
    }

    @Test(arguments: [false, true])
    func `files that have not changed are copied as they are, in their order`(describesBehind: Bool) throws {
        let bytes = Self.docx("<w:p><w:r><w:t>Hello</w:t></w:r></w:p>", describesBehind: describesBehind)
        let document = try DocumentFile(bytes, format: .docx)
        let written = try document.written(with: ["Bonjour", nil])
        let before = try unpacked(bytes), after = try unpacked(written)
        #expect(before.map(\.name) == after.map(\.name))
        for (old, new) in zip(before, after) where old.name != "word/document.xml" { #expect(old.text == new.text) }
        #expect(after[1].text == Self.word("<w:p><w:r><w:t xml:space=\"preserve\">Bonjour</w:t></w:r></w:p>"))
        #expect(written.suffix(4) == ArraySlice("note".utf8))
        #expect(try document.written(with: [nil, nil]) == bytes)
    }

    @Test func `text boxes are texts of their own`() throws {
        let body = """
            <w:p><w:r><w:t>Before</w:t></w:r><w:r><w:pict><w:txbxContent><w:p><w:r><w:t>Inside</w:t></w:r></w:p>\
            </w:txbxContent></w:pict></w:r><w:r><w:t>After</w:t></w:r></w:p>
            """
        let document = try DocumentFile(Self.docx(body), format: .docx)
        #expect(
            document.units == ["Before", "Inside", "After", "Header"]
                || document.units == ["Before", "After", "Inside", "Header"])
        let text = try shouted(Self.docx(body), .docx, "word/document.xml")
        #expect(
            ["BEFORE", "INSIDE", "AFTER"].allSatisfy { text.contains($0) }
                && text.contains("<w:pict><w:txbxContent><w:p>"))
    }

    @Test func `slides, texts and presentations of OpenDocument, and books`() throws {
        var slides = ZipBuilder()
        slides.add(
            "ppt/slides/slide1.xml",
            "<p:sld><a:p><a:pPr/><a:r><a:rPr lang=\"en\"/><a:t>A slide</a:t></a:r><a:endParaRPr/></a:p></p:sld>")
        #expect(try DocumentFile(slides.bytes, format: .pptx).units == ["A slide"])
        #expect(
            try shouted(slides.bytes, .pptx, "ppt/slides/slide1.xml")
                == "<p:sld><a:p><a:pPr/><a:r><a:rPr lang=\"en\"/><a:t>A SLIDE</a:t></a:r><a:endParaRPr/></a:p></p:sld>")
        var text = ZipBuilder()
        text.add("mimetype", "application/vnd.oasis.opendocument.text", isDeflated: false)
        let content = """
            <office:text><text:h>Title</text:h><text:p>Some <text:span text:style-name="B">bold</text:span> text<text:note>\
            <text:note-body><text:p>A note</text:p></text:note-body></text:note>.</text:p></office:text>
            """
        text.add("content.xml", content)
        for format in [DocumentFormat.odt, .odp] {
            #expect(
                Set(try DocumentFile(text.bytes, format: format).units) == [
                    "Title", "Some <g id=\"1\">bold</g> text", "A note",
                ])
            #expect(
                try shouted(text.bytes, format, "content.xml")
                    == content.replacing("Title", with: "TITLE").replacing("Some", with: "SOME").replacing(
                        "bold", with: "BOLD"
                    )
                    .replacing(" text<", with: " TEXT<").replacing("A note", with: "A NOTE"))
        }
        var book = ZipBuilder()
        book.add("mimetype", "application/epub+zip", isDeflated: false)
        let page =
            "<html><head><title>T</title><script src=\"a\"/></head><body><h1>One</h1><p>A <i>b</i> c<br/>d</p></body></html>"
        book.add("OEBPS/a.xhtml", page)
        book.add("OEBPS/toc.ncx", "<ncx><navLabel><text>One</text></navLabel></ncx>")
        let document = try DocumentFile(book.bytes, format: .epub)
        #expect(document.units == ["T", "One", "A <i>b</i> c", "d", "One"])
        #expect(document.markup == .xml)
        let written = try document.shouted()
        #expect(written[..<50] == book.bytes[..<50])
        #expect(
            try unpacked(written)[1].text
                == page.replacing("One", with: "ONE").replacing("A <i>b</i> c", with: "A <i>B</i> C").replacing(
                    "<br/>d", with: "<br/>D"))
        book.add("META-INF/encryption.xml", "<CipherReference URI=\"OEBPS/a.xhtml\"/>")
        #expect(throws: DocumentError.self) { try DocumentFile(book.bytes, format: .epub) }
    }

    @Test func `bombs are refused before they are unpacked`() {
        let row = "<w:p/>"
        let bytes = Self.docx(String(repeating: row, count: 1_000_000))
        let error = #expect(throws: DocumentError.self) { try DocumentFile(bytes, format: .docx) }
        #expect(error?.code == .tooLarge)
        #expect(error?.place == .member("word/document.xml"))
        let deep = Self.docx(String(repeating: "<w:p>", count: 5000) + String(repeating: "</w:p>", count: 5000))
        #expect(throws: DocumentError.self) { try DocumentFile(deep, format: .docx) }
    }

    @Test func `damaged archives are refused or read, and never more`() throws {
        let bytes = Self.docx("<w:p><w:r><w:t>Hello</w:t></w:r><w:r><w:rPr><w:b/></w:rPr><w:t>there</w:t></w:r></w:p>")
        var random = SeededRandom(seed: 9)
        var read = 0
        func attempt(_ bytes: [UInt8]) {
            do throws(DocumentError) {
                let document = try DocumentFile(bytes, format: .docx)
                _ = try document.written(with: document.units.map { Shouting.shouted($0, document.markup) })
                read += 1
            } catch {
                if error.message.isEmpty { Issue.record("an error without a message") }
            }
        }
        // The comment at the end is no part of what is needed.
        for count in 0..<bytes.count - 4 { attempt(Array(bytes[..<count])) }
        #expect(read == 0)
        for _ in 0..<500 {
            var damaged = bytes
            damaged[random.integer(0...damaged.count - 1)] = UInt8(random.integer(0...255))
            attempt(damaged)
        }
        for format in [DocumentFormat.pptx, .odt, .odp, .epub] {
            #expect(throws: DocumentError.self) { try DocumentFile(bytes, format: format) }
        }
    }
}
