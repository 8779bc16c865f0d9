import DragomanClient
import DragomanCommand
import Testing

@Suite struct JSONFaultTests {
    @Test(arguments: [
        (#"{"text": "a""#, 12, #""," or "}" is expected"#),
        (#"{"text" "a"}"#, 8, #"":" is expected after a key"#),
        (#"{"text": nonsense}"#, 9, "a value is expected"),
        ("nonsense", 0, "a value is expected"),
        ("{}x", 2, "there is more after the value's end"),
        (#"{"text": "a"} {"text": "b"}"#, 14, "there is more after the value's end"),
        (#"{"text": "a" "b": 1}"#, 13, #""," or "}" is expected"#),
        (#"{"text": "abc"#, 13, "the string that begins at byte 9 has no end"),
        (#"{"text": "\q"}"#, 10, "a backslash is followed by what it cannot be"),
        (#"{"text": "\u12"}"#, 10, "\\u is followed by four hexadecimal digits"),
        (#"{"text": "\ud800"}"#, 10, "half of a surrogate pair stands by itself"),
        ("{\"text\": \"a\tb\"}", 11, "a control character must be written as"),
        (#"{text: "a"}"#, 1, "a key in quotes is expected"),
        (#"{"é": }"#, 7, "a value is expected"),
    ])
    func `a broken line has its place and reason, as a request and as a job`(
        line: String, offset: Int, reason: String
    ) throws {
        let request = #expect(throws: RequestError.self) {
            try RequestParser(format: .jsonl).request(Line(number: 1, content: Array(line.utf8), ending: .newline))
        }
        #expect(request?.message.hasPrefix("not valid JSON at byte offset \(offset): \(reason)") == true, "\(request!)")
        #expect(request?.code == "invalid_json")
        let job = #expect(throws: RequestError.self) { _ = try JSONJob(line) }
        #expect(job?.message == request?.message)
    }

    @Test(arguments: ["", " ", "\t "]) func `a blank line is called one`(line: String) {
        let error = #expect(throws: RequestError.self) { _ = try JSONJob(line) }
        #expect(error?.message.hasPrefix("the line is blank") == true)
    }

    @Test(arguments: [#"{"text": "\ud83d\ude00 \n\u00e9"}"#, #"{"text":"a","priority":0}"#])
    func `what is JSON is read`(line: String) throws { _ = try JSONJob(line) }

    @Test func `a line of a named file is told by the file's name`() {
        let format = ResultFormat(style: .best, input: .lines)
        let named = Line(number: 3, file: "jobs.jsonl", content: [], ending: .newline)
        let unnamed = Line(number: 3, content: [], ending: .newline)
        let error = RequestError(.invalidJSON, "wrong")
        #expect(format.outcome(index: 0, line: named, error).messages == ["jobs.jsonl:3: wrong"])
        #expect(format.outcome(index: 0, line: unnamed, error).messages == ["line 3: wrong"])
    }
}
