/// The token at the start of a text that tells a model of many languages which one to write: `>>fra<<`.
package enum LanguagePrefix {
    /// Cuts a text after its prefix, as Hugging Face's `MarianTokenizer.remove_language_code` does: a text that starts
    /// with `>>` and has a `<<` somewhere has a prefix, which ends with the first `<<`.
    package static func split(_ text: Substring) -> (token: Substring, rest: Substring)? {
        let bytes = text.utf8
        let (open, close) = (UInt8(ascii: ">"), UInt8(ascii: "<"))
        guard bytes.starts(with: [open, open]) else { return nil }
        // Python looks for `<<` from the start; the first two bytes cannot be it.
        var position = bytes.index(bytes.startIndex, offsetBy: 2)
        while let first = bytes[position...].firstIndex(of: close) {
            let second = bytes.index(after: first)
            guard second < bytes.endIndex else { return nil }
            if bytes[second] == close {
                let end = bytes.index(after: second)
                return (text[..<end], text[end...])
            }
            position = second
        }
        return nil
    }
}
