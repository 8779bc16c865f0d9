import Dispatch
import Foundation

/// Says something when the user interrupts (Ctrl-C), and then ends the process as the interrupt would have.
final class Interrupt {
    /// nil: interrupts are ignored.
    private let source: (any DispatchSourceSignal)?

    init(_ message: @escaping @Sendable () -> String) {
        var inherited = sigaction()
        sigaction(SIGINT, nil, &inherited)
        let handler = unsafeBitCast(inherited.__sigaction_handler.sa_handler, to: Int.self)
        // Who had interrupts ignored (`nohup`, a script's `&`) still has.
        guard handler != unsafeBitCast(SIG_IGN, to: Int.self) else {
            source = nil
            return
        }
        let source = DispatchSource.makeSignalSource(signal: SIGINT, queue: .global())
        source.setEventHandler {
            try? OutputFile.standardError.write(ProgressLine.erasureOnTerminal + "dragoman: \(message())\n")
            signal(SIGINT, SIG_DFL)
            kill(getpid(), SIGINT)
        }
        // The source sees signals that are ignored, too.
        signal(SIGINT, SIG_IGN)
        source.activate()
        self.source = source
    }

    func cancel() { source?.cancel() }
}

extension ProgressLine {
    fileprivate static var erasureOnTerminal: String { OutputFile.standardError.isTerminal ? erasure : "" }
}
