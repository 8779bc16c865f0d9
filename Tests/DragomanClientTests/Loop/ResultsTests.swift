import DragomanClient
import Foundation
import JobModel
import Synchronization
import TestKit
import Testing

@Suite("Results, from a broker that follows a script")
struct ResultsTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private var endpoint: String { "ipc://\(folder.file("results").path)" }

    /// - Parameter patience: With an answer, which on a busy machine is long in coming.
    private func client(patience: Duration = .milliseconds(50)) throws -> Client {
        var settings = Client.Settings()
        settings.resultsEndpoints = [endpoint]
        settings.answerTimeout = patience
        return try Client(settings)
    }

    @Test("records come in order, window by window, and what is acknowledged reaches the broker")
    func follow() async throws {
        let log = LogScript(last: 100)
        let broker = try ScriptedBroker(at: endpoint) { request, _ in log.answers(to: request) }
        defer { broker.stop() }
        var options = Results.Options()
        options.window.records = 8
        let results = try client(patience: .seconds(60)).results(consumer: "reader", options: options)
        let position = try await results.position()
        #expect(position.first == 1 && position.last == 100)
        var sequences: [UInt64] = []
        for try await record in results {
            sequences.append(record.sequence)
            results.acknowledge(upTo: record.sequence)
            if record.sequence == results.lastSequence { break }
        }
        #expect(sequences == Array(1...100))
        await results.close()
        #expect(log.cursor == 100)
    }

    @Test("a reader goes on where it was when the broker is started anew, and sees nothing twice")
    func restart() async throws {
        let log = LogScript(last: 20)
        let first = try ScriptedBroker(at: endpoint) { request, _ in log.answers(to: request, upTo: 10) }
        let results = try client().results(consumer: "reader")
        var iterator = results.makeAsyncIterator()
        for sequence in 1...10 { #expect(try await iterator.next()?.sequence == UInt64(sequence)) }
        first.stop()
        let second = try ScriptedBroker(at: endpoint) { request, _ in log.answers(to: request) }
        defer { second.stop() }
        for sequence in 11...20 { #expect(try await iterator.next()?.sequence == UInt64(sequence)) }
    }

    @Test("records that are kept no more are told of")
    func dropped() async throws {
        let log = LogScript(last: 9, first: 5)
        let broker = try ScriptedBroker(at: endpoint) { request, _ in log.answers(to: request) }
        defer { broker.stop() }
        let told = Told()
        var options = Results.Options()
        options.onDropped = { told.add($0) }
        let results = try client().results(consumer: "reader", from: 2, options: options)
        var iterator = results.makeAsyncIterator()
        #expect(try await iterator.next()?.sequence == 5)
        #expect(told.all == [2...4])
    }

    @Test("another consumer of the same name ends the iteration with an error")
    func replaced() async throws {
        let broker = try ScriptedBroker(at: endpoint) { request, _ in
            [request.answer(.fault(Fault(.replaced, "replaced")))]
        }
        defer { broker.stop() }
        var iterator = try client().results(consumer: "reader").makeAsyncIterator()
        let error = await #expect(throws: ClientError.self) { try await iterator.next() }
        #expect(error?.code == .replaced)
    }

    @Test("nobody there is an error when patience ends")
    func nobody() async throws {
        var options = Results.Options()
        options.patience = .milliseconds(100)
        let results = try client().results(consumer: "reader", options: options)
        let error = await #expect(throws: ClientError.self) { try await results.position() }
        #expect(error?.code == .noAnswer)
    }
}

private final class Told: Sendable {
    private let dropped = Mutex<[ClosedRange<UInt64>]>([])
    func add(_ sequences: ClosedRange<UInt64>) { dropped.withLock { $0.append(sequences) } }
    var all: [ClosedRange<UInt64>] { dropped.withLock(\.self) }
}
