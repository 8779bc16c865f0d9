/// WebVTT subtitles (https://www.w3.org/TR/webvtt1/): blocks between blank lines. Those with a line of times are cues; the
/// header, notes, styles and regions stay as they are.
enum WebVTT {
    static func skeleton(_ source: SourceText) throws(DocumentError) -> Skeleton {
        var skeleton = Skeleton(source.bytes)
        let first = source.lines.first.map { source.bytes[$0.content] } ?? []
        let after = first.dropFirst(6).first
        guard first.starts(with: "WEBVTT".utf8), after == nil || after == 0x20 || after == 0x09 else {
            throw source.failure(
                at: source.start, "the file does not begin as WebVTT does", expected: "WEBVTT",
                found: DocumentError.quoted(String(decoding: first.prefix(40), as: UTF8.self)),
                remedy: "if these are SubRip subtitles, name the format srt")
        }
        for block in source.lines[1...].split(whereSeparator: { $0.content.isEmpty }) {
            let isAside = ["NOTE", "STYLE", "REGION"].contains {
                source.bytes[block[block.startIndex].content].starts(with: $0.utf8)
            }
            guard
                let time = block.indices.prefix(2).first(where: {
                    CueTime.arrow(in: source.bytes[block[$0].content]) != nil
                })
            else { continue }
            let line = source.bytes[block[time].content]
            guard let arrow = CueTime.arrow(in: line), CueTime.isOne(line[..<arrow]),
                CueTime.isOne(line[(arrow + 3)...])
            else {
                if isAside { continue }
                throw source.failure(
                    at: block[time].content.lowerBound, "the times of a cue cannot be read",
                    expected: "00:01.000 --> 00:02.000", found: DocumentError.quoted(source.string(block[time].content))
                )
            }
            let text = block[(time + 1)...]
            CueText(source: source, syntax: .webVTT).add(text, to: &skeleton)
        }
        return skeleton
    }
}
