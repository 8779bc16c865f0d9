internal import CZeroMQ

/// A key that the world may know: who someone is.
package struct CurvePublicKey: Hashable, Sendable, CustomStringConvertible {
    let bytes: [UInt8]

    /// - Parameter text: 40 characters of Z85.
    package init(_ text: String) throws(CurveKeyError) {
        bytes = try decodeKey(text, "public")
    }

    /// Nil unless there are 32.
    init?(bytes: [UInt8]) {
        guard bytes.count == curveKeyByteCount else { return nil }
        self.bytes = bytes
    }

    init?(hexadecimal text: some StringProtocol) {
        let digits = text.utf8.map { Character(Unicode.Scalar($0)).hexDigitValue }
        guard digits.count == 2 * curveKeyByteCount, !digits.contains(nil) else { return nil }
        let values = digits.compactMap(\.self)
        bytes = stride(from: 0, to: values.count, by: 2).map { UInt8(values[$0] << 4 | values[$0 + 1]) }
    }

    var hexadecimal: String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }

    /// 40 characters of Z85.
    package var description: String { Z85.encode(bytes) }
}

/// A key that only its owner may know. It prints as nothing but that.
package struct CurveSecretKey: Sendable, CustomStringConvertible, CustomReflectable {
    let bytes: [UInt8]

    /// - Parameter text: 40 characters of Z85.
    package init(_ text: String) throws(CurveKeyError) {
        bytes = try decodeKey(text, "secret")
    }

    /// 40 characters of Z85, for the file that it is kept in.
    package var exposedText: String { Z85.encode(bytes) }

    package var description: String { "(secret key)" }
    package var customMirror: Mirror { Mirror(self, children: []) }
}

package struct CurveKeyPair: Sendable {
    package let publicKey: CurvePublicKey
    package let secretKey: CurveSecretKey

    /// A new one, from the system's randomness.
    package static func generate() throws(ZeroMQError) -> CurveKeyPair {
        var (publicText, secretText) = (KeyText(), KeyText())
        try zmqCheck("zmq_curve_keypair") { zmq_curve_keypair(&publicText.characters, &secretText.characters) }
        do throws(CurveKeyError) {
            return CurveKeyPair(
                publicKey: try CurvePublicKey(publicText.string), secretKey: try CurveSecretKey(secretText.string))
        } catch {
            preconditionFailure("zmq_curve_keypair made a key that is none: \(error)")
        }
    }

    /// The pair that a secret key is half of.
    package init(secretKey: CurveSecretKey) throws(ZeroMQError) {
        var publicText = KeyText()
        try zmqCheck("zmq_curve_public") { zmq_curve_public(&publicText.characters, secretKey.exposedText) }
        do throws(CurveKeyError) {
            self.init(publicKey: try CurvePublicKey(publicText.string), secretKey: secretKey)
        } catch {
            preconditionFailure("zmq_curve_public made a key that is none: \(error)")
        }
    }

    private init(publicKey: CurvePublicKey, secretKey: CurveSecretKey) {
        self.publicKey = publicKey
        self.secretKey = secretKey
    }
}

/// Text that is not a CURVE key. It is not repeated here: it may be a secret with one character too many.
package struct CurveKeyError: Error, Sendable, Equatable, CustomStringConvertible {
    package let description: String
}

private let curveKeyByteCount = 32

/// What libzmq writes a key into: 40 characters and a NUL.
private struct KeyText {
    var characters = [CChar](repeating: 0, count: 41)
    var string: String { String(decoding: characters.dropLast().map { UInt8(truncatingIfNeeded: $0) }, as: UTF8.self) }
}

private func decodeKey(_ text: String, _ kind: String) throws(CurveKeyError) -> [UInt8] {
    guard text.utf8.count == 40 else {
        throw CurveKeyError(
            description: "not a \(kind) CURVE key: it has \(text.utf8.count) characters, and a key has 40 of Z85")
    }
    guard let bytes = Z85.decode(text), bytes.count == curveKeyByteCount else {
        throw CurveKeyError(description: "not a \(kind) CURVE key: some of its characters are not those of Z85")
    }
    return bytes
}
