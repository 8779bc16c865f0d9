/// Text in the language of manual pages, man(7).
package struct ManualText: Sendable {
    package private(set) var text = ""

    /// `.SH`
    mutating func heading(_ title: String) { macro("SH", title) }

    /// Paragraphs as help has them: blank lines between them. What is indented, or in columns, keeps its lines.
    mutating func paragraphs(_ source: String) {
        for paragraph in Self.paragraphs(of: source) {
            if paragraph.contains(where: { $0.hasPrefix("  ") }) {
                text += ".PP\n.EX\n"
                for line in paragraph { self.line(line) }
                text += ".EE\n"
            } else {
                text += ".PP\n"
                for line in paragraph { self.line(line) }
            }
        }
    }

    /// `.TP`: a term in bold, and what it means.
    mutating func entry(_ term: String, _ meaning: [String]) {
        text += ".TP\n\\fB\(Self.escaped(term))\\fR\n"
        for line in meaning.flatMap({ $0.split(separator: "\n", omittingEmptySubsequences: true) }) {
            self.line(String(line))
        }
    }

    mutating func line(_ line: String) {
        // A point or an apostrophe begins a macro.
        text += (line.hasPrefix(".") || line.hasPrefix("'") ? "\\&" : "") + Self.escaped(line) + "\n"
    }

    /// A line that has escapes of its own.
    mutating func raw(_ line: String) { text += line + "\n" }

    mutating func macro(_ name: String, _ arguments: String...) {
        text += ".\(name)" + arguments.map { " \"\(Self.escaped($0).replacing("\"", with: "\\(dq"))\"" }.joined() + "\n"
    }

    /// A plain minus stays one: readers copy options out of the page.
    static func escaped(_ text: String) -> String {
        text.replacing("\\", with: "\\e").replacing("-", with: "\\-")
    }

    private static func paragraphs(of text: String) -> [[String]] {
        text.split(separator: "\n", omittingEmptySubsequences: false)
            .split { $0.allSatisfy(\.isWhitespace) }
            .map { $0.map(String.init) }
    }
}
