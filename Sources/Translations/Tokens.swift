/// Model tokens as text: separated by spaces or tabs, as Marian and Moses write them.
public enum Tokens {
    /// Only spaces and tabs separate: vocabularies have tokens that are, or begin with, other white space. The cut is
    /// made between scalars, for a token may begin with a combining mark, which joins the space before it into one
    /// `Character`.
    public static func split(_ text: String) -> [String] {
        text.unicodeScalars.split { $0 == " " || $0 == "\t" }.map(String.init)
    }

    public static func join(_ tokens: [String]) -> String { tokens.joined(separator: " ") }
}
