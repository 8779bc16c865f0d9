import JobModel
import JobStore

/// Where an answer goes.
struct ReturnAddress: Sendable, Hashable {
    var peer: Peer
    var correlation: [UInt8] = []
}

/// What an event leads to: directives, and writes with what is to be done once they are durable.
struct Outbox: Sendable {
    private var directives: [Directive] = []
    private var writes: [Write] = []
    /// The least that one of them allows.
    private var delay = UInt64.max
    private var purposes: [Purpose] = []
    private var entries: [LogEntry] = []
    private var commits: [CommitID: [Purpose]] = [:]
    private var reads: [ReadID: Question] = [:]
    private var lastCommit: UInt64 = 0
    private var lastRead: UInt64 = 0

    /// Nothing is on its way to the disk, nor about to be.
    var isQuiet: Bool { commits.isEmpty && writes.isEmpty }
    var readsInFlight: Int { reads.count }

    mutating func perform(_ directive: Directive) { directives.append(directive) }

    mutating func send(_ body: Envelope.Body, to address: ReturnAddress) {
        directives.append(.send(Envelope(body, correlation: address.correlation), to: address.peer))
    }

    mutating func note(_ level: Note.Level, _ message: String, _ fields: [String: String] = [:]) {
        directives.append(.note(Note(level, message, fields)))
    }

    mutating func publish(_ entry: LogEntry) { entries.append(entry) }

    /// Joins the event's other writes in one commit.
    ///
    /// - Parameter delay: How long it may wait for other commits, in milliseconds.
    mutating func write(_ write: Write, for purpose: Purpose, delay: UInt64 = 0) {
        writes.append(write)
        purposes.append(purpose)
        self.delay = min(self.delay, delay)
    }

    @discardableResult
    mutating func read(_ query: Query, for question: Question) -> ReadID {
        lastRead += 1
        let id = ReadID(lastRead)
        reads[id] = question
        directives.append(.read(query, as: id))
        return id
    }

    mutating func purposes(of commit: CommitID) -> [Purpose] {
        guard let purposes = commits.removeValue(forKey: commit) else {
            preconditionFailure("commit \(commit.value) was answered twice, or never asked for")
        }
        return purposes
    }

    mutating func question(of read: ReadID) -> Question {
        guard let question = reads.removeValue(forKey: read) else {
            preconditionFailure("read \(read.value) was answered twice, or never asked for")
        }
        return question
    }

    mutating func take() -> [Directive] {
        // First, so that whoever is to read them finds them.
        if !entries.isEmpty { directives.insert(.publish(entries), at: 0) }
        if !writes.isEmpty {
            lastCommit += 1
            let id = CommitID(lastCommit)
            commits[id] = purposes
            directives.append(.commit(id, writes, delay: delay))
        }
        defer {
            directives = []
            writes = []
            delay = .max
            purposes = []
            entries = []
        }
        return directives
    }
}
