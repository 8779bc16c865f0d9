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
            "model_unavailable",
            "a worker could not load the model \(model); its log says why. The job is tried again until it has no attempts left"
        )
    }
}
