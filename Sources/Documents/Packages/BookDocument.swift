internal import Markup
internal import Translations

/// Electronic books (EPUB 2 and 3): their pages are XHTML, and their table of contents is one, or of an older form (`.ncx`).
enum BookDocument {
    static func package(_ bytes: [UInt8]) throws(DocumentError) -> DocumentPackage {
        var package = try DocumentPackage(bytes, .epub)
        let pages = package.entries { name in
            [".xhtml", ".html", ".htm", ".ncx"].contains { name.lowercased().hasSuffix($0) }
        }
        guard !pages.isEmpty else {
            throw DocumentError(.malformed, .epub, "the archive has no page", expected: "files of XHTML")
        }
        try refuseLocked(package, pages)
        package.ownMarkup = .xml
        try package.add(pages) { skeleton, name throws(DocumentError) in
            var skeleton = skeleton
            let start = skeleton.source.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
            try MarkupFile.add(skeleton.source, from: start, rules, .epub, member: name, to: &skeleton)
            return skeleton
        }
        return package
    }

    /// As of HTML, whose elements XML does not know.
    private static let rules = ElementRules(
        language: .xml,
        ignored: ["code", "kbd", "math", "pre", "samp", "script", "style", "svg", "var"],
        splitting: [
            "address", "article", "aside", "blockquote", "body", "br", "caption", "dd", "div", "dl", "dt", "figcaption",
            "figure", "footer", "h1", "h2", "h3", "h4", "h5", "h6", "head", "header", "hr", "html", "li", "main", "nav",
            "ol", "p", "section", "table", "tbody", "td", "tfoot", "th", "thead", "title", "tr", "ul",
        ])

    /// Pages that are encrypted for one reader cannot be read; fonts that are do not matter.
    private static func refuseLocked(_ package: DocumentPackage, _ pages: [Int]) throws(DocumentError) {
        guard let list = package.entries(where: { $0 == "META-INF/encryption.xml" }).first else { return }
        let text = String(decoding: try package.contents(list), as: UTF8.self)
        for page in pages where text.contains("\"\(package.name(page))\"") {
            throw DocumentError(
                .unsupported, .epub, at: .member(package.name(page)), "it is encrypted",
                remedy: "use a copy of the book without protection")
        }
    }
}
