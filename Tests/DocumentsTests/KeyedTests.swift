import Documents
import Testing

@Suite struct KeyedTests {
    @Test func `the values of JSON are translated, and nothing else`() throws {
        let text = #"{"title":"Good \"day\"","n":1.5e3,"deep":{"list":["one",true,null,"2"]},"mail":"a\u00e9\n"}"#
        #expect(try DocumentFile(text, .json).units == ["Good \"day\"", "one", "aé"])
        #expect(
            try shouted(text, .json)
                == #"{"title":"GOOD \"DAY\"","n":1.5e3,"deep":{"list":["ONE",true,null,"2"]},"mail":"A\u00c9\n"}"#)
        // A file that has letters beyond ASCII may get more of them.
        #expect(try shouted(#"["é","\u00e9 "]"#, .json) == #"["É","É "]"#)
    }

    @Test(
        "keys say what is translated",
        arguments: [
            (["title"], ["A", "B"]), (["menu.*"], ["B", "C"]), (["!menu"], ["A", "D"]), (["menu", "!t*e"], ["C"]),
            (["items.0"], ["D"]), (["none"], []), (["*"], ["A", "B", "C", "D"]),
        ])
    func keys(patterns: [String], units: [String]) throws {
        let json = #"{"title": "A", "menu": {"title": "B", "end": "C"}, "items": ["D"]}"#
        #expect(try DocumentFile(json, .json, keys: patterns).units == units)
        let yaml = "title: A\nmenu:\n  title: B\n  end: C\nitems:\n  - D\n"
        #expect(try DocumentFile(yaml, .yaml, keys: patterns).units == units)
    }

    @Test(
        "what is not JSON is refused, with the line",
        arguments: [
            ("{\"a\":1\n,}", 2), ("[1 2]", 1), ("{\"a\" 1}", 1), ("\"a", 1), ("[\"\\x\"]", 1), ("nul", 1),
            ("[1]\n\n]", 3),
            ("[\"a\tb\"]", 1), ("[\"\\ud800\"]", 1), ("", 1), ("-", 1),
        ])
    func faults(text: String, line: Int) {
        let error = #expect(throws: DocumentError.self) { try DocumentFile(text, .json) }
        #expect(error?.place == .line(line))
        #expect(error?.message.isEmpty == false)
    }

    @Test func `JSON that is nested too deeply is refused`() {
        let text = String(repeating: "[", count: 100_000)
        let error = #expect(throws: DocumentError.self) { try DocumentFile(text, .json) }
        #expect(error?.code == .tooLarge)
    }

    @Test func `properties keep keys, comments, signs and the way that letters are written`() throws {
        let text = """
            # A comment = no text
            ! another
            greeting = Hello, \\
                world
            menu.file: File \\u00e9
            empty=
            key\\ with\\ blank   value here
            number=12

            """
        let document = try DocumentFile(text, .properties)
        #expect(document.units == ["Hello, world", "File é", "value here"])
        #expect(try document.unchanged() == Array(text.utf8))
        let expected = text.replacing("Hello, \\\n    world", with: "HELLO, WORLD")
            .replacing("File \\u00e9", with: "FILE \\u00c9").replacing("value here", with: "VALUE HERE")
        expectSame(try shouted(text, .properties).utf8, expected)
        #expect(try DocumentFile(text, .properties, keys: ["menu"]).units == ["File é"])
    }

    @Test func `properties in ISO 8859-1 stay so`() throws {
        let bytes = Array("a=caf".utf8) + [0xE9] + Array("\nb=th".utf8) + [0xE9, 0x0A]
        let document = try DocumentFile(bytes, format: .properties)
        #expect(document.units == ["café", "thé"])
        #expect(try document.unchanged() == bytes)
        #expect(try document.written(with: ["œuf", nil]) == Array("a=\\u0153uf\nb=th".utf8) + [0xE9, 0x0A])
    }

    @Test func `string tables keep keys and comments`() throws {
        let text = """
            /* "no" = "text"; */
            "key.one" = "Say \\"hello\\"\\n";
            // "no" = "text";
            bare = "Two words" ;
            same;

            """
        let document = try DocumentFile(text, .strings)
        #expect(document.units == ["Say \"hello\"", "Two words"])
        #expect(
            try shouted(text, .strings)
                == text.replacing("Say \\\"hello\\\"", with: "SAY \\\"HELLO\\\"").replacing(
                    "Two words", with: "TWO WORDS"))
        for (text, line) in [("\"a\" = \"b\"", 1), ("\"a\" = ;", 1), ("/* x", 1), ("\"a\" = \"b\";\n}", 2), ("\"a", 1)]
        {
            let error = #expect(throws: DocumentError.self) { try DocumentFile(text, .strings) }
            #expect(error?.place == .line(line), "\(text)")
        }
    }
}
