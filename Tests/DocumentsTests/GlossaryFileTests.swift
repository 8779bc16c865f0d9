import Documents
import Languages
import Testing
import Translations

@Suite struct GlossaryFileTests {
    private let pair = LanguagePair(source: "en", target: "fr")

    private func entries(_ text: String, _ name: String, _ pair: LanguagePair?) throws -> [String] {
        try GlossaryFile(Array(text.utf8), name: name).glossary(for: pair).entries.map { "\($0.source)=\($0.target)" }
    }

    private func message(_ bytes: [UInt8], _ name: String, _ pair: LanguagePair? = nil) -> String {
        do {
            _ = try GlossaryFile(bytes, name: name).glossary(for: pair)
            return "no error"
        } catch {
            return error.message
        }
    }

    private func message(_ text: String, _ name: String, _ pair: LanguagePair? = nil) -> String {
        message(Array(text.utf8), name, pair)
    }

    @Test func `lines have a source, a tab and a target, which may be empty`() throws {
        let text = "\u{FEFF}ice cream\tcrème glacée\r\n\r\nAcme\t\n  \nAcme\tAcme\n"
        #expect(try entries(text, "terms.tsv", nil) == ["ice cream=crème glacée", "Acme=Acme"])
        #expect(try entries(text, "terms.txt", nil) == ["ice cream=crème glacée", "Acme=Acme"])
        #expect(try entries("", "terms.tsv", nil) == [])
    }

