import CWire
import JobModel

extension Done: WireMessage {
    init(_ message: Wire__Done) throws(Flaw) {
        self.init(
            lease: try Wire.message("lease", message.lease, message.n_lease, LeaseName.init(_:)),
            outputs: try messages("outputs", message.outputs, message.n_outputs, Output.init(_:)),
            sourceTokens: message.source_tokens, sentences: message.sentences)
    }

    func write(to writer: inout MessageWriter) {
        writer.message(1, lease)
        writer.messages(2, outputs)
        writer.number(3, sourceTokens)
        writer.number(4, sentences)
    }
}

extension Fail: WireMessage {
    init(_ message: Wire__Fail) throws(Flaw) {
        self.init(
            lease: try Wire.message("lease", message.lease, message.n_lease, LeaseName.init(_:)),
            failure: try Wire.message("failure", message.failure, message.n_failure, Failure.init(_:)),
            isRetryable: message.retryable != 0)
    }

    func write(to writer: inout MessageWriter) {
        writer.message(1, lease)
        writer.message(2, failure)
        writer.flag(3, isRetryable)
    }
}
