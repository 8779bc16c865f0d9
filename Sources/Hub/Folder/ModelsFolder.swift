internal import Foundation

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// A folder of pulled models: `ORGANISATION/NAME/config.json` and so on, each with its origin.
///
/// What is on its way is under `.incoming`, so that a model is whole as soon as it is there.
package struct ModelsFolder: Sendable, Hashable {
    static let incomingName = ".incoming"

    package let path: String

    package init(_ path: String) {
        var path = path
        while path.count > 1, path.hasSuffix("/") { path.removeLast() }
        self.path = path
    }

    /// A model that is there.
    package struct Model: Sendable, Equatable {
        package let name: RepositoryName
        package let folder: String
        package let origin: ModelOrigin
    }

    /// A model of which parts are there.
    package struct Incoming: Sendable, Equatable {
        package let name: RepositoryName
        package let byteCount: Int
    }

    package func folder(of name: RepositoryName) -> String { "\(path)/\(name)" }

    func incomingFolder(of name: RepositoryName) -> String { "\(path)/\(Self.incomingName)/\(name.key)" }

    package func model(_ name: RepositoryName) -> Model? {
        let folder = folder(of: name)
        return ModelOrigin(in: folder).map { Model(name: name, folder: folder, origin: $0) }
    }

    /// All models, sorted by name.
    package var models: [Model] {
        Self.names(in: path).flatMap { first -> [Model] in
            guard let alone = try? RepositoryName(first) else { return [] }
            if let model = model(alone) { return [model] }
            return Self.names(in: "\(path)/\(first)").compactMap { second in
                (try? RepositoryName("\(first)/\(second)")).flatMap(model)
            }
        }
    }

    /// What an interrupted pull has left, sorted by name.
    package var incoming: [Incoming] {
        Self.names(in: "\(path)/\(Self.incomingName)").compactMap { key in
            let parts = key.components(separatedBy: "--")
            guard let name = try? RepositoryName(parts.joined(separator: "/")) else { return nil }
            return Incoming(name: name, byteCount: Self.byteCount(of: incomingFolder(of: name)))
        }
    }

    /// Takes a model away, and what has come of it. Programs that have its files mapped keep them.
    ///
    /// - Returns: Whether there was anything.
    package func remove(_ name: RepositoryName) throws(HubError) -> Bool {
        let hasModel = model(name) != nil
        var status = stat()
        guard hasModel || lstat(incomingFolder(of: name), &status) == 0 else { return false }
        // A pull that was refused leaves its lock, which is nothing that anyone misses.
        let hasParts = Self.names(in: incomingFolder(of: name)).contains { $0 != "lock" }
        let incoming = try IncomingModel(name, in: self)
        if hasModel { try incoming.takeAway() }
        try incoming.discard()
        if let owner = name.owner { _ = rmdir("\(path)/\(owner)") }
        return hasModel || hasParts
    }

    private static func names(in folder: String) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
    }

    static func byteCount(of folder: String) -> Int {
        names(in: folder).reduce(0) { sum, name in
            var status = stat()
            let isFile = lstat("\(folder)/\(name)", &status) == 0 && status.st_mode & S_IFMT == S_IFREG
            return isFile ? sum + Int(status.st_size) : sum
        }
    }
}
