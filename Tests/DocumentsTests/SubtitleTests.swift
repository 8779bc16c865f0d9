import Documents
import TestKit
import Testing
import Translations

@Suite struct SubtitleTests {
    private let film = """
        \u{FEFF}1
        00:00:01,000 --> 00:00:02,500
        Where is the
        train station?

        2
        00:00:03,000 --> 00:00:04,000 X1:0
        <i>Over there.</i>

        3
        00:00:05,000 --> 00:00:06,000
        {\\an8}- Who are you?
        - I am <b>nobody</b> at all.

        4
        00:00:07,000 --> 00:00:08,000
        ♪ ♪

        """

    @Test func `the texts of cues are joined, and tags that surround them are left out`() throws {
        let document = try DocumentFile(film, .srt)
        #expect(
            document.units == [
                "Where is the train station?", "Over there.", "Who are you?", "I am <g id=\"1\">nobody</g> at all.",
            ])
        #expect(document.markup == .xml)
        #expect(try document.unchanged() == Array(film.utf8))
    }

    @Test func `numbers, times and tags stay, and lines are wrapped again`() throws {
        let document = try DocumentFile(film, .srt)
        let written = try document.written(with: [
            "Où se trouve donc la gare, s’il vous plaît ?", "Là-bas.", "Qui êtes-vous ?",
            "Je ne suis <g id=\"1\">personne</g>.",
        ])
        let expected = film.replacing(
            "Where is the\ntrain station?", with: "Où se trouve donc la\ngare, s’il vous plaît ?"
        )
        .replacing("Over there.", with: "Là-bas.").replacing("Who are you?", with: "Qui êtes-vous ?")
        .replacing("I am <b>nobody</b> at all.", with: "Je ne suis <b>personne</b>.")
        #expect(String(decoding: written, as: UTF8.self) == expected)
    }

    @Test func `a cue without a blank line before the next number ends there, and CR LF stays`() throws {
        let text = "1\r\n00:01,000 --> 00:02,000\r\nOne\r\ntwo\r\n2\r\n00:03,000 --> 00:04,000\r\nThree\r\n"
        let document = try DocumentFile(text, .srt)
        #expect(document.units == ["One two", "Three"])
        #expect(
            try shouted(text, .srt)
                == text.replacing("One\r\ntwo", with: "ONE\r\nTWO").replacing("Three", with: "THREE"))
    }

    @Test func `times that cannot be read are an error that names the line`() {
        let error = #expect(throws: DocumentError.self) {
            try DocumentFile("1\n00:00:01,000 --> 00:00:02,000\nA\n\n2\n0:x --> 1:y\nB\n", .srt)
        }
        #expect(error?.place == .line(6))
        #expect(throws: DocumentError.self) { try DocumentFile("No subtitles at all.\n", .srt) }
        #expect(throws: Never.self) { try DocumentFile("", .srt) }
    }

    @Test func `tags that a translation has lost are an error`() throws {
        let document = try DocumentFile("1\n00:01,000 --> 00:02,000\nI <b>am</b> here\n", .srt)
        #expect(throws: DocumentError.self) { try document.written(with: ["Je suis là"]) }
        #expect(throws: DocumentError.self) { try document.written(with: ["Je <g id=\"1\">suis là"]) }
        #expect(throws: DocumentError.self) { try document.written(with: []) }
        #expect(try document.written(with: [nil]) == document.unchanged())
    }

    @Test func `WebVTT keeps header, notes, styles, settings, voices and escapes`() throws {
        let text = """
            WEBVTT - A title

            STYLE
            ::cue { color: lime }

            NOTE this is not said
            and neither is this

            intro
            00:01.000 --> 00:02.000 align:start position:10%
            <v Mary>Fish &amp; <c.loud>chips</c> are
            <00:01.500>good.

            00:03.000 --> 00:04.000
            - Yes.
            - No.

            """
        let document = try DocumentFile(text, .vtt)
        #expect(document.units == ["Fish &amp; <g id=\"2\">chips</g> are <x id=\"4\"/>good.", "Yes.", "No."])
        #expect(try document.unchanged() == Array(text.utf8))
        let expected = text.replacing("Fish &amp; <c.loud>chips</c> are", with: "FISH &amp; <c.loud>CHIPS</c> ARE")
            .replacing("good.", with: "GOOD.").replacing("- Yes.", with: "- YES.").replacing("- No.", with: "- NO.")
        expectSame(try shouted(text, .vtt).utf8, expected)
        #expect(throws: DocumentError.self) { try DocumentFile("1\n00:01,000 --> 00:02,000\nA\n", .vtt) }
    }

    @Test func `lines of scripts without spaces are joined without one`() throws {
        #expect(try DocumentFile("00:01.000 --> 00:02.000\nこれは\nペンです\n", .srt).units == ["これはペンです"])
    }
}
