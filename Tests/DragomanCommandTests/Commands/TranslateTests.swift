import DragomanCommand
import DragomanEngine
import Testing

@Suite struct TranslateTests {
    @Test func `a line's end comes back as it was, and the last line gets one`() async throws {
        let run = try await CommandRun(input: "a\r\nb\n\r\n\nc")
        #expect(run.output == "A\r\nB\n\r\n\nC\n")
        #expect(run.status == .success)
        #expect(run.messages == "")
    }

    @Test func `no input gives no output`() async throws {
        for format in ["text", "lines", "tokens", "jsonl"] {
            let run = try await CommandRun(["--input-format", format], input: "")
            #expect(run.output == "")
            #expect(run.status == .success)
        }
    }

    @Test func `text is one request, and keeps its lines`() async throws {
        let run = try await CommandRun(["--input-format", "text"], input: "a\n\nb\n")
        #expect(run.output == "A\n\nB\n")
        let list = try await CommandRun(["--input-format", "text", "--n-best", "2"], input: "a\nb")
        #expect(list.output == "0 ||| A B ||| -0.5\n0 ||| A B 1 ||| -1.5\n")
    }

    @Test func `a line's output is one line, whatever the model writes`() async throws {
        let run = try await CommandRun(input: "a\nb\n") { request in
            var translation = Translation.capitals(request)
            translation.hypotheses[0].text += "\r\n!"
            return translation
        }
        #expect(run.output == "A\r !\nB\r !\n")
    }

    @Test(arguments: [
        (["--input-format", "text"], "a\nb\n"), (["--input-format", "jsonl"], "{\"text\": \"a\"}\n"),
    ])
    func `how a text is cut reaches the engine`(format: [String], input: String) async throws {
        let flags = [
            "--split", "newlines", "--max-segment-length", "9", "--paragraphs", "--wrap", "5", "--translate-numbers",
        ]
        let run = try await CommandRun(format + flags, input: input) { request in
            let options = request.options
            #expect(options.split == .newlines && options.maximumSegmentLength == 9 && options.translateNumbers == true)
            #expect(options.paragraphs == true && options.wrap == 5)
            return .capitals(request)
        }
        #expect(run.status == .success && !run.output.isEmpty)
        let json = """
            {"text": "a", "split": "none", "max_segment_length": 9, "paragraphs": true, "wrap": 5, "translate_numbers": true}
            {"text": "a", "split": "nowhere"}
            """
        let requests = try await CommandRun(["--input-format", "jsonl"], input: json) { request in
            let options = request.options
            #expect(options.split == .nowhere && options.maximumSegmentLength == 9 && options.translateNumbers == true)
            #expect(options.paragraphs == true && options.wrap == 5)
            return .capitals(request)
        }
        #expect(requests.output.contains(#""split\" must be"#) && requests.status == .requestsFailed)
    }

    @Test func `tokens go in and come out`() async throws {
        let run = try await CommandRun(["--input-format", "tokens"], input: "▁a  b\n\n") { request in
            #expect(request.source == .tokens(["▁a", "b"]) || request.source == .tokens([]))
            return .capitals(request)
        }
        #expect(run.output == "▁A B\n\n")
    }

    @Test func `hypotheses are listed as Moses and Marian do`() async throws {
        let run = try await CommandRun(["--n-best", "2", "--beam-size", "2"], input: "a\nb\n")
        #expect(run.output == "0 ||| A ||| -0.5\n0 ||| A 1 ||| -1.5\n1 ||| B ||| -0.5\n1 ||| B 1 ||| -1.5\n")
    }

    @Test(arguments: [
        ([], false), (["--return-scores"], true), (["--json"], true), (["--json", "--no-return-scores"], false),
        (["--n-best", "2", "--beam-size", "2"], true), (["--input-format", "tokens"], false),
    ])
    func `scores are asked for where the output shows them, or the user says so`(
        arguments: [String], areReturned: Bool
    ) async throws {
        let run = try await CommandRun(arguments, input: "a\n") { request in
            #expect(request.options.returnScores ?? true == areReturned)
            return .capitals(request)
        }
        #expect(run.status == .success)
    }

