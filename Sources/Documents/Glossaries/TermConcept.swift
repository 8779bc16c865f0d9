internal import Languages
internal import Markup
internal import Translations

/// An entry of a TBX file: the terms that several languages have for one concept.
struct TermConcept: Sendable {
    struct Term: Sendable {
        var line: Int
        var text: String
        /// As ISO 12616 has it: `preferredTerm-admn-sts`.
        var status = ""

        var isPreferred: Bool { status.hasPrefix("preferred") }
        var isOutdated: Bool { status.hasPrefix("deprecated") || status.hasPrefix("superseded") }
    }

    struct Section: Sendable {
        var language: LanguageTag
        var terms: [Term] = []
    }

    private(set) var sections: [Section] = []

    /// Of each source term the best target term: the preferred one, or else the first that is not outdated.
    func entries(for pair: LanguagePair) -> [(line: Int, entry: Glossary.Entry)] {
        let tags = sections.map(\.language)
        let targets = pair.target.nearest(among: tags).flatMap { sections[$0].terms }
        guard let target = targets.first(where: \.isPreferred) ?? targets.first(where: { !$0.isOutdated }) else {
            return []
        }
        return pair.source.nearest(among: tags).flatMap { sections[$0].terms }.map {
            ($0.line, Glossary.Entry(source: $0.text, target: target.text))
        }
    }

    /// The concepts of a file of ISO 30042, of 2008 (`martif`) or 2019 (`tbx`). Whether data categories are attributes (DCA)
    /// or elements (DCT) makes no difference to where its terms are.
    ///
    /// - Throws: Where it is not well-formed, or no TBX, by the line.
    static func all(in bytes: [UInt8], file: String) throws(GlossaryFileError) -> [TermConcept] {
        let tree: XMLTree
        do {
            tree = try XMLTree(bytes, .xml)
        } catch {
            let line: Int? = if case .line(let line)? = error.place { line } else { nil }
            throw GlossaryFileError(.malformed, file, line: line, "\(error.problem); check it with xmllint")
        }
        var reader = TermReader(tree, file: file)
        return try reader.concepts()
    }

    fileprivate mutating func add(_ section: Section) { sections.append(section) }
}

/// Goes through the tags of a TBX file.
private struct TermReader {
    private let tree: XMLTree
    private let file: String
    /// How many line ends the bytes have up to a place: lines are asked for from the beginning to the end.
    private var counted = (offset: 0, lines: 1)

    init(_ tree: XMLTree, file: String) {
        self.tree = tree
        self.file = file
    }

    mutating func concepts() throws(GlossaryFileError) -> [TermConcept] {
        var starts = tree.tokens.indices.filter { tree.tokens[$0].kind == .start }[...]
        guard let root = starts.first, ["martif", "tbx"].contains(tree.name(root)) else {
            throw GlossaryFileError(.malformed, file, "expected the root element <tbx> or <martif>, found another")
        }
        var concepts: [TermConcept] = []
        while let start = starts.popFirst() {
            guard ["conceptEntry", "termEntry"].contains(tree.name(start)) else { continue }
            let end = tree.end(start)
            let inner = starts.prefix { $0 < end }
            starts = starts.dropFirst(inner.count)
            concepts.append(try concept(inner))
        }
        return concepts
    }

    private mutating func concept(_ starts: ArraySlice<Int>) throws(GlossaryFileError) -> TermConcept {
        var concept = TermConcept()
        var section: TermConcept.Section?
        for start in starts {
            switch tree.name(start) {
            case "langSec", "langSet":
                if let section { concept.add(section) }
                let code = tree.attribute("xml:lang", of: start) ?? tree.attribute("lang", of: start) ?? ""
                guard let language = LanguageTag(code) else {
                    throw GlossaryFileError(
                        .malformed, file, line: line(of: start), "expected a language in xml:lang, found \"\(code)\"")
                }
                section = TermConcept.Section(language: language)
            case "term":
                guard section != nil else {
                    throw GlossaryFileError(.malformed, file, line: line(of: start), "a term has no language")
                }
                section?.terms.append(TermConcept.Term(line: line(of: start), text: text(of: start)))
            case "administrativeStatus": setStatus(text(of: start), of: &section)
            case "termNote" where tree.attribute("type", of: start) == "administrativeStatus":
                setStatus(text(of: start), of: &section)
            default: break
            }
        }
        if let section { concept.add(section) }
        return concept
    }

    private func setStatus(_ status: String, of section: inout TermConcept.Section?) {
        guard let last = section?.terms.indices.last else { return }
        section?.terms[last].status = status
    }

    /// The text of an element, with tags left out and white space as one space.
    private func text(of start: Int) -> String {
        let range = tree.contents(start)
        var text = ""
        for token in tree.tokens[start...tree.end(start)] where range.contains(token.range.lowerBound) {
            switch token.kind {
            case .text: text += XMLText.unescaped(tree.text(token.range))
            case .characterData: text += tree.text(token.range).dropFirst("<![CDATA[".count).dropLast("]]>".count)
            default: break
            }
        }
        return XMLText.spaced(text)
    }

    private mutating func line(of start: Int) -> Int {
        let offset = tree.tokens[start].range.lowerBound
        if offset < counted.offset { counted = (0, 1) }
        counted = (offset, counted.lines + tree.bytes[counted.offset..<offset].count { $0 == UInt8(ascii: "\n") })
        return counted.lines
    }
}
