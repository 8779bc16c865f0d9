import Glibc

/// The configuration file that is in force, and why it is that one.
package struct ConfigurationFile: Sendable, Hashable {
    package enum Origin: Sendable, Hashable {
        /// The command line names it.
        case flag
        /// `DRAGOMAN_CONFIG` does; empty, it stands for no file.
        case variable
        /// It is where an installed service has it.
        case installed
        /// There is none.
        case none
    }

    package static let variable = "DRAGOMAN_CONFIG"
    package static let installedPath = "/etc/dragoman/dragoman.yaml"

    /// nil: every key has its default, or what the environment says.
    package let path: String?
    package let origin: Origin

    /// - Parameters:
    ///   - flag: What the command line names.
    ///   - environment: The process's.
    ///   - installed: Where a file is looked for that nothing names.
    package init(flag: String?, environment: [String: String], installed: String = installedPath) {
        if let flag {
            (path, origin) = (flag, .flag)
        } else if let named = environment[Self.variable] {
            (path, origin) = (named.isEmpty ? nil : named, .variable)
        } else if Self.mayExist(installed) {
            (path, origin) = (installed, .installed)
        } else {
            (path, origin) = (nil, .none)
        }
    }

    /// A file that cannot be looked at may be there; to go on without it would be to do something else than its owner
    /// wants.
    private static func mayExist(_ path: String) -> Bool {
        var status = stat()
        return lstat(path, &status) == 0 || ![ENOENT, ENOTDIR].contains(errno)
    }

    package var reason: String {
        switch origin {
        case .flag: "named by --config"
        case .variable: path == nil ? "\(Self.variable) is empty" : "named by \(Self.variable)"
        case .installed: "found there; neither --config nor \(Self.variable) names another"
        case .none: "neither --config nor \(Self.variable) names one, and there is no \(Self.installedPath)"
        }
    }
}
