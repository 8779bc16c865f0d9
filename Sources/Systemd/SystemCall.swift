import Glibc

/// Every system call of this target goes through here: it is made again when a signal interrupted it, and throws with
/// its name when it fails.
///
/// - Parameters:
///   - name: The call's name, for the message.
///   - subject: The path or the socket that it is about.
@discardableResult
func systemCall<Result: BinaryInteger>(
    _ name: String, on subject: String, _ call: () -> Result
) throws(SystemdError) -> Result {
    while true {
        let result = call()
        if result >= 0 { return result }
        let code = errno
        guard code == EINTR else { throw .call(name, subject: subject, code: code) }
    }
}
