package import JobModel

/// A model cannot be used now.
package struct ModelUnavailable: Error, Sendable, Equatable, CustomStringConvertible {
    package var model: String
    /// For the operator: it may name files.
    package var reason: String

    package init(model: String, reason: String) {
        self.model = model
        self.reason = reason
    }

    package var description: String { "the model \(model) cannot be loaded: \(reason)" }

    /// For the producer, who has no business with this machine's files.
    package var failure: Failure {
        Failure(
            Failure.modelUnavailable,
            "a worker cannot load the model \(model); its log says why. The job waits for a worker that can")
    }
}

/// A worker can load none of its models.
package struct NoModelAvailable: Error, Sendable, Equatable, CustomStringConvertible {
    package var models: [ModelUnavailable]

    package var description: String { models.map(\.description).joined(separator: "; ") }
}

extension UnavailableModel {
    /// - Parameter error: Its reason is cut to what the protocol takes.
    init(_ error: ModelUnavailable) {
        var reason = error.reason
        while reason.utf8.count > 1000 { reason.removeLast() }
        self.init(name: error.model, reason: reason)
    }
}
