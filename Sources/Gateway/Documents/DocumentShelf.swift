internal import Clocks
internal import Documents
internal import JobModel
internal import Synchronization

/// Files whose jobs have been submitted: their results are texts, and need the file to be written into.
///
/// In memory, and bounded: a client that asks for its file an hour later, or asks another gateway, sends it again. Plain
/// text is not kept here, as a job's result is all of it.
final class DocumentShelf: Sendable {
    private struct Entry {
        var file: UploadedFile
        var at: UInt64
    }

    private struct State {
        var entries: [JobID: Entry] = [:]
        /// The oldest first.
        var order: [JobID] = []
        var byteCount = 0
    }

    static let age = Duration.seconds(3600)
    static let byteCountMax = 256 << 20

    private let state = Mutex(State())

    func put(_ file: UploadedFile, for job: JobID) {
        guard file.format != .text else { return }
        let now = SystemClock.monotonic
        state.withLock { state in
            guard state.entries.updateValue(Entry(file: file, at: now), forKey: job) == nil else { return }
            state.order.append(job)
            state.byteCount += file.byteCount
            while let first = state.order.first, let entry = state.entries[first],
                state.byteCount > Self.byteCountMax || now - entry.at > Self.age.nanoseconds
            {
                state.order.removeFirst()
                state.entries[first] = nil
                state.byteCount -= entry.file.byteCount
            }
        }
    }

    /// - Throws: `.notFound` when it is kept no more.
    func file(for job: JobID) throws(GatewayError) -> UploadedFile {
        let now = SystemClock.monotonic
        guard let entry = state.withLock({ $0.entries[job] }), now - entry.at <= Self.age.nanoseconds else {
            throw GatewayError(.notFound, "this gateway has the file no more; send it again")
        }
        return entry.file
    }
}
