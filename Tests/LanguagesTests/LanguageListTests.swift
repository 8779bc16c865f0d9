import Languages
import Testing

@Suite struct LanguageListTests {
    private static let list = LanguageList(["en", "pt-BR", "pt-PT", "zh", "zh-Hant", "nso", "java", "de"])

    @Test(
        arguments: [
            ("EN", ["en"]), ("eng_Latn", ["en"]), ("__en__", ["en"]), ("de_DE", ["de"]), (">>deu<<", ["de"]),
            ("<2de>", ["de"]), ("pt_br", ["pt-BR"]), ("pt", ["pt-BR", "pt-PT"]), ("zh-CN", ["zh"]),
            ("zh-TW", ["zh-Hant"]),
            ("ns", ["nso"]), ("JAVA", ["java"]), ("fr", nil), ("English", nil), ("", nil),
        ] as [(String, [String]?)])
    func `the nearest languages are found in any spelling`(text: String, found: [String]?) {
        #expect(Self.list.nearest(to: RequestedLanguage(text))?.languages == found)
    }

    @Test func `any language is farther than one that is there by its name, and nearer than another region`() throws {
        let any = try #require(LanguageList([]).nearest(to: RequestedLanguage("deu")))
        #expect(any.languages == ["de"])
        #expect(try #require(Self.list.nearest(to: RequestedLanguage("de-AT"))).distance < any.distance)
        #expect(try #require(Self.list.nearest(to: RequestedLanguage("pt"))).distance > any.distance)
    }
}
