import Glibc

/// What can go wrong between a service and systemd.
package enum SystemdError: Error, Sendable, Equatable {
    /// An environment variable that systemd sets has a value that systemd would not give it.
    case environment(variable: String, value: String, expected: String)
    /// Neither systemd nor the environment says where the state belongs.
    case noStateDirectory
    /// A system call failed; the subject is the path or the socket that it was about.
    case call(String, subject: String, code: Int32)
}

extension SystemdError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .environment(let variable, let value, let expected):
            "$\(variable) is '\(value)', where \(expected) is expected; systemd sets it, so unset it when running by hand"
        case .noStateDirectory:
            "there is no folder for the state: set STATE_DIRECTORY, XDG_STATE_HOME or HOME, or name the folder in the "
                + "configuration"
        case .call(let call, let subject, let code):
            "\(subject): \(call): \(String(cString: strerror(code)))"
        }
    }
}
