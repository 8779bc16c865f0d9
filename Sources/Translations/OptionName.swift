/// An option's name, which is `beam_size` in JSON and `--beam-size` on the command line.
public struct OptionName: Sendable, ExpressibleByStringLiteral {
    public let key: String
    public var flag: String { "--" + key.replacing("_", with: "-") }

    public init(stringLiteral key: String) { self.key = key }
}
