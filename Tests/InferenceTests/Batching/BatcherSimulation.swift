import Inference

/// A batcher, and pretended replicas that do what it says as `ReplicaPool` does; keeps its own books of every segment,
/// and notes whatever contradicts what `Batcher` promises.
struct BatcherSimulation {
    struct Segment {
        var entry: Batcher.Entry
        /// The order of submission, less the lead of its priority.
        var rank: Int
        /// For each bucket, the group in which younger ones of it started before this one.
        var overtakenIn: [Int: Int] = [:]
    }

    private enum Replica: Equatable { case asleep, signalled, awake }

    let budget: Int
    private(set) var batcher: Batcher
    private(set) var events: [Batcher.Event] = []
    private(set) var directives: [[Batcher.Directive]] = []
    private(set) var violations: [String] = []

    private(set) var waiting: [UInt64: Segment] = [:]
    private(set) var running: [[UInt64: Segment]]
    private(set) var finished: Set<UInt64> = []
    private(set) var dropped: Set<UInt64> = []
    private(set) var submitted: UInt64 = 0
    private(set) var groups = 0
    private var hasPriorities = false
    private var abandoned: [[UInt64]]
    private var replicas: [Replica]

    init(replicas: Int, budget: Int) {
        self.budget = budget
        batcher = Batcher(replicas: replicas, budget: budget)
        running = Array(repeating: [:], count: replicas)
        abandoned = Array(repeating: [], count: replicas)
        self.replicas = Array(repeating: .awake, count: replicas)
    }

    var isDrained: Bool { waiting.isEmpty && running.allSatisfy(\.isEmpty) }

    /// The replicas that a thread would be computing on, or about to.
    var activeReplicas: [Int] { replicas.indices.filter { replicas[$0] != .asleep } }

    mutating func submit(length: Int, stepRows: Int, priority: Int) {
        submitted += 1
        let entry = Batcher.Entry(id: submitted, length: length, cost: length + stepRows, priority: priority)
        hasPriorities = hasPriorities || priority != 0
        waiting[entry.id] = Segment(entry: entry, rank: Int(submitted) - priority * Batcher.priorityLead)
        send(.submitted(entry)) { directive in
            if case .wake = directive { true } else { false }
        }
        checkWakes()
    }

    mutating func cancel(_ id: UInt64) {
        let wasWaiting = waiting[id] != nil
        let replica = running.firstIndex { $0[id] != nil }
        let answer = send(.cancelled(id)) { directive in
            switch directive {
            case .drop(let dropped): wasWaiting && dropped == id
            case .abandon(let segment, let place): place == replica && segment == id
            case .wake, .start: false
            }
        }
        expect(answer.count == (wasWaiting || replica != nil ? 1 : 0), "cancelling \(id) was answered with \(answer)")
        checkWakes()
    }

    /// One round of a replica's loop: take out what was abandoned, take in what is to start, compute a step or sleep.
    ///
    /// - Parameter ends: Whether a running segment ends with this step.
    mutating func turn(_ replica: Int, ends: (Segment) -> Bool) {
        let wasWoken = replicas[replica] == .signalled
        let wasIdle = running[replica].isEmpty
        let leaving = abandoned[replica]
        abandoned[replica] = []
        replicas[replica] = .awake
        let hadWaiting = !waiting.isEmpty
        let answer = send(.ready(replica: replica)) { directive in
            switch directive {
            case .start(_, let asker): asker == replica
            case .wake(let other): other != replica
            case .drop, .abandon: false
            }
        }
        let started = answer.contains { if case .start = $0 { true } else { false } }
        expect(started || !(wasWoken && wasIdle && hadWaiting), "replica \(replica) asked, and got nothing")
        for id in leaving where running[replica][id] != nil { finish(id, on: replica) }
        let over = running[replica].values.filter(ends).map(\.entry.id).sorted()
        if running[replica].isEmpty {
            if leaving.isEmpty { replicas[replica] = .asleep }
        } else {
            for id in over { finish(id, on: replica) }
        }
        checkWakes()
    }

