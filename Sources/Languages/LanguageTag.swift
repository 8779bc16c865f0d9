/// A language as people, formats and models write it: `en`, `EN`, `eng`, `en-US`, `pt_BR`, `zho_Hans`.
///
/// What is read is BCP 47 in any case, with underscores or hyphens, and with ISO 639-2 and 639-3 codes where ISO 639-1
/// has one. Two spellings of one language are equal. `description` is the one spelling that Dragoman writes.
package struct LanguageTag: Sendable, Hashable, CustomStringConvertible {
    /// ISO 639, with two letters where there are two.
    package let language: String
    /// ISO 15924: the tag's own, else the usual one of the language in the region; nil when neither is known.
    package let script: String?
    /// ISO 3166 or UN M.49; nil: no region in particular.
    package let region: String?
    /// What follows, in lower case: `valencia`; nil: nothing.
    package let variant: String?

    /// - Returns: nil when the text is not a language tag. A code that no table has is one all the same.
    package init?(_ text: some StringProtocol) {
        var parts = text.split(omittingEmptySubsequences: false) { $0 == "-" || $0 == "_" }.map { $0.lowercased() }[...]
        guard parts.allSatisfy({ (1...8).contains($0.utf8.count) && $0.utf8.allSatisfy(isLetterOrDigit) }),
            var code = parts.popFirst(), (2...3).contains(code.utf8.count), isLetters(code)
        else { return nil }
        // An extended language stands for itself: zh-yue is yue.
        if let extended = parts.first, extended.utf8.count == 3, isLetters(extended) {
            code = extended
            parts.removeFirst()
        }
        language = LanguageTable.codes[code] ?? code
        var script: String?
        if let part = parts.first, part.utf8.count == 4, isLetters(part) {
            script = LanguageTable.scriptAliases[part] ?? part.prefix(1).uppercased() + part.dropFirst()
            parts.removeFirst()
        }
        if let part = parts.first, part.utf8.count == 2 && isLetters(part) || part.utf8.count == 3 && isDigits(part) {
            region = part.uppercased()
            parts.removeFirst()
        } else {
            region = nil
        }
        self.script = script ?? LanguageTable.usualScript(of: language, region: region)
        variant = parts.isEmpty ? nil : parts.joined(separator: "-")
    }

    /// BCP 47, as short as can be: `en`, `pt-BR`, `zh-Hant`.
    package var description: String {
        var parts = [language]
        if let script, script != LanguageTable.usualScript(of: language, region: region) { parts.append(script) }
        if let region { parts.append(region) }
        if let variant { parts.append(variant) }
        return parts.joined(separator: "-")
    }

    /// The one spelling of a language, or the text itself when it is not a tag.
    package static func canonical(_ text: String) -> String { LanguageTag(text)?.description ?? text }

    /// A code as people may write it, in lower case and without the signs that some models write around it: `fra` of
    /// `>>fra<<`, `fr` of `<2fr>` and of `__fr__`.
    package static func bare(_ text: String) -> String {
        var code = Substring(text.lowercased())
        for (open, close) in [(">>", "<<"), ("<2", ">"), ("__", "__")]
        where code.hasPrefix(open) && code.hasSuffix(close) && code.count > open.count + close.count {
            code = code.dropFirst(open.count).dropLast(close.count)
        }
        return String(code)
    }

    /// How far this language, which a model has, is from the one that is asked for.
    ///
    /// - Returns: 0 for the same; more where one of the two says more than the other, and less so where it is the
    ///   request (`en-US` asked for, `en` there) than where it is the model (`pt` asked for, `pt-BR` there). nil for
    ///   another language, and for one in another script or of another region.
    package func distance(from requested: LanguageTag) -> Int? {
        guard language == requested.language, let script = Self.distance(script, from: requested.script),
            let region = Self.distance(region, from: requested.region),
            let variant = Self.distance(variant, from: requested.variant)
        else { return nil }
        return script + region + variant
    }

    private static func distance(_ part: String?, from requested: String?) -> Int? {
        switch (part, requested) {
        case (nil, nil): 0
        case (nil, _?): 1
        case (_?, nil): 4
        case (let part?, let requested?): part == requested ? 0 : nil
        }
    }

    /// Every language that is known by name, as it is written.
    package static var all: [String] { LanguageTable.codes.filter { $0.key == $0.value }.map(\.key) }

    /// What a usage message says of a text that is not a tag.
    package static let form = "an ISO 639 code such as en or eng, with a region or script if need be: pt-BR, zho_Hans"
}

private func isLetter(_ byte: UInt8) -> Bool { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) }
private func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
private func isLetterOrDigit(_ byte: UInt8) -> Bool { isLetter(byte) || isDigit(byte) }
private func isLetters(_ text: String) -> Bool { text.utf8.allSatisfy(isLetter) }
private func isDigits(_ text: String) -> Bool { text.utf8.allSatisfy(isDigit) }
