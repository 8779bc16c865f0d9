internal import Languages

/// Which columns of a table are the source's and the target's, by a first row that names languages.
struct GlossaryColumns {
    let source: Int
    let target: Int

    /// - Returns: nil when the first row is an entry as any other.
    /// - Throws: When the columns are of other languages, or it is not known which are meant.
    init?(_ first: GlossaryRow, _ pair: LanguagePair?, file: String) throws(GlossaryFileError) {
        let names = first.fields.map { $0.filter { !$0.isWhitespace }.lowercased() }
        if names == ["source", "target"] {
            (source, target) = (0, 1)
            return
        }
        let tags = names.compactMap { LanguageTag($0) }
        guard tags.count == names.count, tags.count > 1, Set(tags).count == tags.count else { return nil }
        if let pair, let columns = Self.columns(of: pair, among: tags) {
            (source, target) = columns
            return
        }
        // Many short words are codes of three letters ("car", "bus"), and few of two.
        guard
            zip(names, tags).allSatisfy({ name, tag in
                name.utf8.prefix { $0 != UInt8(ascii: "-") && $0 != UInt8(ascii: "_") }.count == 2
                    && RequestedLanguage(tag.language).isKnown
            })
        else { return nil }
        let found = tags.map(\.description).joined(separator: ", ")
        if let pair {
            throw GlossaryFileError(
                .unknownLanguages, file, line: first.line, "the columns are \(found); expected terms from \(pair)")
        }
        guard tags.count == 2 else {
            throw GlossaryFileError(
                .unknownLanguages, file, line: first.line,
                "the columns are \(found); say between which languages, with source and target language")
        }
        (source, target) = (0, 1)
    }

    private static func columns(of pair: LanguagePair, among tags: [LanguageTag]) -> (source: Int, target: Int)? {
        guard let source = pair.source.nearest(among: tags).first, let target = pair.target.nearest(among: tags).first,
            source != target
        else { return nil }
        return (source, target)
    }
}

extension LanguageTag {
    /// Which of several languages are nearest to this one, by their indices; none if all are others. A language that says
    /// less than this one is as good as one that says more.
    func nearest(among tags: [LanguageTag]) -> [Int] {
        let distances = tags.map { $0.distance(either: self) }
        guard let least = distances.compactMap(\.self).min() else { return [] }
        return distances.indices.filter { distances[$0] == least }
    }

    /// How far it is from another language, of which either may say more.
    func distance(either other: LanguageTag) -> Int? { distance(from: other) ?? other.distance(from: self) }
}
