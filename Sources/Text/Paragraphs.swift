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
        guard last.hasWord, line.hasWord, !last.isOneLine else { return false }
        guard !line.beginsItem || line.isAside(after: last) else { return false }
        return line.indentation <= last.indentation || last.beginsItem
    }

    /// Breaks the lines of a text between words, so that none has more characters than `columns` where words allow it.
    /// Further lines are indented as the first, unless that takes more than half of the columns; characters of East Asian
    /// width count twice.
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
        result += indent
        // On every line, a deep one would make far more of the text than it was.
        let hanging = indent.count <= columns / 2 ? indent : ""
        // What is written of the line so far, the spaces since then, and the word that is being read.
        var width = indent.count
        var (spaces, word) = ("", "")
        var wordWidth = 0
        var isAtStart = true
        func put() {
            guard !word.isEmpty else { return }
            if !isAtStart, width + spaces.count + wordWidth > columns {
                result += lineEnd + hanging
                width = hanging.count
            } else {
                result += spaces
                width += spaces.count
            }
            result += word
            width += wordWidth
            (spaces, word, wordWidth, isAtStart) = ("", "", 0, false)
        }
        for index in line[indent.endIndex...].indices {
            let character = line[index]
            let scalar = character.unicodeScalars.first
            // A space with a mark on it shows.
            if scalar?.isLineBreakSpace == true, character.unicodeScalars.count == 1 {
                let next = line[index...].dropFirst().unicodeScalars.first
                // In French, marks stand apart: no line begins with one, or ends with an opening one.
                if !word.isEmpty, word.unicodeScalars.last == "«" || next?.isMarkSetApart == true {
                    word.append(character)
                    wordWidth += 1
                    continue
                }
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
            wordWidth += scalar?.isWide == true ? 2 : 1
        }
        put()
        result += spaces
    }

    private static func wordEndsOpen(_ word: String) -> Bool { word.unicodeScalars.last?.isOpeningBracket ?? false }
}

extension Substring {
    fileprivate var hasWord: Bool { unicodeScalars.contains(where: \.isAlphanumeric) }

    fileprivate var indentation: Int { unicodeScalars.prefix(while: \.isSpace).count }

    /// Whether the line is a heading or a row of a table, as Markdown has them: nothing goes on from it.
    fileprivate var isOneLine: Bool {
        guard beginsItem, let first = unicodeScalars.first(where: { !$0.isSpace }) else { return false }
        return first == "#" || first == "|"
    }

    /// Whether the line begins with a dash that goes on with a sentence: before a small letter, and after a line that
    /// neither announces a list nor is an item of one.
    fileprivate func isAside(after last: Substring) -> Bool {
        guard !last.beginsItem, let end = last.unicodeScalars.last(where: { !$0.isSpace }),
            end == "," || !end.endsClause && !end.isTerminator
        else { return false }
        let words = unicodeScalars.drop(while: \.isSpace)
        guard let first = words.first, first == "–" || first == "—" else { return false }
        return words.dropFirst().first { !$0.isSpace }?.properties.isLowercase == true
    }

    /// Whether the line begins with a bullet, or a number or letter with a full stop or bracket.
    fileprivate var beginsItem: Bool {
        let words = unicodeScalars.drop(while: \.isSpace)
        guard let first = words.first else { return false }
        if "-*+•‣◦–—>|#".unicodeScalars.contains(first) {
            // "**bold**" and "--option" begin no item; "##" and ">>" do.
            return words.dropFirst().first.map { $0.isSpace || $0 == first && "#>|".unicodeScalars.contains(first) }
                ?? true
        }
        let mark = words.prefix { $0.isDigit || $0.isASCIILetter }
        guard !mark.isEmpty, mark.count <= 3, mark.allSatisfy(\.isDigit) || mark.count == 1 else { return false }
        let rest = words[mark.endIndex...]
        guard let close = rest.first, close == "." || close == ")" else { return false }
        return rest.dropFirst().first?.isSpace ?? true
    }
}

extension Unicode.Scalar {
    /// Where a line may be broken. Ends of lines and pages within it stay.
    fileprivate var isLineBreakSpace: Bool {
        isBreakingSpace
            && (self == " " || self == "\t" || !(0x0A...0x85).contains(value) && !(0x2028...0x2029).contains(value))
    }

    /// What stands after a space in French, and never at the beginning of a line.
    fileprivate var isMarkSetApart: Bool { endsClause || isTerminator || self == "»" }

    /// Of East Asian width (UAX #11); half-width kana are not.
    fileprivate var isWide: Bool {
        isUnspaced && !(0xFF61...0xFFDC).contains(value) || (0xAC00...0xD7A3).contains(value)
    }
}
