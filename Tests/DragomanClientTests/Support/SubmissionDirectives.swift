package import DragomanClient
package import JobModel

extension [SubmissionSession.Directive] {
    /// The SUBMITs among what is sent.
    package var submits: [Envelope] {
        compactMap {
            guard case .send(let envelope, _) = $0, case .submit = envelope.body else { return nil }
            return envelope
        }
    }

    package var submitDestinations: [Int] {
        compactMap {
            guard case .send(let envelope, let broker) = $0, case .submit = envelope.body else { return nil }
            return broker
        }
    }

    package var verdicts: [Verdict]? {
        for case .verdicts(_, let verdicts) in self { return verdicts }
        return nil
    }

    package var failure: ClientError? {
        for case .fail(_, let error) in self { return error }
        return nil
    }
}

extension SubmissionSession.Directive {
    package var destination: Int? {
        if case .send(_, let broker) = self { broker } else { nil }
    }
}

extension Envelope {
    package var jobs: [Job] {
        if case .submit(let jobs) = body { jobs } else { [] }
    }

    package var verdicts: [Verdict] {
        if case .submitReply(let verdicts) = body { verdicts } else { [] }
    }

    /// The answer that accepts all of a SUBMIT's jobs.
    package var accepted: Envelope {
        let verdicts = jobs.map { Verdict(job: $0.id, .accepted(duplicate: false)) }
        return Envelope(.submitReply(verdicts), correlation: correlation)
    }
}

extension Verdict {
    package var rejection: Rejection? {
        if case .rejected(let rejection) = outcome { rejection } else { nil }
    }
}
