import CWire
import JobModel

extension JobListRequest {
    init(_ message: Wire__JobListRequest) throws(Flaw) {
        guard (1...Limit.jobs).contains(Int(message.limit)) else {
            throw Flaw("limit", "is \(message.limit); it may be 1 to \(Limit.jobs)")
        }
        var filter = JobFilter()
        let states = try list(
            "states", message.states, message.n_states, atMost: JobState.allCases.count
        ) { (state) throws(Flaw) -> JobState in
            guard let state = try JobState?("", state) else { throw Flaw("", "is UNKNOWN; name the state of a job") }
            return state
        }
        filter.states = Set(states)
        filter.topic = try message.topic.optionalText("topic", atMost: Limit.topic)
        filter.model = try message.model.optionalText("model", atMost: Limit.name)
        filter.olderThanMilliseconds = message.older_than_ms
        self.init(
            filter, after: message.after, upTo: message.up_to == 0 ? nil : message.up_to, limit: Int(message.limit))
    }

    func write(to writer: inout MessageWriter, scope: TenantScope?) {
        if let scope { writer.message(1, scope) }
        writer.packed(2, filter.states.map { UInt32($0.rawValue) }.sorted())
        writer.text(3, filter.topic ?? "")
        writer.text(4, filter.model ?? "")
        writer.number(5, filter.olderThanMilliseconds)
        writer.number(6, after)
        writer.number(7, upTo ?? 0)
        writer.number(8, UInt32(clamping: limit))
    }
}

extension JobList: WireMessage {
    init(_ message: Wire__JobListReply) throws(Flaw) {
        self.init()
        jobs = try messages("jobs", message.jobs, message.n_jobs, JobReport.init(_:))
        next = message.next == 0 ? nil : message.next
        last = message.last
    }

    func write(to writer: inout MessageWriter) {
        writer.messages(1, jobs)
        writer.number(2, next ?? 0)
        writer.number(3, last)
    }
}
