import Documents
import TestKit

extension RandomDocuments {
    /// The bytes of a document.
    mutating func bytes(_ format: DocumentFormat) -> [UInt8] {
        var zip = ZipBuilder()
        zip.describesBehind = random.flag()
        switch format {
        case .docx:
            zip.add("[Content_Types].xml", "<Types/>")
            zip.add("word/document.xml", "<w:document><w:body>\(many { $0.paragraph("w") })</w:body></w:document>")
            zip.add("word/media/a.bin", sentence(), isDeflated: false)
            if random.flag() { zip.add("word/footnotes.xml", "<w:footnotes>\(paragraph("w"))</w:footnotes>") }
        case .pptx:
            for slide in 1...random.integer(1...3) {
                zip.add("ppt/slides/slide\(slide).xml", "<p:sld>\(many { $0.paragraph("a") })</p:sld>")
            }
        case .odt, .odp:
            zip.add("mimetype", "application/vnd.oasis.opendocument", isDeflated: false)
            zip.add("content.xml", "<office:document-content>\(many { $0.openParagraph() })</office:document-content>")
            zip.add("meta.xml", "<x>\(XML.escaped(sentence()))</x>")
        case .epub:
            zip.add("mimetype", "application/epub+zip", isDeflated: false)
            for page in 1...random.integer(1...3) {
                zip.add("OEBPS/\(page).xhtml", "<html><body>\(many { $0.page() })</body></html>")
            }
        default: return Array(document(format).utf8)
        }
        return zip.bytes
    }

    private mutating func many(_ part: (inout RandomDocuments) -> String) -> String {
        (0..<random.integer(1...6)).map { _ in part(&self) }.joined(separator: random.choice(["", "\n"]))
    }

    /// Of Office Open XML.
    private mutating func paragraph(_ prefix: String) -> String {
        var runs = ""
        for _ in 0..<random.integer(0...5) {
            let properties = random.choice([
                "", "", "<\(prefix):rPr><\(prefix):b/></\(prefix):rPr>", "<\(prefix):rPr i=\"1\"/>",
            ])
            let text = "<\(prefix):t>\(XML.escaped(sentence(1...3))) </\(prefix):t>"
            runs += random.choice([
                "<\(prefix):r>\(properties)\(text)</\(prefix):r>",
                "<\(prefix):r>\(properties)\(text)\(text)</\(prefix):r>",
                "<\(prefix):r x=\"1\">\(properties)\(text)<\(prefix):br/>\(text)</\(prefix):r>",
                "<\(prefix):hyperlink><\(prefix):r>\(text)</\(prefix):r></\(prefix):hyperlink>",
                "<\(prefix):bookmarkStart/>", "<\(prefix):proofErr/>", "<\(prefix):r><\(prefix):tab/></\(prefix):r>",
                "<\(prefix):sdt><\(prefix):sdtPr/><\(prefix):sdtContent><\(prefix):r>\(text)</\(prefix):r></\(prefix):sdtContent></\(prefix):sdt>",
                "<\(prefix):r><box><\(prefix):p><\(prefix):r>\(text)</\(prefix):r></\(prefix):p></box></\(prefix):r>",
            ])
        }
        return "<\(prefix):p><\(prefix):pPr/>\(runs)</\(prefix):p>"
    }

    /// Of OpenDocument.
    private mutating func openParagraph() -> String {
        let text = XML.escaped(sentence())
        return random.choice([
            "<text:p>\(text)</text:p>", "<text:h>\(text)</text:h>", "<text:p/>",
            "<text:p>\(text) <text:span text:style-name=\"B\">\(text)</text:span><text:s text:c=\"2\"/>\(text)</text:p>",
            "<text:p><text:span>\(text)</text:span> <text:a>\(text)<text:line-break/></text:a></text:p>",
            "<text:p>\(text)<text:note><text:note-body><text:p>\(text)</text:p></text:note-body></text:note> \(text)</text:p>",
        ])
    }

    private mutating func page() -> String {
        let text = XML.escaped(sentence())
        return random.choice([
            "<p>\(text)</p>", "<h1>\(text)</h1>", "<p>\(text) <i>\(text)</i> end<br/>\(text)</p>", "<pre>\(text)</pre>",
            "<ul><li>\(text)</li><li><b>\(text)</b></li></ul>",
            "<p>\(text)&nbsp;<img src=\"a\" alt=\"\(text)\"/> end</p>",
        ])
    }
}
