import DragomanEngine
import Foundation
import JobModel
import SettingValues
import Synchronization
import TestKit
import Testing
import Worker
import ZeroMQ

/// A worker with the demo model, and the folder of its brokers' sockets.
final class Bench: Sendable {
    let context: Context
    let worker: Worker
    let reports = Reports()
    private let folder: Folder

    final class Reports: Sendable {
        let all = Mutex<[WorkerReport]>([])
    }

    /// Never touched after it is made, but for its deletion.
    private struct Folder: @unchecked Sendable {
        let folder: TemporaryFolder
    }

    /// - Parameter brokers: Names of sockets; of a broker with standbys, with commas between.
    init(brokers: [String] = ["broker"], _ change: (inout WorkerConfiguration) -> Void = { _ in }) throws {
        let folder = try TemporaryFolder()
        self.folder = Folder(folder: folder)
        context = try Context()
        var configuration = WorkerConfiguration(
            endpoints: brokers.map { names in
                names.split(separator: ",").map { "ipc://" + folder.file(String($0)).path }.joined(separator: ",")
            }, instance: "test", models: [.demo()])
        // Tests send a sentence again and again, and count on the time that each takes.
        configuration.settings.cacheBytes = 0
        change(&configuration)
        worker = try Worker(configuration, context: context, seed: 1) { [reports] report in
            reports.all.withLock { $0.append(report) }
        }
    }

    func broker(_ name: String = "broker") throws -> ScriptedBroker {
        try ScriptedBroker("ipc://" + folder.folder.file(name).path, context: context)
    }

    func endpoint(_ name: String = "broker") -> String { "ipc://" + folder.folder.file(name).path }

    /// Runs the worker beside a broker's script, and to its end.
    func run(_ script: @escaping @Sendable (ScriptedBroker) throws -> Void) async throws {
        try await run { [self] in try script(try broker()) }
    }

    /// The same, with brokers that the script makes.
    func run(_ script: @escaping @Sendable () throws -> Void) async throws {
        async let ended: Void = worker.run()
        do {
            try await onThread(script)
        } catch {
            // Twice: at once.
            worker.drain()
            worker.drain()
            try await ended
            throw error
        }
        try await ended
    }
}

@Suite("A worker on the wire", .timeLimit(.minutes(3)))
struct WorkerTests {
    @Test("translates what it is assigned as the engine does, settles, drains, and leaves")
    func life() async throws {
        let bench = try Bench()
        let text = "Good morning. How are you?\n\nI am tired.\n"
        let expected = try await Translator().translate(TranslationRequest(.text(text)))
        try await bench.run { broker in
            let hello = try broker.welcome()
            #expect(hello.instance == "test")
            #expect(hello.models.map(\.name) == ["demo"])
            #expect(hello.window == 4096 && hello.leases.isEmpty)
            try broker.send(.assign(Assign(1, sources: [.text(text)])))
            try broker.send(.assign(Assign(2, model: "nonsense")))
            var settled: Set<LeaseName> = []
            for _ in 0..<2 {
                let lease = try broker.next { envelope -> LeaseName? in
                    switch envelope.body {
                    case .done(let done):
                        #expect(done.outputs.map { $0.hypotheses.map(\.text) } == [expected.hypotheses.map(\.text)])
                        #expect(done.outputs[0].hypotheses[0].score == expected.hypotheses[0].score)
                        #expect(done.outputs[0].hypotheses[0].segmentScores.count == 3)
                        #expect(done.sentences == 3)
                        return done.lease
                    case .fail(let fail):
                        #expect(fail.failure.code == "model_unavailable" && fail.isRetryable)
                        return fail.lease
                    default: return nil
                    }
                }
                settled.insert(lease)
                try broker.send(.settled([lease]))
            }
            #expect(settled == [LeaseName(1), LeaseName(2)])
            #expect(try broker.next { $0.body.beat?.loadedModels == ["demo"] ? true : nil })
            bench.worker.drain()
            #expect(try broker.goodbye().isEmpty)
        }
        let status = bench.worker.status
        #expect((status.done, status.failed) == (1, 0))
        #expect(status.silentNanoseconds == 0 && status.death == nil)
        #expect(status.description.hasPrefix("Finishing: "))
        bench.reports.all.withLock { reports in
            #expect(reports.count { if case .ready = $0 { true } else { false } } == 1)
            #expect(reports.contains { if case .alive = $0 { true } else { false } })
        }
    }

