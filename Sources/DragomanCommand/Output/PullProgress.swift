import Foundation
import Hub
import Synchronization

/// Says how far a pull is: a bar on a terminal, a line for each file elsewhere.
final class PullProgress: Sendable {
    private struct State {
        var bar: DownloadBar?
        var start = ContinuousClock.now
        var isDrawn = false
        var drawn: ContinuousClock.Instant?
    }

    private let name: String
    private let messages: OutputFile
    private let isTerminal: Bool
    private let state = Mutex(State())

    init(name: String, messages: OutputFile, isTerminal: Bool) {
        self.name = name
        self.messages = messages
        self.isTerminal = isTerminal
    }

    @Sendable func take(_ event: Pull.Event) {
        switch event {
        case .began(let commit, let fileCount, let byteCount, let present):
            state.withLock {
                $0.bar = DownloadBar(name: name, byteCount: byteCount, present: present)
                $0.start = .now
            }
            let there = present > 0 ? ", of which \(Quantity.bytes(present)) are there" : ""
            say("\(name): \(fileCount) files, \(Quantity.bytes(byteCount))\(there), of commit \(commit.prefix(12))")
        case .bytes(let present):
            state.withLock { $0.bar?.reach(present) }
            turn()
        case .file(let file, let isReused):
            guard !isTerminal else { return }
            say("\(file.name): \(Quantity.bytes(file.byteCount))\(isReused ? ", unchanged" : "")")
        }
    }

    @Sendable func retry(_ error: HubError, _ wait: Duration) {
        say("\(error.message); trying again in \(Int((wait / .seconds(1)).rounded(.up))) s")
    }

    func end(_ outcome: Pull.Outcome) {
        switch outcome {
        case .unchanged(let model): say("\(model.name): unchanged, commit \(model.origin.commit.prefix(12))")
        case .pulled(let model): say("\(model.name): \(Quantity.bytes(model.origin.byteCount)), whole")
        }
    }

    /// What an interrupted pull leaves, as a clause.
    var kept: String {
        guard let bar = state.withLock(\.bar) else { return "" }
        return "; \(Quantity.bytes(bar.present)) of \(Quantity.bytes(bar.byteCount)) are kept"
    }

    /// Draws the bar, if it is time to.
    @Sendable func turn() {
        guard isTerminal else { return }
        let now = ContinuousClock.now
        state.withLock { state in
            guard let bar = state.bar, state.drawn.map({ now - $0 >= ProgressLine.interval }) ?? true else { return }
            state.drawn = now
            state.isDrawn = true
            let width = messages.terminalSize.columns
            try? messages.write(ProgressLine.erasure + bar.text(after: now - state.start, width: width))
        }
    }

    func erase() {
        state.withLock { state in
            guard state.isDrawn else { return }
            try? messages.write(ProgressLine.erasure)
            state.isDrawn = false
        }
    }

    private func say(_ line: String) {
        erase()
        try? messages.write("dragoman: \(line)\n")
    }
}
