import CWire
package import JobModel

extension Record {
    init(_ message: Wire__Record) throws(Flaw) {
        let state: JobState = try known("state", message.state.rawValue)
        guard message.partial == 0 ? state.isTerminal : state == .running else {
            throw Flaw("state", "is \(state), which is not how a \(message.partial == 0 ? "" : "partial ")record ends")
        }
        self.init(sequence: message.sequence, job: try message.job_id.jobID("job_id"), state: state)
        try read(message)
    }

    /// A record that has not come to be: what the records of a job have in common.
    init(draftOf job: JobID, _ message: Wire__Record) throws(Flaw) {
        self.init(draftOf: job)
        try read(message)
    }

    private mutating func read(_ message: Wire__Record) throws(Flaw) {
        outputs = try messages("outputs", message.outputs, message.n_outputs, Output.init(_:))
        failure = try optionalMessage("error", message.error, message.n_error, Failure.init(_:))
        topic = try message.topic.text("topic", atMost: Limit.topic)
        trace = try message.trace.text("trace", atMost: Limit.trace)
        model = try message.model.text("model", atMost: Limit.name)
        acceptedAt = message.accepted_at_ms
        finishedAt = message.finished_at_ms
        attempts = Int(message.attempts)
        pieces = try messages("pieces", message.pieces, message.n_pieces, Piece.init(_:))
        retryOf = try message.retry_of.optionalJobID("retry_of")
    }

    /// All but the epoch, which is that of the broker that delivers it, and comes last.
    func write(to writer: inout MessageWriter) {
        writer.number(1, sequence)
        writer.jobID(2, job)
        writer.number(3, state.rawValue)
        writeDraft(to: &writer)
    }

    func writeDraft(to writer: inout MessageWriter) {
        writer.messages(4, outputs)
        if let failure { writer.message(5, failure) }
        writer.text(6, topic)
        writer.text(7, trace)
        writer.text(8, model)
        writer.number(9, acceptedAt)
        writer.number(10, finishedAt)
        writer.number(11, UInt32(clamping: attempts))
        writer.flag(12, isPartial)
        writer.messages(13, pieces)
        if let retryOf { writer.jobID(14, retryOf) }
    }

    static func write(epoch: UInt64, to writer: inout MessageWriter) { writer.number(15, epoch) }
}

extension Piece: WireMessage {
    init(_ message: Wire__Piece) throws(Flaw) {
        guard let begin = Int(exactly: message.begin), let end = Int(exactly: message.end), begin <= end else {
            throw Flaw("end", "is \(message.end), before begin, which is \(message.begin)")
        }
        self.init(source: Int(message.source), bytes: end == 0 ? nil : begin..<end)
    }

    func write(to writer: inout MessageWriter) {
        writer.number(1, UInt32(clamping: source))
        writer.number(2, bytes?.lowerBound ?? 0)
        writer.number(3, bytes?.upperBound ?? 0)
    }
}
