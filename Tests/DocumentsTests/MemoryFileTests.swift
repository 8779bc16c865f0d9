import Documents
import Languages
import Testing
import Translations

@Suite struct MemoryFileTests {
    private let pair = LanguagePair(source: "en", target: "fr")

    private func unit(_ variants: KeyValuePairs<String, String>, _ attributes: String = "") -> String {
        "<tu \(attributes)>"
            + variants.map { "<tuv xml:lang=\"\($0.key)\"><seg>\($0.value)</seg></tuv>" }.joined() + "</tu>\n"
    }

    private func file(_ body: String, version: String = "1.4") -> String {
        """
        <?xml version="1.0" encoding="UTF-8"?>
        <!DOCTYPE tmx SYSTEM "tmx14.dtd">
        <tmx version="\(version)"><header creationtool="test" srclang="en"/><body>
        \(body)</body></tmx>

        """
    }

    private func memory(_ bytes: [UInt8], _ pair: LanguagePair?) throws -> TranslationMemory {
        try MemoryFile.memory([try MemoryFile(bytes, name: "a.tmx")], for: pair)
    }

    private func memory(_ body: String) throws -> TranslationMemory { try memory(Array(file(body).utf8), pair) }

    private func message(_ bytes: [UInt8], _ pair: LanguagePair? = LanguagePair(source: "en", target: "fr")) -> String {
        do {
            _ = try memory(bytes, pair)
            return "no error"
        } catch {
            return "\(error)"
        }
    }

    private func message(_ body: String) -> String { message(Array(file(body).utf8)) }

    private func found(_ source: String, in memory: TranslationMemory) -> String? {
        memory.target(of: source).map { "\($0.text) \($0.match)" }
    }

