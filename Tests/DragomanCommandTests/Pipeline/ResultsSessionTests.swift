import ArgumentParser
import DragomanClient
import DragomanCommand
import Foundation
import Synchronization
import Testing

@Suite struct ResultsSessionTests {
    private func record(_ sequence: UInt64, _ text: String, topic: String = "") -> Record {
        var record = Record(sequence: sequence, job: JobID(bytes: Array(repeating: 0xAB, count: 16))!, state: .done)
        record.outputs = [Output(hypotheses: [Output.Hypothesis(text: text, score: -0.5)])]
        record.topic = topic
        return record
    }

    private let id = String(repeating: "ab", count: 16)

    private func stream(_ records: [Record], ends: Bool = true) -> AsyncStream<Record> {
        AsyncStream { stream in
            for record in records { stream.yield(record) }
            if ends { stream.finish() }
        }
    }

    private func run(
        _ records: [Record], upTo last: UInt64, _ change: (inout ResultsSession) -> Void = { _ in }
    ) async throws -> (output: String, acknowledged: [UInt64]) {
        let file = try TemporaryFile()
        var session = ResultsSession(format: RecordFormat(isJSON: false), follows: false, output: file.output)
        change(&session)
        var acknowledged: [UInt64] = []
        try await session.run(stream(records), upTo: Results.Position(first: 1, last: last)) { acknowledged.append($0) }
        return (try file.contents(), acknowledged)
    }

    @Test func `records are written and acknowledged up to the present end`() async throws {
        let run = try await run([record(1, "Un."), record(2, "a\tb\nc\\"), record(3, "Trois.")], upTo: 2)
        #expect(run.output == "1\t\(id)\tdone\tUn.\n2\t\(id)\tdone\ta\\tb\\nc\\\\\n")
        #expect(run.acknowledged == [1, 2])
    }

    @Test func `a log without records ends at once`() async throws {
        let run = try await run([], upTo: 0)
        #expect(run.output.isEmpty && run.acknowledged.isEmpty)
    }

    @Test func `other topics are acknowledged, and not written`() async throws {
        let run = try await run([record(1, "a", topic: "x.1"), record(2, "b", topic: "y")], upTo: 2) { $0.topic = "x." }
        #expect(run.output == "1\t\(id)\tdone\ta\n" && run.acknowledged == [1, 2])
    }

    @Test func `a limit ends the reading, and acknowledges no more than was written`() async throws {
        let run = try await run([record(1, "a"), record(2, "b")], upTo: 2) {
            $0.limit = 1
            $0.follows = true
        }
        #expect(run.output == "1\t\(id)\tdone\ta\n" && run.acknowledged == [1])
    }

    @Test func `what cannot be written is not acknowledged`() async throws {
        let full = open("/dev/full", O_WRONLY | O_CLOEXEC)
        try #require(full >= 0)
        defer { close(full) }
        let session = ResultsSession(
            format: RecordFormat(isJSON: true), follows: false, output: OutputFile(descriptor: full, name: "output"))
        var acknowledged: [UInt64] = []
        let error = await #expect(throws: CommandError.self) {
            try await session.run(stream([record(1, "a")]), upTo: Results.Position(first: 1, last: 1)) {
                acknowledged.append($0)
            }
        }
        #expect(error?.status == .inputOutput && acknowledged.isEmpty)
    }

    @Test(arguments: [false, true])
    func `what a reader has not taken from a pipe or a socket is not acknowledged`(isSocket: Bool) async throws {
        signal(SIGPIPE, SIG_IGN)
        var ends: [Int32] = [0, 0]
        try #require((isSocket ? socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &ends) : pipe(&ends)) == 0)
        let (readingEnd, writingEnd) = (ends[0], ends[1])
        defer { close(writingEnd) }
        let long = String(repeating: "long ", count: 20_000)
        let head = "1\t\(id)\tdone\t".utf8.count
        let acknowledged = Tally()
        let failure = Mutex<(any Error)?>(nil)
        let hasEnded = DispatchSemaphore(value: 0)
        // A thread that is there before the session holds one of the few that tasks have: a task might never begin.
        Thread.detachNewThread {
            defer {
                close(readingEnd)
                hasEnded.signal()
            }
            /// Reads so many bytes, and none more; then so many records are acknowledged.
            func read(_ count: Int, acknowledging records: Int) throws {
                var bytes = [UInt8](repeating: 0, count: count)
                var left = count
                while left > 0 {
                    let taken = Foundation.read(readingEnd, &bytes, left)
                    guard taken > 0 else { throw SystemError("output", errno) }
                    left -= taken
                }
                let deadline = ContinuousClock.now + .seconds(60)
                while acknowledged.value < records, ContinuousClock.now < deadline { usleep(500) }
                guard acknowledged.value == records else { throw SystemError("acknowledgements", EPROTO) }
            }
            do {
                try read(head + 2, acknowledging: 1)
                try read(head + long.utf8.count + 1, acknowledging: 2)
                // Of the third record one byte is never read.
                try read(head + 1, acknowledging: 2)
            } catch {
                failure.withLock { $0 = error }
            }
        }
        let session = ResultsSession(
            format: RecordFormat(isJSON: false), follows: true,
            output: OutputFile(descriptor: writingEnd, name: "output"))
        let error = await #expect(throws: CommandError.self) {
            let records = stream([record(1, "a"), record(2, long), record(3, "c")])
            try await session.run(records, upTo: Results.Position(first: 1, last: 3)) { _ in acknowledged.add(1) }
        }
        try await onBlockingThread(named: "end of the reader") { hasEnded.wait() }
        #expect(failure.withLock { $0.map { String(describing: $0) } } == nil)
        #expect(error == CommandError(.brokenPipe, nil))
        #expect(acknowledged.value == 2)
    }

    @Test func `JSON has the protocol's keys`() throws {
        var record = record(7, "Un.", topic: "news")
        record.attempts = 1
        record.acceptedAt = 5
        record.finishedAt = 6
        let text = String(decoding: RecordFormat(isJSON: true).bytes(of: record), as: UTF8.self)
        #expect(
            text == """
                {"sequence":7,"job_id":"\(id)","state":"done","outputs":[{"hypotheses":[{"text":"Un.","score":-0.5}]}],\
                "topic":"news","accepted_at_ms":5,"finished_at_ms":6,"attempts":1}

                """)
        _ = try JSONSerialization.jsonObject(with: Data(text.utf8))
    }

    @Test(arguments: [
        [], ["--consumer", ""], ["--consumer", "a", "--from", "0"], ["--consumer", "a", "--limit", "0"],
    ])
    func `wrong arguments are refused`(arguments: [String]) {
        #expect(throws: (any Error).self) { try ResultsCommand.parse(arguments) }
    }
}
