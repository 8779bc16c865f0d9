/// The text of a paragraph, a heading or a cell, with its emphasis, links and code as codes.
struct MarkdownText {
    private let source: SourceText
    private let isCell: Bool
    /// The lines as one, with a line feed for what is between two of them.
    private var flat: [UInt8] = []
    /// Where each byte of `flat` stands in the source, and where the text ends.
    private var offsets: [Int] = []
    /// What is between two lines.
    private var joint: [UInt8] = []
    private var width = 0
    private let labels: Set<String>

    init(_ source: SourceText, _ lines: [Range<Int>], labels: Set<String>, isCell: Bool) {
        self.source = source
        self.labels = labels
        self.isCell = isCell
        for (index, line) in lines.enumerated() {
            let blanks = index == 0 ? 0 : source.bytes[line].prefix { $0 == 0x20 || $0 == 0x09 }.count
            let content = line.lowerBound + blanks..<line.upperBound
            if index > 0 {
                flat.append(0x0A)
                offsets.append(lines[index - 1].upperBound)
                if index == 1 { joint = Array(source.bytes[lines[0].upperBound..<content.lowerBound]) }
            }
            flat += source.bytes[content]
            offsets += content
            width = max(width, source.string(content).count)
        }
        offsets.append(lines.last?.upperBound ?? 0)
    }

    func add(to skeleton: inout Skeleton) {
        var run = InlineRun()
        run.trimsMarks = false
        var position = 0
        var inline = MarkdownInline(flat, labels: labels)
        inline.read()
        for code in inline.codes {
            addText(position..<code.range.lowerBound, to: &run)
            run.add(code.piece, place(code.range))
            position = code.range.upperBound
        }
        addText(position..<flat.count, to: &run)
        guard let unit = run.unit(in: source.bytes) else { return }
        var codes = unit.codes
        // What has a label's text for its own gets the label, which its translation no longer is.
        for code in inline.codes {
            if let written = code.written, codes[code.piece] != nil { codes[code.piece] = written }
        }
        let writing = MarkdownWriting(
            codes: codes, joint: joint, width: flat.contains(0x0A) ? width : nil, isCell: isCell)
        skeleton.add(unit.text, in: unit.range) { writing.written($0) }
    }

    private func place(_ range: Range<Int>) -> Range<Int> { offsets[range.lowerBound]..<offsets[range.upperBound] }

    private func addText(_ range: Range<Int>, to run: inout InlineRun) {
        var start = range.lowerBound
        func flush(_ end: Int) {
            guard start < end else { return }
            run.add(.text(String(decoding: flat[start..<end], as: UTF8.self)), place(start..<end))
        }
        var position = start
        while position < range.upperBound {
            let byte = flat[position]
            if byte == UInt8(ascii: "\\"), position + 1 < range.upperBound, flat[position + 1].isASCIIPunctuation {
                flush(position)
                run.add(.text(String(UnicodeScalar(flat[position + 1]))), place(position..<position + 2))
                position += 2
                start = position
            } else if byte == 0x0A {
                flush(position)
                let before = String(decoding: flat[..<position].suffix(4), as: UTF8.self).unicodeScalars.last
                let after = String(decoding: flat[(position + 1)...].prefix(4), as: UTF8.self).unicodeScalars.first
                let isUnspaced = before?.isUnspaced == true && after?.isUnspaced == true
                run.add(.text(isUnspaced ? "" : " "), place(position..<position + 1))
                position += 1
                start = position
            } else {
                position += 1
            }
        }
        flush(range.upperBound)
    }

    /// A label as it is compared: in any case, and with any blanks.
    static func folded(_ label: String) -> String {
        label.lowercased().split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }
}

extension UInt8 {
    var isASCIIPunctuation: Bool {
        (0x21...0x2F).contains(self) || (0x3A...0x40).contains(self) || (0x5B...0x60).contains(self)
            || (0x7B...0x7E).contains(self)
    }
}
