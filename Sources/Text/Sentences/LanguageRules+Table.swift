extension LanguageRules {
    /// Each is made when its language is first asked for.
    private static let table: [String: @Sendable () -> LanguageRules] = [
        "af": { afrikaans }, "ar": { arabic }, "az": { azerbaijani }, "be": { belarusian }, "bg": { bulgarian },
        "bs": { serbian }, "ca": { catalan }, "cs": { czech }, "da": { danish }, "de": { german }, "el": { greek },
        "en": { english }, "es": { spanish }, "et": { estonian }, "eu": { basque }, "fa": { persian },
        "fi": { finnish },
        "fr": { french }, "gl": { galician }, "hi": { hindi }, "hr": { serbian }, "hu": { hungarian },
        "hy": { armenian }, "id": { indonesian }, "is": { icelandic }, "it": { italian }, "ka": { georgian },
        "kk": { kazakh }, "lb": { german }, "lt": { lithuanian }, "lv": { latvian }, "mk": { macedonian },
        "ms": { indonesian }, "nb": { norwegian }, "nl": { dutch }, "nn": { norwegian }, "no": { norwegian },
        "pl": { polish }, "pt": { portuguese }, "ro": { romanian }, "ru": { russian }, "sh": { serbian },
        "sk": { slovak }, "sl": { slovenian }, "sq": { albanian }, "sr": { serbian }, "sv": { swedish },
        "tr": { turkish }, "uk": { ukrainian }, "ur": { urdu }, "vi": { vietnamese },
    ]

    /// The languages that have a table, in two letters.
    package static var languages: [String] { table.keys.sorted() }

    /// The rules of a language, by its code in two letters. Others have those that hold without a table.
    package static func of(language: String) -> LanguageRules { table[language]?() ?? other }

    private static let other = LanguageRules(hasVowels: false)
}
