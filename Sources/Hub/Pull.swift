internal import Foundation

/// Fetches a model from a hub into a folder of models.
package struct Pull {
    /// What is told while it goes on.
    package enum Event: Sendable, Equatable {
        /// What is to come, and how much of it is there.
        case began(commit: String, fileCount: Int, byteCount: Int, present: Int)
        /// How many bytes of all files are there.
        case bytes(Int)
        /// A file is whole.
        case file(RemoteFile, isReused: Bool)
    }

    package enum Outcome: Sendable, Equatable {
        /// It was there, whole, of the same commit.
        case unchanged(ModelsFolder.Model)
        case pulled(ModelsFolder.Model)

        package var model: ModelsFolder.Model {
            switch self {
            case .unchanged(let model), .pulled(let model): model
            }
        }
    }

    /// What an index of weights may take.
    private static let indexBytesMax = 16 << 20
    /// What is left free on the disk.
    private static let spareBytes = 16 << 20

    private let repository: RepositoryName
    private let revision: String
    private let folder: ModelsFolder
    private let client: HubClient
    private let freeBytes: (String) -> UInt64?
    private let report: (Event) -> Void

    /// - Parameter freeBytes: How much may be written to the disk of a folder; nil when it cannot be told.
    package init(
        _ repository: RepositoryName, revision: String, to folder: ModelsFolder, client: HubClient,
        freeBytes: @escaping (String) -> UInt64?, report: @escaping (Event) -> Void = { _ in }
    ) {
        self.repository = repository
        self.revision = revision
        self.folder = folder
        self.client = client
        self.freeBytes = freeBytes
        self.report = report
    }

    /// Takes as long as it takes. What has come stays when it fails, and the next run goes on with it.
    package func run() throws(HubError) -> Outcome {
        let incoming = try IncomingModel(repository, in: folder)
        try incoming.checkPlace()
        let listing: RepositoryListing
        let choice: FileChoice
        do throws(HubError) {
            listing = try client.listing(of: repository, revision: revision)
            choice = try FileChoice(listing, of: repository)
        } catch {
            // A mistyped name leaves no folder behind.
            if ModelsFolder.byteCount(of: incoming.folder) == 0 { try? incoming.discard() }
            throw error
        }
        var files = choice.files
        if let index = choice.index {
            files += try shards(index, in: listing, incoming)
        }
        let old = folder.model(repository)
        var reused: Set<String> = []
        if let old {
            for file in files {
                if try incoming.reuse(file, from: old) { reused.insert(file.name) }
            }
            if reused.count == files.count, old.origin.commit == listing.commit, old.origin.files.count == files.count {
                try incoming.discard()
                return .unchanged(old)
            }
        }
        try fetch(files, reused, commit: listing.commit, incoming)
        let origin = ModelOrigin(
            endpoint: client.endpoint.address, repository: "\(repository)", revision: revision, commit: listing.commit,
            files: files)
        try incoming.install(origin)
        try incoming.discard()
        return .pulled(ModelsFolder.Model(name: repository, folder: folder.folder(of: repository), origin: origin))
    }

    /// The files that an index names, which has to be fetched first.
    private func shards(
        _ index: RemoteFile, in listing: RepositoryListing, _ incoming: borrowing IncomingModel
    ) throws(HubError) -> [RemoteFile] {
        guard index.byteCount <= Self.indexBytesMax else {
            throw HubError(
                .noModel, "\(repository)/\(index.name)", "this is too large for an index of weights",
                expected: "at most \(Self.indexBytesMax) bytes",
                found: "\(index.byteCount)")
        }
        let path = incoming.part(of: index)
        try download(index, to: path, commit: listing.commit) { _ in }
        guard let bytes = FileManager.default.contents(atPath: path) else {
            throw HubError(.unwritable, path, "the file cannot be read again")
        }
        return try FileChoice.shards(index: [UInt8](bytes), name: index.name, in: listing, of: repository)
    }

    private func fetch(
        _ files: [RemoteFile], _ reused: Set<String>, commit: String, _ incoming: borrowing IncomingModel
    ) throws(HubError) {
        let byteCount = files.map(\.byteCount).reduce(0, +)
        var present: [String: Int] = [:]
        for file in files { present[file.name] = incoming.byteCount(of: file) }
        let there = present.values.reduce(0, +)
        if let free = freeBytes(incoming.folder), free < UInt64(byteCount - there + Self.spareBytes) {
            throw HubError(
                .unwritable, incoming.folder, "there is too little room on the disk",
                expected: "\(byteCount - there + Self.spareBytes) bytes", found: "\(free)",
                remedy: "make room, or name a folder for models on another disk in DRAGOMAN_MODELS")
        }
        report(.began(commit: commit, fileCount: files.count, byteCount: byteCount, present: there))
        for file in files {
            let others = present.filter { $0.key != file.name }.values.reduce(0, +)
            if !reused.contains(file.name) {
                try download(file, to: incoming.part(of: file), commit: commit) { report(.bytes(others + $0)) }
            }
            present[file.name] = file.byteCount
            report(.file(file, isReused: reused.contains(file.name)))
        }
    }

    private func download(
        _ file: RemoteFile, to path: String, commit: String, onBytes: @escaping (Int) -> Void
    ) throws(HubError) {
        try FileDownload(
            file, of: repository, revision: revision, commit: commit, to: path, client: client, onBytes: onBytes
        ).run()
    }
}
