import Clocks
import Dispatching
import JobModel
import Spans

/// What the tracer is told.
extension BrokerLoop {
    func trace(received body: Envelope.Body, from peer: Peer) {
        guard tracer != nil else { return }
        let now = SystemClock.wallNanoseconds
        switch (body, peer.socket) {
        case (.submit(let jobs), .jobs): tracer?.submitted(jobs, tenant: peer.identity.tenant, at: now)
        case (.done(let done), .work): tracer?.answered(done.lease, problem: nil, at: now)
        // A message may quote a text.
        case (.fail(let fail), .work): tracer?.answered(fail.lease, problem: fail.failure.code, at: now)
        default: break
        }
    }

    func trace(_ directive: Directive) {
        guard tracer != nil else { return }
        switch directive {
        case .send(let envelope, let peer):
            switch envelope.body {
            case .submitReply(let verdicts):
                tracer?.answered(verdicts, tenant: peer.identity.tenant, at: SystemClock.wallNanoseconds)
            case .acked(let sequence):
                tracer?.acknowledged(
                    upTo: sequence, tenant: peer.identity.tenant, by: dispatcher.consumer(at: peer),
                    at: SystemClock.wallNanoseconds)
            default: break
            }
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
