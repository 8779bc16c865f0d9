/// Where a service's own files belong: what systemd says, else what the Filesystem Hierarchy Standard says for root,
/// else what the XDG Base Directory Specification says for a user.
///
/// Only names: nothing here creates or looks at a folder.
package enum Directories {
    /// For what must outlive the process: the job store and the result log.
    ///
    /// - Throws: `SystemdError.noStateDirectory` for a user without a home.
    package static func state(environment: [String: String], isRoot: Bool) throws(SystemdError) -> String {
        if let given = firstEntry(environment["STATE_DIRECTORY"]) { return given }
        if isRoot { return "/var/lib/dragoman" }
        if let base = absolute(environment["XDG_STATE_HOME"]) { return "\(base)/dragoman" }
        if let home = absolute(environment["HOME"]) { return "\(home)/.local/state/dragoman" }
        throw .noStateDirectory
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
