package import Languages
package import Translations

/// A file of translations that are known (TMX), before it is known between which languages it is used.
package struct MemoryFile: Sendable {
    /// The most bytes that are read.
    package static let byteCountMax = 512 << 20

    /// A target of a source, and when it was last changed; 0: the file does not say.
    package typealias DatedEntry = (entry: TranslationMemory.Entry, changedAt: UInt64)

    package let name: String
    private let variants: [MemoryVariant]

    /// - Parameter name: What messages call the file.
    /// - Throws: Where it cannot be read, by the line.
    package init(_ bytes: [UInt8], name: String) throws(MemoryFileError) {
        self.name = name
        guard bytes.count <= Self.byteCountMax else {
            throw MemoryFileError(
                .tooLarge, name, "has more than \(Self.byteCountMax >> 20) MiB; make several files of it")
        }
        variants = try TMXReader.variants(in: try Self.utf8(bytes, name), file: name)
    }

    /// The targets of sources, in the order of the file. Any language of a unit may be the source.
    ///
    /// - Parameter pair: nil where it is not known, which is an error.
    package func entries(for pair: LanguagePair?) throws(MemoryFileError) -> [DatedEntry] {
        guard let pair else {
            throw MemoryFileError(
                .unknownLanguages, name,
                "the file has units of \(languageNames); say between which languages, with source and target language")
        }
        var entries: [DatedEntry] = []
        // A file has few languages, and many units.
        var distances: [String: (source: Int?, target: Int?)] = [:]
        for unit in variants.chunked {
            for variant in unit where distances[variant.language] == nil {
                let tag = LanguageTag(variant.language)
                distances[variant.language] = (
                    tag.flatMap { $0.distance(either: pair.source) }, tag.flatMap { $0.distance(either: pair.target) }
                )
            }
            func nearest(_ distance: (String) -> Int?) -> [Int] {
                guard let least = unit.compactMap({ distance($0.language) }).min() else { return [] }
                return unit.indices.filter { distance(unit[$0].language) == least }
            }
            let targets = nearest { distances[$0]?.target }
            for source in nearest({ distances[$0]?.source }) {
                for target in targets where target != source {
                    entries.append(
                        (
                            TranslationMemory.Entry(source: unit[source].text, target: unit[target].text),
                            unit[target].changedAt
                        ))
                }
            }
        }
        guard !entries.isEmpty || variants.isEmpty else {
            throw MemoryFileError(
                .unknownLanguages, name, "the file has no units from \(pair); it has units of \(languageNames)")
        }
        return entries
    }

    /// One memory of several files: of the targets of one source, that which was changed last, and of these the last.
    package static func memory(_ files: [MemoryFile], for pair: LanguagePair?) throws(MemoryFileError)
        -> TranslationMemory
    {
        var entries: [DatedEntry] = []
        for file in files { entries += try file.entries(for: pair) }
        // Places decide between equal times: sorting need not keep an order.
        let places = entries.indices.sorted { (entries[$0].changedAt, $0) < (entries[$1].changedAt, $1) }
        return TranslationMemory(
            places.map { entries[$0].entry }, sourceLanguage: pair?.source.description,
            targetLanguage: pair?.target.description)
    }

    private var languageNames: String {
        let names = Set(variants.map { LanguageTag.canonical($0.language) }).sorted()
        return names.isEmpty ? "no language" : names.joined(separator: ", ")
    }

    /// TMX may be in UTF-8, or in UTF-16 with a byte order mark.
    private static func utf8(_ bytes: [UInt8], _ name: String) throws(MemoryFileError) -> [UInt8] {
        func refused(_ problem: String) -> MemoryFileError { MemoryFileError(.malformed, name, problem) }
        let isLittle = bytes.starts(with: [0xFF, 0xFE])
        if isLittle || bytes.starts(with: [0xFE, 0xFF]) {
            guard bytes.count.isMultiple(of: 2) else {
                throw refused("the file is cut within a character of UTF-16; get all of it")
            }
            let units = stride(from: 2, to: bytes.count, by: 2).map { at in
                let (first, second) = (UInt16(bytes[at]), UInt16(bytes[at + 1]))
                return isLittle ? second << 8 | first : first << 8 | second
            }
            guard let text = String(validating: units, as: UTF16.self) else {
                throw refused("the file begins as UTF-16, and is not; convert it to UTF-8")
            }
            return Array(text.utf8)
        }
        if let character = MarkupFile.otherCharacterSet(bytes, .xml) {
            throw refused("the file says that it is in \(character); convert it to UTF-8, and change what it says")
        }
        guard String(validating: bytes, as: UTF8.self) != nil else {
            throw refused("not UTF-8; convert the file, and change what it says")
        }
        return bytes
    }
}

extension [MemoryVariant] {
    /// The variants of each unit.
    fileprivate var chunked: some Sequence<ArraySlice<MemoryVariant>> {
        sequence(state: startIndex) { start -> ArraySlice<MemoryVariant>? in
            guard start < endIndex else { return nil }
            let end = self[start...].firstIndex { $0.unit != self[start].unit } ?? endIndex
            defer { start = end }
            return self[start..<end]
        }
    }
}
