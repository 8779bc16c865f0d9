/// SubRip subtitles (`.srt`): a number, a line of times, lines of text, a blank line.
///
/// Files are seldom all right, so only the lines of times are looked for. What stands between two of them is the first
/// one's text, less the number before the second.
enum SubRip {
    static func skeleton(_ source: SourceText) throws(DocumentError) -> Skeleton {
        var skeleton = Skeleton(source.bytes)
        let lines = source.lines
        let times = try times(source)
        guard !times.isEmpty || lines.allSatisfy(source.isBlank) else {
            throw source.failure(
                at: source.start, "there is no line of times", expected: "00:00:01,000 --> 00:00:02,000",
                remedy: "name the format that the file has")
        }
        for (index, time) in times.enumerated() {
            var end = index + 1 < times.count ? times[index + 1] : lines.count
            if index + 1 < times.count, end - 1 > time, isNumber(lines[end - 1], source) { end -= 1 }
            for group in lines[(time + 1)..<end].split(whereSeparator: source.isBlank) {
                CueText(source: source, syntax: .subRip).add(group, to: &skeleton)
            }
        }
        return skeleton
    }

    private static func times(_ source: SourceText) throws(DocumentError) -> [Int] {
        var times: [Int] = []
        for (index, line) in source.lines.enumerated() {
            let text = source.bytes[line.content].drop { $0 == 0x20 || $0 == 0x09 }
            guard text.first?.isASCIIDigit == true, let arrow = CueTime.arrow(in: text) else { continue }
            guard CueTime.isOne(text[..<arrow]), CueTime.isOne(text[(arrow + 3)...]) else {
                throw source.failure(
                    at: line.content.lowerBound, "the times of a cue cannot be read",
                    expected: "00:00:01,000 --> 00:00:02,000",
                    found: DocumentError.quoted(source.string(line.content)))
            }
            times.append(index)
        }
        return times
    }

    private static func isNumber(_ line: SourceText.Line, _ source: SourceText) -> Bool {
        let text = source.bytes[source.trimmed(line.content)]
        return !text.isEmpty && text.allSatisfy(\.isASCIIDigit)
    }
}

/// A time in subtitles, such as `00:01:02,500`, with or without hours; what may follow it on its line is not looked at.
enum CueTime {
    static func isOne(_ text: ArraySlice<UInt8>) -> Bool {
        let text = text.drop { $0 == 0x20 || $0 == 0x09 }
        let time = text.prefix { $0.isASCIIDigit || $0 == UInt8(ascii: ":") || $0 == 0x2C || $0 == 0x2E }
        let colons = time.count { $0 == UInt8(ascii: ":") }
        guard (1...2).contains(colons), time.first?.isASCIIDigit == true, time.last?.isASCIIDigit == true else {
            return false
        }
        let next = text[time.endIndex...].first
        return next == nil || next == 0x20 || next == 0x09
    }

    /// Where `-->` is.
    static func arrow(in text: ArraySlice<UInt8>) -> Int? {
        guard text.count >= 3 else { return nil }
        return (text.startIndex...text.endIndex - 3).first { text[$0..<$0 + 3].elementsEqual("-->".utf8) }
    }
}
