/// Where a service's own files belong: what systemd says, else what the Filesystem Hierarchy Standard says for root,
/// else what the XDG Base Directory Specification says for a user.
///
/// Only names: nothing here creates or looks at a folder.
package enum Directories {
    /// For what must outlive the process: the job store and the result log.
    ///
    /// - Throws: `SystemdError.noDirectory` for a user without a home.
    package static func state(environment: [String: String], isRoot: Bool) throws(SystemdError) -> String {
        if let given = firstEntry(environment["STATE_DIRECTORY"]) { return given }
        if isRoot { return "/var/lib/dragoman" }
        if let base = absolute(environment["XDG_STATE_HOME"]) { return "\(base)/dragoman" }
        if let home = absolute(environment["HOME"]) { return "\(home)/.local/state/dragoman" }
        throw .noDirectory(purpose: "state", variables: "STATE_DIRECTORY, XDG_STATE_HOME and HOME")
    }

    /// For what lives as long as the process: sockets.
    ///
    /// A user without a session has no `XDG_RUNTIME_DIR`; a folder in that of the state is as private.
    ///
    /// - Throws: `SystemdError.noDirectory` for a user without a session and a home.
    package static func runtime(environment: [String: String], isRoot: Bool) throws(SystemdError) -> String {
        if let given = firstEntry(environment["RUNTIME_DIRECTORY"]) { return given }
        if isRoot { return "/run/dragoman" }
        if let base = absolute(environment["XDG_RUNTIME_DIR"]) { return "\(base)/dragoman" }
        return try "\(state(environment: environment, isRoot: isRoot))/run"
    }

    /// systemd separates the folders of one unit by colons.
    private static func firstEntry(_ value: String?) -> String? {
        absolute(value?.split(separator: ":", maxSplits: 1).first.map(String.init))
    }

    /// The specification of XDG: "All paths set in these environment variables must be absolute. If an implementation
    /// encounters a relative path […] it should consider the path invalid and ignore it."
    private static func absolute(_ path: String?) -> String? {
        guard let path, path.hasPrefix("/") else { return nil }
        return path
    }
}
