public import JobModel

/// Why a call of the client failed: what was wrong, where, and what to do.
public struct ClientError: Error, Sendable, Hashable, CustomStringConvertible {
    public var code: Code
    public var message: String
    /// With `.fault`: what the broker said.
    public var fault: Fault?
    /// With `.rejected`: why.
    public var rejection: Rejection?
    /// What is known of the jobs of a `submit` that failed, in their order; nil: not answered. To submit the same jobs
    /// again, with the same ids, is always safe.
    public var verdicts: [Verdict?] = []

    package init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    public var description: String { message }

    /// Open: later versions may have more.
    public struct Code: Sendable, Hashable, CustomStringConvertible {
        public let description: String

        /// No broker answered in time.
        public static let noAnswer = Code(description: "no_answer")
        /// The broker does not let this client in: a wrong key, none, or one without the role.
        public static let accessDenied = Code(description: "access_denied")
        /// The broker did not accept the job.
        public static let rejected = Code(description: "rejected")
        /// A request does not fit into a message.
        public static let tooLarge = Code(description: "too_large")
        /// The broker refused the request as a whole.
        public static let fault = Code(description: "fault")
        /// Another consumer attached under the same name.
        public static let replaced = Code(description: "replaced")
        /// The result log is not what it was: records are missing that should be there, or numbers begin anew.
        public static let brokenLog = Code(description: "broken_log")
        /// The result log is another one than before: the broker's store was restored from a backup, or copied.
        public static let otherLog = Code(description: "other_log")
        /// The broker's answer was not one to the question: another version's, perhaps.
        public static let unexpectedAnswer = Code(description: "unexpected_answer")
        /// The task was cancelled. What was sent may have been accepted.
        public static let cancelled = Code(description: "cancelled")
        /// An endpoint, a key or the system: a socket cannot be opened.
        public static let connection = Code(description: "connection")
    }
}

extension ClientError {
    package static func fault(_ fault: Fault, from endpoint: String) -> ClientError {
        var error = ClientError(.fault, "\(endpoint): \(fault.message)")
        error.fault = fault
        return error
    }

    /// - Parameter ability: What it cannot do.
    static func olderBroker(at endpoint: String, without ability: String, _ fault: Fault) -> ClientError {
        var error = ClientError(
            .fault, "\(endpoint): the broker is of an older version, which cannot \(ability); bring it up to date")
        error.fault = fault
        return error
    }

    static func noAnswer(from endpoints: [String], after waited: Duration) -> ClientError {
        ClientError(
            .noAnswer,
            """
            nobody answered at \(endpoints.joined(separator: ", ")) for \(seconds(waited)) s; is the broker running, \
            and is this its endpoint?
            """)
    }

    static func unexpectedAnswer(from endpoint: String) -> ClientError {
        ClientError(
            .unexpectedAnswer, "\(endpoint) gave an answer that does not fit the question; is it a Dragoman broker?")
    }

    /// With one decimal, and none when that is 0.
    private static func seconds(_ duration: Duration) -> String {
        let tenths = Int((duration / .milliseconds(100)).rounded())
        return tenths.isMultiple(of: 10) ? "\(tenths / 10)" : "\(tenths / 10).\(tenths % 10)"
    }
}
