internal import CSegmentation

/// Cuts a line of text into sentences: ICU's boundaries (UAX #29) less those that a translator would not make.
///
/// The standard knows no abbreviations, initials or "No. 5", nor that a question mark in an address is no question;
/// `SentenceBoundary` does, with a table per language. CSegmentation.h says why CLDR's table is not used.
///
/// The class is `@unchecked Sendable` because the handle is written once, in `init`, and CSegmentation.h allows every
/// call made with it from any number of threads at once.
package final class SentenceSegmenter: @unchecked Sendable {
    private let handle: OpaquePointer?
    private let abbreviations: Abbreviations

    /// - Parameter language: a code of ISO 639, with or without a script or region (`en`, `eng`, `en-GB`); nothing or
    ///   an unknown one gives the rules that suit most languages.
    package init(language: String?) {
        var error: UnsafePointer<CChar>?
        // Without ICU's data every line is one sentence: worse translations, but none lost.
        handle = cseg_open(language, &error)
        abbreviations = Abbreviations.of(language: Self.canonical(language))
    }

    deinit { cseg_close(handle) }

    /// The sentences of a line, in order. White space after a sentence belongs to it, so that the sentences one after
    /// the other are the line. An empty line has none.
    package func sentences(in line: Substring) -> [Substring] {
        var sentences: [Substring] = []
        var start = line.startIndex
        for candidate in candidates(in: line) {
            let boundary = SentenceBoundary(line: line, start: start, position: candidate)
            guard boundary.separates(abbreviations) else { continue }
            let end = boundary.end
            if end == line.endIndex { break }
            sentences.append(line[start..<end])
            start = end
        }
        if start < line.endIndex { sentences.append(line[start...]) }
        return sentences
    }

    /// ICU's boundaries inside the line, its end left out.
    private func candidates(in line: Substring) -> [Substring.Index] {
        guard let handle else { return [] }
        var line = line
        let offsets = line.withUTF8 { utf8 -> [Int] in
            utf8.withMemoryRebound(to: CChar.self) { text in
                var count = 0
                var error: UnsafePointer<CChar>?
                guard let found = cseg_boundaries(handle, text.baseAddress, text.count, &count, &error) else {
                    return []
                }
                defer { cseg_release(found) }
                return UnsafeBufferPointer(start: found, count: count).dropLast().map { $0 }
            }
        }
        let utf8 = line.utf8
        var index = utf8.startIndex
        var offset = 0
        return offsets.map { next in
            utf8.formIndex(&index, offsetBy: next - offset)
            offset = next
            return index
        }
    }

    /// The language in two letters where it has two, without script or region.
    private static func canonical(_ language: String?) -> String {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: 16) { name in
            guard let address = name.baseAddress else { return "" }
            cseg_language(language, address, name.count)
            return String(cString: address)
        }
    }
}
