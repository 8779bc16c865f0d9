import Dispatching
import JobModel
import JobStore
import Logging
import Wire
import ZeroMQ

extension BrokerLoop {
    func perform(_ directive: Directive) throws(ZeroMQError) {
        trace(directive)
        switch directive {
        case .send(let envelope, let peer): try send(envelope, to: peer)
        case .deliver(let record, let epoch, let peer):
            record.encode(epoch: epoch, into: &frame)
            try sendFrame(to: peer)
        case .assign(let assignment, let peer): try assign(assignment, to: peer)
        case .commit(let id, let writes, let delay): commit(id, writes, delay: delay)
        case .read(let query, let id): read(query, as: id)
        case .publish(let entries): try publish(entries)
        case .publishHeartbeat(let lastSequences): try publishHeartbeat(lastSequences)
        case .note(let note): logger.log(note)
        case .drained: onTurn(.drained)
        }
    }

    func send(_ envelope: Envelope, to peer: Peer) throws(ZeroMQError) {
        envelope.encode(into: &frame)
        try sendFrame(to: peer)
    }

    private func sendFrame(to peer: Peer) throws(ZeroMQError) {
        switch try sockets.send(frame, to: peer) {
        case .sent: break
        case .wouldBlock:
            // The queue to this peer is full: it does not read. What is lost on the way is asked for again by whoever
            // waits for it; the protocol rests on answers, not on sends.
            logger.debug("a peer does not read; a message to it is dropped", metadata: ["socket": "\(peer.socket)"])
        case .unreachable:
            // Told to the machine in the next turn: it is at work on an event now.
            inbox.post(.event(.unreachable(peer)))
        }
    }

    private func assign(_ assignment: Assignment, to peer: Peer) throws(ZeroMQError) {
        let chunk = assignment.lease.chunk.index
        if let content = contents.content(of: assignment.job, chunk: chunk) {
            try send(assignment, content, to: peer)
        } else {
            unread.append((assignment, peer))
        }
    }

    func send(_ assignment: Assignment, _ content: ChunkContent, to peer: Peer) throws(ZeroMQError) {
        let assign = Assign(
            lease: assignment.lease, attempt: assignment.attempt, cost: assignment.cost,
            deadlineMilliseconds: assignment.deadlineMilliseconds, priority: assignment.priority,
            isAlone: assignment.isAlone, content: content)
        try send(Envelope(.assign(assign)), to: peer)
    }

    private func commit(_ id: CommitID, _ writes: [Write], delay: UInt64) {
        contents.begin(id, writes)
        commits.submit(id, writes, delay: Int(clamping: delay))
    }

    private func publish(_ entries: [LogEntry]) throws(ZeroMQError) {
        for entry in entries {
            if entry.record.state.isTerminal {
                contents.remove(JobKey(tenant: entry.tenant, id: entry.record.job))
            }
            recent.append(entry)
            guard subscriptions > 0 else { continue }
            entry.encoded.encode(epoch: epoch, into: &frame)
            try sockets.feed.publish(
                frame, topic: FeedTopic.record(tenant: entry.tenant, topic: entry.record.topic))
        }
    }

    private func publishHeartbeat(_ lastSequences: [String: UInt64]) throws(ZeroMQError) {
        for (tenant, last) in lastSequences.sorted(by: { $0.key < $1.key }) {
            try sockets.feed.publish(
                encoded(Envelope(.heartbeat(epoch: epoch, lastSequence: last))),
                topic: FeedTopic.heartbeat(tenant: tenant))
        }
    }

    private func read(_ query: Query, as id: ReadID) {
        if case .records(let tenant, let after, let limit, let bytes) = query,
            let records = recent.records(of: tenant, after: after, limit: limit, bytes: bytes)
        {
            answers.append(.read(.records(records), for: id))
            return
        }
        reader.read { store throws(StoreError) in
            try query.answer(from: store)
        } answer: { [inbox] answer in
            switch answer {
            case .success(let reading): inbox.post(.event(.read(reading, for: id)))
            case .failure(let error): inbox.post(.event(.readFailed(error, for: id)))
            }
        }
    }

    /// Reads what this turn's assignments lack, in one go.
    func readContents() {
        guard !unread.isEmpty else { return }
        let assignments = unread
        unread.removeAll(keepingCapacity: true)
        reader.read { store throws(StoreError) in
            store.contentsApart(
                of: assignments.map { (job: $0.assignment.job, chunk: $0.assignment.lease.chunk.index) })
        } answer: { [inbox, logger] answer in
            guard case .success(let contents) = answer else { return }
            // What is damaged, the machine speaks of; a disk that cannot be read fails thousands at once.
            let problems = contents.lazy.compactMap(\.problem).filter { $0.code != .damaged }
            if let problem = problems.first {
                logger.error("texts of jobs could not be read", metadata: ["problem": "\(problem)"])
            }
            inbox.post(.contents(contents, for: assignments))
        }
    }
}

extension Result where Failure == StoreError {
    var problem: StoreError? { if case .failure(let error) = self { error } else { nil } }
}

extension Query {
    func answer(from store: any JobStore) throws(StoreError) -> Reading {
        switch self {
        case .records(let tenant, let after, let limit, let bytes):
            return .records(try store.encodedRecords(of: tenant, after: after, limit: limit, bytes: bytes))
        case .firstSequence(let tenant): return .firstSequence(try store.firstSequence(of: tenant))
        case .report(let job): return .report(try store.report(on: job))
        case .deadLetters(let tenant, let after, let limit):
            return .deadLetters(try store.deadLetters(of: tenant, after: after, limit: limit))
        case .allDeadLetters(let tenant, let after, let limit):
            return .deadLetters(try store.deadLetters(fromTenant: tenant, after: after, limit: limit))
        case .jobs(let selection): return .jobs(try store.jobs(selection))
        case .tenants(let ids): return .tenants(try store.tenants(with: ids))
        }
    }
}