    @Test func `comma-separated values may have quotes, commas and line ends in them`() throws {
        let text = "\"red, white\",\"rouge, \"\"blanc\"\"\"\r\ncat,chat\n\n\"\",\"\"\nAcme,"
        #expect(message(text, "terms.csv") == "terms.csv: line 4: the source is empty; give what is to be translated")
        #expect(
            try entries(text.replacing("\"\",\"\"\n", with: ""), "terms.csv", nil)
                == ["red, white=rouge, \"blanc\"", "cat=chat", "Acme=Acme"])
        #expect(
            message("a,\"b\nc\"", "terms.csv")
                == "terms.csv: line 1: the target has the control character U+000A; take it out")
    }

    @Test func `a first line that names languages says which columns are meant`() throws {
        let text = "de,fr,en\nHaus,maison,house\nHund,,dog\nKatze,chat,cat\n"
        #expect(try entries(text, "terms.csv", pair) == ["house=maison", "cat=chat"])
        #expect(try entries("EN-us,fr_FR\ncat,chat\n", "terms.csv", nil) == ["cat=chat"])
        #expect(try entries("source,target\ncat,chat\n", "terms.csv", nil) == ["cat=chat"])
        #expect(try entries("car,bus\n", "terms.csv", pair) == ["car=bus"])
        #expect(
            message(text, "terms.csv")
                == "terms.csv: line 1: the columns are de, fr, en; say between which languages, with source and target language"
        )
        #expect(
            message("de,it\na,b\n", "terms.csv", pair)
                == "terms.csv: line 1: the columns are de, it; expected terms from en to fr")
    }

    @Test func `each line may name its languages, and those of others are left out`() throws {
        let text = "cat,chat,EN,FR\nHund,chien,DE,FR\ndog,chien,en-GB,fr\n"
        #expect(try entries(text, "terms.csv", pair) == ["cat=chat", "dog=chien"])
        #expect(try entries(text, "terms.csv", nil) == ["cat=chat", "Hund=chien", "dog=chien"])
    }

    private let old = """
        <?xml version="1.0" encoding="UTF-8"?>
        <martif type="TBX" xml:lang="en"><text><body>
        <termEntry id="1"><langSet xml:lang="en-US"><tig><term>ice  cream</term></tig>
        <tig><term>gelato</term></tig></langSet>
        <langSet xml:lang="fr"><tig><term>glace</term>
        <termNote type="administrativeStatus">deprecatedTerm-admn-sts</termNote></tig>
        <tig><term>cr&#232;me <hi>glacée</hi></term></tig></langSet></termEntry>
        <termEntry id="2"><langSet xml:lang="en"><ntig><termGrp><term>R&amp;D</term></termGrp></ntig></langSet>
        <langSet xml:lang="de"><tig><term>F&amp;E</term></tig></langSet></termEntry>
        </body></text></martif>
        """

    private let new = """
        <tbx style="dct" type="TBX-Basic" xml:lang="en" xmlns="urn:iso:std:iso:30042:ed-2" xmlns:min="urn:min">
        <text><body><conceptEntry id="c1">
        <langSec xml:lang="en"><termSec><term>cat</term></termSec></langSec>
        <langSec xml:lang="fr"><termSec><term>chat</term><min:administrativeStatus>admittedTerm-admn-sts</min:administrativeStatus></termSec>
        <termSec><term><![CDATA[matou]]></term><min:administrativeStatus>preferredTerm-admn-sts</min:administrativeStatus></termSec></langSec>
        </conceptEntry></body></text></tbx>
        """

    @Test func `TBX of both editions and styles has the best term of the pair`() throws {
        #expect(
            try entries(old, "terms.tbx", pair) == ["ice cream=crème glacée", "gelato=crème glacée"])
        #expect(try entries(old, "terms", LanguagePair(source: "en", target: "de")) == ["R&D=F&E"])
        #expect(try entries(new, "terms.tbx", pair) == ["cat=matou"])
        #expect(try entries(new, "terms.tbx", LanguagePair(source: "fr", target: "en")) == ["chat=cat", "matou=cat"])
    }

    @Test func `TBX without the pair's languages is refused by their names`() {
        #expect(
            message(new, "terms.tbx")
                == "terms.tbx: the file has terms of en, fr; say between which languages, with source and target language"
        )
        #expect(
            message(new, "terms.tbx", LanguagePair(source: "en", target: "de"))
                == "terms.tbx: the file has no terms from en to de; it has terms of en, fr")
        #expect(message("<html/>", "a.tbx").hasPrefix("a.tbx: expected the root element <tbx> or <martif>"))
        #expect(message("<tbx>\n<a></tbx>", "a.tbx").hasPrefix("a.tbx: line 2: "))
        #expect(
            message(new.replacing("\"fr\"", with: "\"?\""), "a.tbx", pair)
                == "a.tbx: line 4: expected a language in xml:lang, found \"?\"")
    }

    @Test(arguments: [
        ("cat\tchat\ncat\tmatou\n", "line 2: \"cat\" has two targets, \"chat\" and \"matou\"; keep one of them"),
        ("cat\tchat\n\tmatou\n", "line 2: the source is empty; give what is to be translated"),
        ("cat chat\n", "line 1: expected a source, a tab and a target, found no tab"),
        ("a\tb\tc\n", "line 1: expected a source, a tab and a target, found 2 tabs"),
        ("cat\tch\u{7}at\n", "line 1: the target has the control character U+0007; take it out"),
        ("cat\tchat\u{2028}\n", "line 1: the target has the control character U+2028; take it out"),
        ("cat \tchat\n", "line 1: the source begins or ends with white space; take it away"),
        (
            "a\tb\n" + String(repeating: "é", count: 513) + "\tb\n",
            "line 2: the source has 1026 bytes; it may have 1024"
        ),
    ])
    func `an entry that cannot be is named by its line`(text: String, expected: String) {
        #expect(message(text, "terms.tsv") == "terms.tsv: \(expected)")
    }

    @Test func `files that are no tables are refused`() {
        #expect(message([0x61, 0x0A, 0xFF], "a.tsv") == "a.tsv: line 2: not UTF-8; convert the file")
        #expect(message("a,\"b", "a.csv") == "a.csv: line 1: a field in quotes has no closing quote")
        #expect(message("a,b\"c", "a.csv").hasPrefix("a.csv: line 1: a quote stands within a field"))
        #expect(message("\"a\"b,c", "a.csv") == "a.csv: line 1: text follows a closing quote; expected a comma")
        #expect(message("a,b\nc", "a.csv").hasPrefix("a.csv: line 2: expected a source and a target"))
        let large = [UInt8](repeating: 0x61, count: GlossaryFile.byteCountMax + 1)
        #expect(message(large, "a.tsv") == "a.tsv: has more than 10 MiB; make several files of it")
    }
}
