import Foundation

/// How the process ends; the numbers above 63 are those of BSD's `sysexits.h`.
///
/// Interrupts end the process by their signal, which a shell shows as 130.
package enum ExitStatus: Int32, Sendable {
    case success = 0
    /// Some requests failed, the others were served.
    case requestsFailed = 1
    /// The arguments are wrong.
    case usage = 64
    /// Input that belongs together does not fit together.
    case badData = 65
    /// The input cannot be opened.
    case noInput = 66
    /// Something that is needed is in others' hands: an endpoint, a state directory, a broker.
    case unavailable = 69
    /// A part of a daemon cannot go on.
    case partFailed = 70
    /// Reading or writing failed.
    case inputOutput = 74
    /// A broker refused the request, or does not speak this protocol.
    case refused = 76
    /// The key may not do this.
    case forbidden = 77
    /// The model cannot be loaded, or the configuration cannot be used.
    case badConfiguration = 78
    /// Interrupted by Ctrl-C; the process ends by the signal itself.
    case interrupted = 130
    /// The reader of the output has gone: 128 + SIGPIPE, as if the signal had not been ignored.
    case brokenPipe = 141
}

/// Ends the process with a status, and a message where there is something to say.
package struct CommandError: Error, Sendable, Equatable {
    package let status: ExitStatus
    package let message: String?

    package init(_ status: ExitStatus, _ message: String?) {
        self.status = status
        self.message = message
    }

    static let interrupted = CommandError(.interrupted, nil)

    /// Output could not be written. That nobody reads it any more is no fault of ours, and worth no message.
    package init(writing error: SystemError) {
        if error.code == EPIPE {
            self.init(.brokenPipe, nil)
        } else {
            self.init(.inputOutput, error.description)
        }
    }
}
