import DragomanEngine

/// Why one request was not served; the requests around it are.
package struct RequestError: Error, Sendable, Equatable {
    /// The engine's codes, and these.
    package enum Code: String, Sendable {
        case invalidUTF8 = "invalid_utf8"
        case invalidJSON = "invalid_json"
        /// A key that is unknown, missing, or of the wrong type.
        case invalidRequest = "invalid_request"
        case invalidOption = "invalid_option"
        case tooLong = "too_long"
    }

    package var code: String
    package var message: String
    /// How many line ends come before the fault, in a request that has several lines.
    package var linesBefore = 0

    package init(_ code: Code, _ message: String) {
        self.code = code.rawValue
        self.message = message
    }

    /// What the engine, or whatever stands for it, has thrown.
    package init(_ error: any Error) {
        switch error {
        case let error as RequestError: self = error
        case let error as TranslationError:
            code = error.code.description
            message = error.message
        default:
            code = "internal"
            message = String(describing: error)
        }
    }
}
