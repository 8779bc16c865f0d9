import CWire
package import JobModel

/// Makes messages of frames, within bounds of memory.
///
/// It keeps its memory from frame to frame; what it returns has none of it.
package struct EnvelopeDecoder: ~Copyable {
    /// The largest frame, in bytes.
    package let frameSizeLimit: Int
    private let arena: Arena

    /// - Throws: `.unavailable` when there is no memory.
    package init(frameSizeLimit: Int) throws(WireError) {
        precondition(frameSizeLimit > 0)
        guard let arena = Arena(forMessagesOf: frameSizeLimit) else {
            throw WireError(
                .unavailable, "no address space to decode frames of \(frameSizeLimit) bytes; lower the frame size limit"
            )
        }
        self.arena = arena
        self.frameSizeLimit = frameSizeLimit
    }

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
        let message: UnsafeMutablePointer<Wire__Envelope>
        do throws(Arena.Failure) {
            message = try arena.unpack(frame, with: wire__envelope__unpack)
        } catch {
            switch error {
            case .exhausted(let budget):
                throw refused(
                    .tooLarge,
                    "the frame of \(frame.count) bytes unpacks to more than \(budget); send fewer items in one frame")
            case .malformed:
                throw refused(
                    .malformed, "the frame is not an Envelope of dragoman.v1; check that both sides use the same .proto"
                )
            }
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
    package var memoryUsed: Int { arena.used }
}