    @Test func `the languages of a unit are matched as elsewhere, in either direction`() throws {
        let body =
            unit(["EN-us": "Hello.", "fra": "Bonjour.", "de": "Hallo."]) + unit(["fr_CA": "Chat", "eng": "Cat"])
            + unit(["de": "Hund", "fr": "Chien"]) + "<tu><tuv lang=\"en\"><seg>Old</seg></tuv>"
            + "<tuv LANG=\"fr\"><seg>Vieux</seg></tuv></tu>"
        let memory = try memory(body)
        #expect(found("Hello.", in: memory) == "Bonjour. exact")
        #expect(found("Cat", in: memory) == "Chat exact" && found("Old", in: memory) == "Vieux exact")
        #expect(found("Hund", in: memory) == nil && memory.count == 3)
        let back = try self.memory(Array(file(body).utf8), LanguagePair(source: "fr", target: "en"))
        #expect(found("Bonjour.", in: back) == "Hello. exact" && back.sourceLanguage == "fr")
        #expect(
            message(Array(file(body).utf8), LanguagePair(source: "en", target: "it"))
                == "a.tmx: the file has no units from en to it; it has units of de, en, en-US, fr, fr-CA")
        #expect(
            message(Array(file(body).utf8), nil)
                == "a.tmx: the file has units of de, en, en-US, fr, fr-CA; say between which languages, with source and target language"
        )
    }

    @Test func `of several languages that are asked for less exactly, the nearest is taken`() throws {
        let body = unit(["en": "Bus", "fr-CA": "Autobus", "fr": "Bus"])
        #expect(found("Bus", in: try memory(body)) == "Bus exact")
        let quebec = try memory(Array(file(body).utf8), LanguagePair(source: "en-GB", target: "fr-CA"))
        #expect(found("Bus", in: quebec) == "Autobus exact")
    }

    @Test func `white space is one space, and case makes a weaker match`() throws {
        let memory = try memory(
            unit(["en": " Open\n   the\tfile ", "fr": "Ouvrez\n  le\u{A0}fichier"])
                + unit(["en": "POLISH", "fr": "polonais"]) + unit(["en": "polish", "fr": "cirage"])
                + unit(["en": "Straße", "fr": "rue"]))
        #expect(found("Open the\u{A0} file", in: memory) == "Ouvrez le\u{A0}fichier exact")
        #expect(found("OPEN THE FILE", in: memory) == "Ouvrez le\u{A0}fichier folded")
        #expect(found("POLISH", in: memory) == "polonais exact" && found("polish", in: memory) == "cirage exact")
        #expect(found("Polish", in: memory) == "cirage folded")
        #expect(found("STRASSE", in: memory) == "rue folded")
        #expect(found("Open the", in: memory) == nil && found("", in: memory) == nil)
    }

    @Test func `the translation that was changed last is taken, and of equals the last`() throws {
        let late = "changedate=\"20240102T000000Z\"", early = "changedate='20190101T000000Z'"
        #expect(
            found("a", in: try memory(unit(["en": "a", "fr": "1"], late) + unit(["en": "a", "fr": "2"], early)))
                == "1 exact")
        #expect(found("a", in: try memory(unit(["en": "a", "fr": "1"]) + unit(["en": "a", "fr": "2"]))) == "2 exact")
        #expect(
            found("a", in: try memory(unit(["en": "a", "fr": "1"], early) + unit(["en": "a", "fr": "2"]))) == "1 exact")
        let variants = """
            <tu changedate="20200101T000000Z"><tuv xml:lang="en"><seg>a</seg></tuv>
            <tuv xml:lang="fr" changedate="20250101T000000Z"><seg>new</seg></tuv></tu>
            <tu creationdate="20240101T000000Z"><tuv xml:lang="en"><seg>a</seg></tuv>
            <tuv xml:lang="fr"><seg>old</seg></tuv></tu>
            """
        #expect(found("a", in: try memory(variants)) == "new exact")
        let first = try MemoryFile(Array(file(unit(["en": "a", "fr": "1"])).utf8), name: "1.tmx")
        let second = try MemoryFile(Array(file(unit(["en": "a", "fr": "2"])).utf8), name: "2.tmx")
        #expect(found("a", in: try MemoryFile.memory([first, second], for: pair)) == "2 exact")
        #expect(found("a", in: try MemoryFile.memory([second, first], for: pair)) == "1 exact")
    }

    @Test func `codes are left out with what is in them, and the words of highlights stay`() throws {
        let memory = try memory(
            unit([
                "en":
                    "Press <bpt i=\"1\">&lt;b&gt;</bpt><hi type=\"x\">OK</hi><ept i=\"1\">&lt;/b&gt;</ept> &amp; <ph>{a}<sub>not</sub></ph>wait<it pos=\"begin\">x</it>",
                "fr": "<![CDATA[Appuyez <sur>]]> <ut>{\\b</ut>OK<!-- no --> &#233;t<x>é</x>",
            ]))
        #expect(found("Press OK & wait", in: memory) == "Appuyez <sur> OK été exact")
    }

    @Test func `versions 1.1 to 1.4, and UTF-16 with a mark, are read`() throws {
        let body = unit(["en": "Snow ☃", "fr": "Neige 😀"])
        for version in ["1.1", "1.2", "1.3", "1.4", "1.4b"] {
            let memory = try memory(Array(file(body, version: version).utf8), pair)
            #expect(found("Snow ☃", in: memory) == "Neige 😀 exact")
        }
        let marked = [0xEF, 0xBB, 0xBF] + Array(file(body).utf8)
        #expect(found("Snow ☃", in: try memory(marked, pair)) != nil)
        let text = file(body).replacing("UTF-8", with: "UTF-16")
        let big = [0xFE, 0xFF] + text.utf16.flatMap { unit -> [UInt8] in [UInt8(unit >> 8), UInt8(unit & 0xFF)] }
        let little = stride(from: 0, to: big.count, by: 2).flatMap { [big[$0 + 1], big[$0]] }
        #expect(found("Snow ☃", in: try memory(little, pair)) == "Neige 😀 exact")
        #expect(found("Snow ☃", in: try memory(big, pair)) == "Neige 😀 exact")
        #expect(
            message(Array(little.dropLast())) == "a.tmx: the file is cut within a character of UTF-16; get all of it")
        #expect(
            message(Array(file(body).replacing("UTF-8", with: "ISO-8859-1").utf8))
                == "a.tmx: the file says that it is in iso-8859-1; convert it to UTF-8, and change what it says")
        #expect(message([0x3C, 0xFF]) == "a.tmx: not UTF-8; convert the file, and change what it says")
    }

    @Test func `what is no memory, or hostile, is refused by the line`() {
        #expect(message(Array("".utf8)) == "a.tmx: expected the root element <tmx>, found no element")
        #expect(
            message(Array("<?xml version='1.0'?>\n<tbx/>".utf8))
                == "a.tmx: line 2: expected the root element <tmx>, found <tbx>")
        #expect(message("<tu><tuv><seg>a</seg></tuv></tu>").contains("line 4: expected a language in xml:lang"))
        #expect(message("<tu><seg>a</seg></tu>").contains("line 4: a <seg> stands in no <tuv>"))
        #expect(message("<tu></tuv>").contains("line 4: an end tag ends no element"))
        #expect(message("<a>").contains("an end tag ends no element"))
        #expect(message(Array("<tmx>".utf8)).contains("line 1: an element has no end tag"))
        #expect(message("<tu a=b/>").contains("needs a value in quotes"))
        #expect(message(unit(["en": "a&#1;", "fr": "b"])).contains("U+1, which XML does not allow"))
        let deep = String(repeating: "<x>", count: 2000)
        #expect(message(unit(["en": deep, "fr": "b"])).contains("elements are nested too deeply"))
        let bomb = """
            <!DOCTYPE tmx [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY f SYSTEM "file:///etc/passwd">]>
            <tmx><body>\(unit(["en": "x &b;", "fr": "&f;"]))</body></tmx>
            """
        #expect(message(Array(bomb.utf8)).contains("line 2: the entity &b; is none of XML's own"))
    }

    @Test func `what has no text, or no language that is known, is left out`() throws {
        let memory = try memory(
            unit(["en": " ", "fr": "b"]) + unit(["en": "a", "fr": "<ph/>"]) + unit(["x-none": "c", "fr": "d"])
                + unit(["en": "e", "fr": "f"]) + "<tu><tuv xml:lang='en'><seg/></tuv></tu>")
        #expect(memory.count == 1)
        #expect(try self.memory("").isEmpty)
    }

    /// As translate-toolkit 3.20.4 writes it (`tmx.tmxfile`, `setsourcelanguage`, `addtranslation`).
    private static let toolkit = """
        <?xml version="1.0" encoding="UTF-8"?>
        <!DOCTYPE tmx SYSTEM "tmx14.dtd">
        <tmx version="1.4">
          <header creationtool="Translate Toolkit" creationtoolversion="3.20.4" segtype="sentence" o-tmf="UTF-8" adminlang="en" srclang="en" datatype="PlainText"/>
          <body>
            <tu srclang="en">
              <tuv xml:lang="en">
                <seg>Good morning.</seg>
              </tuv>
              <tuv xml:lang="fr">
                <seg>Bonjour à vous.</seg>
              </tuv>
            </tu>
            <tu srclang="en">
              <note>menu</note>
              <tuv xml:lang="en">
                <seg>Save &amp; &lt;quit&gt;</seg>
              </tuv>
              <tuv xml:lang="fr">
                <seg>Enregistrer &amp; &lt;quitter&gt;</seg>
              </tuv>
            </tu>
            <tu srclang="en">
              <tuv xml:lang="en">
                <seg>Line one
        line two</seg>
              </tuv>
              <tuv xml:lang="fr">
                <seg>Ligne une
        ligne deux</seg>
              </tuv>
            </tu>
          </body>
        </tmx>
        """

    @Test func `a file of another program is read`() throws {
        let memory = try memory(Array(Self.toolkit.utf8), pair)
        #expect(memory.count == 3)
        #expect(found("Good morning.", in: memory) == "Bonjour à vous. exact")
        #expect(found("save & <quit>", in: memory) == "Enregistrer & <quitter> folded")
        #expect(found("Line one line two", in: memory) == "Ligne une ligne deux exact")
    }

    @Test(.timeLimit(.minutes(30))) func `two hundred thousand units are read, and each is found`() throws {
        var body = ""
        for number in 0..<200_000 {
            body += unit(["en": "The part number \(number) is in the store.", "fr": "La pièce \(number) est là."])
        }
        let memory = try memory(body)
        #expect(memory.count == 200_000)
        #expect(found("the part number 199999 is in the store.", in: memory) == "La pièce 199999 est là. folded")
    }
}
