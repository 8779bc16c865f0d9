package import JobModel

/// What the shell is to do for a `WorkerSession`.
package enum SessionDirective: Sendable, Hashable {
    /// Sends a message if that is possible at once. If not, it is forgotten: what matters is said again.
    case send(Envelope)
    /// Translates a chunk, and answers with `.finished`.
    case translate(Assign)
    /// Stops translating a chunk. No answer is needed.
    case cancel(LeaseName)
    /// Makes a new connection: libzmq gives one up for good when the broker refuses its key. Of a broker with several
    /// addresses, the next one is tried.
    case reconnect
    /// The broker knows this worker, and may assign to it.
    case welcomed(epoch: UInt64)
    /// The broker was lost; the session says HELLO until it is welcomed again.
    case lost(Loss)
    /// For the operator: the broker will not have this worker, or something that it said.
    case refused(Fault)
    /// All is said; the session is over.
    case left

    package enum Loss: Sendable, Hashable {
        /// It is not heard any more.
        case silence
        /// It does not know this worker.
        case unknown
        /// It was started anew.
        case restart
    }
}
