import Foundation

/// Draws a progress line on a terminal, and takes it away again.
struct ProgressScreen {
    var line: ProgressLine
    private let messages: OutputFile
    private let isEnabled: Bool
    private var start = ContinuousClock.now
    private var due = ProgressLine.delay
    private var isDrawn = false

    init(messages: OutputFile, isEnabled: Bool, line: ProgressLine = ProgressLine()) {
        self.line = line
        self.messages = messages
        self.isEnabled = isEnabled
        if isEnabled { Self.eraseOnInterrupt() }
    }

    /// The work begins now only.
    mutating func restart() { start = .now }

    /// When the line is to be drawn next.
    var nextUpdate: Date? {
        guard isEnabled else { return nil }
        return Date(timeIntervalSinceNow: max(0, (due - elapsed) / .seconds(1)))
    }

    mutating func updateIfDue() {
        guard isEnabled, elapsed >= due else { return }
        let width = messages.terminalSize.columns
        try? messages.write(ProgressLine.erasure + line.text(after: elapsed, width: width))
        isDrawn = true
        due = elapsed + ProgressLine.interval
    }

    mutating func erase() {
        guard isDrawn else { return }
        try? messages.write(ProgressLine.erasure)
        isDrawn = false
    }

    private var elapsed: Duration { ContinuousClock.now - start }

    /// An interrupt ends the process as it would otherwise, but not with half a line on the terminal. The handler only
    /// makes calls that POSIX allows in one. Who had interrupts ignored (`nohup`, a script's `&`) still has.
    private static func eraseOnInterrupt() {
        var inherited = sigaction()
        sigaction(SIGINT, nil, &inherited)
        let handler = unsafeBitCast(inherited.__sigaction_handler.sa_handler, to: Int.self)
        guard handler != unsafeBitCast(SIG_IGN, to: Int.self) else { return }
        signal(SIGINT) { number in
            let erasure: StaticString = "\r\u{1B}[K"
            _ = Foundation.write(STDERR_FILENO, erasure.utf8Start, erasure.utf8CodeUnitCount)
            signal(number, SIG_DFL)
            raise(number)
        }
    }
}
