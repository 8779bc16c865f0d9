import Foundation

/// A terminal's other screen, where something is drawn again and again. What was on the terminal before is there again
/// afterwards.
package final class TerminalScreen {
    private let input: Int32
    private let output: OutputFile
    private let before: termios
    private var isShown = false

    /// - Throws: `SystemError`: they are not those of a terminal.
    init(input: Int32, output: OutputFile) throws(SystemError) {
        self.input = input
        self.output = output
        var settings = termios()
        guard tcgetattr(input, &settings) == 0 else { throw SystemError("the terminal", errno) }
        before = settings
        try enter()
    }

    /// Takes the terminal, at first and after `leave`.
    func enter() throws(SystemError) {
        guard !isShown else { return }
        isShown = true
        // Keys come one by one and are not shown. Those for signals stay what they are.
        var settings = before
        settings.c_lflag &= ~tcflag_t(ICANON | ECHO)
        withUnsafeMutableBytes(of: &settings.c_cc) { characters in
            characters[Int(VMIN)] = 1
            characters[Int(VTIME)] = 0
        }
        guard tcsetattr(input, TCSAFLUSH, &settings) == 0 else {
            isShown = false
            throw SystemError("the terminal", errno)
        }
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
        guard isShown else { return }
        isShown = false
        try? output.write("\u{1B}[?7h\u{1B}[?25h\u{1B}[?1049l")
        var settings = before
        tcsetattr(input, TCSAFLUSH, &settings)
    }

    /// Stops the process as Ctrl-Z does, with the terminal given back, and takes that again when the process goes on.
    func stop() throws(SystemError) {
        leave()
        // Not by SIGSTOP: the kernel ignores SIGTSTP in a session without a shell that could continue the process.
        var (action, handler) = (sigaction(), sigaction())
        action.__sigaction_handler.sa_handler = SIG_DFL
        sigaction(SIGTSTP, &action, &handler)
        // Threads of Dispatch block signals, and one that is blocked would wait.
        var (stop, mask) = (sigset_t(), sigset_t())
        sigemptyset(&stop)
        sigaddset(&stop, SIGTSTP)
        pthread_sigmask(SIG_UNBLOCK, &stop, &mask)
        raise(SIGTSTP)
        pthread_sigmask(SIG_SETMASK, &mask, nil)
        sigaction(SIGTSTP, &handler, nil)
        try enter()
    }

    /// Whether the terminal, by what `TERM` says of it, knows more than to write one line after the other.
    package static func canDraw(term: String?) -> Bool { !["", "dumb"].contains(term ?? "") }

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
