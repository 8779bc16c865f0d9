/// Why entries make no glossary.
public struct GlossaryProblem: Error, Sendable, Equatable, CustomStringConvertible {
    public enum Fault: Sendable, Equatable {
        /// An entry has no source.
        case empty
        case tooLong(isTarget: Bool, bytes: Int)
        case control(isTarget: Bool, Unicode.Scalar)
        /// White space stands before or after a term.
        case outerSpace(isTarget: Bool)
        /// A source has another target in an earlier entry.
        case contradiction(source: String, String, earlier: String)
        /// All entries together are too large.
        case tooLarge
    }

    /// Which entry, counted from 0.
    public let entry: Int
    public let fault: Fault

    public init(entry: Int, _ fault: Fault) {
        self.entry = entry
        self.fault = fault
    }

    /// What was wrong, and what to do.
    public var reason: String {
        switch fault {
        case .empty: "the source is empty; give what is to be translated"
        case .tooLong(let isTarget, let bytes):
            "the \(Self.side(isTarget)) has \(bytes) bytes; it may have \(Glossary.termBytesMax)"
        case .control(let isTarget, let scalar):
            "the \(Self.side(isTarget)) has the control character \(Self.name(of: scalar)); take it out"
        case .outerSpace(let isTarget):
            "the \(Self.side(isTarget)) begins or ends with white space; take it away"
        case .contradiction(let source, let target, let earlier):
            "\"\(Self.shown(source))\" has two targets, \"\(Self.shown(earlier))\" and \"\(Self.shown(target))\"; "
                + "keep one of them"
        case .tooLarge: "all entries together have more than \(Glossary.byteCountMax >> 20) MiB; give fewer"
        }
    }

    public var description: String { "entry \(entry + 1): \(reason)" }

    private static func side(_ isTarget: Bool) -> String { isTarget ? "target" : "source" }

    private static func name(of scalar: Unicode.Scalar) -> String {
        let digits = String(scalar.value, radix: 16, uppercase: true)
        return "U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }

    private static func shown(_ term: String) -> String { term.count > 60 ? term.prefix(60) + "…" : term }
}
