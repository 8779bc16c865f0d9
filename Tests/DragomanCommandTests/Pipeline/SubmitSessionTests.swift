import ArgumentParser
import DragomanClient
import DragomanCommand
import Testing

@Suite struct SubmitSessionTests {
    private struct Run {
        var output: String
        var messages: String
        var status: DragomanCommand.ExitStatus?
        var error: CommandError?
    }

    private func run(
        _ arguments: [String] = [], _ input: String, submit: @escaping SubmitSession.Submit
    ) async throws -> Run {
        let output = try TemporaryFile()
        let messages = try TemporaryFile()
        let command = try SubmitCommand.parse(arguments)
        let session = SubmitSession(
            source: command.source([try TemporaryFile(Array(input.utf8)).input()]), outcome: command.outcome,
            output: output.output, messages: messages.output, submit: submit)
        var run = Run(output: "", messages: "")
        do {
            run.status = try await session.run()
        } catch let error as CommandError {
            run.error = error
        }
        run.output = try output.contents()
        run.messages = try messages.contents()
        return run
    }

    private static let accept: SubmitSession.Submit = { jobs throws(ClientError) in
        jobs.map { Verdict(job: $0.id, .accepted(duplicate: $0.sources == [.text("again")])) }
    }

    @Test func `accepted jobs are a line each, with their ids`() async throws {
        let run = try await run(["--idempotent", "k"], "a\nb\n", submit: Self.accept)
        let ids = ["a", "b"].enumerated().map { ContentID.id(key: "k", place: $0, [.text($1)]) }
        #expect(run.output == ids.map { "\($0)\n" }.joined())
        #expect(run.status == .success && run.messages.isEmpty)
    }

    @Test func `JSON says what was there before, and what was rejected`() async throws {
        let run = try await run(["--json", "--idempotent", "k"], "a\nagain\nbad\n") { jobs throws(ClientError) in
            jobs.map { job in
                job.sources == [.text("bad")]
                    ? Verdict(job: job.id, .rejected(Rejection(.unsupported, "no such model")))
                    : Verdict(job: job.id, .accepted(duplicate: job.sources == [.text("again")]))
            }
        }
        let ids = ["a", "again"].enumerated().map { ContentID.id(key: "k", place: $0, [.text($1)]) }
        #expect(
            run.output == """
                {"index":0,"job_id":"\(ids[0])"}
                {"index":1,"job_id":"\(ids[1])","duplicate":true}
                {"index":2,"error":{"code":"unsupported","message":"line 3: no such model"}}

                """)
        #expect(run.status == .requestsFailed)
        #expect(run.messages == "dragoman: 1 of 3 jobs failed; the output says why\n")
    }

    @Test func `a rejected job leaves an empty line and a message`() async throws {
        let run = try await run([], "a\n") { jobs throws(ClientError) in
            jobs.map { Verdict(job: $0.id, .rejected(Rejection(.invalid, "it has no source"))) }
        }
        #expect(run.output == "\n" && run.messages == "dragoman: line 1: it has no source\n")
        #expect(run.status == .requestsFailed)
    }

    @Test func `a mistake that thousands of jobs share is one message and a count`() async throws {
        let reject: SubmitSession.Submit = { jobs throws(ClientError) in
            jobs.map { job in
                let message =
                    job.sources == [.text("b")] ? "name one of en-de, en-fr" : "another job has the id \(job.id)"
                return Verdict(job: job.id, .rejected(Rejection(.invalid, message)))
            }
        }
        let input = String(repeating: "a\nb\n", count: 3000)
        let run = try await run([], input, submit: reject)
        let lines = run.messages.split(separator: "\n")
        #expect(lines.count == 4, "\(run.messages.prefix(1000))")
        #expect(lines[0].hasPrefix("dragoman: line 1: another job has the id "))
        #expect(lines[1] == "dragoman: line 2: name one of en-de, en-fr")
        #expect(lines[2].hasPrefix("dragoman: 2,999 more like line 1: another job has the id "))
        #expect(lines[3] == "dragoman: 2,999 more like line 2: name one of en-de, en-fr")
        #expect(run.output == String(repeating: "\n", count: 6000))
        #expect(run.status == .requestsFailed)
        let json = try await self.run(["--json"], input, submit: reject)
        #expect(json.output.split(separator: "\n").count == 6000)
        #expect(json.messages == "dragoman: 6000 of 6000 jobs failed; the output says why\n")
    }

    @Test func `jobs for which there is no room are submitted until there is`() async throws {
        let room = Tally()
        let run = try await run([], "a\nb\n") { jobs throws(ClientError) in
            jobs.enumerated().map { index, job in
                room.add(1)
                return index == 0 && room.value < 20
                    ? Verdict(job: job.id, .rejected(Rejection(.retryLater, "full")))
                    : Verdict(job: job.id, .accepted(duplicate: false))
            }
        }
        #expect(run.status == .success && run.output.utf8.count == 66 && room.value >= 20)
    }

    @Test func `when nobody answers, what was accepted before is written, and the command fails`() async throws {
        let run = try await run([], "a\nb\n") { jobs throws(ClientError) in
            var error = ClientError(.noAnswer, "nobody answered")
            error.verdicts = jobs.map { _ in nil }
            throw error
        }
        #expect(run.error == CommandError(.unavailable, "nobody answered"))
    }

    @Test func `a long input goes through a small window`() async throws {
        let count = 20_000
        let run = try await run([], String(repeating: "a\n", count: count), submit: Self.accept)
        #expect(run.output.utf8.count == count * 33)
        #expect(run.status == .success)
    }

    @Test func `an interrupted session submits nothing more, and says what was accepted`() async throws {
        let output = try TemporaryFile()
        let input = try TestPipe()
        try input.write("a\nb\n")
        let command = try SubmitCommand.parse([])
        let submitted = Tally()
        let interruption = Interruption()
        var session = SubmitSession(
            source: command.source([input.input]), outcome: command.outcome, output: output.output,
            messages: output.output
        ) { jobs throws(ClientError) in
            submitted.add(jobs.count)
            if submitted.value == 2 { interruption.request() }
            return jobs.map { Verdict(job: $0.id, .accepted(duplicate: false)) }
        }
        let settled = Tally()
        session.interruption = interruption
        session.whenInterrupted = { settled.add(1) }
        // The input does not end; the session does.
        let error = await #expect(throws: CommandError.self) { _ = try await session.run() }
        #expect(error?.status == .interrupted && settled.value == 1 && submitted.value == 2)
        #expect(try output.contents().utf8.count == 2 * 33)
        input.closeWriting()
    }

    @Test func `an interrupted session does not wait for a queue that is full`() async throws {
        let interruption = Interruption()
        let output = try TemporaryFile()
        let command = try SubmitCommand.parse([])
        var session = SubmitSession(
            source: command.source([try TemporaryFile(Array("a\n".utf8)).input()]), outcome: command.outcome,
            output: output.output, messages: output.output
        ) { jobs throws(ClientError) in
            interruption.request()
            return jobs.map { Verdict(job: $0.id, .rejected(Rejection(.retryLater, "full"))) }
        }
        session.interruption = interruption
        await #expect(throws: CommandError.self) { _ = try await session.run() }
        #expect(try output.contents().isEmpty)
    }
}
