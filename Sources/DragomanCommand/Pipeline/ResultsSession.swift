package import DragomanClient
package import JobModel

/// Writes records, and acknowledges each when its reader has taken it.
package struct ResultsSession: Sendable {
    package var format: RecordFormat
    /// Only records whose topic begins so are written; all are acknowledged.
    package var topic: String?
    package var limit: Int?
    package var follows: Bool
    package var output: OutputFile
    /// Where a progress line is drawn; nil: nowhere.
    package var messages: OutputFile?

    package init(format: RecordFormat, topic: String? = nil, limit: Int? = nil, follows: Bool, output: OutputFile) {
        self.format = format
        self.topic = topic
        self.limit = limit
        self.follows = follows
        self.output = output
    }

    /// - Throws: `CommandError` when writing fails or the reader of the output has gone, and what reading throws.
    package func run<Records: AsyncSequence>(
        _ records: Records, upTo position: Results.Position, acknowledge: (UInt64) -> Void
    ) async throws where Records.Element == Record {
        let output = TakenOutput(output)
        var left = limit ?? .max
        if !follows, position.first > position.last { return }
        var screen = screen(upTo: position)
        defer { screen?.erase() }
        var count = 0
        for try await record in records {
            if topic.map(record.topic.hasPrefix) ?? true {
                do throws(SystemError) {
                    // Blocks a thread of the pool, which nobody else needs here: the client has one of its own.
                    try output.write(format.bytes(of: record))
                } catch {
                    throw CommandError(writing: error)
                }
                left -= 1
            }
            acknowledge(record.sequence)
            count += 1
            screen?.line.reach(count)
            screen?.updateIfDue()
            if left == 0 || !follows && record.sequence >= position.last { return }
        }
    }

    private func screen(upTo position: Results.Position) -> ProgressScreen? {
        // What follows a log has no end, and its records come when they come.
        guard let messages, !follows else { return nil }
        // Nobody knows how many are of a topic.
        let limit = topic == nil ? limit ?? .max : .max
        let total = Int(clamping: position.last - min(position.first - 1, position.last))
        return ProgressScreen(
            messages: messages, isEnabled: true,
            line: ProgressLine(unit: "records", total: min(total, limit)))
    }
}
