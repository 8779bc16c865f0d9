import CWire
import JobModel

extension Envelope.Body {
    /// - Parameter unknown: The number of a field of the envelope that this build does not know.
    init(_ envelope: Wire__Envelope, unknown: UInt64?) throws(Flaw) {
        if let body = try Self.ofProducers(envelope) {
            self = body
        } else if let body = try Self.ofWorkers(envelope) {
            self = body
        } else if let body = try Self.ofConsumers(envelope) {
            self = body
        } else if envelope.body_case == WIRE__ENVELOPE__BODY_FAULT {
            self = .fault(try body("fault", envelope.fault, Fault.init(_:)))
        } else if let unknown {
            throw Flaw(
                "", "field \(unknown) of Envelope is no body that this build knows; it may be older than the sender",
                code: .unexpected)
        } else {
            throw Flaw("", "the Envelope has no body; set one of its fields")
        }
    }

    /// The lease that a DONE or a FAIL is for, whatever else is wrong with it.
    static func answeredLease(of envelope: Wire__Envelope) -> LeaseName? {
        switch envelope.body_case {
        case WIRE__ENVELOPE__BODY_DONE:
            try? body("done", envelope.done) { (done) throws(Flaw) in
                try message("lease", done.lease, done.n_lease, LeaseName.init(_:))
            }
        case WIRE__ENVELOPE__BODY_FAIL:
            try? body("fail", envelope.fail) { (fail) throws(Flaw) in
                try message("lease", fail.lease, fail.n_lease, LeaseName.init(_:))
            }
        default: nil
        }
    }

    private static func ofProducers(_ envelope: Wire__Envelope) throws(Flaw) -> Self? {
        switch envelope.body_case {
        case WIRE__ENVELOPE__BODY_SUBMIT:
            .submit(
                try body("submit", envelope.submit) { (submit) throws(Flaw) in
                    try messages("jobs", submit.jobs, submit.n_jobs, Job.init(_:))
                })
        case WIRE__ENVELOPE__BODY_SUBMIT_REPLY:
            .submitReply(
                try body("submit_reply", envelope.submit_reply) { (reply) throws(Flaw) in
                    try messages("verdicts", reply.verdicts, reply.n_verdicts, Verdict.init(_:))
                })
        case WIRE__ENVELOPE__BODY_CANCEL:
            .cancel(
                try body("cancel", envelope.cancel) { (cancel) throws(Flaw) in
                    try jobIDs("job_ids", cancel.job_ids, cancel.n_job_ids)
                }, scope: try scope(envelope.cancel.pointee.scope, envelope.cancel.pointee.n_scope))
        case WIRE__ENVELOPE__BODY_CANCEL_REPLY:
            .cancelReply(
                try body("cancel_reply", envelope.cancel_reply) { (reply) throws(Flaw) in
                    try list("states", reply.states, reply.n_states) { (state) throws(Flaw) in
                        try JobState?("", state)
                    }
                })
        case WIRE__ENVELOPE__BODY_JOB_QUERY:
            .jobQuery(
                try body("job_query", envelope.job_query) { (query) throws(Flaw) in
                    try query.job_id.jobID("job_id")
                }, scope: try scope(envelope.job_query.pointee.scope, envelope.job_query.pointee.n_scope))
        case WIRE__ENVELOPE__BODY_JOB_REPORT:
            .jobReport(try body("job_report", envelope.job_report, JobReport.init(_:)))
        case WIRE__ENVELOPE__BODY_STATUS_QUERY:
            .statusQuery(
                scope: try scope(envelope.status_query.pointee.scope, envelope.status_query.pointee.n_scope)
                    ?? .visible)
        case WIRE__ENVELOPE__BODY_STATUS_REPORT:
            .statusReport(try body("status_report", envelope.status_report, StatusReport.init(_:)))
        case WIRE__ENVELOPE__BODY_DEAD_LETTER_REQUEST:
            .deadLetterRequest(
                try body("dead_letter_request", envelope.dead_letter_request, DeadLetterRequest.init(_:)),
                scope: try scope(
                    envelope.dead_letter_request.pointee.scope, envelope.dead_letter_request.pointee.n_scope))
        case WIRE__ENVELOPE__BODY_DEAD_LETTER_REPLY:
            .deadLetterReply(
                try body("dead_letter_reply", envelope.dead_letter_reply) { (reply) throws(Flaw) in
                    try messages("jobs", reply.jobs, reply.n_jobs, JobReport.init(_:))
                })
        default: try ofOperators(envelope)
        }
    }

