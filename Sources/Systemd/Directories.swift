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

    /// Where pulled models are: `DRAGOMAN_MODELS` alone, if it is set; else a user's folder and that of all users. Models
    /// are put into the first.
    ///
    /// That of all users is not in the broker's state directory, which no other service may read.
    package static func models(environment: [String: String], isRoot: Bool) -> [String] {
        let shared = "/var/lib/dragoman-models"
        if let given = environment["DRAGOMAN_MODELS"], !given.isEmpty { return [given] }
        if isRoot { return [shared] }
        if let base = absolute(environment["XDG_DATA_HOME"]) { return ["\(base)/dragoman/models", shared] }
        if let home = absolute(environment["HOME"]) { return ["\(home)/.local/share/dragoman/models", shared] }
        return [shared]
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
