/// The text of a cue of subtitles: what one speaker says, on one line or several.
///
/// The lines are one text; its translation is wrapped again to as many lines. A line that begins with a dash is another
/// speaker's, and a text by itself.
struct CueText {
    let source: SourceText
    /// What is markup in the format, and how its text is escaped.
    let syntax: CueSyntax

    func add(_ lines: ArraySlice<SourceText.Line>, to skeleton: inout Skeleton) {
        var group = lines.startIndex
        for index in lines.indices.dropFirst() where beginsSpeech(lines[index]) {
            addGroup(lines[group..<index], to: &skeleton)
            group = index
        }
        if !lines.isEmpty { addGroup(lines[group...], to: &skeleton) }
    }

    /// Tags may stand before the dash.
    private func beginsSpeech(_ line: SourceText.Line) -> Bool {
        if source.bytes[line.content].starts(with: "<v ".utf8) { return true }
        var start = line.content.lowerBound
        for tag in syntax.tags(in: line.content, of: source) where tag.range.lowerBound == start {
            start = tag.range.upperBound
        }
        return dash(in: start..<line.content.upperBound) != nil
    }

    private func addGroup(_ lines: ArraySlice<SourceText.Line>, to skeleton: inout Skeleton) {
        var run = InlineRun()
        var tags = CodePairs(lines.flatMap { syntax.tags(in: $0.content, of: source) }).tags[...]
        var lengths: [Int] = []
        for index in lines.indices {
            let line = lines[index]
            if index > lines.startIndex { addJoint(lines[index - 1], line, to: &run) }
            var start = line.content.lowerBound
            var length = 1
            while let tag = tags.first, tag.range.lowerBound < line.content.upperBound {
                if start < tag.range.lowerBound { length += addText(start..<tag.range.lowerBound, to: &run) }
                run.add(tag.piece, tag.range)
                start = tag.range.upperBound
                tags.removeFirst()
            }
            if start < line.content.upperBound { length += addText(start..<line.content.upperBound, to: &run) }
            lengths.append(length)
        }
        guard let unit = run.unit(in: source.bytes) else { return }
        let inside = zip(lines, lengths).filter { unit.range.overlaps($0.0.content) }
        let lineEnd = inside.first.map { Array(source.bytes[$0.0.content.upperBound..<$0.0.end]) } ?? []
        skeleton.add(unit.text, in: unit.range) { [syntax, codes = unit.codes, lengths = inside.map(\.1)] text in
            CueWrapping.wrapped(text, lengths: lengths).reduce(into: []) { result, piece in
                switch piece {
                case .text(let text): result += syntax.escaped(text).utf8
                case .lineEnd: result += lineEnd
                case .code(let code): result += codes[code] ?? []
                }
            }
        }
    }

    /// - Returns: How many characters it has.
    private func addText(_ range: Range<Int>, to run: inout InlineRun) -> Int {
        var range = range
        let hasText = run.spans.contains { if case .text = $0.piece { true } else { false } }
        // The mark of a speaker is no text.
        if !hasText, let dash = dash(in: range) {
            run.add(.mark(0), dash)
            range = dash.upperBound..<range.upperBound
        }
        let text = syntax.unescaped(source.string(range))
        run.add(.text(text), range)
        return text.count
    }

    /// Lines are joined with a space, unless their scripts write none.
    private func addJoint(_ line: SourceText.Line, _ next: SourceText.Line, to run: inout InlineRun) {
        let before = source.string(line.content).unicodeScalars.last,
            after = source.string(next.content).unicodeScalars.first
        let isUnspaced = before?.isUnspaced == true && after?.isUnspaced == true
        run.add(.text(isUnspaced ? "" : " "), line.content.upperBound..<line.end)
    }

    /// A dash that says that another one speaks, with what is before it.
    private func dash(in range: Range<Int>) -> Range<Int>? {
        let text = source.string(range)
        let rest = text.drop { $0 == " " || $0 == "\t" }
        let words = rest.drop { $0 == "-" || $0 == "–" || $0 == "—" }
        guard words.startIndex != rest.startIndex else { return nil }
        return range.lowerBound..<range.upperBound - words.utf8.count
    }
}

extension Unicode.Scalar {
    /// Of a script that writes no spaces between words.
    var isUnspaced: Bool {
        switch value {
        case 0x2E80...0x9FFF, 0xF900...0xFAFF, 0xFF00...0xFFEF, 0x20000...0x3FFFF: true
        default: false
        }
    }
}
