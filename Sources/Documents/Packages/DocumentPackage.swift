internal import Archives
internal import Translations

/// A document that is a zip archive of XML files. The files that have text are skeletons, all others are copied.
struct DocumentPackage: Sendable {
    struct Member: Sendable {
        /// Which entry of the archive it is.
        var entry: Int
        var skeleton: Skeleton
    }

    let source: [UInt8]
    private let archive: ZipArchive
    private var members: [Member] = []
    var ownMarkup: MarkupLanguage?
    private let format: DocumentFormat

    /// Archives whose files would take more, unpacked, are refused.
    private static let byteCountMax = 256 << 20
    /// More files than any document has.
    private static let entriesMax = 20_000
    /// XML shrinks to a tenth, and in lists of equal rows to a fiftieth; a bomb, to a thousandth.
    private static let ratioMax = 300

    init(_ source: [UInt8], _ format: DocumentFormat) throws(DocumentError) {
        self.source = source
        self.format = format
        var found: ZipArchive?, failure: ArchiveError?
        // `withUnsafeBytes` has no typed throws.
        source.withUnsafeBytes { bytes in
            do throws(ArchiveError) { found = try ZipArchive(bytes) } catch { failure = error }
        }
        guard let archive = found else {
            throw DocumentError(
                failure?.kind == .unsupported ? .unsupported : .malformed, format, failure?.problem ?? "",
                expected: failure?.expected, found: failure?.found,
                remedy: "open the file in the program that made it, and save it again")
        }
        self.archive = archive
        try check()
    }

    private func check() throws(DocumentError) {
        guard !archive.is64 else {
            throw DocumentError(.unsupported, format, "the archive has sizes of 64 bits", remedy: "save the file again")
        }
        guard archive.entries.count <= Self.entriesMax else {
            throw DocumentError(
                .tooLarge, format, "the archive has \(archive.entries.count) files",
                expected: "at most \(Self.entriesMax)")
        }
        guard Set(archive.entries.map(\.name)).count == archive.entries.count else {
            throw DocumentError(.malformed, format, "two files of the archive have the same name")
        }
        var end = 0
        for entry in archive.entries.sorted(by: { $0.start < $1.start }) {
            guard entry.start >= end, entry.range.upperBound <= archive.directory else {
                throw DocumentError(.malformed, format, at: .member(entry.name), "files of the archive overlap")
            }
            end = entry.range.upperBound
        }
    }

    /// The numbers of the entries that have names as wanted, in the order of the archive.
    func entries(where isWanted: (String) -> Bool) -> [Int] {
        archive.entries.indices.filter { isWanted(archive.entries[$0].name) }
    }

    func name(_ entry: Int) -> String { archive.entries[entry].name }

    /// Adds the files that have text.
    mutating func add(
        _ entries: [Int], _ read: (Skeleton, String) throws(DocumentError) -> Skeleton
    ) throws(DocumentError) {
        var total = 0
        for entry in entries {
            total += archive.entries[entry].byteCount
            guard total <= Self.byteCountMax else {
                throw DocumentError(
                    .tooLarge, format, at: .member(name(entry)), "the text is too large, unpacked",
                    expected: "at most \(Self.byteCountMax) bytes", found: "\(total)")
            }
            let contents = try contents(entry)
            members.append(Member(entry: entry, skeleton: try read(Skeleton(contents), name(entry))))
        }
    }

    /// A file of the archive.
    func contents(_ index: Int) throws(DocumentError) -> [UInt8] {
        let entry = archive.entries[index]
        guard ZipArchive.isPossible(entry) else {
            throw DocumentError(.malformed, format, at: .member(entry.name), "it cannot have \(entry.byteCount) bytes")
        }
        guard entry.byteCount <= Self.byteCountMax,
            entry.byteCount < 1 << 20 || entry.byteCount / Self.ratioMax <= entry.range.count
        else {
            throw DocumentError(
                .tooLarge, format, at: .member(entry.name), "it is packed too densely for a document",
                found: "\(entry.byteCount) bytes in \(entry.range.count)")
        }
        var contents = [UInt8](repeating: 0, count: entry.byteCount)
        let damage = source.withUnsafeBytes { bytes in
            contents.withUnsafeMutableBytes { output -> ZipArchive.Damage? in
                do throws(ZipArchive.Damage) {
                    try ZipArchive.read(entry, of: bytes, into: output)
                    return nil
                } catch {
                    return error
                }
            }
        }
        guard damage == nil, String(validating: contents, as: UTF8.self) != nil else {
            throw DocumentError(
                .malformed, format, at: .member(entry.name),
                damage == nil ? "it is not UTF-8" : "it is damaged", remedy: "the file may be cut off: fetch it again")
        }
        return contents
    }

    var units: [InlineText] { members.flatMap(\.skeleton.units) }

    func written(_ translations: [InlineText?]) -> [UInt8] {
        var contents: [Int: [UInt8]] = [:]
        var start = 0
        for member in members {
            let own = Array(translations[start..<start + member.skeleton.units.count])
            start += own.count
            guard own.contains(where: { $0 != nil }) else { continue }
            contents[member.entry] = member.skeleton.written(own)
        }
        return archive.replaced(source, with: contents)
    }
}
