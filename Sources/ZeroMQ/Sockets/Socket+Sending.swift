internal import CZeroMQ
internal import Glibc

/// What became of a send. That it was sent means that libzmq has it; only an answer shows that the peer does.
package enum SendOutcome: Sendable, Equatable {
    case sent
    /// The queue to the peer is full, or no connection is up; nothing was sent.
    case wouldBlock
    /// A ROUTER has no such peer, or no longer; nothing was sent.
    case unreachable
}

extension Socket {
    /// Sends one frame, copying it, on anything but a ROUTER.
    package func send(_ body: UnsafeRawBufferPointer) throws(ZeroMQError) -> SendOutcome {
        precondition(kind != .router, "a ROUTER must be told to whom")
        return try sendFrame(body)
    }

    package func send(_ body: [UInt8]) throws(ZeroMQError) -> SendOutcome {
        precondition(kind != .router, "a ROUTER must be told to whom")
        return try sendFrame(body)
    }

    /// Sends one frame to a ROUTER's peer, after an empty one if it expects that.
    package func send(_ body: UnsafeRawBufferPointer, to address: ReturnAddress) throws(ZeroMQError) -> SendOutcome {
        precondition(kind == .router, "only a ROUTER knows its peers")
        // zmq_socket(3): whether the peer is there, and has room, is answered for the first frame; a message then goes
        // whole or, when the peer leaves meanwhile, not at all.
        let outcome = try sendFrame(address.routingID.bytes, more: true)
        guard outcome == .sent else { return outcome }
        if address.isDelimited { _ = try sendFrame([], more: true) }
        return try sendFrame(body)
    }

    package func send(_ body: [UInt8], to address: ReturnAddress) throws(ZeroMQError) -> SendOutcome {
        try body.span.withUnsafeBytes { bytes throws(ZeroMQError) in try send(bytes, to: address) }
    }

    /// Sends a body under a topic to the subscribers that have room for it.
    package func publish(_ body: UnsafeRawBufferPointer, topic: [UInt8]) throws(ZeroMQError) {
        precondition(kind == .xpub, "only an XPUB publishes")
        // An XPUB never blocks: it drops.
        _ = try sendFrame(topic, more: true)
        _ = try sendFrame(body)
    }

    package func publish(_ body: [UInt8], topic: [UInt8]) throws(ZeroMQError) {
        try body.span.withUnsafeBytes { bytes throws(ZeroMQError) in try publish(bytes, topic: topic) }
    }

    /// Sends a message of any number of frames, on a DEALER or a REP.
    package func send(frames: [[UInt8]]) throws(ZeroMQError) -> SendOutcome {
        precondition(!frames.isEmpty && (kind == .dealer || kind == .rep))
        for frame in frames.dropLast() {
            let outcome = try sendFrame(frame, more: true)
            guard outcome == .sent else { return outcome }
        }
        return try sendFrame(frames[frames.count - 1])
    }

    private func sendFrame(_ bytes: [UInt8], more: Bool = false) throws(ZeroMQError) -> SendOutcome {
        try bytes.span.withUnsafeBytes { bytes throws(ZeroMQError) in try sendFrame(bytes, more: more) }
    }

    private func sendFrame(_ bytes: UnsafeRawBufferPointer, more: Bool = false) throws(ZeroMQError) -> SendOutcome {
        let socket = handle.pointer
        let flags = ZMQ_DONTWAIT | (more ? ZMQ_SNDMORE : 0)
        switch zmqRetrying({ zmq_send(socket, bytes.baseAddress, bytes.count, flags) }) {
        case .success: return .sent
        case .failure(EAGAIN): return .wouldBlock
        case .failure(EHOSTUNREACH): return .unreachable
        case .failure(let errorNumber):
            throw ZeroMQError(call: "zmq_send", endpoint: handle.endpoint, errorNumber: errorNumber)
        }
    }
}
