import Documents
import Foundation
import TestKit
import Testing

@Suite struct GettextTests {
    static let catalogue = #"""
        # French translations.
        #, fuzzy
        msgid ""
        msgstr ""
        "Content-Type: text/plain; charset=UTF-8\n"
        "Plural-Forms: nplurals=2; plural=(n > 1);\n"

        #. A greeting.
        #: main.c:12
        #, c-format
        msgctxt "door"
        msgid "Hello, %s!\n"
        msgstr ""

        msgid "already"
        msgstr "déjà"

        #, fuzzy
        msgid "maybe"
        msgstr "peut-être"

        msgid "one \"file\""
        msgid_plural "%d files\tthere"
        msgstr[0] ""
        msgstr[1] ""

        msgid ""
        "A long text that goes over more than one line, because it is "
        "long.\n"
        "And a second line."
        msgstr ""

        msgid "..."
        msgstr ""

        #~ msgid "old"
        #~ msgstr ""

        """#

    @Test func `what has no translation gets one, and the rest stays`() throws {
        let document = try DocumentFile(Self.catalogue, .po)
        #expect(
            document.units == [
                "Hello, %s!", "one \"file\"", "%d files\tthere",
                "A long text that goes over more than one line, because it is long.\nAnd a second line.",
            ])
        #expect(document.markup == nil)
        #expect(try document.written(with: [nil, nil, nil, nil]) == Array(Self.catalogue.utf8))
        let written = String(
            decoding: try document.written(with: [
                "Bonjour, %s !", "un « fichier »", "%d \"fichiers\"",
                "Un long texte qui va sur plus d’une ligne, parce qu’il est long et même très long.\nEt une autre.",
            ]), as: UTF8.self)
        let expected = Self.catalogue
            .replacing("Hello, %s!\\n\"\nmsgstr \"\"", with: "Hello, %s!\\n\"\nmsgstr \"Bonjour, %s !\\n\"")
            .replacing(
                "msgstr[0] \"\"\nmsgstr[1] \"\"",
                with: "msgstr[0] \"un « fichier »\"\nmsgstr[1] \"%d \\\"fichiers\\\"\""
            )
            .replacing(
                "And a second line.\"\nmsgstr \"\"",
                with: """
                    And a second line."
                    msgstr ""
                    "Un long texte qui va sur plus d’une ligne, parce qu’il est long et même très "
                    "long.\\n"
                    "Et une autre."
                    """)
        #expect(written == expected)
    }

    @Test func `what is no catalogue is refused, with the line`() {
        for (text, line) in [
            ("msgid \"a\nmsgstr \"\"\n", 1), ("msgid \"a\"\nmsgid \"b\"\nmsgstr \"\"\n", 2), ("hello\n", 1),
            ("msgid \"a\\q\"\nmsgstr \"\"\n", 1), ("msgstr \"\"\n", 1), ("\"a\"\n", 1),
            ("msgid \"\"\nmsgstr \"charset=ISO-8859-1\\n\"\n", 2), ("msgid \"a\"\n", 2),
        ] {
            let error = #expect(throws: DocumentError.self) { try DocumentFile(text, .po) }
            #expect(error?.place == .line(line), "\(text)")
        }
    }

    @Test func `plural forms in any order are each written in their place`() throws {
        let text = "msgid \"a\"\nmsgid_plural \"b\"\nmsgstr[2] \"\"\nmsgstr[0] \"\"\nmsgstr[1] \"x\"\n"
        #expect(
            try shouted(text, .po)
                == "msgid \"a\"\nmsgid_plural \"b\"\nmsgstr[2] \"B\"\nmsgstr[0] \"A\"\nmsgstr[1] \"x\"\n")
    }

    @Test func `gettext's own tools accept what is written`() throws {
        guard let msgfmt = Tool.path("msgfmt") else {
            print("skipped: msgfmt (gettext) is not here")
            return
        }
        let text = Self.catalogue.replacing("#, fuzzy\nmsgid \"\"", with: "msgid \"\"")
        let document = try DocumentFile(text, .po)
        let status = try Tool.run(
            msgfmt, ["-c", "-o", "/dev/null", "-"], input: try document.written(with: document.units))
        #expect(status == 0)
    }
}
