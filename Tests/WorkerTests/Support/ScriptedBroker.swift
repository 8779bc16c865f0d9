import Foundation
import JobModel
import TestKit
import Testing
import Wire
import Worker
import ZeroMQ

/// The broker's side of the wire, in the hands of a test: it receives what it waits for, and sends what it is told.
///
/// Belongs to one thread.
final class ScriptedBroker {
    struct Silence: Error {}

    private let socket: Socket
    private var poller = Poller()
    private var decoder: EnvelopeDecoder
    private var address: ReturnAddress?
    private var epoch: UInt64 = 1
    /// Which leases the answer to the last HELLO wants of those that it names; nil: none was answered yet.
    private var wants: ((Hello) -> [LeaseName])?
    /// What the worker may still say again, because it had not heard when it did.
    private var settled: Set<LeaseName> = []

    init(_ endpoint: String, context: Context) throws {
        socket = try Socket(.router, in: context)
        try socket.bind(endpoint)
        _ = poller.add(socket)
        decoder = try EnvelopeDecoder(frameSizeLimit: 4 << 20)
    }

    func send(_ envelope: Envelope) throws {
        if case .settled(let leases) = envelope.body { settled.formUnion(leases) }
        _ = try socket.send(envelope.encoded(), to: try #require(address))
    }

    func send(_ body: Envelope.Body) throws { try send(Envelope(body)) }

    /// The next message that `pick` wants; beats are answered, others are dropped. A worker repeats what it says of a
    /// lease until that is settled, and perhaps once more: such repetitions are dropped too. A HELLO that the worker
    /// said again before it was welcomed is answered like the first, whose answer it does not take any more.
    func next<Value>(_ pick: (Envelope) -> Value?) throws -> Value {
        let deadline = ContinuousClock.now.advanced(by: .seconds(60))
        while true {
            guard case .message(let message) = try socket.receiveFromPeer() else {
                guard try poller.wait(until: deadline) else { throw Silence() }
                continue
            }
            address = message.returnAddress
            let envelope = try decoder.decode(message.body.bytes)
            if case .workerBeat = envelope.body { try send(.brokerBeat(BrokerBeat(epoch: epoch))) }
            if isRepetition(envelope.body) { continue }
            if let value = pick(envelope) { return value }
            if case .hello(let hello) = envelope.body, wants != nil { try answer(hello, envelope.correlation) }
        }
    }

    private func isRepetition(_ body: Envelope.Body) -> Bool {
        switch body {
        case .done(let done): settled.contains(done.lease)
        case .fail(let fail): settled.contains(fail.lease)
        case .goodbye(let unstarted): !unstarted.isEmpty && settled.isSuperset(of: unstarted)
        default: false
        }
    }

    /// Waits for HELLO and answers it.
    func welcome(epoch: UInt64 = 1, wants: @escaping (Hello) -> [LeaseName] = { _ in [] }) throws -> Hello {
        self.epoch = epoch
        let (hello, correlation) = try next { envelope -> (Hello, [UInt8])? in
            if case .hello(let hello) = envelope.body { (hello, envelope.correlation) } else { nil }
        }
        self.wants = wants
        try answer(hello, correlation)
        return hello
    }

    private func answer(_ hello: Hello, _ correlation: [UInt8]) throws {
        let welcome = Welcome(
            epoch: epoch, heartbeatMilliseconds: 50, silenceMilliseconds: 20_000, leases: wants?(hello) ?? [])
        try send(Envelope(.welcome(welcome), correlation: correlation))
    }

    func done() throws -> Done { try next { if case .done(let done) = $0.body { done } else { nil } } }
    func fail() throws -> Fail { try next { if case .fail(let fail) = $0.body { fail } else { nil } } }
    func beat() throws -> WorkerBeat { try next { if case .workerBeat(let beat) = $0.body { beat } else { nil } } }

    /// The next GOODBYE, which is answered.
    func goodbye() throws -> [LeaseName] {
        let (unstarted, correlation) = try next { envelope -> ([LeaseName], [UInt8])? in
            if case .goodbye(let unstarted) = envelope.body { (unstarted, envelope.correlation) } else { nil }
        }
        try send(Envelope(.settled(unstarted), correlation: correlation))
        return unstarted
    }
}

/// Runs a script on a thread of its own, as sockets ask for.
func onThread<Value: Sendable>(_ script: @escaping @Sendable () throws -> Value) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
        Thread { continuation.resume(with: Result { try script() }) }.start()
    }
}
