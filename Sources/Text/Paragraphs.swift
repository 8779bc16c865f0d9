/// Hard-wrapped text: paragraphs whose lines were broken at a width, not where something ends.
package enum Paragraphs {
    /// The text with each paragraph on one line, and how the lines of each paragraph ended, which is empty where it has one
    /// line without an end.
    ///
    /// A paragraph ends with a blank line, and before a line that begins an item of a list, is indented deeper than the one
    /// before it, or has no letter or digit ("-----"). Line ends between paragraphs are kept as they are. Lines of scripts
    /// without spaces are joined without one.
    package static func joined(_ text: String) -> (text: String, lineEnds: [Substring]) {
        var result = ""
        var lineEnds: [Substring] = []
        var last: Substring?
        // Whether the last line begins a paragraph.
        var isFirst = false
        var end = text.startIndex
        for line in Lines(of: text) {
            let lineEnd = text[end..<line.startIndex]
            if isFirst { lineEnds.append(lineEnd) }
            if let last, goesOn(from: last, to: line) {
                while result.unicodeScalars.last?.isSpace == true { result.unicodeScalars.removeLast() }
                let words = line.trimmed(\.isSpace)
                let isUnspaced =
                    result.unicodeScalars.last?.isUnspaced == true && words.unicodeScalars.first?.isUnspaced == true
                if !isUnspaced { result += " " }
                result += words
                isFirst = false
            } else {
                result += lineEnd
                result += line
                isFirst = true
            }
            end = line.endIndex
            last = line
        }
        if isFirst { lineEnds.append("") }
        return (result + text[end...], lineEnds)
    }

    private static func goesOn(from last: Substring, to line: Substring) -> Bool {
        guard last.hasWord, line.hasWord, !line.beginsItem else { return false }
        return line.indentation <= last.indentation || last.beginsItem
    }

    /// Breaks the lines of a text between words, so that none has more characters than `columns` where words allow it.
    /// Further lines are indented as the first; characters of East Asian width count twice.
    /// - Parameter lineEnds: What ends the lines that each line is broken into; `\n` where it is empty, and after the last.
    package static func wrapped(_ text: String, columns: Int, lineEnds: [Substring] = []) -> String {
        var result = ""
        var end = text.startIndex
        for (index, line) in Lines(of: text).enumerated() {
            result += text[end..<line.startIndex]
            let lineEnd = index < lineEnds.count && !lineEnds[index].isEmpty ? lineEnds[index] : "\n"
            wrap(line, columns, lineEnd, into: &result)
            end = line.endIndex
        }
        return result + text[end...]
    }

    private static func wrap(_ line: Substring, _ columns: Int, _ lineEnd: Substring, into result: inout String) {
        let indent = line.prefix { $0 == " " || $0 == "\t" }
        let indentWidth = indent.count
        result += indent
        // What is written of the line so far, the spaces since then, and the word that is being read.
        var width = indentWidth
        var (spaces, word) = ("", "")
        var wordWidth = 0
        var isAtStart = true
        func put() {
            guard !word.isEmpty else { return }
            if !isAtStart, width + spaces.count + wordWidth > columns {
                result += lineEnd + indent
                width = indentWidth
            } else {
                result += spaces
                width += spaces.count
            }
            result += word
            width += wordWidth
            (spaces, word, wordWidth, isAtStart) = ("", "", 0, false)
        }
        for character in line[indent.endIndex...] {
            let scalar = character.unicodeScalars.first
            // A space with a mark on it shows.
            if scalar?.isBreakingSpace == true, character.unicodeScalars.count == 1 {
                put()
                spaces.append(character)
                continue
            }
            let isUnspaced = scalar?.isUnspaced == true
            // Between Han or kana, but not before what closes or ends.
            if isUnspaced, let scalar, !scalar.isClosing, !scalar.endsClause, !scalar.isTerminator, !wordEndsOpen(word)
            {
                put()
            }
            word.append(character)
            wordWidth += isUnspaced ? 2 : 1
        }
        put()
        result += spaces
    }

    private static func wordEndsOpen(_ word: String) -> Bool { word.unicodeScalars.last?.isOpeningBracket ?? false }
}

extension Substring {
    fileprivate var hasWord: Bool { unicodeScalars.contains(where: \.isAlphanumeric) }

    fileprivate var indentation: Int { unicodeScalars.prefix(while: \.isSpace).count }

    /// Whether the line begins with a bullet, or a number or letter with a full stop or bracket.
    fileprivate var beginsItem: Bool {
        let words = unicodeScalars.drop(while: \.isSpace)
        guard let first = words.first else { return false }
        if "-*+•‣◦–—>|#".unicodeScalars.contains(first) {
            return words.dropFirst().first.map { $0.isSpace || $0 == first } ?? true
        }
        let mark = words.prefix { $0.isDigit || $0.isASCIILetter }
        guard !mark.isEmpty, mark.count <= 3, mark.allSatisfy(\.isDigit) || mark.count == 1 else { return false }
        let rest = words[mark.endIndex...]
        guard let close = rest.first, close == "." || close == ")" else { return false }
        return rest.dropFirst().first?.isSpace ?? true
    }
}
