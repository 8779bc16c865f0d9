import ArgumentParser
import DragomanClient
import DragomanCommand
import Testing

@Suite struct JobSourceTests {
    private func items(_ arguments: [String], _ inputs: String...) throws -> [DraftItem] {
        let command = try SubmitCommand.parse(arguments)
        var source = command.source(try inputs.map { try TemporaryFile(Array($0.utf8)).input() })()
        var items: [DraftItem] = []
        while let item = try source.next() { items.append(item) }
        return items
    }

    private func jobs(_ arguments: [String], _ input: String) throws -> [Job] {
        try items(arguments, input).compactMap { if case .job(let draft) = $0 { draft.job } else { nil } }
    }

    @Test func `every line is a job with the flags' properties`() throws {
        let arguments = [
            "--priority", "2", "--deadline", "1.5", "--model", "en-fr", "--topic", "news", "--max-attempts", "3",
            "--beam-size", "2", "--partial-results",
        ]
        let jobs = try jobs(arguments, "One.\nTwo.\r\n\nFour.")
        #expect(jobs.map(\.sources) == ["One.", "Two.", "", "Four."].map { [.text($0)] })
        let job = try #require(jobs.first)
        #expect(job.priority == 2 && job.deadlineMilliseconds == 1500 && job.model == .named("en-fr"))
        #expect(job.topic == "news" && job.maximumAttempts == 3 && job.options.beamSize == 2)
        #expect(job.wantsPartialResults && !job.wantsTokens)
        #expect(Set(jobs.map(\.id)).count == 4)
    }

