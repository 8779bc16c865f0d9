internal import Foundation

/// Events that are written as they come.
package struct EventStream: Sendable {
    package var events: AsyncStream<[UInt8]>
    /// Called when the events are no longer read, or have ended.
    package var stop: @Sendable () -> Void
}

/// An answer.
package struct WebResponse: Sendable {
    package enum Body: Sendable {
        case bytes([UInt8])
        /// Written as it comes, until the stream ends or the client has gone.
        case events(EventStream)
    }

    package var status: Int
    package var headers: [(name: String, value: String)] = []
    package var body = Body.bytes([])
    /// Whether the connection ends with it.
    package var closes = false
    /// Whose key was shown, for the log.
    package var caller: String?

    package init(_ status: Int) { self.status = status }

    /// A JSON text.
    init(_ status: Int, json: some Encodable) {
        self.init(status)
        headers = [("content-type", "application/json")]
        body = .bytes(Self.encoded(json))
    }

    /// A JSON text whose keys are written_so.
    init(_ status: Int, snakeJSON json: some Encodable) {
        self.init(status, text: Self.encoded(json, keys: .convertToSnakeCase), type: "application/json")
    }

    init(_ status: Int, text: [UInt8], type: String) {
        self.init(status)
        headers = [("content-type", type)]
        body = .bytes(text)
    }

    /// What a body of bytes is as text, for tests and logs of sizes.
    package var bytes: [UInt8] {
        if case .bytes(let bytes) = body { bytes } else { [] }
    }

    static func encoded(
        _ value: some Encodable, keys: JSONEncoder.KeyEncodingStrategy = .useDefaultKeys
    ) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = keys
        encoder.outputFormatting = [.withoutEscapingSlashes, .sortedKeys]
        do {
            return try Array(encoder.encode(value))
        } catch {
            // Numbers that JSON does not have are the only reason, and no answer holds one.
            preconditionFailure("an answer cannot be written as JSON: \(error)")
        }
    }
}