    @Test func `a failing line leaves an empty one, and a message`() async throws {
        let run = try await CommandRun(input: [0x61, 0x0A, 0x62, 0xFF, 0x0D, 0x0A, 0x63, 0x0A, 0x64]) { request in
            if request.source == .text("c") { throw TranslationError(.nothingAllowed, "every token is forbidden") }
            return .capitals(request)
        }
        #expect(run.output == "A\n\r\n\nD\n")
        #expect(
            run.messages == """
                dragoman: line 2: invalid UTF-8 at byte offset 1 (0xFF)
                dragoman: line 3: every token is forbidden

                """)
        #expect(run.status == .requestsFailed)
    }

    @Test func `a text's bad byte is found in its line`() async throws {
        let run = try await CommandRun(["--input-format", "text"], input: [0x61, 0x0A, 0x62, 0xFF, 0x0A])
        #expect(run.output == "")
        #expect(run.messages == "dragoman: line 2: invalid UTF-8 at byte offset 1 (0xFF)\n")
        #expect(run.status == .requestsFailed)
    }

    @Test func `JSON requests fail one by one, in their places`() async throws {
        let input = """
            {"text": "a"}
            {"text": "b", "beams": 2}

            {"text": "c", "n_best": 2}
            """
        let run = try await CommandRun(["--input-format", "jsonl"], input: input)
        let lines = run.output.split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines.count == 5)
        #expect(lines[0].hasPrefix(#"{"index":0,"source":"a","hypotheses":[{"text":"A","score":-0.5,"#))
        #expect(
            lines[1] == #"{"index":1,"error":{"code":"invalid_request","message":"line 2: unknown key \"beams\""}}"#)
        #expect(lines[2].hasPrefix(#"{"index":2,"error":{"code":"invalid_json","message":"line 3: the line is blank"#))
        #expect(lines[3].hasPrefix(#"{"index":3,"source":"c","hypotheses":[{"text":"C","#))
        #expect(run.messages == "dragoman: 2 of 4 requests failed; the output says why\n")
        #expect(run.status == .requestsFailed)
    }

    @Test func `targets are scored line by line`() async throws {
        let run = try await CommandRun(["--score", "targets"], input: "a\nb\n", targets: "x\ny\n") { request in
            #expect([.text("x"), .text("y")].contains(request.target))
            return .capitals(request)
        }
        #expect(run.output == "-0.5\n-0.5\n")
    }

    @Test func `files that do not match are served as far as they do`() async throws {
        let short = try await CommandRun(["--score", "targets"], input: "a\nb\n", targets: "x\n")
        #expect(short.output == "-0.5\n")
        #expect(
            short.error
                == CommandError(.badData, "temporary file ends before line 2, which the input still has"))
        let long = try await CommandRun(["--score", "targets"], input: "a\n", targets: "x\ny\n")
        #expect(long.output == "-0.5\n")
        #expect(
            long.error == CommandError(.badData, "temporary file goes on at line 2, where the input ends"))
    }

    /// Cut, and of two sentences, the first in three parts.
    private func cut(_ request: TranslationRequest) -> Translation {
        var translation = Translation.capitals(request)
        translation.hypotheses[translation.hypotheses.count - 1].isTruncated = true
        let splits: [Translation.Segment.Split?] = [.word, .clause, nil, nil]
        translation.segments = splits.map { .init(source: "a", sourceTokens: [], text: "A", split: $0) }
        return translation
    }

    @Test(arguments: [
        ([], "A\nB\n"), (["--input-format", "tokens"], "A\nB\n"),
        (["--n-best", "2"], "0 ||| A ||| -0.5\n0 ||| A 1 ||| -1.5\n1 ||| B ||| -0.5\n1 ||| B 1 ||| -1.5\n"),
    ])
    func `what is cut or split is told`(arguments: [String], output: String) async throws {
        let run = try await CommandRun(arguments, input: "a\nb\n") { request in
            request.source.text == "b" ? cut(request) : .capitals(request)
        }
        #expect(run.output == output)
        #expect(
            run.messages == """
                dragoman: line 2: the output reached the maximum length (cut)
                dragoman: line 2: longer than the model holds; translated in 3 parts

                """)
        #expect(run.status == .success)
    }

    @Test func `protected text that is lost is told, and JSON says what became of all`() async throws {
        let spans: [Translation.Segment.Span] = [
            .init(text: "%s", kind: .placeholder, fate: .outside), .init(text: "{a}", kind: .placeholder, fate: .lost),
            .init(text: "a.b/c", kind: .url, fate: .copied), .init(text: "▾\u{1B}", kind: .symbol, fate: .lost),
        ]
        @Sendable func translate(_ request: TranslationRequest) -> Translation {
            var translation = Translation.capitals(request)
            translation.segments = [.init(source: "a", sourceTokens: [], text: "A", split: nil, spans: spans)]
            return translation
        }
        let run = try await CommandRun(input: "a\n") { translate($0) }
        #expect(run.output == "A\n" && run.status == .success)
        #expect(run.messages == "dragoman: line 1: the model has changed or left out {a} ▾\\u{1b}\n")
        let json = try await CommandRun(["--json"], input: "a\n") { translate($0) }
        #expect(json.messages == "")
        #expect(json.output.contains(#""protected":[{"text":"%s","kind":"placeholder","fate":"outside"},"#))
        #expect(json.output.contains(#"{"text":"{a}","kind":"placeholder","fate":"lost"}"#))
    }

    @Test func `what looks wrong is told, and JSON has the reason and how sure the model was`() async throws {
        @Sendable func translate(_ request: TranslationRequest) -> Translation {
            var translation = Translation.capitals(request)
            translation.segments = [
                .init(source: "a", sourceTokens: [], text: "A", split: nil, confidence: 0.5),
                .init(source: "b", sourceTokens: [], text: "B", split: nil, confidence: 0.25, suspicion: .length),
            ]
            (translation.confidence, translation.suspicion) = (0.25, .length)
            return translation
        }
        let run = try await CommandRun(input: "a b\n") { translate($0) }
        #expect(
            run.messages
                == "dragoman: line 1: the translation looks wrong: it was far longer or shorter than the source\n")
        #expect(run.output == "A B\n" && run.status == .success)
        let json = try await CommandRun(["--json"], input: "a b\n") { translate($0) }
        #expect(json.messages == "")
        #expect(json.output.contains(#","confidence":0.25,"suspicious":"length","segments":"#))
        #expect(json.output.contains(#""text":"A","confidence":0.5}"#))
        #expect(json.output.contains(#""text":"B","confidence":0.25,"suspicious":"length"}"#))
    }

    @Test func `JSON marks what is copied, and a limit of the request's own is not the model's`() async throws {
        let json = try await CommandRun(["--json"], input: "---\n") { request in
            var translation = Translation.capitals(request)
            translation.segments = [.init(source: "---", sourceTokens: [], text: "---", split: nil, isCopied: true)]
            return translation
        }
        #expect(json.output.contains(#""copied":true"#))
        let run = try await CommandRun(["--max-segment-length", "9"], input: "b\n") { cut($0) }
        #expect(run.messages.contains("longer than a segment may be; translated in 3 parts"))
    }

    @Test func `a text that is cut is told once, and JSON says it itself`() async throws {
        let text = try await CommandRun(["--input-format", "text"], input: "a\nb\n") { request in
            var translation = cut(request)
            translation.segments = []
            return translation
        }
        #expect(text.messages == "dragoman: line 1: the output reached the maximum length (cut)\n")
        let json = try await CommandRun(["--json"], input: "a\n") { cut($0) }
        #expect(json.messages == "")
        #expect(json.output.contains(#""truncated":true"#) && json.output.contains(#""split":"word""#))
    }

    @Test func `alignments come with the tokens of the source`() async throws {
        let run = try await CommandRun(["--json", "--alignments"], input: "a\n") { request in
            var translation = Translation.capitals(request)
            translation.segments = [.init(source: "a", sourceTokens: ["▁a"], text: "A", split: nil)]
            return translation
        }
        #expect(run.output.contains(#""segments":[{"source":"a","source_tokens":["▁a"],"text":"A"}]"#))
    }
}
