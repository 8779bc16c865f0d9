import CWire
package import JobModel

/// Makes messages of frames, within bounds of memory.
///
/// It keeps its memory from frame to frame; what it returns has none of it.
package struct EnvelopeDecoder: ~Copyable {
    /// The largest frame, in bytes.
    package let frameSizeLimit: Int
    private let arena: OpaquePointer

    /// How much memory a frame may unpack to, as a multiple of its size: see `Tests/WireTests/BudgetTests.swift` for
    /// what honest frames take.
    static let amplification = 32
    /// What a frame may unpack to however small it is, in bytes.
    static let leastBudget = 64 << 10

    /// - Throws: `.unavailable` when there is no memory.
    package init(frameSizeLimit: Int) throws(WireError) {
        precondition(frameSizeLimit > 0)
        let (capacity, overflow) = frameSizeLimit.multipliedReportingOverflow(by: Self.amplification)
        guard !overflow, let arena = wire_arena_create(max(capacity, Self.leastBudget)) else {
            throw WireError(
                .unavailable, "no address space to decode frames of \(frameSizeLimit) bytes; lower the frame size limit"
            )
        }
        self.arena = arena
        self.frameSizeLimit = frameSizeLimit
    }

    deinit { wire_arena_destroy(arena) }

    package mutating func decode(_ frame: [UInt8]) throws(WireError) -> Envelope {
        try frame.withUnsafeBufferPointer { (bytes) throws(WireError) in try decode(UnsafeRawBufferPointer(bytes)) }
    }

    package mutating func decode(_ frame: UnsafeRawBufferPointer) throws(WireError) -> Envelope {
        guard frame.count <= frameSizeLimit else {
            throw WireError(
                .tooLarge, "the frame has \(frame.count) bytes, and the limit is \(frameSizeLimit); send smaller ones")
        }
        let preamble = Preamble(frame)
        let correlation = preamble.correlation.map { [UInt8](frame[$0]) } ?? []
        func refused(_ code: Fault.Code, _ message: String) -> WireError {
            let isEcho = correlation.count <= Limit.correlation
            return WireError(code, message, correlation: isEcho ? correlation : [])
        }
        // First, because a later version's bodies may be understood wrongly.
        if preamble.isWhole || preamble.version != nil, preamble.version ?? 0 != Envelope.version {
            throw refused(
                .version, "version is \(preamble.version ?? 0), and this side speaks only \(Envelope.version)")
        }
        guard correlation.count <= Limit.correlation else {
            throw refused(
                .malformed, "correlation has \(correlation.count) bytes; it may have at most \(Limit.correlation)")
        }
        guard preamble.bodies <= 1 else {
            throw refused(.malformed, "the Envelope has \(preamble.bodies) bodies; send one a frame")
        }
        var isExhausted = false
        let budget = max(frame.count * Self.amplification, Self.leastBudget)
        guard
            let message = wire_arena_unpack(
                arena, frame.bindMemory(to: UInt8.self).baseAddress, frame.count, budget, &isExhausted)
        else {
            throw isExhausted
                ? refused(
                    .tooLarge,
                    "the frame of \(frame.count) bytes unpacks to more than \(budget); send fewer items in one frame")
                : refused(
                    .malformed, "the frame is not an Envelope of dragoman.v1; check that both sides use the same .proto"
                )
        }
        do throws(Flaw) {
            return Envelope(try Envelope.Body(message.pointee, unknown: preamble.unknownBody), correlation: correlation)
        } catch {
            var refusal = refused(error.code, error.description)
            refusal.lease = Envelope.Body.answeredLease(of: message.pointee)
            throw refusal
        }
    }

    /// What the last frame was unpacked to, in bytes.
    package var memoryUsed: Int { wire_arena_used(arena) }
}
