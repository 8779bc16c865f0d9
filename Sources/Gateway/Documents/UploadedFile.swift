internal import Documents
internal import JobModel

/// A file that somebody sends to be translated.
struct UploadedFile: Sendable {
    let format: DocumentFormat
    /// What is translated. Of plain text, all of it.
    let texts: [String]
    /// nil for plain text, which needs nothing but its translation.
    private let document: DocumentFile?

    /// How names of files end that can be translated.
    static let suffixes = DocumentFormat.allCases.flatMap { format in format.extensions.map { ".\($0)" } }

    /// - Throws: `.invalid` when its name says no format, or it is not what its name says.
    init(_ file: Fields.File, named name: String? = nil) throws(GatewayError) {
        guard let format = DocumentFormat(fileName: name ?? file.name) else {
            throw GatewayError(
                .invalid,
                "Invalid request: file format not supported; send \(Self.suffixes.joined(separator: ", "))")
        }
        self.format = format
        guard !file.content.isEmpty else { throw GatewayError(.invalid, "Invalid request: empty file") }
        if format == .text {
            texts = [try Self.text(file.content)]
            document = nil
            return
        }
        do {
            let document = try DocumentFile(file.content, format: format)
            texts = document.units
            self.document = document
        } catch {
            // Messages name no text of the file.
            var error = error
            error.found = nil
            throw GatewayError(error.code == .tooLarge ? .tooLarge : .invalid, "Invalid request: \(error.message)")
        }
        guard !texts.isEmpty else { throw GatewayError(.invalid, "Invalid request: the file has no text to translate") }
    }

    /// How the texts are marked up; nil: they are plain.
    var markup: MarkupForm? {
        document?.markup.map { language in
            var form = MarkupForm(language)
            form.nonSplittingTags = document?.nonSplittingTags ?? []
            return form
        }
    }

    /// What is kept to write it.
    var byteCount: Int { document?.byteCount ?? 0 }

    /// The file with translations in the places of its texts; what has none stays.
    func written(_ translations: [String?]) throws(GatewayError) -> [UInt8] {
        guard let document else { return Array((translations.first.flatMap(\.self) ?? texts[0]).utf8) }
        do {
            return try document.written(with: translations)
        } catch {
            var error = error
            error.found = nil
            throw GatewayError(.failed, error.message)
        }
    }

    private static func text(_ content: [UInt8]) throws(GatewayError) -> String {
        // A byte order mark is no part of the text.
        let content = content.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(content.dropFirst(3)) : content
        guard let text = String(validating: content, as: UTF8.self) else {
            throw GatewayError(.invalid, "Invalid request: the file is not UTF-8")
        }
        guard !text.isEmpty else { throw GatewayError(.invalid, "Invalid request: empty file") }
        return text
    }
}
