import DragomanCommand
import DragomanEngine
import Foundation
import Testing

@Suite struct JSONTextTests {
    private func text(_ write: (inout JSONText) -> Void) -> String {
        var json = JSONText()
        write(&json)
        return String(decoding: json.bytes, as: UTF8.self)
    }

    @Test func `strings are escaped where JSON asks for it`() throws {
        let awkward = "\"\\/\u{0}\u{1F}\u{7F}\n\r\t\r\n\u{8}é\u{301}\u{2028}\u{1F600}"
        let json = text { $0.array([awkward]) { $0.string($1) } }
        #expect(json.hasPrefix(#"["\"\\/\u0000\u001f"#))
        #expect(!json.utf8.contains { $0 < 0x20 })
        #expect(try JSONDecoder().decode([String].self, from: Data(json.utf8)) == [awkward])
    }

    @Test func `floats come back as they were, and are always numbers`() throws {
        let floats: [Float] = [0, -0.1, 1e-12, .leastNonzeroMagnitude, .greatestFiniteMagnitude, 16_777_216, 1 / 3]
        let json = text { $0.array(floats) { $0.number($1) } }
        #expect(json.hasPrefix("[0.0,-0.1,1e-12,"))
        #expect(try JSONDecoder().decode([Float].self, from: Data(json.utf8)) == floats)
        #expect(text { $0.array([Float.nan, .infinity]) { $0.number($1) } } == "[null,null]")
    }

    @Test func `results have their keys in the documented order`() {
        let hypothesis = Translation.Hypothesis(
            text: "Où ?", score: -0.25, tokens: ["▁Où", "?"], tokenScores: [-0.5, -0.25, 0],
            alignment: [[0.75, 0.25], [0, 1]], isTruncated: true)
        let segments = [
            Translation.Segment(source: "Where", sourceTokens: [], text: "Où", split: .word),
            Translation.Segment(source: "?", sourceTokens: [], text: "?", split: nil),
        ]
        let json = text {
            $0.result(index: 7, source: "Where?", Translation(hypotheses: [hypothesis], segments: segments))
        }
        #expect(
            json == #"{"index":7,"source":"Where?","hypotheses":[{"text":"Où ?","score":-0.25,"tokens":["▁Où","?"],"#
                + #""token_scores":[-0.5,-0.25,0.0],"alignment":[[0.75,0.25],[0.0,1.0]]}],"truncated":true,"#
                + #""segments":[{"source":"Where","text":"Où","split":"word"},{"source":"?","text":"?"}]}"#)
    }

    @Test func `segments have their tokens when alignments are asked for`() {
        let segment = Translation.Segment(source: "a b", sourceTokens: ["▁a", "▁b"], text: "A", split: nil)
        let json = text {
            $0.result(index: 0, source: "a b", Translation(hypotheses: [], segments: [segment]), withSourceTokens: true)
        }
        #expect(
            json == #"{"index":0,"source":"a b","hypotheses":[],"#
                + #""segments":[{"source":"a b","source_tokens":["▁a","▁b"],"text":"A"}]}"#)
    }

    @Test func `what was not asked for is left out`() {
        let hypothesis = Translation.Hypothesis(
            text: "A", score: nil, tokens: ["A"], tokenScores: [], alignment: nil, isTruncated: false)
        let json = text { $0.result(index: 0, source: "a", Translation(hypotheses: [hypothesis], segments: [])) }
        #expect(json == #"{"index":0,"source":"a","hypotheses":[{"text":"A","tokens":["A"]}]}"#)
    }

    @Test func `what says nothing new is left out`() {
        let hypothesis = Translation.Hypothesis(
            text: "a", score: 0, tokens: [], tokenScores: [], alignment: nil, isTruncated: false)
        let segment = Translation.Segment(source: "a", sourceTokens: [], text: "a", split: nil)
        let json = text {
            $0.result(index: 0, source: "a", Translation(hypotheses: [hypothesis], segments: [segment]))
        }
        #expect(
            json == #"{"index":0,"source":"a","hypotheses":[{"text":"a","score":0.0,"tokens":[],"token_scores":[]}]}"#)
    }
}
