/// What a `ModelHost` has done, for the log.
package enum ModelNote: Sendable, Equatable {
    case loaded(String)
    case unloaded(String)
    /// With what was wrong with the model's files.
    case failed(String, reason: String)
}
