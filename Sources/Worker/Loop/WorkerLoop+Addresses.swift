import Addresses
import JobModel
import ZeroMQ

/// Which of a broker's addresses the worker is at, and what it says when there is none.
extension WorkerLoop {
    func tell(_ index: Int, _ event: AddressRing.Event) throws(ZeroMQError) {
        let connection = connections[index]
        let now = Duration.nanoseconds(Int64(monotonicNow()))
        let wasConnected = connection.ring.isConnected
        for directive in try connection.tell(event, at: now, &poller) {
            switch directive {
            case .connected: try perform(.connected, for: index)
            case .moved(let move): report(.moved(move))
            case .lookUp(let names): configuration.resolver.lookUp(names) { [inbox] in inbox.post(.found($0)) }
            case .unanswered: complain(of: index, .unreachable, at: connection.ring.description)
            case .connect, .disconnect, .denied: break
            }
        }
        if wasConnected, connection.ring.isSeveral, !connection.ring.isConnected {
            try perform(.disconnected, for: index)
        }
    }

    func takeReports(of index: Int) throws(ZeroMQError) {
        let connection = connections[index]
        guard let socket = connection.socket, poller.readiness(of: socket.reportSlot).contains(.readable) else {
            return
        }
        var last: ConnectionProblem?
        while connection.socket === socket, let report = try connection.nextReport() {
            last = report.problem ?? last
            if let event = report.event { try tell(index, event) }
        }
        // Of several addresses, most refuse at all times: it is a problem only when none answers.
        guard let last, !connection.session.isWelcomed, !connection.ring.isSeveral || last != .unreachable else {
            return
        }
        complain(of: index, last, at: socket.endpoint)
    }

    /// Says why there is no connection, and says it again ever more rarely.
    private func complain(of index: Int, _ problem: ConnectionProblem, at endpoint: String) {
        let connection = connections[index]
        guard let quiet = connection.complaints.quiet(after: problem, at: monotonicNow()) else { return }
        let report = report
        let again = Duration.nanoseconds(Int64(quiet))
        let message = problem.message(at: endpoint, role: .worker)
        guard problem == .unreachable else { return report(.unconnected(endpoint: endpoint, message, again: again)) }
        let addresses = connection.ring.addresses
        // It may take its time, and this thread has none.
        Task.detached {
            let reasons = addresses.compactMap { address in
                Reachability.problem(of: address).map { addresses.count > 1 ? "\(address): \($0)" : $0 }
            }
            let reason = reasons.isEmpty ? "" : ": \(reasons.joined(separator: "; "))"
            report(.unconnected(endpoint: endpoint, message + reason, again: again))
        }
    }
}
