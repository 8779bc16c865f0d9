/// An option's name, which is `beam_size` in JSON and `--beam-size` on the command line.
package struct OptionName: Sendable, ExpressibleByStringLiteral {
    package let key: String
    package var flag: String { "--" + key.replacing("_", with: "-") }

    package init(stringLiteral key: String) { self.key = key }
}
