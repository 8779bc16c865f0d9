import Glibc

/// What can go wrong between a service and systemd.
package enum SystemdError: Error, Sendable, Equatable {
    /// An environment variable that systemd sets has a value that systemd would not give it.
    case environment(variable: String, value: String, expected: String)
    /// Neither systemd nor the environment says where files of this kind belong.
    case noDirectory(purpose: String, variables: String)
    /// A credential's name that could lead out of the folder of credentials.
    case credentialName(String)
    /// A system call failed; the subject is the path or the socket that it was about.
    case call(String, subject: String, code: Int32)
}

extension SystemdError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .environment(let variable, let value, let expected):
            "$\(variable) is '\(value)', where \(expected) is expected; systemd sets it, so unset it when running by hand"
        case .noDirectory(let purpose, let variables):
            "there is no folder for \(purpose): set one of \(variables), or name the folder in the configuration"
        case .credentialName(let name):
            "'\(name)' is no credential's name: it must be a file's name without a folder, as in LoadCredential="
        case .call(let call, let subject, let code):
            "\(subject): \(call): \(String(cString: strerror(code)))"
        }
    }
}
