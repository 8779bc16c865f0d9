/// Punctuation as Moses writes it: FSMT's `moses_pipeline`, which is `replace_unicode_punct`, sacremoses' normaliser and
/// `remove_non_printing_char` (transformers' `models/fsmt/tokenization_fsmt.py`; sacremoses 0.2.0).
struct MosesNormalizer: Sendable {
    let language: String

    func normalize(_ text: [Unicode.Scalar]) -> [Unicode.Scalar] {
        let text = substituted(Self.plain(text)).strippingPythonSpace()
        return text.filter { scalar in
            switch scalar.properties.generalCategory {
            case .control, .format, .surrogate, .privateUse, .unassigned: false
            default: true
            }
        }
    }

    private static let plainForms: [Unicode.Scalar: String] = [
        "，": ",", "、": ",", "”": "\"", "“": "\"", "∶": ":", "：": ":", "？": "?", "《": "\"", "》": "\"", "）": ")",
        "！": "!", "（": "(", "；": ";", "」": "\"", "「": "\"", "０": "0", "１": "1", "２": "2", "３": "3", "４": "4",
        "５": "5", "６": "6", "７": "7", "８": "8", "９": "9", "～": "~", "’": "'", "…": "...", "━": "-", "〈": "<",
        "〉": ">", "【": "[", "】": "]", "％": "%",
    ]

    private static func plain(_ text: [Unicode.Scalar]) -> [Unicode.Scalar] {
        var result: [Unicode.Scalar] = []
        result.reserveCapacity(text.count)
        var index = 0
        while index < text.count {
            let scalar = text[index]
            index += 1
            if scalar == "。" || scalar == "．" {
                while index < text.count, text[index].isPythonSpace { index += 1 }
                result += [".", " "]
            } else if let plain = plainForms[scalar] {
                result += plain.unicodeScalars
            } else {
                result.append(scalar)
            }
        }
        return result
    }

    /// In the order in which the rules stand there.
    private func substituted(_ text: [Unicode.Scalar]) -> [Unicode.Scalar] {
        let nbsp = "\u{A0}"
        var text = text.replacing("\r", "").replacing("(", " (").replacing(")", ") ").collapsingSpaces()
        text = text.replacing(" ", after: { $0 == ")" }, before: { ".!:?;,".unicodeScalars.contains($0) }, with: "")
        text = text.replacing("( ", "(").replacing(" )", ")")
        text = text.replacing(" ", after: \.isDigit, before: { $0 == "%" }, with: "")
        text = text.replacing(" :", ":").replacing(" ;", ";")
        text = text.replacing("`", "'").replacing("''", " \" ")
        for quote in ["„", "“", "”"] { text = text.replacing(quote, "\"") }
        text = text.replacing("–", "-").replacing("—", " - ").collapsingSpaces()
        for quote in ["´", "‘", "‚", "’"] { text = text.replacing(quote, "'") }
        text = text.replacing("''", "\"").replacing("…", "...")
        for (old, new) in [
            ("\(nbsp)«\(nbsp)", "\""), ("«\(nbsp)", "\""), ("«", "\""), ("\(nbsp)»\(nbsp)", "\""), ("\(nbsp)»", "\""),
            ("»", "\""), ("\(nbsp)%", "%"), ("nº\(nbsp)", "nº "), ("\(nbsp):", ":"), ("\(nbsp)ºC", " ºC"),
            ("\(nbsp)cm", " cm"), ("\(nbsp)?", "?"), ("\(nbsp)!", "!"), ("\(nbsp);", ";"), (",\(nbsp)", ", "),
        ] {
            text = text.replacing(old, new)
        }
        text = text.collapsingSpaces()
        if language == "en" { text = Self.quotesAfterPunctuation(text) }
        if language == "de" {
            text = Self.quotesBeforePunctuation(text.replacing(",\"", "\","))
        }
        return text.replacing(
            "\u{A0}", after: \.isDigit, before: \.isDigit, with: language == "de" ? "," : ".")
    }

    /// `"([,.]+)` becomes `\1"`.
    private static func quotesAfterPunctuation(_ text: [Unicode.Scalar]) -> [Unicode.Scalar] {
        var result: [Unicode.Scalar] = []
        var index = 0
        while index < text.count {
            var end = index + 1
            if text[index] == "\"" {
                while end < text.count, text[end] == "," || text[end] == "." { end += 1 }
                result += text[(index + 1)..<end]
            }
            result.append(text[index])
            index = end
        }
        return result
    }

    /// `(\.+)"(\s*[^<])` becomes `"\1\2`.
    private static func quotesBeforePunctuation(_ text: [Unicode.Scalar]) -> [Unicode.Scalar] {
        var result: [Unicode.Scalar] = []
        var index = 0
        while index < text.count {
            var quote = index
            while quote < text.count, text[quote] == "." { quote += 1 }
            guard quote > index, quote < text.count, text[quote] == "\"" else {
                // A run of stops that no quote follows has none inside either.
                let end = max(quote, index + 1)
                result += text[index..<end]
                index = end
                continue
            }
            var end = quote + 1
            while end < text.count, text[end].isPythonSpace { end += 1 }
            // White space may itself be the character that is not `<`.
            if end < text.count, text[end] != "<" { end += 1 } else if end == quote + 1 { end = -1 }
            guard end > 0 else {
                result += text[index...quote]
                index = quote + 1
                continue
            }
            result.append("\"")
            result += text[index..<quote]
            result += text[(quote + 1)..<end]
            index = end
        }
        return result
    }
}
