internal import CZeroMQ
internal import Glibc

/// What may be set on a socket, before it binds or connects.
///
/// Fixed by its kind: a ROUTER says when a peer cannot be reached (`ZMQ_ROUTER_MANDATORY`), and what connects queues
/// only for connections that are up (`ZMQ_IMMEDIATE`), so that nothing is sent into the void.
///
/// There are no ZMTP heartbeats: libzmq up to 4.3.5 ends the process (`Assertion failed: !_io_error`) when one is due on
/// a connection that was lost while its receive queue was full. TCP's keep-alive says when a host is gone, and the
/// protocol's own heartbeats say the rest.
package struct SocketOptions: Sendable {
    /// Messages that wait for one peer before a send would block. They are counted, not weighed.
    package var sendQueueMaximum = 256
    /// Messages of one peer that wait to be received.
    package var receiveQueueMaximum = 256
    /// Of each *frame*: libzmq has no limit for a message of many.
    package var frameBytesMaximum = 1 << 20
    /// How long messages that were sent may still leave after the socket is closed.
    package var linger = Duration.zero
    /// How long a peer may take to say who it is.
    package var handshakeTimeout = Duration.seconds(3)
    /// A TCP connection that is silent for so long is asked whether it still is one, every `keepAliveInterval`, and closed
    /// after `keepAliveProbes` without an answer.
    package var keepAliveIdle = Duration.seconds(10)
    package var keepAliveInterval = Duration.seconds(5)
    package var keepAliveProbes = 4
    /// Between two attempts to connect, from this doubled up to `reconnectIntervalMaximum`.
    package var reconnectInterval = Duration.milliseconds(100)
    package var reconnectIntervalMaximum = Duration.seconds(10)
    /// Connections that wait to be accepted.
    package var backlog = 1024
    /// Whether host names may stand for IPv6 addresses; IPv4 works in either case.
    package var allowsIPv6 = true
    /// Of an XPUB: whether what peers subscribe to counts only once `subscribe(to:)` has granted it.
    package var grantsSubscriptions = false
    /// Of an `ipc://` socket that is bound: whether only this process may connect.
    package var admitsOnlyThisProcess = false
    package var security = Security.none

    package init() {}

    func apply(to handle: SocketHandle) throws(ZeroMQError) {
        try handle.set(ZMQ_LINGER, "ZMQ_LINGER", linger.milliseconds)
        try handle.set(ZMQ_SNDHWM, "ZMQ_SNDHWM", CInt(sendQueueMaximum))
        try handle.set(ZMQ_RCVHWM, "ZMQ_RCVHWM", CInt(receiveQueueMaximum))
        try handle.set(ZMQ_MAXMSGSIZE, "ZMQ_MAXMSGSIZE", Int64(frameBytesMaximum))
        try handle.set(ZMQ_HANDSHAKE_IVL, "ZMQ_HANDSHAKE_IVL", handshakeTimeout.milliseconds)
        try handle.set(ZMQ_TCP_KEEPALIVE, "ZMQ_TCP_KEEPALIVE", CInt(1))
        try handle.set(ZMQ_TCP_KEEPALIVE_IDLE, "ZMQ_TCP_KEEPALIVE_IDLE", keepAliveIdle.seconds)
        try handle.set(ZMQ_TCP_KEEPALIVE_INTVL, "ZMQ_TCP_KEEPALIVE_INTVL", keepAliveInterval.seconds)
        try handle.set(ZMQ_TCP_KEEPALIVE_CNT, "ZMQ_TCP_KEEPALIVE_CNT", CInt(keepAliveProbes))
        try handle.set(ZMQ_RECONNECT_IVL, "ZMQ_RECONNECT_IVL", reconnectInterval.milliseconds)
        try handle.set(ZMQ_RECONNECT_IVL_MAX, "ZMQ_RECONNECT_IVL_MAX", reconnectIntervalMaximum.milliseconds)
        try handle.set(ZMQ_BACKLOG, "ZMQ_BACKLOG", CInt(backlog))
        try handle.set(ZMQ_IPV6, "ZMQ_IPV6", CInt(allowsIPv6 ? 1 : 0))
        if admitsOnlyThisProcess { try handle.set(ZMQ_IPC_FILTER_PID, "ZMQ_IPC_FILTER_PID", getpid()) }
        switch handle.kind {
        case .router: try handle.set(ZMQ_ROUTER_MANDATORY, "ZMQ_ROUTER_MANDATORY", CInt(1))
        case .dealer, .req: try handle.set(ZMQ_IMMEDIATE, "ZMQ_IMMEDIATE", CInt(1))
        case .xpub: try handle.set(ZMQ_XPUB_MANUAL, "ZMQ_XPUB_MANUAL", CInt(grantsSubscriptions ? 1 : 0))
        case .pair, .rep, .sub: break
        }
        try security.apply(to: handle)
    }
}

extension Duration {
    /// In whole milliseconds, rounded up, so that a wait is never cut short; at most what a C `int` holds.
    var milliseconds: CInt {
        precondition(self >= .zero, "a wait cannot be negative")
        let (seconds, attoseconds) = components
        guard seconds < Int64(CInt.max) / 1000 else { return CInt.max }
        return CInt(seconds * 1000 + (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000)
    }

    /// In whole seconds, rounded up, and at least one.
    var seconds: CInt { max(1, milliseconds / 1000 + (milliseconds % 1000 > 0 ? 1 : 0)) }
}
