import Languages
import Testing

@Suite("Language tags")
struct LanguageTagTests {
    @Test(
        "spellings of one language are one, and are written in one way",
        arguments: [
            ("en", ["en", "EN", "eng", "Eng", "ENG", "eng_Latn", "en-Latn", "EN_LATN"]),
            ("fr", ["fr", "fra", "fre", "fra_Latn"]),
            ("de", ["de", "deu", "ger"]),
            ("en-US", ["en-US", "en_US", "en-us", "eng-US", "en-Latn-US", "eng_latn_us"]),
            ("pt-BR", ["pt-BR", "pt_br", "por-BR"]),
            ("es-419", ["es-419", "spa_419"]),
            ("zh", ["zh", "zho", "chi", "cmn", "zho_Hans", "zh-Hans", "zh-cmn", "zh-cmn-Hans"]),
            ("zh-Hant", ["zh-Hant", "zho_Hant", "ZH_HANT"]),
            ("zh-TW", ["zh-TW", "zh-Hant-TW", "zho_Hant_TW"]),
            ("zh-Hans-TW", ["zh-Hans-TW"]),
            ("yue", ["yue", "zh-yue", "yue_Hant"]),
            ("ar", ["ar", "ara", "arb", "arb_Arab"]),
            ("arz", ["arz", "arz_Arab", "ar-arz"]),
            ("fa", ["fa", "fas", "per", "pes_Arab"]),
            ("sw", ["sw", "swa", "swh_Latn"]),
            ("nb", ["nb", "nob", "no", "nor", "nob_Latn"]),
            ("nn", ["nn", "nno_Latn"]),
            ("he", ["he", "heb", "iw"]),
            ("id", ["id", "ind", "in"]),
            ("ko", ["ko", "kor_Hang", "ko-Kore"]),
            ("sr-Latn", ["sr-Latn", "srp_Latn"]),
            ("tl", ["tl", "tgl_Latn", "fil"]),
            ("ceb", ["ceb", "ceb_Latn", "CEB"]),
            ("ca-valencia", ["ca-valencia", "cat_VALENCIA"]),
            ("xyz", ["xyz", "XYZ"]),
        ])
    func spellings(written: String, read: [String]) throws {
        for text in read {
            let tag = try #require(LanguageTag(text), "\(text)")
            #expect(tag.description == written, "\(text)")
            #expect(tag == LanguageTag(written), "\(text)")
        }
    }

    @Test(
        "what is not a tag is not read",
        arguments: [
            "", "e", "e1", "engl", "english", "français", "en-", "-en", "en--US", "en US", "en.US", "1234", "*",
        ])
    func notTags(text: String) {
        #expect(LanguageTag(text) == nil)
        #expect(LanguageTag.canonical(text) == text)
    }

    @Test("every code of the table reads back as itself")
    func tableIsConsistent() {
        let languages = Set(LanguageTag.all)
        #expect(languages.count > 240)
        for language in languages { #expect(LanguageTag(language)?.description == language) }
    }

    @Test("the nearest language is taken, and what is as near as another is not chosen between")
    func matching() throws {
        func match(_ requested: String, _ offered: String...) throws -> LanguageMatch<LanguageTag> {
            LanguageMatch(
                for: try #require(LanguageTag(requested)), among: try offered.map { try #require(LanguageTag($0)) })
        }
        func one(_ text: String) -> LanguageMatch<LanguageTag> { LanguageTag(text).map { .one($0) } ?? .none }
        #expect(try match("EN", "fr", "eng") == one("en"))
        #expect(try match("en-US", "en") == one("en"))
        #expect(try match("en-US", "en-GB", "en") == one("en"))
        #expect(try match("en-US", "en-GB") == .none)
        #expect(try match("pt-BR", "pt", "pt-BR") == one("pt-BR"))
        #expect(try match("pt", "pt-BR", "pt") == one("pt"))
        #expect(try match("pt", "pt-BR") == one("pt-BR"))
        #expect(
            try match("pt", "pt-BR", "pt-PT")
                == .several([try #require(LanguageTag("pt-BR")), try #require(LanguageTag("pt-PT"))]))
        #expect(try match("zh-CN", "zho_Hant", "zho_Hans") == one("zh"))
        #expect(try match("zh-TW", "zho_Hant", "zho_Hans") == one("zh-Hant"))
        #expect(try match("zh", "zho_Hant", "zho_Hans") == one("zh"))
        #expect(try match("zh-TW", "zh") == .none)
        #expect(try match("sr", "sr-Latn") == .none)
        #expect(try match("fr", "en", "de") == .none)
        #expect(try match("en", "eng_Latn", "en") == one("en"))
        #expect(try match("xyz-Latn", "xyz") == one("xyz"))
    }

    @Test("a pair is as far as both its languages")
    func pairs() throws {
        let offered = [("en", "pt"), ("en", "pt-BR"), ("en-GB", "pt-BR")].map { LanguagePair(source: $0, target: $1)! }
        let requested = try #require(LanguagePair(source: "en-US", target: "pt_BR"))
        #expect(LanguageMatch(for: requested, among: offered) == .one(offered[1]))
        #expect(LanguagePair(source: "English", target: "pt") == nil)
    }
}
