/// A question to a server.
package struct HTTPRequest: Sendable {
    package var address: String
    package var headers: [(name: String, value: String)]
    /// With one it is a POST; nil: a GET.
    package var body: [UInt8]?

    package init(_ address: String, headers: [(name: String, value: String)] = []) {
        self.address = address
        self.headers = headers
    }
}

/// What comes before an answer's body.
package struct HTTPHead: Sendable, Equatable {
    package var status: Int
    /// Names in small letters; of a field that comes several times, the last.
    package var fields: [String: String]

    package init(status: Int, fields: [String: String] = [:]) {
        self.status = status
        self.fields = fields
    }
}

/// Takes an answer in the order in which it comes. What it throws ends the request.
package protocol AnswerReceiver: AnyObject {
    func begin(_ head: HTTPHead) throws
    func take(_ bytes: UnsafeRawBufferPointer) throws
}

/// Thrown by a receiver that needs no more of an answer: no failure.
struct NothingMore: Error {}

/// A request that did not come to the end of its answer, and is not its receiver's fault.
package struct TransferFailure: Error, Sendable, Equatable {
    package enum Kind: Sendable, Hashable {
        case unreachable
        case broken
        case stalled
        case untrusted
        case impossible
        case stopped
    }

    package let kind: Kind
    package let problem: String

    package init(_ kind: Kind, _ problem: String) {
        self.kind = kind
        self.problem = problem
    }
}

/// Makes requests of HTTP, one at a time, on the thread that calls it.
package protocol Transport: AnyObject {
    /// - Returns: Where the answer redirects to, whole; nil: nowhere.
    /// - Throws: `TransferFailure`, or what the receiver throws.
    func send(_ request: HTTPRequest, into receiver: any AnswerReceiver) throws -> String?
}
