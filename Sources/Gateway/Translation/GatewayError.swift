/// Why a request is not answered as asked. Each interface says it in its own words and numbers.
package struct GatewayError: Error, Sendable, Hashable, CustomStringConvertible {
    package enum Kind: Sendable, Hashable {
        /// The request is not one.
        case invalid
        /// A field is not there that must be.
        case missing(String)
        /// No model has the language.
        case unknownLanguage
        /// No model, nor two through English, translates from one language into the other.
        case noModel
        /// No key, where keys are asked for.
        case keyMissing
        /// A key that is not known.
        case keyUnknown
        /// A key that may not do this.
        case forbidden
        /// It contradicts what is there: another job has the id.
        case conflict
        case notFound
        case methodNotAllowed([String])
        case tooLarge
        /// The client did not send its request in time.
        case tooSlow
        /// Ask again after so many seconds.
        case tooMany(seconds: Int)
        /// The key's characters are used up.
        case quotaUsed
        /// The broker takes no more at present, or cannot be reached.
        case unavailable
        /// The translation was not there in time.
        case timedOut
        /// The engine cannot translate the text.
        case failed
        /// The client has gone.
        case cancelled
    }

    package var kind: Kind
    /// What was wrong, where, and what to do. Never a text.
    package var message: String

    package init(_ kind: Kind, _ message: String) {
        self.kind = kind
        self.message = message
    }

    package var description: String { message }

    /// Whether nothing came of the request. Otherwise its jobs may have been accepted without the client's knowing.
    var isCertain: Bool {
        switch kind {
        case .cancelled, .unavailable, .timedOut: false
        default: true
        }
    }

    /// The status that HTTP has for it (RFC 9110), where an interface does not say otherwise.
    package var status: Int {
        switch kind {
        case .invalid, .missing, .unknownLanguage, .noModel: 400
        case .keyMissing: 401
        case .keyUnknown, .forbidden, .quotaUsed: 403
        case .notFound: 404
        case .methodNotAllowed: 405
        case .conflict: 409
        case .tooSlow: 408
        case .tooLarge: 413
        case .tooMany: 429
        case .failed: 500
        case .unavailable, .cancelled: 503
        case .timedOut: 504
        }
    }
}

extension GatewayError.Kind {
    /// A word for programs.
    package var code: String {
        switch self {
        case .invalid: "invalid"
        case .missing: "missing"
        case .unknownLanguage: "unknown_language"
        case .noModel: "no_model"
        case .keyMissing: "key_missing"
        case .keyUnknown: "key_unknown"
        case .forbidden: "forbidden"
        case .conflict: "conflict"
        case .notFound: "not_found"
        case .methodNotAllowed: "method_not_allowed"
        case .tooLarge: "too_large"
        case .tooSlow: "too_slow"
        case .tooMany: "too_many"
        case .quotaUsed: "quota_used"
        case .unavailable: "unavailable"
        case .timedOut: "timed_out"
        case .failed: "failed"
        case .cancelled: "cancelled"
        }
    }
}