    @Test("comes back to a broker that was started anew with what it has, done or not")
    func resume() async throws {
        let bench = try Bench()
        try await bench.run { broker in
            _ = try broker.welcome()
            try broker.send(.assign(Assign(1)))
            #expect(try broker.done().lease == LeaseName(1))
            try broker.send(.fault(Fault(.unknownPeer, "say HELLO")))
            let hello = try broker.welcome(epoch: 2) { $0.leases }
            #expect(hello.leases == [LeaseName(1)])
            #expect(try broker.done().lease == LeaseName(1))
            try broker.send(.settled([LeaseName(1)]))
            bench.worker.drain()
            _ = try broker.goodbye()
        }
    }

    @Test("says a result again until it is settled, and is not asked for the next one by that")
    func repeats() async throws {
        let bench = try Bench()
        try await bench.run { broker in
            _ = try broker.welcome()
            try broker.send(.assign(Assign(1)))
            for _ in 0..<3 { #expect(try broker.done().lease == LeaseName(1)) }
            // On its way there may be a fourth.
            try broker.send(.settled([LeaseName(1)]))
            try broker.send(.assign(Assign(2)))
            #expect(try broker.done().lease == LeaseName(2))
            try broker.send(.settled([LeaseName(2)]))
            bench.worker.drain()
            _ = try broker.goodbye()
        }
    }

    @Test("hands back at once what it has not begun, and finishes the rest")
    func handsBack() async throws {
        let bench = try Bench { $0.settings.batchTokens = 64 }
        try await bench.run { broker in
            _ = try broker.welcome()
            let long = Source.text(String(repeating: "I would like to buy a ticket to Paris. ", count: 40))
            // The first two fill the room, and the others wait.
            for number in 1...4 { try broker.send(.assign(Assign(UInt64(number), cost: 400, sources: [long]))) }
            #expect(try broker.next { $0.body.beat?.leases.count == 4 ? true : nil })
            bench.worker.drain()
            #expect(try broker.goodbye() == [LeaseName(3), LeaseName(4)])
            // A result is said again until it is settled.
            var done: Set<LeaseName> = []
            while done.count < 2 {
                let lease = try broker.done().lease
                try broker.send(.settled([lease]))
                done.insert(lease)
            }
            #expect(done == [LeaseName(1), LeaseName(2)])
            #expect(try broker.goodbye().isEmpty)
        }
    }

    @Test("a chunk that is to be alone has no other beside it")
    func alone() async throws {
        let bench = try Bench()
        try await bench.run { broker in
            _ = try broker.welcome()
            let long = Source.text(String(repeating: "I would like to buy a ticket to Paris. ", count: 20))
            try broker.send(.assign(Assign(1, sources: [long])))
            try broker.send(.assign(Assign(2, isAlone: true)))
            try broker.send(.assign(Assign(3)))
            // The short ones wait for the long one, and for each other.
            for number in 1...3 as ClosedRange<UInt64> {
                #expect(try broker.done().lease == LeaseName(number))
                try broker.send(.settled([LeaseName(number)]))
            }
            bench.worker.drain()
            _ = try broker.goodbye()
        }
    }

    @Test("stops what the broker cancels, and has room again")
    func cancel() async throws {
        let bench = try Bench { $0.settings.batchTokens = 64 }
        try await bench.run { broker in
            _ = try broker.welcome()
            let endless = Source.text(String(repeating: "I would like to buy a ticket to Paris. ", count: 4000))
            try broker.send(.assign(Assign(1, cost: 400, sources: [endless])))
            try broker.send(.assign(Assign(2, cost: 400)))
            _ = try broker.beat()
            try broker.send(.brokerBeat(BrokerBeat(epoch: 1, cancelled: [LeaseName(1)])))
            #expect(try broker.done().lease == LeaseName(2))
            try broker.send(.settled([LeaseName(2)]))
            bench.worker.drain()
            _ = try broker.goodbye()
        }
    }

    @Test("a result that is too large for a message is a failure that says so")
    func tooLarge() async throws {
        let bench = try Bench { $0.frameBytesMaximum = 2000 }
        try await bench.run { broker in
            _ = try broker.welcome()
            var assign = Assign(1, sources: [.text(String(repeating: "Thank you. ", count: 100))])
            assign.content.wantsTokens = true
            try broker.send(.assign(assign))
            let fail = try broker.fail()
            #expect(fail.failure.code == "result_refused" && !fail.isRetryable)
            try broker.send(.settled([LeaseName(1)]))
            bench.worker.drain()
            _ = try broker.goodbye()
        }
    }

    @Test("works for several brokers, each with its share of the window, and comes back to one that sent it away")
    func severalBrokers() async throws {
        let bench = try Bench(brokers: ["broker", "other"]) {
            $0.settings.windowTokens = 100
            $0.absenceMilliseconds = 50
        }
        async let other: Void = onThread {
            let broker = try bench.broker("other")
            #expect(try broker.welcome().window == 50)
            try broker.send(.assign(Assign(1)))
            #expect(try broker.done().lease == LeaseName(1))
            try broker.send(.settled([LeaseName(1)]))
            _ = try broker.goodbye()
        }
        try await bench.run { broker in
            #expect(try broker.welcome().window == 50)
            try broker.send(.assign(Assign(1)))
            #expect(try broker.done().lease == LeaseName(1))
            try broker.send(.settled([LeaseName(1)]))
            try broker.send(.brokerBeat(BrokerBeat(epoch: 1, isDraining: true)))
            #expect(try broker.goodbye().isEmpty)
            #expect(try broker.welcome(epoch: 2).leases.isEmpty)
            bench.worker.drain()
            _ = try broker.goodbye()
        }
        try await other
    }

    @Test("without a broker it waits, alive, and leaves at once when it is told to")
    func noBroker() async throws {
        let bench = try Bench()
        async let ended: Void = bench.worker.run()
        while !bench.reports.all.withLock({ $0.contains { if case .alive = $0 { true } else { false } } }) {
            await Task.yield()
        }
        bench.worker.drain()
        try await ended
        #expect(bench.worker.status.welcomed == 0)
    }

    @Test("a worker that can load none of its models does not begin, whether that shows at once or when it loads")
    func noModel() async throws {
        let folder = try TemporaryFolder()
        #expect(throws: NoModelAvailable.self) { try Bench { $0.models = [.broken(in: folder)] } }
        var unreadable = try HostedModel.unreadable(in: folder)
        unreadable.isPreloaded = true
        let bench = try Bench { [unreadable] in $0.models = [unreadable] }
        await #expect(throws: NoModelAvailable.self) { try await bench.worker.run() }
    }

    @Test("a worker offers the models that it can load, withdraws one that fails, and offers it again when it loads")
    func unavailableModel() async throws {
        let folder = try TemporaryFolder()
        let (broken, unreadable) = (HostedModel.broken(in: folder), try HostedModel.unreadable(in: folder))
        let bench = try Bench { $0.models = [.demo(), broken, unreadable] }
        try await bench.run { broker in
            var hello = try broker.welcome()
            #expect(hello.models.map(\.name) == ["demo", "unreadable"])
            #expect(hello.unavailableModels.map(\.name) == ["broken"])
            #expect(hello.unavailableModels[0].reason.contains(broken.directory.path))
            let incarnation = try #require(hello.incarnation)
            try broker.send(.assign(Assign(1, model: "unreadable")))
            hello = try broker.welcome { $0.leases }
            #expect(hello.models.map(\.name) == ["demo"])
            #expect(hello.unavailableModels.map(\.name) == ["broken", "unreadable"])
            #expect(hello.leases == [LeaseName(1)] && hello.incarnation == incarnation)
            let fail = try broker.fail()
            #expect(fail.failure.code == "model_unavailable" && fail.isRetryable)
            try broker.send(.settled([LeaseName(1)]))
            try FileManager.default.removeItem(at: unreadable.directory)
            try FileManager.default.copyItem(at: Translator.demoModel, to: unreadable.directory)
            hello = try broker.welcome()
            #expect(hello.models.map(\.name) == ["demo", "unreadable"])
            try broker.send(.assign(Assign(2, model: "unreadable")))
            #expect(try broker.done().lease == LeaseName(2))
            try broker.send(.settled([LeaseName(2)]))
            bench.worker.drain()
            _ = try broker.goodbye()
        }
        bench.reports.all.withLock { reports in
            let chunks = reports.count { if case .failed = $0 { true } else { false } }
            #expect(chunks == 0)
            let notes = reports.compactMap { if case .model(let note) = $0 { note.kind } else { nil } }
            #expect(notes == ["failed broken", "failed unreadable", "recovered unreadable"])
        }
    }

    @Test("when the task that runs it is cancelled, it leaves at once")
    func cancelled() async throws {
        let bench = try Bench()
        let task = Task { try await bench.worker.run() }
        try await onThread {
            let broker = try bench.broker()
            _ = try broker.welcome()
            try broker.send(.assign(Assign(1, sources: [.text(String(repeating: "Thank you. ", count: 4000))])))
            _ = try broker.next { $0.body.beat?.leases.count == 1 ? true : nil }
            task.cancel()
            _ = try broker.goodbye()
        }
        try await task.value
    }
}

extension Envelope.Body {
    fileprivate var beat: WorkerBeat? { if case .workerBeat(let beat) = self { beat } else { nil } }
}
