/// A catalogue of GNU gettext (`.po`): what has no translation gets one from its `msgid`, and a plural from its
/// `msgid_plural`. Entries that have a translation, fuzzy ones too, keep it; so does the header.
enum GettextCatalogue {
    static func skeleton(_ source: SourceText) throws(DocumentError) -> Skeleton {
        var skeleton = Skeleton(source.bytes)
        var entry = GettextEntry()
        for line in source.lines {
            guard let statement = try GettextStatement(line, source) else {
                // A comment or a blank line is between entries.
                if entry.isComplete { try add(&entry, source, &skeleton) }
                continue
            }
            if statement.beginsEntry, entry.isComplete { try add(&entry, source, &skeleton) }
            guard entry.add(statement) else {
                throw source.failure(
                    at: line.content.lowerBound, "\(statement.keyword?.word ?? "a string") has no place here",
                    expected: "msgctxt, msgid, msgid_plural, msgstr, in this order")
            }
        }
        if entry.isComplete {
            try add(&entry, source, &skeleton)
        } else if !entry.isEmpty {
            throw source.failure(
                at: source.bytes.count, "the last entry has no msgstr", remedy: "the file may be cut off")
        }
        return skeleton
    }

    private static func add(
        _ entry: inout GettextEntry, _ source: SourceText, _ skeleton: inout Skeleton
    ) throws(DocumentError) {
        defer { entry = GettextEntry() }
        if entry.id.text.isEmpty {
            try checkCharacterSet(entry, source)
            return
        }
        let isWrapped = entry.id.isWrapped || entry.plural?.isWrapped == true
        let lineEnd = entry.lineEnd.isEmpty ? [0x0A] : entry.lineEnd
        var forms: [(text: GettextString, places: [Range<Int>])] = [(entry.id, [])]
        if let plural = entry.plural { forms.append((plural, [])) }
        for translation in entry.translations where translation.text.isEmpty {
            forms[entry.plural == nil || translation.number == 0 ? 0 : 1].places.append(translation.range)
        }
        for (text, places) in forms where !places.isEmpty && text.text.hasLetters {
            let words = Edges(text.text)
            skeleton.add(InlineText(words.middle), in: places) { translation in
                GettextString.written(words.around(translation.plain), isWrapped: isWrapped, lineEnd: lineEnd)
            }
        }
    }

    private static func checkCharacterSet(_ header: GettextEntry, _ source: SourceText) throws(DocumentError) {
        guard let text = header.translations.first?.text, let name = text.lowercased().firstRange(of: "charset=") else {
            return
        }
        let set = text.lowercased()[name.upperBound...].prefix { !$0.isWhitespace && $0 != ";" }
        guard ["utf-8", "utf8", "charset", "us-ascii", "ascii"].contains(String(set)) else {
            throw source.failure(
                .unsupported, at: header.translations[0].range.lowerBound, "the catalogue is not in UTF-8",
                expected: "UTF-8", found: DocumentError.quoted(set), remedy: "convert it: msgconv --to-code=UTF-8")
        }
    }
}

/// A text without the blanks around it, which a translation keeps.
struct Edges: Sendable {
    let before: String
    let middle: String
    let after: String

    init(_ text: String) {
        let scalars = text.unicodeScalars
        let start = scalars.firstIndex { !$0.properties.isWhitespace } ?? scalars.endIndex
        let end = scalars[start...].lastIndex { !$0.properties.isWhitespace }.map(scalars.index(after:)) ?? start
        before = String(scalars[..<start])
        middle = String(scalars[start..<end])
        after = String(scalars[end...])
    }

    init(before: String, after: String) {
        (self.before, middle, self.after) = (before, "", after)
    }

    func around(_ text: String) -> String { before + text + after }
}
