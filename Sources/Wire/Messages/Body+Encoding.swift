import JobModel

extension Envelope.Body {
    func write(to writer: inout MessageWriter) {
        switch self {
        case .fault(let fault): writer.message(3, fault)
        case .submit(let jobs): writer.message(10) { $0.messages(1, jobs) }
        case .submitReply(let verdicts): writer.message(11) { $0.messages(1, verdicts) }
        case .cancel(let jobs, let scope):
            writer.message(12) {
                $0.jobIDs(1, jobs)
                if let scope { $0.message(2, scope) }
            }
        case .cancelReply(let states):
            writer.message(13) { $0.packed(1, states.lazy.map { UInt32($0.wire) }) }
        case .jobQuery(let job, let scope):
            writer.message(14) {
                $0.jobID(1, job)
                if let scope { $0.message(2, scope) }
            }
        case .jobReport(let report): writer.message(15, report)
        case .statusQuery(let scope): writer.message(16) { if scope != .visible { $0.message(1, scope) } }
        case .statusReport(let report): writer.message(17, report)
        case .deadLetterRequest(let request, let scope): writer.message(18) { request.write(to: &$0, scope: scope) }
        case .deadLetterReply(let jobs): writer.message(19) { $0.messages(1, jobs) }
        case .consumerRequest(let request, let scope):
            writer.message(20) {
                request.write(to: &$0)
                if scope != .visible { $0.message(3, scope) }
            }
        case .consumerReply(let consumers): writer.message(21) { $0.messages(1, consumers) }
        case .modelRequest(let request): writer.message(22, request)
        case .modelReply(let models): writer.message(23) { $0.messages(1, models) }
        case .jobListRequest(let request, let scope): writer.message(24) { request.write(to: &$0, scope: scope) }
        case .jobListReply(let list): writer.message(25, list)
        case .glossaryRequest(let request): writer.message(26, request)
        case .glossaryReply(let glossaries): writer.message(27) { $0.messages(1, glossaries) }

        case .hello(let hello): writer.message(30, hello)
        case .workCredit(let window): writer.message(31) { $0.number(1, window) }
        case .workerBeat(let beat): writer.message(32, beat)
        case .done(let done): writer.message(33, done)
        case .fail(let fail): writer.message(34, fail)
        case .goodbye(let unstarted): writer.message(35) { $0.messages(1, unstarted) }

        case .welcome(let welcome): writer.message(40, welcome)
        case .assign(let assign): writer.message(41, assign)
        case .brokerBeat(let beat): writer.message(42, beat)
        case .settled(let leases): writer.message(43) { $0.messages(1, leases) }

        case .attach(let consumer, let sequence):
            writer.message(50) {
                $0.text(1, consumer)
                $0.number(2, sequence ?? 0)
            }
        case .resultCredit(let credit): writer.message(51, credit)
        case .ack(let sequence): writer.message(52) { $0.number(1, sequence) }
        case .detach: writer.message(53) { _ in }

        case .attached(let attached): writer.message(60, attached)
        case .record(let record, let epoch):
            writer.message(61) {
                record.write(to: &$0)
                Record.write(epoch: epoch, to: &$0)
            }
        case .acked(let sequence): writer.message(62) { $0.number(1, sequence) }
        case .heartbeat(let epoch, let sequence):
            writer.message(63) {
                $0.number(1, epoch)
                $0.number(2, sequence)
            }
        }
    }
}
