internal import Foundation

/// An answer.
package struct WebResponse: Sendable {
    package enum Body: Sendable {
        case bytes([UInt8])
        /// Written as it comes, until the stream ends or the client has gone.
        case events(AsyncStream<[UInt8]>)
    }

    package var status: Int
    package var headers: [(name: String, value: String)] = []
    package var body = Body.bytes([])
    /// Whether the connection ends with it.
    package var closes = false

    package init(_ status: Int) { self.status = status }

    /// A JSON text.
    init(_ status: Int, json: some Encodable) {
        self.init(status)
        headers = [("content-type", "application/json")]
        body = .bytes(Self.encoded(json))
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

    static func encoded(_ value: some Encodable) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.withoutEscapingSlashes, .sortedKeys]
        do {
            return try Array(encoder.encode(value))
        } catch {
            // Numbers that JSON does not have are the only reason, and no answer holds one.
            preconditionFailure("an answer cannot be written as JSON: \(error)")
        }
    }
}
