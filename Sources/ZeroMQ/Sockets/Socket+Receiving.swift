internal import CZeroMQ
internal import Glibc

extension Socket {
    /// The next message of one frame, on anything but a ROUTER.
    package func receive() throws(ZeroMQError) -> Receipt<Message> {
        precondition(kind != .router, "a ROUTER receives with receiveFromPeer")
        let body = makeMessage()
        guard try receiveFrame(into: body) else { return .wouldBlock }
        if body.hasMore { return .malformed(try drain(after: body, frames: 1, from: nil)) }
        return .message(body)
    }

    /// The next message of one frame, or of one after an empty delimiter, on a ROUTER.
    package func receiveFromPeer() throws(ZeroMQError) -> Receipt<RouterMessage> {
        precondition(kind == .router, "only a ROUTER knows its peers")
        let body = makeMessage()
        guard try receiveFrame(into: body) else { return .wouldBlock }
        let routingID = RoutingID(bytes: body.bytes)
        guard body.hasMore else { return .malformed(malformed(at: body, frames: 0, bytes: 0, from: routingID)) }
        try receiveNextFrame(into: body)
        let isDelimited = body.count == 0 && body.hasMore
        if isDelimited { try receiveNextFrame(into: body) }
        if body.hasMore {
            return .malformed(try drain(after: body, frames: isDelimited ? 2 : 1, from: routingID))
        }
        let address = ReturnAddress(routingID: routingID, isDelimited: isDelimited)
        return .message(RouterMessage(returnAddress: address, body: body))
    }

    /// The next message of a topic and a body, on a SUB.
    package func receivePublication() throws(ZeroMQError) -> Receipt<Publication> {
        precondition(kind == .sub, "only a SUB receives publications")
        let body = makeMessage()
        guard try receiveFrame(into: body) else { return .wouldBlock }
        guard body.hasMore else { return .malformed(malformed(at: body, frames: 1, bytes: body.count, from: nil)) }
        let topic = body.bytes
        try receiveNextFrame(into: body)
        if body.hasMore { return .malformed(try drain(after: body, frames: 2, from: nil)) }
        return .message(Publication(topic: topic, body: body))
    }

    /// A copy of the next message's frames, on sockets whose peers are this process's own.
    func receiveFrames() throws(ZeroMQError) -> [[UInt8]]? {
        let frame = makeMessage()
        guard try receiveFrame(into: frame) else { return nil }
        var frames = [frame.bytes]
        while frame.hasMore {
            try receiveNextFrame(into: frame)
            frames.append(frame.bytes)
        }
        return frames
    }

    private func makeMessage() -> Message { Message(isAuthenticated: handle.security.isAuthenticated) }

    /// - Returns: Whether there was one.
    private func receiveFrame(into message: borrowing Message) throws(ZeroMQError) -> Bool {
        let (socket, frame) = (handle.pointer, message.pointer)
        switch zmqRetrying({ zmq_msg_recv(frame, socket, ZMQ_DONTWAIT) }) {
        case .success: return true
        case .failure(EAGAIN): return false
        case .failure(let errorNumber):
            throw ZeroMQError(call: "zmq_msg_recv", endpoint: handle.endpoint, errorNumber: errorNumber)
        }
    }

    /// zmq_msg_recv(3): "ØMQ ensures atomic delivery of messages", so after a first frame the others are there.
    private func receiveNextFrame(into message: borrowing Message) throws(ZeroMQError) {
        guard try receiveFrame(into: message) else {
            throw ZeroMQError(call: "zmq_msg_recv", endpoint: handle.endpoint, errorNumber: EAGAIN)
        }
    }

    /// Takes the rest of a message off the socket, one frame at a time.
    private func drain(
        after frame: borrowing Message, frames: Int, from routingID: RoutingID?
    ) throws(ZeroMQError) -> MalformedMessage {
        var (frames, bytes) = (frames, frame.count)
        while frame.hasMore {
            try receiveNextFrame(into: frame)
            frames += 1
            bytes += frame.count
        }
        return malformed(at: frame, frames: frames, bytes: bytes, from: routingID)
    }

    private func malformed(
        at frame: borrowing Message, frames: Int, bytes: Int, from routingID: RoutingID?
    ) -> MalformedMessage {
        MalformedMessage(
            routingID: routingID, userID: frame.userID, peerAddress: frame.peerAddress, frameCount: frames,
            byteCount: bytes, sourceDescriptor: frame.sourceDescriptor)
    }
}
