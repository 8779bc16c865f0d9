internal import Markup
internal import Translations

/// Documents of word processors and presentations: which of their files have text, and in which paragraphs.
enum OfficeDocument {
    static func package(_ bytes: [UInt8], _ format: DocumentFormat) throws(DocumentError) -> DocumentPackage {
        var package = try DocumentPackage(bytes, format)
        let wanted = package.entries { hasText($0, format) }
        guard !wanted.isEmpty else {
            throw DocumentError(
                .malformed, format, "the archive has no file with text", expected: mainFile(format),
                remedy: "name the format that the file has")
        }
        switch format {
        case .docx, .pptx:
            let reader = RunParagraphs(prefix: format == .docx ? "w" : "a")
            try package.add(wanted) { skeleton, name throws(DocumentError) in
                try reader.read(skeleton, format, member: name)
            }
        case .odt, .odp:
            try package.add(wanted) { skeleton, name throws(DocumentError) in
                try ODFParagraphs.read(skeleton, format, member: name)
            }
        default: preconditionFailure("\(format) is no office format")
        }
        return package
    }

    private static func mainFile(_ format: DocumentFormat) -> String {
        switch format {
        case .docx: "word/document.xml"
        case .pptx: "ppt/slides/slide1.xml"
        default: "content.xml"
        }
    }

    private static func hasText(_ name: String, _ format: DocumentFormat) -> Bool {
        switch format {
        case .docx:
            ["document", "header", "footer", "footnotes", "endnotes"].contains { isNumbered(name, "word/\($0)") }
        case .pptx:
            isNumbered(name, "ppt/slides/slide") || isNumbered(name, "ppt/notesSlides/notesSlide")
                || isNumbered(name, "ppt/diagrams/data")
        default: name == "content.xml" || name == "styles.xml"
        }
    }

    /// Whether a name is `start`, a number or none, and `.xml`.
    private static func isNumbered(_ name: String, _ start: String) -> Bool {
        name.hasPrefix(start) && name.hasSuffix(".xml")
            && name.dropFirst(start.count).dropLast(4).utf8.allSatisfy(\.isASCIIDigit)
    }
}
