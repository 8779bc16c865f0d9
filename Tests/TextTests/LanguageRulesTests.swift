import Testing
import Text

/// A bar in a text stands where its sentences are cut.
@Suite struct LanguageRulesTests {
    @Test(arguments: [
        "Bonjour ! |Comment ça va ? |Bien.",
        "M. Dupont et Mme Durand sont là. |Ils parlent.",
        "Voir p. 12 et art. 3 du code. |Fin.",
        "« Bonjour. » |Il partit.",
        "« Oui ! » dit-il. |Puis rien.",
        "Il habite av. Foch. |Elle aussi.",
        "Cela coûte 3,50 euros. |C'est cher.",
        "Le matériel (livres, cahiers, etc.) est là. |Il y a des livres, etc. |Marie lit.",
        "Il vit aux U.S.A. |L'hiver est froid.",
    ])
    func `French sentences are cut where a translator would cut`(expected: String) {
        for language in ["fr", "fra", "fr-CA"] { expectCuts(expected, in: language) }
    }

    @Test(arguments: [
        "Dr. Müller kam am 3. Mai. |Er blieb.",
        "Das gilt z. B. Hunden und u. a. Katzen. |Gut.",
        "Siehe S. 12 und Nr. 4 dort. |Ende.",
        "„Komm her!“, rief er. |„Nein.“ |Stille.",
        "Er lebte 200 v. Chr. in Rom. |Um 50 n. Chr. Kaiser Nero. |Er lebte in Rom bis kurz vor 50 n. Chr. |Rom brannte.",
        "Es kostet 3 Mio. Euro und 4 Mrd. Dollar für 5 Tsd. Hunde. |Gut.",
        "Er wohnt in der Hauptstr. 5 und der Ringstr. Nord. |Dort ist es still.",
        "Das steht auf Seite 12. |Dort fand er es.",
        "Das sind bspw. Hunde. |Der 1. Weltkrieg endete. |Im 19. Jahrhundert war es so.",
        "Ludwig XIV. von Frankreich kam. |Er blieb.",
        "Dipl.-Ing. Meier kam usw. |Dann ging er.",
        "Das Spiel endete 3–0. |Bayern gewann.",
    ])
    func `German sentences are cut where a translator would cut`(expected: String) {
        for language in ["de", "deu", "de-AT"] { expectCuts(expected, in: language) }
    }

    @Test(arguments: [
        ("es", "El Sr. García llegó. |¿Cómo está Ud. Juan? |¡Bien!"),
        ("spa", "Véase pág. 12. |Gracias."),
        ("es", "Vive en EE. UU. desde 1990. |La empresa de EE. UU. Microsoft creció. |En EE. UU. |La gente trabaja."),
        ("it", "Il Sig. Rossi e la Dott.ssa Bianchi. |Ciao!"),
        ("ita", "Vedi pag. 12 e art. 3. |Fine."),
        ("it", "Accadde nel VI secolo d.C. |Alla fine vinsero. |L'ing. Rossi c'era."),
        ("pt", "O Sr. Silva chegou. |A Dra. Ana também."),
        ("por", "Ver pág. 12. |Obrigado."),
        ("pt", "Ficou no grupo B. |A colocação foi boa."),
        ("nl", "Dhr. Jansen en mevr. De Vries. |Zij praten."),
        ("nl", "J. De Vries en mgr. Bos kwamen. |Toen gingen ze."),
        ("nld", "Zie blz. 12, d.w.z. Nummer een. |Klaar."),
        ("ca", "El Sr. Puig viu a la pl. Major. |Això és tot."), ("ro", "Dl. Popescu are 5 mil. lei. |S-a dus."),
        ("gl", "O Sr. Pena chegou. |Despois marchou."),
        ("sv", "Det var t.ex. Anna och dr. Berg. |Hon gick m.m. |Sedan kom Per."),
        ("da", "Det var f.eks. Anna den 3. Maj. |Hun gik."), ("nb", "Det var bl.a. Anna. |Hun gikk."),
        ("is", "Þetta er t.d. Anna. |Hún fór."), ("af", "Mnr. Botha is hier. |Hy bly."),
    ])
    func `Germanic and Romance languages know their abbreviations`(language: String, expected: String) {
        expectCuts(expected, in: language)
    }

