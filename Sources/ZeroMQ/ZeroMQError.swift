internal import CZeroMQ
internal import Glibc

/// A call of libzmq, or of the system on its behalf, that failed: which, where, why, and what to do.
package struct ZeroMQError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The call that failed: `zmq_bind`.
    package let call: String
    /// The endpoint that it was for, where there is one.
    package let endpoint: String?
    /// `errno` after the call.
    package let errorNumber: CInt
    /// What to do, where that is known.
    package let remedy: String?

    /// - Parameter remedy: In place of what is usually the cause of this number.
    init(call: String, endpoint: String? = nil, errorNumber: CInt, remedy: String? = nil) {
        self.call = call
        self.endpoint = endpoint
        self.errorNumber = errorNumber
        self.remedy = remedy ?? Self.remedy(errorNumber)
    }

    /// What the library says about the number: `Address already in use`.
    package var reason: String { String(cString: zmq_strerror(errorNumber)) }

    package var description: String {
        var text = endpoint.map { "\($0): " } ?? ""
        text += "\(call): \(reason)"
        if let remedy { text += "; \(remedy)" }
        return text
    }

    private static func remedy(_ errorNumber: CInt) -> String? {
        switch errorNumber {
        case EADDRINUSE: "is another broker running? Stop it, or choose another endpoint"
        case ENAMETOOLONG:
            "the path of an ipc endpoint has at most \(IPCFile.pathBytesMaximum) bytes; use a shorter one"
        case EACCES, EPERM: "this user may not do that; check who owns the path, or use a port from 1024 up"
        case EADDRNOTAVAIL, ENODEV: "this host has no such address or interface"
        case ENOENT, ENOTDIR: "there is no such folder; make it first"
        case EINVAL: "an endpoint is written tcp://HOST:PORT or ipc:///PATH"
        case EPROTONOSUPPORT: "use tcp:// or ipc://"
        case EMFILE, ENFILE: "raise the limit of open files (systemd: LimitNOFILE=)"
        case notInTurn: "a REQ or REP socket sends and receives in turn"
        default: nil
        }
    }

    /// `EFSM`, which zmq.h computes in a way that Swift does not import.
    private static let notInTurn = ZMQ_HAUSNUMERO + 51
}
