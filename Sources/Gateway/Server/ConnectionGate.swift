internal import HTTPTypes
internal import NIOCore
internal import NIOHTTPTypes

/// Stands in each connection's pipeline: refuses what there is no room for, ends requests that arrive too slowly, and
/// notices when the client hangs up.
///
/// Hummingbird's idle timeout ends connections on which nothing happens; a body that trickles keeps them alive, and so
/// there is a limit for the whole request here.
final class ConnectionGate: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundOut = HTTPResponsePart

    let connection = Connection()
    private let ledger: ConnectionLedger
    private let arrival: TimeAmount
    private let onRefusal: @Sendable (Int) -> Void
    private var hasRoom = true
    private var isEnding = false
    private var timer: Scheduled<Void>?

    /// - Parameters:
    ///   - arrival: How long a request may take from its head to its end.
    ///   - onRefusal: Told the status of each request that is ended here.
    init(_ ledger: ConnectionLedger, arrival: TimeAmount, onRefusal: @escaping @Sendable (Int) -> Void) {
        self.ledger = ledger
        self.arrival = arrival
        self.onRefusal = onRefusal
    }

    func handlerAdded(context: ChannelHandlerContext) {
        hasRoom = ledger.open()
        let ledger = ledger
        context.channel.closeFuture.whenComplete { _ in ledger.close() }
    }

    func handlerRemoved(context: ChannelHandlerContext) { timer?.cancel() }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isEnding else { return }
        switch unwrapInboundIn(data) {
        case .head:
            guard hasRoom else {
                return end(context, .serviceUnavailable, "there are too many connections; try again later")
            }
            let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
            timer = context.eventLoop.scheduleTask(in: arrival) {
                let (gate, context) = bound.value
                gate.end(context, .requestTimeout, "the request did not arrive in time")
            }
        case .body: break
        case .end:
            timer?.cancel()
            timer = nil
            connection.completeRequest()
        }
        context.fireChannelRead(data)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .inputClosed? = event as? ChannelEvent { connection.hangUp() }
        context.fireUserInboundEventTriggered(event)
    }

    func channelInactive(context: ChannelHandlerContext) {
        timer?.cancel()
        connection.hangUp()
        context.fireChannelInactive()
    }

    /// Says why, and closes the connection.
    private func end(_ context: ChannelHandlerContext, _ status: HTTPResponse.Status, _ message: String) {
        isEnding = true
        timer?.cancel()
        onRefusal(status.code)
        let body = ByteBuffer(bytes: WebResponse(status.code, json: ["error": message, "message": message]).bytes)
        var fields = HTTPFields()
        fields[.contentType] = "application/json"
        fields[.contentLength] = String(body.readableBytes)
        fields[.connection] = "close"
        if status == .serviceUnavailable { fields[.retryAfter] = "1" }
        context.write(wrapOutboundOut(.head(HTTPResponse(status: status, headerFields: fields))), promise: nil)
        context.write(wrapOutboundOut(.body(body)), promise: nil)
        let channel = context.channel
        context.writeAndFlush(wrapOutboundOut(.end(nil))).whenComplete { _ in channel.close(promise: nil) }
    }
}