    @Test func `each job has those of the terms that its texts have, or its own`() throws {
        let glossary = try Glossary(["cat", "dog"].map { Glossary.Entry(source: $0, target: "x") })
        func terms(_ arguments: [String], _ input: String) throws -> [[String]?] {
            var source = try SubmitCommand.parse(arguments).source(
                [try TemporaryFile(Array(input.utf8)).input()], glossary: glossary)()
            var terms: [[String]?] = []
            while case .job(let draft)? = try source.next() { terms.append(draft.job.glossary?.entries.map(\.source)) }
            return terms
        }
        #expect(try terms([], "a cat\nnothing\ndog, cat") == [["cat"], nil, ["cat", "dog"]])
        #expect(try terms(["--markup", "html"], "a c<b>at</b>") == [["cat"]])
        #expect(
            try terms(
                ["--input-format", "jsonl"],
                "{\"text\": \"a dog\"}\n{\"text\": \"a dog\", \"glossary\": {\"a\": \"\", \"b\": \"\"}}\n{\"tokens\": [\"dog\"]}"
            ) == [["dog"], ["a"], nil])
    }

    @Test func `a model, its languages, or both are named, on the command line and by lines`() throws {
        func model(_ arguments: [String], _ line: String = "One.") throws -> ModelSelection? {
            try jobs(arguments, line).first?.model
        }
        func json(_ members: String, _ arguments: [String] = []) throws -> ModelSelection? {
            try model(["--input-format", "jsonl"] + arguments, "{\"text\": \"One.\"\(members)}")
        }
        let languages = ["--source-language", "en", "--target-language", "deu_Latn"]
        let pair = LanguageSelection(source: "en", target: "deu_Latn")
        #expect(try model(languages) == .languages(source: "en", target: "deu_Latn"))
        #expect(try model(languages + ["--model", "m"]) == .model("m", pair))
        #expect(
            try model(["--model", "m", "--target-language", "<2fr>"]) == .model("m", LanguageSelection(target: "<2fr>"))
        )
        for wrong in [["--target-language", "fr"], ["--source-language", "English", "--target-language", "fr"]] {
            #expect(throws: (any Error).self) { try SubmitCommand.parse(wrong) }
        }
        #expect(try json("") == .onlyOne)
        #expect(try json(#", "model": "n", "target_language": "fr""#) == .model("n", LanguageSelection(target: "fr")))
        #expect(try json(#", "target_language": "fr""#, languages) == .languages(source: "en", target: "fr"))
        #expect(
            try json(#", "target_language": "fr""#, ["--model", "m"]) == .model("m", LanguageSelection(target: "fr")))
        // The command line's languages are not meant for another model.
        #expect(try json(#", "model": "n""#, languages) == .named("n"))
        #expect(try json(#", "target_language": "fr""#) == nil)
    }

    @Test func `lines are grouped, over files too`() throws {
        let drafts = try items(["--group", "2"], "1\n2\n3\n", "4\n5").compactMap {
            if case .job(let draft) = $0 { draft } else { nil }
        }
        #expect(drafts.map(\.job.sources.count) == [2, 2, 1])
        #expect(drafts.map(\.firstIndex) == [0, 2, 4])
    }

    @Test func `a document is one source with its line breaks`() throws {
        let jobs = try jobs(["--input-format", "document"], "One.\n\nTwo.\n")
        #expect(jobs.map(\.sources) == [[.text("One.\n\nTwo.")]])
    }

    @Test func `a line that cannot be read is a failure in its place, and the others are jobs`() throws {
        let input = try TemporaryFile(Array("One.\n".utf8) + [0xFF, 0x0A] + Array("Three.\n".utf8)).input()
        var source = try SubmitCommand.parse(["--group", "10"]).source([input])()
        guard case .job(let first)? = try source.next(),
            case .failure(let error, let line, let index)? = try source.next(),
            case .job(let last)? = try source.next()
        else {
            Issue.record("not a job, a failure and a job")
            return
        }
        #expect(first.lines.map(\.number) == [1] && last.lines.map(\.number) == [3])
        #expect(error.code == "invalid_utf8" && line.number == 2 && index == 1 && last.firstIndex == 2)
        #expect(try source.next() == nil)
    }

    @Test(arguments: [
        ("lines", "One.\nTw\u{0}o.\nThree.\n"),
        ("jsonl", "{\"text\":\"a\"}\n{\"text\":\"\\u0000\"}\n{\"text\":\"b\"}\n"),
    ])
    func `a text with NUL is a failure in its place, not of all jobs of its message`(format: String, input: String)
        throws
    {
        let items = try items(["--input-format", format], input)
        let failures = items.map { if case .failure = $0 { true } else { false } }
        #expect(failures == [false, true, false])
    }

    @Test func `JSON jobs have their own properties over those of the flags`() throws {
        let id = "5d1c1b0b6f1f4a5e9d0c2b7a8e3f6a90"
        let jobs = try jobs(
            ["--input-format", "jsonl", "--priority", "1", "--beam-size", "4", "--topic", "a"],
            """
            {"texts": ["One.", "Two."], "job_id": "\(id)", "priority": 3, "deadline_ms": 9, "n_best": 2}
            {"tokens": ["▁a", "b"], "source_language": "en", "target_language": "fr", "partial_results": true}

            """)
        #expect(jobs.count == 2)
        #expect(jobs[0].id.description == id && jobs[0].sources == [.text("One."), .text("Two.")])
        #expect(jobs[0].priority == 3 && jobs[0].deadlineMilliseconds == 9)
        #expect(jobs[0].options.nBest == 2 && jobs[0].options.beamSize == 4 && jobs[0].topic == "a")
        #expect(jobs[1].sources == [.tokens(["▁a", "b"])] && jobs[1].priority == 1 && jobs[1].wantsPartialResults)
        #expect(jobs[1].model == .languages(source: "en", target: "fr"))
    }

    @Test(arguments: [
        (#"{"text": "a", "target": "b"}"#, "unknown key \"target\""),
        (#"{"text": "a", "colour": 1}"#, "unknown key \"colour\""),
        (#"{"text": "a", "texts": ["b"]}"#, "one of"),
        (#"{"texts": []}"#, "one of"),
        (#"{"text": "a", "job_id": "1"}"#, "32 hexadecimal digits"),
        (#"{"text": "a", "priority": 4}"#, "0 to 3"),
        (#"{"text": "a", "beam_size": 0}"#, "beam_size must be"),
        (#"{"text": "a", "source_language": "en"}"#, "target_language"),
        (#"{"text": 1}"#, "\"text\" must be a string"),
        ("[]", "must be a JSON object"),
        ("{", "not valid JSON"),
        (#"{"text": "a", "deadline_ms": -1}"#, "\"deadline_ms\" must be 1 or more, not -1"),
    ])
    func `what is wrong with a JSON job is said`(line: String, message: String) throws {
        guard case .failure(let error, _, _)? = try items(["--input-format", "jsonl"], line).first else {
            Issue.record("it is taken for a job")
            return
        }
        #expect(error.message.contains(message), "\(error.message)")
    }

    @Test func `a key makes the same ids for the same input, and others for other`() throws {
        let input = "One.\nOne.\nTwo.\n"
        let ids = try jobs(["--idempotent", "june"], input).map(\.id)
        #expect(Set(ids).count == 3)
        #expect(try jobs(["--idempotent", "june", "--priority", "3"], input).map(\.id) == ids)
        #expect(try Set(jobs(["--idempotent", "july"], input).map(\.id)).isDisjoint(with: ids))
        #expect(try jobs(["--idempotent", "june"], "One.\nTwo.\nTwo.\n").map(\.id)[1] != ids[1])
        // Pinned: a later version must make the same ids.
        let pinned = ContentID.id(key: "k", place: 0, [.text("Good morning.")])
        #expect(pinned.description == "d4d5e5b962739ef35e5fb7924f1d07bf")
    }

    @Test(arguments: [
        ["--priority", "4"], ["--deadline", "0"], ["--group", "0"], ["--group", "2", "--input-format", "jsonl"],
        ["--max-attempts", "0"], ["--source-language", "en"], ["-", "-"], ["--beam-size", "0"], ["--timeout", "0"],
        ["--idempotent", ""], ["--deadline", "1e300"], ["--paragraphs"],
        ["--wait", "--n-best", "2", "--beam-size", "2", "--no-return-scores"],
    ])
    func `wrong arguments are refused`(arguments: [String]) {
        #expect(throws: (any Error).self) { try SubmitCommand.parse(arguments) }
    }

    @Test func `jobs say how their texts are cut, by flags or in JSON`() throws {
        let flags = [
            "--split", "none", "--max-segment-length", "9", "--paragraphs", "--wrap", "5", "--translate-numbers",
        ]
        let document = try #require(try jobs(["--input-format", "document"] + flags, "One\ntwo.\n").first)
        let json = """
            {"text": "One", "split": "none", "max_segment_length": 9, "paragraphs": true, "wrap": 5, "translate_numbers": true}
            """
        let line = try #require(try jobs(["--input-format", "jsonl"], json).first)
        for options in [document.options, line.options] {
            #expect(options.split == .nowhere && options.maximumSegmentLength == 9 && options.translateNumbers == true)
            #expect(options.paragraphs == true && options.wrap == 5)
        }
    }

    @Test(arguments: [[], ["--wait", "--json"]])
    func `hypotheses without scores are for those who list no scores`(arguments: [String]) throws {
        let command = try SubmitCommand.parse(
            ["--n-best", "2", "--beam-size", "2", "--no-return-scores"] + arguments)
        #expect(command.options.returnScores == false)
    }
}
