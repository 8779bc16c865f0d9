internal import Foundation

/// Fetches one file: goes on with what is there, and ends with what was published or an error.
final class FileDownload: AnswerReceiver {
    private let address: String
    private let question: Question
    private let client: HubClient
    private let onBytes: (Int) -> Void
    private var part: PartialFile
    /// The most bytes that were there at a time. A server that sends the beginning again and again gets nowhere.
    private var furthest = 0
    /// Whether what is there is of no use, and the whole file is to be asked for.
    private var asksForAll = false

    /// - Parameters:
    ///   - path: Where its parts come together.
    ///   - onBytes: Called with the number of bytes that are there now.
    init(
        _ file: RemoteFile, of repository: RepositoryName, revision: String, commit: String, to path: String,
        client: HubClient, onBytes: @escaping (Int) -> Void
    ) throws(HubError) {
        address = client.endpoint.file(file.name, of: repository, commit: commit)
        question = client.question(repository, revision, file: file.name)
        self.client = client
        self.onBytes = onBytes
        part = try PartialFile(path: path, file: file)
        furthest = part.byteCount
    }

    /// - Throws: What has come stays, unless it turned out to be wrong.
    func run() throws(HubError) {
        onBytes(part.byteCount)
        // A part from an earlier run may be damaged, so the file is then fetched once more; a whole download is not.
        var isFresh = part.byteCount == 0
        while true {
            if !part.isComplete { try fetch() }
            if part.isIntact { break }
            try part.restart(tag: nil)
            onBytes(0)
            guard !isFresh else {
                throw HubError(
                    .damaged, "\(question.repository)/\(part.file.name)", "what came is not what was published",
                    expected: part.file.digestText, found: "other contents of the same size",
                    remedy: "run the command again; if it stays so, something between here and the hub changes files")
            }
            isFresh = true
        }
        try part.sync()
        part.forgetTag()
    }

    private func fetch() throws(HubError) {
        try client.persistently(question, progress: { furthest }) { () throws(AttemptFailure) in
            repeat {
                if asksForAll { try restart(tag: nil) }
                asksForAll = false
                let headers = ResumeDecision.headers(position: part.byteCount, tag: part.tag)
                try client.ask(address, headers: headers, question, into: self)
                // Once at most: who asks for all is not answered with a part.
            } while asksForAll
            guard part.isComplete else {
                throw .passing(
                    HubError(
                        .unreachable, "\(question.repository)/\(part.file.name)", "the connection was cut",
                        expected: "\(part.file.byteCount) bytes", found: "\(part.byteCount)"), wait: nil)
            }
        }
    }

    private func restart(tag: String?) throws(AttemptFailure) {
        do {
            try part.restart(tag: tag)
        } catch {
            throw .lasting(error)
        }
        onBytes(0)
    }

    func begin(_ head: HTTPHead) throws {
        let file = part.file
        switch ResumeDecision(head, position: part.byteCount, byteCount: file.byteCount, tag: part.tag) {
        case .append: break
        case .fromStart: try restart(tag: head.fields["etag"])
        case .askForAll:
            asksForAll = true
            throw NothingMore()
        case .wrongSize(let size):
            throw HubError(
                .damaged, "\(question.repository)/\(file.name)", "the file that the hub sends is another one",
                expected: "\(file.byteCount) bytes", found: "\(size)",
                remedy: "run the command again; if it stays so, something between here and the hub changes files")
        case .fault: throw question.failure(head, now: Date())
        }
    }

    func take(_ bytes: UnsafeRawBufferPointer) throws {
        guard part.byteCount + bytes.count <= part.file.byteCount else {
            throw HubError(
                .damaged, "\(question.repository)/\(part.file.name)", "more comes than was published",
                expected: "\(part.file.byteCount) bytes", remedy: "run the command again")
        }
        try part.append(bytes)
        furthest = max(furthest, part.byteCount)
        onBytes(part.byteCount)
    }
}
