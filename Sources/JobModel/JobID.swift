/// What a producer calls its job: 16 bytes, random as a rule.
public struct JobID: Sendable, Hashable, Comparable {
    /// Big-endian halves, so that ids sort as their bytes do.
    package let high: UInt64
    package let low: UInt64

    package init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    public static func random() -> JobID {
        JobID(high: .random(in: .min ... .max), low: .random(in: .min ... .max))
    }

    /// - Returns: nil when there are not 16 bytes.
    public init?(bytes: some Collection<UInt8>) {
        guard bytes.count == 16 else { return nil }
        // An array first: what is generic here is not specialized for callers in other modules, byte by byte it is slow.
        self = Array(bytes).withUnsafeBytes { bytes in
            JobID(
                high: UInt64(bigEndian: bytes.loadUnaligned(as: UInt64.self)),
                low: UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self)))
        }
    }

    public var bytes: [UInt8] { withUnsafeBytes(of: (high.bigEndian, low.bigEndian)) { [UInt8]($0) } }

    public static func < (left: JobID, right: JobID) -> Bool { (left.high, left.low) < (right.high, right.low) }
}

extension JobID: CustomStringConvertible, LosslessStringConvertible {
    /// 32 hexadecimal digits.
    public var description: String {
        [high, low].map { half in
            let digits = String(half, radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }.joined()
    }

    /// - Parameter text: 32 hexadecimal digits, with or without a UUID's hyphens.
    public init?(_ text: String) {
        let digits = text.utf8.filter { $0 != UInt8(ascii: "-") }
        let isUUID =
            text.utf8.count == 36
            && text.split(separator: "-", omittingEmptySubsequences: false).map(\.count) == [8, 4, 4, 4, 12]
        guard digits.count == 32, text.utf8.count == 32 || isUUID, digits.allSatisfy({ $0 != UInt8(ascii: "+") }),
            let high = UInt64(String(decoding: digits.prefix(16), as: UTF8.self), radix: 16),
            let low = UInt64(String(decoding: digits.suffix(16), as: UTF8.self), radix: 16)
        else { return nil }
        self.init(high: high, low: low)
    }
}
