/// What a `ModelHost` does, for the log and systemd.
package enum ModelNote: Sendable, Equatable {
    /// The worker does not begin before it has this one.
    case preloading(String)
    case loaded(String)
    case unloaded(String)
    /// It is not offered until it can be loaded, and is tried again. Said once for each reason.
    case failed(String, reason: String)
    /// It was loaded after it had failed, and is offered again.
    case recovered(String)
}
