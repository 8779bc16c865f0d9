import Foundation

/// A system call that failed, with what it was about.
package struct SystemError: Error, Sendable, Equatable, CustomStringConvertible {
    /// A path, or what a user would call the stream: `standard output`.
    package let subject: String
    /// The call's `errno`.
    package let code: Int32

    package init(_ subject: String, _ code: Int32) {
        self.subject = subject
        self.code = code
    }

    package var description: String { "\(subject): \(String(cString: strerror(code)))" }
}

/// Every read and write goes through here: retries when a signal interrupted the call, and waits when someone who
/// shares the descriptor has made it non-blocking.
func transfer(
    on descriptor: Int32, for events: Int32, subject: String, _ call: () -> Int
) throws(SystemError) -> Int {
    while true {
        let count = call()
        if count >= 0 { return count }
        switch errno {
        case EINTR: continue
        case EAGAIN:
            var request = pollfd(fd: descriptor, events: Int16(events), revents: 0)
            _ = poll(&request, 1, -1)
        case let code: throw SystemError(subject, code)
        }
    }
}
