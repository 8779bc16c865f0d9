/// Of which trace a job is a part: W3C Trace Context, https://www.w3.org/TR/trace-context/#traceparent-header.
package struct TraceParent: Sendable, Hashable {
    /// 16 bytes, not all zero.
    package var trace: [UInt8]
    /// The caller's span: 8 bytes, not all zero.
    package var span: [UInt8]
    /// Whether the caller records the trace. What it does not, is not recorded here.
    package var isSampled: Bool

    package init(trace: [UInt8], span: [UInt8], isSampled: Bool) {
        self.trace = trace
        self.span = span
        self.isSampled = isSampled
    }

    /// Reads a `traceparent`; nil: it is none. Of a later version, what this one knows is read.
    package init?(_ text: some StringProtocol) {
        let bytes = Array(text.utf8)
        let dash = UInt8(ascii: "-")
        guard bytes.count >= 55, [2, 35, 52].allSatisfy({ bytes[$0] == dash }),
            let version = Self.octets(bytes[0..<2]), let trace = Self.octets(bytes[3..<35]),
            let span = Self.octets(bytes[36..<52]), let flags = Self.octets(bytes[53..<55]),
            version[0] != 0xff, version[0] == 0 ? bytes.count == 55 : bytes.count == 55 || bytes[55] == dash,
            trace.contains(where: { $0 != 0 }), span.contains(where: { $0 != 0 })
        else { return nil }
        self.init(trace: trace, span: span, isSampled: flags[0] & 1 != 0)
    }

    /// Small letters only, as the specification has it.
    private static func octets(_ digits: ArraySlice<UInt8>) -> [UInt8]? {
        var octets: [UInt8] = []
        var high: UInt8?
        for digit in digits {
            let value: UInt8
            switch digit {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): value = digit - UInt8(ascii: "0")
            case UInt8(ascii: "a")...UInt8(ascii: "f"): value = digit - UInt8(ascii: "a") + 10
            default: return nil
            }
            if let first = high {
                octets.append(first << 4 | value)
                high = nil
            } else {
                high = value
            }
        }
        return octets
    }
}
