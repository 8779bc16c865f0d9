internal import Wording

/// Why a document cannot be read or written: what is wrong, where, and what to do about it.
package struct DocumentError: Error, Sendable, Equatable, CustomStringConvertible {
    package enum Code: String, Sendable {
        /// The file is not what its format says it should be.
        case malformed = "malformed_document"
        /// The file is in order, but has something that is not supported.
        case unsupported = "unsupported_document"
        /// It is larger, deeper or packed more densely than is read.
        case tooLarge = "document_too_large"
        /// The translations do not fit the document.
        case wrongTranslations = "wrong_translations"
    }

    package enum Place: Sendable, Equatable {
        /// Counted from 1.
        case line(Int)
        /// Counted from 0, in bytes.
        case offset(Int)
        /// A file in an archive.
        case member(String)
        /// A line in a file of an archive.
        case memberLine(String, Int)
        /// Which of the document's units, counted from 0.
        case unit(Int)
    }

    package var code: Code
    package var format: DocumentFormat
    package var place: Place?
    package var problem: String
    package var expected: String?
    package var found: String?
    package var remedy: String?

    package init(
        _ code: Code, _ format: DocumentFormat, at place: Place? = nil, _ problem: String, expected: String? = nil,
        found: String? = nil, remedy: String? = nil
    ) {
        self.code = code
        self.format = format
        self.place = place
        self.problem = problem
        self.expected = expected
        self.found = found
        self.remedy = remedy
    }

    /// All of it on one line.
    package var message: String {
        var message = "\(format.title): "
        switch place {
        case .line(let line)?: message += "line \(line): "
        case .offset(let offset)?: message += "at byte \(offset): "
        case .member(let name)?: message += "in \(Self.quoted(name)): "
        case .memberLine(let name, let line)?: message += "in \(Self.quoted(name)), line \(line): "
        case .unit(let index)?: message += "text \(index): "
        case nil: break
        }
        message += problem
        let parts = [expected.map { "expected \($0)" }, found.map { "found \($0)" }].compactMap(\.self)
        if !parts.isEmpty { message += ": " + parts.joined(separator: ", ") }
        if let remedy { message += "; \(remedy)" }
        return message
    }

    package var description: String { message }

    /// Text out of a file, fit for a log or a terminal.
    static func quoted(_ text: some StringProtocol) -> String { "\"\(text.printable(limit: 80))\"" }
}
