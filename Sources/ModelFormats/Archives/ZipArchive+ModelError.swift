internal import Archives

/// Archives that models come in.
extension ZipArchive {
    init(_ bytes: UnsafeRawBufferPointer, file: String) throws(ModelError) {
        do {
            try self.init(bytes)
        } catch {
            throw ModelError(
                error.kind == .unsupported ? .unsupported : .malformedFile, file: file, error.problem,
                expected: error.expected, found: error.found, remedy: error.remedy)
        }
    }

    /// By name.
    var files: [String: Entry] { Dictionary(entries.map { ($0.name, $0) }, uniquingKeysWith: { $1 }) }
}
