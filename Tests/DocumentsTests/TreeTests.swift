import Documents
import Testing
import Translations

@Suite struct TreeTests {
    @Test func `HTML's blocks are texts as they stand, and the rest stays`() throws {
        let text = """
            <!DOCTYPE html>
            <html lang="en"><head><meta charset="utf-8"><title>A page</title><style>p > a { x: y }</style></head>
            <body><h1>Head &amp; tail</h1>
            <p>Some <b>bold</b> text,<br>and <a href="x?a=b&c">a link</a>.</p>
            <pre>no text</pre><p translate="no">Nor this</p><p>12</p>
            </body></html>

            """
        let document = try DocumentFile(text, .html)
        #expect(document.markup == .html)
        #expect(
            document.units == [
                "A page", "Head &amp; tail", "Some <b>bold</b> text,", "and <a href=\"x?a=b&c\">a link</a>.",
            ])
        let expected = text.replacing("A page", with: "A PAGE").replacing("Head &amp; tail", with: "HEAD &amp; TAIL")
            .replacing("Some <b>bold</b> text,", with: "SOME <b>BOLD</b> TEXT,").replacing("and <a", with: "AND <a")
            .replacing(">a link<", with: ">A LINK<")
        expectSame(try document.shouted(), expected)
        #expect(throws: DocumentError.self) { try DocumentFile("<meta charset=iso-8859-1><p>a</p>", .html) }
    }

    @Test func `XML's elements of words are texts`() throws {
        let text =
            "<?xml version='1.0' encoding='UTF-8'?>\n<a x='no'>\n  <b>One <i>two</i></b><c>3</c><!-- no -->\n</a>\n"
        let document = try DocumentFile(text, .xml)
        #expect(document.units == ["One <i>two</i>"])
        #expect(document.markup == .xml)
        expectSame(try document.shouted(), text.replacing("One <i>two", with: "ONE <i>TWO"))
        let error = #expect(throws: DocumentError.self) { try DocumentFile("<a>\n<b></a>", .xml) }
        #expect(error?.place == .line(2))
        #expect(throws: DocumentError.self) {
            try DocumentFile("<?xml version='1.0' encoding='latin1'?><a>b</a>", .xml)
        }
    }

    @Test func `an entity that grows stays as it is written`() throws {
        let text = """
            <?xml version="1.0"?>
            <!DOCTYPE a [<!ENTITY x "lol"><!ENTITY y "&x;&x;&x;&x;"><!ENTITY z "&y;&y;&y;&y;">]>
            <a>Words and &z; more</a>
            """
        #expect(try DocumentFile(text, .xml).units == ["Words and &z; more"])
    }

    @Test func `XLIFF's sources without a target get one`() throws {
        let text = """
            <?xml version="1.0"?>
            <xliff version="1.2"><file original="a" source-language="en"><body>
              <trans-unit id="1">
                <source>Plain &amp; simple</source>
              </trans-unit>
              <trans-unit id="2">
                <source>A <g id="1">bold</g> <ph id="2">%s</ph> word</source>
                <target state="new"/>
              </trans-unit>
              <trans-unit id="3"><source>Done</source><target>Fait</target></trans-unit>
              <trans-unit id="4" translate="no"><source>Never</source></trans-unit>
              <trans-unit id="5"><source> Edges </source><target></target><alt-trans><source>Other</source></alt-trans></trans-unit>
            </body></file></xliff>

            """
        let document = try DocumentFile(text, .xliff)
        #expect(document.units == ["Plain &amp; simple", "A <g id=\"1\">bold</g> <x id=\"3\"/> word", "Edges"])
        let expected = text.replacing(
            "</source>\n  </trans-unit>\n  <trans-unit id=\"2\"",
            with: "</source>\n    <target>PLAIN &amp; SIMPLE</target>\n  </trans-unit>\n  <trans-unit id=\"2\""
        )
        .replacing(
            "<target state=\"new\"/>",
            with: "<target state=\"new\">A <g id=\"1\">BOLD</g> <ph id=\"2\">%s</ph> WORD</target>"
        )
        .replacing("<target></target>", with: "<target> EDGES </target>")
        expectSame(try document.shouted(), expected)
        let second = """
            <xliff xmlns="urn:oasis:names:tc:xliff:document:2.0" version="2.0"><file id="f"><unit id="u"><segment>
            <source>Press <pc id="1">here</pc><sc id="2"/> now<ec startRef="2"/> or</source>
            </segment></unit></file></xliff>
            """
        #expect(try DocumentFile(second, .xliff).units == ["Press <g id=\"1\">here</g><g id=\"3\"> now</g> or"])
        #expect(throws: DocumentError.self) { try DocumentFile("<tmx></tmx>", .xliff) }
        #expect(throws: DocumentError.self) { try DocumentFile("<xliff><file></xliff>", .xliff) }
    }

    @Test func `xmllint accepts what is written`() throws {
        guard let xmllint = Tool.path("xmllint") else {
            print("skipped: xmllint (libxml2-utils) is not here")
            return
        }
        var documents = RandomDocuments(seed: 3)
        for format in [DocumentFormat.xml, .xliff] {
            for _ in 0..<5 {
                let written = try DocumentFile(documents.document(format), format).shouted()
                #expect(try Tool.run(xmllint, ["--noout", "-"], input: written) == 0)
            }
        }
    }
}
