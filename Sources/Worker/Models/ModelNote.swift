/// What a `ModelHost` does, for the log and systemd.
package enum ModelNote: Sendable, Equatable {
    /// The worker does not begin before it has this one.
    case preloading(String)
    case loaded(String)
    case unloaded(String)
    /// With what was wrong with the model's files.
    case failed(String, reason: String)
}
