internal import CZeroMQ
internal import Glibc

/// What a C call answers by the convention of libzmq and POSIX: a result of zero or more, or -1 and `errno`.
enum CallOutcome {
    case success(CInt)
    case failure(errorNumber: CInt)
}

/// Calls until the answer is not "interrupted by a signal".
func zmqRetrying(_ body: () -> CInt) -> CallOutcome {
    while true {
        let result = body()
        if result >= 0 { return .success(result) }
        let errorNumber = zmq_errno()
        if errorNumber != EINTR { return .failure(errorNumber: errorNumber) }
    }
}

/// The funnel of all C calls that can fail: retried when interrupted, their `errno` thrown with the call's name.
///
/// - Parameter call: The call's name, as its manual page has it.
@discardableResult
package func zmqCheck(
    _ call: String, endpoint: String? = nil, _ body: () -> CInt
) throws(ZeroMQError) -> CInt {
    switch zmqRetrying(body) {
    case .success(let result): return result
    case .failure(let errorNumber): throw ZeroMQError(call: call, endpoint: endpoint, errorNumber: errorNumber)
    }
}

/// The same for calls that answer with a handle, or with null and `errno`.
func zmqCheckHandle(
    _ call: String, _ body: () -> UnsafeMutableRawPointer?
) throws(ZeroMQError) -> UnsafeMutableRawPointer {
    var handle: UnsafeMutableRawPointer?
    try zmqCheck(call) {
        handle = body()
        return handle == nil ? -1 : 0
    }
    return handle!
}
