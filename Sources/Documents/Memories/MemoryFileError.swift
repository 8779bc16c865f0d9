/// Why a file is no translation memory: what is wrong, in which file and line, and what to do about it.
package struct MemoryFileError: Error, Sendable, Equatable, CustomStringConvertible {
    package enum Code: String, Sendable {
        /// The file is not what its format says it should be.
        case malformed = "malformed_memory"
        case tooLarge = "memory_too_large"
        /// Nothing says which of the file's languages are meant; or it lacks those.
        case unknownLanguages = "unknown_memory_languages"
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