    private mutating func finish(_ id: UInt64, on replica: Int) {
        running[replica][id] = nil
        finished.insert(id)
        send(.finished(id)) { _ in false }
    }

    @discardableResult
    private mutating func send(
        _ event: Batcher.Event, allowing isAllowed: (Batcher.Directive) -> Bool
    ) -> [Batcher.Directive] {
        let answer = batcher.on(event)
        events.append(event)
        directives.append(answer)
        for directive in answer {
            expect(isAllowed(directive), "\(event) was answered with \(directive)")
            perform(directive)
        }
        return answer
    }

    private mutating func perform(_ directive: Batcher.Directive) {
        switch directive {
        case .wake(let replica):
            expect(replicas[replica] == .asleep, "replica \(replica) was woken and did not sleep")
            replicas[replica] = .signalled
        case .start(let ids, let replica):
            start(ids, on: replica)
        case .drop(let id):
            expect(waiting.removeValue(forKey: id) != nil, "\(id) was dropped and did not wait")
            dropped.insert(id)
        case .abandon(let id, let replica):
            expect(running[replica][id] != nil, "\(id) was abandoned and did not run")
            abandoned[replica].append(id)
        }
    }

    private mutating func start(_ ids: [UInt64], on replica: Int) {
        groups += 1
        expect(!ids.isEmpty, "a group of none")
        let oldest = waiting.values.map(\.rank).min()
        var left: Set<Int> = []
        var bucket: Int?
        for id in ids {
            guard let segment = waiting.removeValue(forKey: id) else {
                violations.append("\(id) was started and did not wait")
                continue
            }
            let own = Self.bucket(segment.entry.length)
            if bucket == nil { expect(segment.rank == oldest, "a group that does not begin with the oldest") }
            if let bucket, bucket != own {
                left.insert(bucket)
                expect(
                    !waiting.values.contains { Self.bucket($0.entry.length) == bucket },
                    "a group went on to another length while there was more of the first")
            }
            expect(!left.contains(own), "a group came back to a length")
            bucket = own
            noteOvertaken(by: segment, in: own)
            running[replica][id] = segment
        }
        let cost = running[replica].values.reduce(0) { $0 + $1.entry.cost }, count = running[replica].count
        expect(cost <= budget || count == 1, "replica \(replica) runs \(count) segments that cost \(cost)")
    }

    /// None goes before an older one of its own bucket; and without priorities, those of another bucket go before an
    /// older one in one group only: the one that takes the last that are older still.
    private mutating func noteOvertaken(by segment: Segment, in bucket: Int) {
        for (id, other) in waiting where other.rank < segment.rank {
            expect(Self.bucket(other.entry.length) != bucket, "\(segment.entry.id) went before the older \(id)")
            expect(
                hasPriorities || other.overtakenIn[bucket] ?? groups == groups,
                "\(id) was overtaken by two groups of bucket \(bucket)")
            waiting[id]?.overtakenIn[bucket] = groups
        }
    }

    /// Nobody sleeps while something waits, unless one that was told of it has yet to ask.
    private mutating func checkWakes() {
        guard !waiting.isEmpty, replicas.contains(.asleep) else { return }
        expect(replicas.contains(.signalled), "something waits, and a replica sleeps")
    }

    private mutating func expect(_ isTrue: Bool, _ violation: @autoclosure () -> String) {
        if !isTrue { violations.append("event \(events.count): \(violation())") }
    }

    /// Two for each doubling: 4 and 5, 6 and 7, 8 to 11, 12 to 15, …
    static func bucket(_ length: Int) -> Int {
        var bucket = 0, limit = 1.0
        while Double(length) >= limit * 1.5 || Double(length) >= limit * 2 {
            if Double(length) >= limit * 2 { limit *= 2; bucket += 2 } else { return bucket + 1 }
        }
        return bucket
    }
}
