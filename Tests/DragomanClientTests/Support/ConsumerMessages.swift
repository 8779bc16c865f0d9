package import DragomanClient
package import JobModel

extension Envelope {
    package static func attached(
        epoch: UInt64 = 1, next: UInt64, last: UInt64, heartbeat: UInt32 = 1000, logID: LogID? = nil
    ) -> Envelope {
        Envelope(
            .attached(
                Attached(
                    epoch: epoch, nextSequence: next, lastSequence: last, heartbeatMilliseconds: heartbeat,
                    logID: logID)))
    }

    package static func record(_ sequence: UInt64) -> Envelope { Envelope(.record(.test(sequence), epoch: 1)) }
}

extension Record {
    package static func test(_ sequence: UInt64) -> Record {
        var record = Record(sequence: sequence, job: .test(Int(sequence)), state: .done)
        record.outputs = [Output(hypotheses: [Output.Hypothesis(text: "Bonjour \(sequence).", score: -0.5)])]
        return record
    }
}

extension [ConsumerSession.Directive] {
    /// What the session ended with.
    package var closing: ClientError? {
        for case .close(let error) in self { return error }
        return nil
    }
}
