/// Why a file is no glossary: what is wrong, in which file and line, and what to do about it.
package struct GlossaryFileError: Error, Sendable, Equatable, CustomStringConvertible {
    package enum Code: String, Sendable {
        /// The file is not what its format says it should be.
        case malformed = "malformed_glossary"
        /// An entry breaks a rule of glossaries.
        case invalidEntry = "invalid_glossary_entry"
        case tooLarge = "glossary_too_large"
        /// The file has several languages, and nothing says which are meant; or it lacks those.
        case unknownLanguages = "unknown_glossary_languages"
    }

    package let code: Code
    package let file: String
    /// Counted from 1.
    package let line: Int?
    package let problem: String

    package init(_ code: Code, _ file: String, line: Int? = nil, _ problem: String) {
        self.code = code
        self.file = file
        self.line = line
        self.problem = problem
    }

    /// All of it on one line.
    package var message: String { "\(file): " + (line.map { "line \($0): " } ?? "") + problem }
    package var description: String { message }
}
