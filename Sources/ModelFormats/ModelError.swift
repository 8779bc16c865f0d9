import Wording

/// Why a model's files cannot be used: what was wrong, where, and what to do about it.
public struct ModelError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The kind of fault; open, so that more can be added.
    public struct Code: Sendable, Hashable, CustomStringConvertible {
        public let description: String
        private init(_ description: String) { self.description = description }

        /// A file that the model needs is not there.
        public static let missingFile = Code("missing_file")
        /// The system would not let a file be read.
        public static let unreadableFile = Code("unreadable_file")
        /// The system would not let a file be written.
        public static let unwritableFile = Code("unwritable_file")
        /// A file is not what its format says it should be.
        public static let malformedFile = Code("malformed_file")
        /// A setting is absent, of the wrong type, or outside its range.
        public static let invalidValue = Code("invalid_value")
        /// The files are in order, but ask for something that Dragoman does not do.
        public static let unsupported = Code("unsupported")
        /// Two parts of the model contradict each other.
        public static let contradiction = Code("contradiction")
        /// The configuration calls for a tensor that the weights do not have.
        public static let missingTensor = Code("missing_tensor")
        /// The weights have a tensor that the configuration has no place for.
        public static let unknownTensor = Code("unknown_tensor")
        /// A tensor's extents are not those that the configuration calls for.
        public static let wrongShape = Code("wrong_shape")
        /// A tensor holds a NaN or an infinity.
        public static let nonFiniteTensor = Code("non_finite_tensor")
        /// A file's contents are not those that were written.
        public static let checksumMismatch = Code("checksum_mismatch")
    }

    public let code: Code
    /// The path of the file at fault.
    public let file: String
    /// The tensor at fault, as the file names it.
    public let tensor: String?
    /// What was wrong, in a few words, without the rest of this value.
    public let problem: String
    public let expected: String?
    public let found: String?
    /// What to do.
    public let remedy: String?

    public init(
        _ code: Code, file: String, tensor: String? = nil, _ problem: String, expected: String? = nil,
        found: String? = nil, remedy: String? = nil
    ) {
        self.code = code
        self.file = file
        self.tensor = tensor
        self.problem = problem
        self.expected = expected
        self.found = found
        self.remedy = remedy
    }

    /// The same fault where something else can be done about it.
    func with(remedy: String) -> ModelError {
        ModelError(code, file: file, tensor: tensor, problem, expected: expected, found: found, remedy: remedy)
    }

    /// Everything above as one sentence or two, on one line.
    public var message: String {
        var message = "\(Self.printable(file)): "
        if let tensor { message += "tensor \(Self.printable(tensor)): " }
        message += problem
        let parts = [expected.map { "expected \($0)" }, found.map { "found \($0)" }].compactMap { $0 }
        if !parts.isEmpty { message += ": " + parts.joined(separator: ", ") }
        if let remedy { message += "; \(remedy)" }
        return message
    }

    public var description: String { message }

    /// Text out of a file, in quotes, fit for a log or a terminal: short, on one line, without control characters.
    static func quoted(_ text: some StringProtocol) -> String { "\"\(printable(text))\"" }

    static func printable(_ text: some StringProtocol) -> String { text.printable(limit: 200) }
}
