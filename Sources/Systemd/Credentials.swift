import Glibc

/// The secrets that systemd hands to a service (`LoadCredential=`): files in a folder that only the service can read.
package struct Credentials: Sendable {
    /// systemd's own limit for one credential.
    static let bytesMaximum = 1 << 20

    /// nil where systemd gives none.
    package let directory: String?

    /// - Parameter environment: The process's; systemd sets `CREDENTIALS_DIRECTORY`.
    /// - Throws: When it is not an absolute path.
    package init(environment: [String: String]) throws(SystemdError) {
        directory = environment["CREDENTIALS_DIRECTORY"]
        if let directory, !directory.hasPrefix("/") {
            throw .environment(variable: "CREDENTIALS_DIRECTORY", value: directory, expected: "an absolute path")
        }
    }

    /// The bytes of a credential; nil when the unit has none of that name.
    ///
    /// - Throws: When the name is no file's name, or the file cannot be read or is larger than a credential may be.
    package func read(_ name: String) throws(SystemdError) -> [UInt8]? {
        guard !name.isEmpty, name != ".", name != "..",
            !name.utf8.contains(where: { $0 == UInt8(ascii: "/") || $0 == 0 })
        else { throw .credentialName(name) }
        guard let directory else { return nil }
        let path = "\(directory)/\(name)"
        let descriptor: Int32
        do {
            descriptor = try systemCall("open", on: path) { open(path, O_RDONLY | O_CLOEXEC) }
        } catch .call(_, _, code: ENOENT) {
            return nil
        }
        defer { close(descriptor) }
        return try Self.contents(of: descriptor, path: path)
    }

    private static func contents(of descriptor: Int32, path: String) throws(SystemdError) -> [UInt8] {
        var contents: [UInt8] = []
        var block = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = try systemCall("read", on: path) { Glibc.read(descriptor, &block, block.count) }
            if count == 0 { return contents }
            guard contents.count + count <= bytesMaximum else {
                throw .call("read", subject: path, code: EFBIG)
            }
            contents += block[..<count]
        }
    }
}
