/// Which history a broker's result logs tell. A log that was restored from a backup, or whose store was copied, goes on
/// under another identity: a record of one number may be another there.
public struct LogID: Sendable, Hashable, CustomStringConvertible {
    /// 16 bytes.
    public let bytes: [UInt8]

    /// nil: there are not 16 bytes.
    public init?(bytes: [UInt8]) {
        guard bytes.count == 16 else { return nil }
        self.bytes = bytes
    }

    /// - Parameter description: 32 hexadecimal digits.
    public init?(_ description: String) {
        let digits = description.utf8.map { Character(Unicode.Scalar($0)).hexDigitValue }
        guard digits.count == 32, !digits.contains(nil) else { return nil }
        bytes = stride(from: 0, to: 32, by: 2).map { UInt8(digits[$0]! << 4 | digits[$0 + 1]!) }
    }

    private init(random bytes: [UInt8]) { self.bytes = bytes }

    public static func random() -> LogID { LogID(random: (0..<16).map { _ in .random(in: .min ... .max) }) }

    public var description: String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}
