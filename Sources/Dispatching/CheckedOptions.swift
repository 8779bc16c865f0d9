import Translations

/// What the table of options says of a job's: kept, because the next job often has the same, and going through the table
/// for each took a quarter of what a broker spends on accepting a job.
struct CheckedOptions {
    private(set) var options = SearchOptions()
    /// What is wrong with them; nil when nothing is.
    private(set) var problem: String?
    /// As a digest takes them.
    private(set) var digested = Digest.bytes(of: SearchOptions())

    mutating func check(_ next: SearchOptions) {
        guard next != options else { return }
        options = next
        problem = next.problem(named: \.key)
        digested = Digest.bytes(of: next)
    }
}
