package import JobModel

/// Ids that a second run makes again: FNV-1a of 128 bits over a key, the job's place in the input, and its sources.
///
/// That keeps apart what is different by accident, not what someone makes collide.
package struct ContentID {
    private var hash: UInt128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d

    /// - Parameter place: So that the same text twice is two jobs.
    package static func id(key: String, place: Int, _ sources: [Source]) -> JobID {
        var content = ContentID()
        content.add(key)
        content.add("\(place)")
        for source in sources {
            switch source {
            case .text(let text): content.add("t" + text)
            case .tokens(let tokens):
                content.add("k\(tokens.count)")
                for token in tokens { content.add(token) }
            }
        }
        let bytes = (0..<16).map { UInt8(truncatingIfNeeded: content.hash >> (8 * (15 - $0))) }
        guard let id = JobID(bytes: bytes) else { preconditionFailure("16 bytes") }
        return id
    }

    /// Lengths first, so that no two lists of texts look alike.
    private mutating func add(_ text: String) {
        for shift in stride(from: 0, to: 64, by: 8) { add(UInt8(truncatingIfNeeded: text.utf8.count >> shift)) }
        for byte in text.utf8 { add(byte) }
    }

    private mutating func add(_ byte: UInt8) {
        hash = (hash ^ UInt128(byte)) &* 0x0000_0000_0100_0000_0000_0000_0000_013b
    }
}