    private static func ofOperators(_ envelope: Wire__Envelope) throws(Flaw) -> Self? {
        switch envelope.body_case {
        case WIRE__ENVELOPE__BODY_CONSUMER_REQUEST:
            .consumerRequest(
                try body("consumer_request", envelope.consumer_request, NamesRequest.init(_:)),
                scope: try scope(envelope.consumer_request.pointee.scope, envelope.consumer_request.pointee.n_scope)
                    ?? .visible)
        case WIRE__ENVELOPE__BODY_CONSUMER_REPLY:
            .consumerReply(
                try body("consumer_reply", envelope.consumer_reply) { (reply) throws(Flaw) in
                    try messages(
                        "consumers", reply.consumers, reply.n_consumers, StatusReport.ConsumerStatus.init(_:))
                })
        case WIRE__ENVELOPE__BODY_JOB_LIST_REQUEST:
            .jobListRequest(
                try body("job_list_request", envelope.job_list_request, JobListRequest.init(_:)),
                scope: try scope(envelope.job_list_request.pointee.scope, envelope.job_list_request.pointee.n_scope))
        case WIRE__ENVELOPE__BODY_JOB_LIST_REPLY:
            .jobListReply(try body("job_list_reply", envelope.job_list_reply, JobList.init(_:)))
        case WIRE__ENVELOPE__BODY_MODEL_REQUEST:
            .modelRequest(try body("model_request", envelope.model_request, NamesRequest.init(_:)))
        case WIRE__ENVELOPE__BODY_MODEL_REPLY:
            .modelReply(
                try body("model_reply", envelope.model_reply) { (reply) throws(Flaw) in
                    try messages("models", reply.models, reply.n_models, StatusReport.ModelStatus.init(_:))
                })
        case WIRE__ENVELOPE__BODY_GLOSSARY_REQUEST:
            .glossaryRequest(try body("glossary_request", envelope.glossary_request, GlossaryRequest.init(_:)))
        case WIRE__ENVELOPE__BODY_GLOSSARY_REPLY:
            .glossaryReply(
                try body("glossary_reply", envelope.glossary_reply) { (reply) throws(Flaw) in
                    try messages("glossaries", reply.glossaries, reply.n_glossaries, NamedGlossary.init(_:))
                })
        default: nil
        }
    }

    private static func ofWorkers(_ envelope: Wire__Envelope) throws(Flaw) -> Self? {
        switch envelope.body_case {
        case WIRE__ENVELOPE__BODY_HELLO: .hello(try body("hello", envelope.hello, Hello.init(_:)))
        case WIRE__ENVELOPE__BODY_WORK_CREDIT: .workCredit(window: envelope.work_credit.pointee.window_tokens)
        case WIRE__ENVELOPE__BODY_WORKER_BEAT:
            .workerBeat(try body("worker_beat", envelope.worker_beat, WorkerBeat.init(_:)))
        case WIRE__ENVELOPE__BODY_DONE: .done(try body("done", envelope.done, Done.init(_:)))
        case WIRE__ENVELOPE__BODY_FAIL: .fail(try body("fail", envelope.fail, Fail.init(_:)))
        case WIRE__ENVELOPE__BODY_GOODBYE:
            .goodbye(
                unstarted: try body("goodbye", envelope.goodbye) { (goodbye) throws(Flaw) in
                    try messages("unstarted", goodbye.unstarted, goodbye.n_unstarted, LeaseName.init(_:))
                })
        case WIRE__ENVELOPE__BODY_WELCOME: .welcome(try body("welcome", envelope.welcome, Welcome.init(_:)))
        case WIRE__ENVELOPE__BODY_ASSIGN: .assign(try body("assign", envelope.assign, Assign.init(_:)))
        case WIRE__ENVELOPE__BODY_BROKER_BEAT:
            .brokerBeat(try body("broker_beat", envelope.broker_beat, BrokerBeat.init(_:)))
        case WIRE__ENVELOPE__BODY_SETTLED:
            .settled(
                try body("settled", envelope.settled) { (settled) throws(Flaw) in
                    try messages("leases", settled.leases, settled.n_leases, LeaseName.init(_:))
                })
        default: nil
        }
    }

    private static func ofConsumers(_ envelope: Wire__Envelope) throws(Flaw) -> Self? {
        switch envelope.body_case {
        case WIRE__ENVELOPE__BODY_ATTACH:
            try body("attach", envelope.attach) { (attach) throws(Flaw) in
                .attach(
                    consumer: try attach.consumer.text("consumer", atMost: Limit.name),
                    fromSequence: attach.from_sequence == 0 ? nil : attach.from_sequence)
            }
        case WIRE__ENVELOPE__BODY_RESULT_CREDIT: .resultCredit(ResultCredit(envelope.result_credit.pointee))
        case WIRE__ENVELOPE__BODY_ACK: .ack(upTo: envelope.ack.pointee.up_to_sequence)
        case WIRE__ENVELOPE__BODY_DETACH: .detach
        case WIRE__ENVELOPE__BODY_ATTACHED: .attached(try body("attached", envelope.attached, Attached.init(_:)))
        case WIRE__ENVELOPE__BODY_RECORD:
            try body("record", envelope.record) { (record) throws(Flaw) in
                .record(try Record(record), epoch: record.epoch)
            }
        case WIRE__ENVELOPE__BODY_ACKED: .acked(upTo: envelope.acked.pointee.up_to_sequence)
        case WIRE__ENVELOPE__BODY_HEARTBEAT:
            .heartbeat(
                epoch: envelope.heartbeat.pointee.epoch, lastSequence: envelope.heartbeat.pointee.last_sequence)
        default: nil
        }
    }
}

/// Of a request that has one.
private func scope(
    _ scopes: UnsafeMutablePointer<UnsafeMutablePointer<Wire__Scope>?>?, _ count: Int
) throws(Flaw) -> TenantScope? {
    try optionalMessage("scope", scopes, count, TenantScope.init(_:))
}
