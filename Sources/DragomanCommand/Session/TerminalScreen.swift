import Foundation

/// A terminal's other screen, where something is drawn again and again. What was on the terminal before is there again
/// afterwards.
final class TerminalScreen {
    private let input: Int32
    private let output: OutputFile
    private let before: termios
    private var isLeft = false

    /// - Throws: `SystemError`: they are not those of a terminal.
    init(input: Int32, output: OutputFile) throws(SystemError) {
        self.input = input
        self.output = output
        var settings = termios()
        guard tcgetattr(input, &settings) == 0 else { throw SystemError("the terminal", errno) }
        before = settings
        // Keys come one by one and are not shown. Ctrl-C stays a signal; Ctrl-Z would leave the terminal as it is here.
        settings.c_lflag &= ~tcflag_t(ICANON | ECHO)
        withUnsafeMutableBytes(of: &settings.c_cc) { characters in
            characters[Int(VMIN)] = 1
            characters[Int(VTIME)] = 0
            characters[Int(VSUSP)] = 0
        }
        guard tcsetattr(input, TCSAFLUSH, &settings) == 0 else { throw SystemError("the terminal", errno) }
        // The other screen, without a cursor, and lines that are too long do not go on in the next one.
        do throws(SystemError) {
            try output.write("\u{1B}[?1049h\u{1B}[?25l\u{1B}[?7l")
        } catch {
            leave()
            throw error
        }
    }

    deinit { leave() }

    /// Gives the terminal back as it was. May be called again.
    func leave() {
        guard !isLeft else { return }
        isLeft = true
        try? output.write("\u{1B}[?7h\u{1B}[?25h\u{1B}[?1049l")
        var settings = before
        tcsetattr(input, TCSAFLUSH, &settings)
    }

    var size: TopScreen.Size {
        let size = output.terminalSize
        return TopScreen.Size(columns: size.columns, rows: size.rows)
    }

    func draw(_ lines: [TopScreen.Line]) throws(SystemError) {
        // Each line is cleared behind its text and not before, so that nothing flickers.
        let text = lines.map { line in
            (line.isHeading ? "\u{1B}[1m\(line.text)\u{1B}[0m" : line.text) + "\u{1B}[K"
        }
        try output.write("\u{1B}[H" + text.joined(separator: "\r\n") + "\u{1B}[J")
    }
}
