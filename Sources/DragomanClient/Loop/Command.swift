import Addresses
import JobModel

/// What tasks ask of the client's thread.
enum Command: Sendable {
    case submit(CallID, [Job], patience: Duration?, Reply<[Verdict]>)
    case ask(CallID, Envelope.Body, of: Int, patience: Duration?, Reply<Envelope.Body>)
    case abandon(CallID)
    case consume(ConsumerSession.Settings, BrokerAddresses, ResultFeed)
    case acknowledged(ResultFeed)
    case leave(ResultFeed)
    /// Which addresses names have.
    case found([String: [String]])
    case stop
}

/// Where a call's answer goes.
typealias Reply<Value: Sendable> = CheckedContinuation<Result<Value, ClientError>, Never>
