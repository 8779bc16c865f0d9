package import JobModel

extension JobStore {
    /// As `contents(of:)`, but what cannot be read keeps nobody from the rest.
    package func contentsApart(
        of chunks: [(job: JobKey, chunk: UInt32)]
    ) -> [Result<ChunkContent, StoreError>] {
        let all = Result { () throws(StoreError) in try contents(of: chunks) }
        switch all {
        case .success(let contents):
            return contents.map { content in
                content.map(Result.success)
                    ?? .failure(StoreError(.damaged, "the job's text is not in the job store, where it should be"))
            }
        case .failure(let error) where chunks.count == 1 || error.concernsAll:
            return chunks.map { _ in .failure(error) }
        case .failure: return chunks.flatMap { contentsApart(of: [$0]) }
        }
    }
}
