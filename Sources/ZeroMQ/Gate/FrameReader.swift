/// Where one peer's bytes stand in ZMTP 3 (RFC 23 of ZeroMQ): a greeting of 64 bytes, then frames.
///
/// Lengths are in clear with CURVE too, so it knows how large a frame is before any of its body has been read.
package struct FrameReader {
    package enum Violation: Error, Equatable {
        /// Not ZeroMQ, or a version from before 2013.
        case notZMTP3
        case frameTooLarge(bytes: UInt64)
        case handshakeTooLarge(bytes: UInt64)
    }

    private enum State: Equatable {
        case greeting(count: Int)
        case betweenFrames
        case inFrame(left: Int)
    }

    static let greetingBytes = 64
    /// A CURVE INITIATE with metadata has a few hundred.
    static let handshakeBytesMaximum: UInt64 = 8192
    private static let longestHeader = 9

    let frameBytesMaximum: UInt64
    private var state = State.greeting(count: 0)
    private var greeting: [UInt8] = []
    /// Commands that the peer has yet to send before its first message.
    private var handshakeLeft = 0
    private(set) var usesKeys = false

    package init(frameBytesMaximum: Int) { self.frameBytesMaximum = UInt64(frameBytesMaximum) }

    /// Bytes of the current frame that have not come.
    var left: Int { if case .inFrame(let left) = state { left } else { 0 } }

    /// Whether a greeting and all commands of the handshake have come.
    var hasShakenHands: Bool { if case .greeting = state { false } else { handshakeLeft == 0 } }

    /// Whether some of a greeting or frame has come, and not all.
    var isInside: Bool {
        switch state {
        case .greeting(let count): count > 0
        case .betweenFrames: false
        case .inFrame: true
        }
    }

    /// Reads on, as far as frames are admitted.
    ///
    /// - Parameters:
    ///   - admit: Asked about each frame, by the length of its body, before any of it counts as read. After a refusal
    ///     the same frame is asked about again.
    ///   - ended: Called after each frame's last byte, with whether it is more than a part of the handshake.
    /// - Returns: How many bytes were read; what is left is to come again, with what follows it.
    package mutating func read(
        _ bytes: UnsafeRawBufferPointer, admit: (Int) -> Bool, ended: (_ isMessage: Bool) -> Void
    ) throws(Violation) -> Int {
        var position = 0
        while position < bytes.count {
            switch state {
            case .greeting(let count):
                let taken = min(Self.greetingBytes - count, bytes.count - position)
                greeting += bytes[position..<position + taken]
                position += taken
                state = .greeting(count: count + taken)
                try checkGreeting()
            case .inFrame(let left):
                let taken = min(left, bytes.count - position)
                position += taken
                state = .inFrame(left: left - taken)
                if taken == left { end(ended) }
            case .betweenFrames:
                guard let header = header(UnsafeRawBufferPointer(rebasing: bytes[position...])) else { return position }
                if handshakeLeft > 0, header.body > Self.handshakeBytesMaximum {
                    throw .handshakeTooLarge(bytes: header.body)
                }
                guard header.body <= frameBytesMaximum else { throw .frameTooLarge(bytes: header.body) }
                guard admit(Int(header.body)) else { return position }
                position += header.count
                state = .inFrame(left: Int(header.body))
                if header.body == 0 { end(ended) }
            }
        }
        return position
    }

    private mutating func end(_ ended: (_ isMessage: Bool) -> Void) {
        state = .betweenFrames
        let isMessage = handshakeLeft == 0
        if !isMessage { handshakeLeft -= 1 }
        ended(isMessage)
    }

    private mutating func checkGreeting() throws(Violation) {
        // The signature, and the version after it.
        if greeting.count >= 1, greeting[0] != 0xFF { throw .notZMTP3 }
        if greeting.count >= 11, greeting[10] < 3 { throw .notZMTP3 }
        guard greeting.count == Self.greetingBytes else { return }
        usesKeys = greeting[12...].starts(with: "CURVE".utf8)
        // READY; or HELLO and INITIATE.
        handshakeLeft = greeting[12...].starts(with: "NULL".utf8) ? 1 : 2
        greeting = []
        state = .betweenFrames
    }

    /// Flags, and a length of one byte or eight; nil when some of it has not come.
    private func header(_ bytes: UnsafeRawBufferPointer) -> (count: Int, body: UInt64)? {
        let isLong = bytes[0] & 2 != 0
        let count = isLong ? Self.longestHeader : 2
        guard bytes.count >= count else { return nil }
        let body = bytes[1..<count].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        return (count, body)
    }
}
