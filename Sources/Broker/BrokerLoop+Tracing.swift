import Clocks
import Dispatching
import JobModel
import Spans

/// What the tracer is told.
extension BrokerLoop {
    func trace(received body: Envelope.Body, from peer: Peer) {
        guard tracer != nil else { return }
        let now = SystemClock.wallNanoseconds
        switch body {
        case .submit(let jobs): tracer?.submitted(jobs, tenant: peer.identity.tenant, at: now)
        case .done(let done): tracer?.answered(done.lease, problem: nil, at: now)
        case .fail(let fail):
            tracer?.answered(fail.lease, problem: "\(fail.failure.code): \(fail.failure.message)", at: now)
        case .ack(let sequence):
            tracer?.acknowledged(
                upTo: sequence, tenant: peer.identity.tenant, by: dispatcher.consumer(at: peer), at: now)
        default: break
        }
    }

    func trace(_ directive: Directive) {
        guard tracer != nil else { return }
        switch directive {
        case .send(let envelope, let peer):
            guard case .submitReply(let verdicts) = envelope.body else { return }
            tracer?.answered(verdicts, tenant: peer.identity.tenant, at: SystemClock.wallNanoseconds)
        case .assign(let assignment, let peer):
            tracer?.leased(assignment, to: dispatcher.worker(at: peer), at: SystemClock.wallNanoseconds)
        case .publish(let entries): tracer?.published(entries, at: SystemClock.wallNanoseconds)
        default: break
        }
    }

    func exportSpans() {
        guard let spans = tracer?.take(), !spans.isEmpty else { return }
        exporter?.export(spans)
    }
}
