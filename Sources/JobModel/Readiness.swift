/// Whether jobs are taken and translated, by what a broker says of itself.
package enum Readiness: Sendable, Hashable {
    case ready
    /// Jobs are taken, and wait.
    case waiting(reason: String)
    /// Jobs are refused.
    case refusing(reason: String)

    /// nil: it is ready.
    package var reason: String? {
        switch self {
        case .ready: nil
        case .waiting(let reason), .refusing(let reason): reason
        }
    }
}

extension StatusReport {
    package var readiness: Readiness {
        if !refusal.isEmpty { return .refusing(reason: refusal) }
        // An older release does not say why.
        if isDraining { return .refusing(reason: "the broker is about to stop") }
        guard models.contains(where: { $0.workers > 0 }) else {
            return .waiting(reason: "no worker offers a model; start one with: dragoman worker")
        }
        return .ready
    }
}