    @Test(arguments: [
        ("pl", "Nie wiem. |– Dlaczego? |– Bo tak."), ("pl", "– Dlaczego? – zapytał. |– Nie wiem. – odparł Jan."),
        ("pl", "Prof. Kowalski i dr Nowak mieszkają przy ul. Długiej. |To tam."),
        ("pl", "Kościół św. Piotra stoi od XII w. |Jest piękny."), ("pl", "W 1839 r. Chiny walczyły. |Potem nie."),
        ("pl", "Jan z Gandawy zmarł po długiej chorobie w 1399 r. |Rycerz został uwolniony."),
        ("cs", "Bylo to 5. května. |Dr. Novák přišel. |Prof. Svoboda také."),
        ("cs", "Bolel ho krk. |Dal nám. |Pak šel."),
        ("sk", "Pán prof. Novák prišiel 5. mája. |Potom odišiel."), ("sl", "To je npr. Ana. |Tukaj živi dr. Novak."),
        ("hr", "To je npr. Ana i dr. Horvat. |On je tu."), ("sr", "То је нпр. Ана и др Петровић. |Он је ту."),
        ("ru", "Привет. |А. С. Пушкин писал. |См. рис. 3 и ул. Мира. |Да."),
        (
            "ru",
            "Он жил в г. Москве, в доме своего старого друга, до 1912 г. |Затем умер. |Это было до н. э. |Вот и всё."
        ),
        ("ru", "Купил хлеб, сыр и т. д. |Отец ждал."), ("uk", "Він жив на вул. Миру, ім. Шевченка. |Потім пішов."),
        ("be", "Гэта вул. Міру. |Ён тут."), ("bg", "Той живее в гр. София. |След това замина."),
        ("mk", "Тоа е ул. Мирна. |Тој дојде."),
        ("el", "Ο κ. Παπαδόπουλος ήρθε. |Ο Δρ. Νίκου όχι. |Έφαγα π.χ. Σταφύλια κ.λπ. |Μετά έφυγα."),
        ("tr", "Prof. Dr. Ahmet geldi. |2. Dünya Savaşı bitti. |Sonra barış oldu."),
        ("az", "Prof. Əliyev gəldi. |Sonra getdi."),
        ("fi", "Ks. esim. Helsinki, synt. 5. toukokuuta. |Hän lähti."), ("et", "Vt. nt. Tallinn ja lk. 5. |Ta läks."),
        ("lv", "Prof. Ozols dzīvo Rīgā. |Viņš ir šeit."), ("lt", "Tai yra pvz. Vilnius. |Jis čia."),
        ("hu", "Ez pl. Budapest, a 3. Kerület. |Ott él dr. Nagy."), ("sq", "Ky është prof. Hoxha. |Ai iku."),
        ("eu", "Hau adib. Bilbo da. |Hori da."), ("id", "Ini Dr. Budi di Jl. Merdeka. |Dia pergi."),
        ("vi", "Đây là TS. Nam ở TP. Huế. |Anh ấy đi."), ("kk", "Бұл проф. Асан. |Ол кетті."),
    ])
    func `other languages know their abbreviations`(language: String, expected: String) {
        expectCuts(expected, in: language)
    }

    @Test(arguments: LanguageRules.languages)
    func `no abbreviation of a table is cut inside, with spaces or without`(language: String) {
        let segmenter = SentenceSegmenter(language: language)
        let rules = LanguageRules.of(language: language)
        #expect(!rules.abbreviations.isEmpty)
        for word in rules.abbreviations.keys.sorted() where word.contains(".") {
            for spelling in [word, word.replacing(".", with: ". ")] {
                let text = "Abc \(spelling). abc"
                #expect(segmenter.sentences(in: text[...]).count == 1, "\(text)")
            }
        }
    }

    @Test(arguments: LanguageRules.languages)
    func `what an abbreviation of a table must have after it is not cut off`(language: String) {
        let segmenter = SentenceSegmenter(language: language)
        for (word, kind) in LanguageRules.of(language: language).abbreviations.sorted(by: { $0.key < $1.key }) {
            let texts: [String] =
                switch kind {
                case .always: ["Abc abc \(word). Xyzw abc", "Abc abc \(word). 5 abc"]
                case .beforeNumber: ["Abc abc \(word). 5 abc"]
                case .usually: ["Abc abc \(word). Xyzw abc"]
                case .date, .never: []
                }
            for text in texts { #expect(segmenter.sentences(in: text[...]).count == 1, "\(text)") }
        }
    }
}
