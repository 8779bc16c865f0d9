/// A file of plain text that somebody sends.
enum TextFile {
    static let suffixes = [".txt", ".text"]

    /// - Throws: `.invalid` when it is another kind of file, or not UTF-8.
    static func text(_ file: Fields.File, named name: String? = nil) throws(GatewayError) -> String {
        let name = name ?? file.name
        guard suffixes.contains(where: name.lowercased().hasSuffix) else {
            throw GatewayError(
                .invalid, "Invalid request: file format not supported; send \(suffixes.joined(separator: " or "))")
        }
        // A byte order mark is no part of the text.
        let content = file.content.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(file.content.dropFirst(3)) : file.content
        guard let text = String(validating: content, as: UTF8.self) else {
            throw GatewayError(.invalid, "Invalid request: the file is not UTF-8")
        }
        guard !text.isEmpty else { throw GatewayError(.invalid, "Invalid request: empty file") }
        return text
    }
}
