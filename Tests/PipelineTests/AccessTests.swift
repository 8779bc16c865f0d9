import Foundation
import Glibc
import JobModel
import TestKit
import Testing
import ZeroMQ

@Suite(
    "Only those with a key get in, and each tenant sees only its own", .ownThread, .timeLimit(.minutes(5)),
    .enabled(if: BuiltProgram.isExpected))
struct AccessTests {
    private let folder: TemporaryFolder
    private let server: CurveKeyPair
    private var allowed = ""

    init() throws {
        folder = try TemporaryFolder()
        server = try CurveKeyPair.generate()
        try folder.write("server.key", server.secretKey.exposedText + "\n")
    }

    private func security(_ keys: CurveKeyPair) -> Security { .curveClient(keys, server: server.publicKey) }

    /// Lets a new key in.
    private mutating func client(_ tenant: String, _ roles: String) throws -> Security {
        let keys = try CurveKeyPair.generate()
        try allow(keys, tenant, roles)
        return security(keys)
    }

    private mutating func allow(_ keys: CurveKeyPair, _ tenant: String, _ roles: String) throws {
        allowed += "\(keys.publicKey) \(tenant) \(roles) # \(tenant)'s\n"
        try folder.write("allow", "# Who may connect.\n\n" + allowed)
    }

    private func cluster(_ settings: [String: String] = [:]) throws -> Cluster {
        let access = [
            "ACCESS_SERVER_SECRET_KEY_FILE": folder.file("server.key").path,
            "ACCESS_ALLOW_FILE": folder.file("allow").path,
        ]
        return try Cluster(access.merging(settings) { $1 }, folder: folder)
    }

    @Test("with the right keys everything works, with a real worker too")
    mutating func rightKeys() throws {
        let worker = try CurveKeyPair.generate()
        try allow(worker, "farm", "worker")
        try folder.write("worker.key", worker.secretKey.exposedText)
        let client = try client("a", "producer,consumer")
        let cluster = try cluster()
        try cluster.addWorker(
            "w",
            [
                "ACCESS_CLIENT_SECRET_KEY_FILE": folder.file("worker.key").path,
                "ACCESS_SERVER_PUBLIC_KEY": "\(server.publicKey)",
            ])
        let producer = try cluster.producer(client)
        try producer.accept(Job("Thank you.", model: "demo-en-fr"))
        let record = try cluster.consumer("c", security: client).record()
        #expect(record.outputs.first?.hypotheses.first?.text == "Merci.")
    }

    @Test("a key may have any character that keys are written with, those of comments too")
    mutating func anyKey() throws {
        var keys = try CurveKeyPair.generate()
        while !"\(keys.publicKey)".contains("#") { keys = try .generate() }
        try allow(keys, "b", "producer")
        let cluster = try cluster()
        _ = try cluster.producer(security(keys)).status()
    }

    @Test("strangers, and those who have no role for a socket, are not let in")
    mutating func wrongKeys() throws {
        let producer = try client("a", "producer")
        let worker = try client("a", "worker")
        let consumer = try client("a", "consumer")
        let observer = try client("a", "observer")
        let stranger = security(try .generate())
        let other = try CurveKeyPair.generate()
        let wrongServer = Security.curveClient(try .generate(), server: other.publicKey)
        let cluster = try cluster()
        for (name, rightful) in [("jobs", producer), ("work", worker), ("results", consumer), ("feed", observer)] {
            let kind = name == "feed" ? Socket.Kind.sub : .dealer
            #expect(try Peer(kind, at: cluster.endpoint(name), security: rightful).waitForConnection())
            #expect(try !Peer(kind, at: cluster.endpoint(name), security: stranger).waitForConnection())
            for (role, key) in [
                ("producer", producer), ("worker", worker), ("consumer", consumer), ("observer", observer),
            ] {
                let isRight =
                    ["jobs": "producer", "work": "worker", "results": "consumer", "feed": "observer"][name] == role
                let isLetIn = try Peer(kind, at: cluster.endpoint(name), security: key).waitForConnection()
                #expect(isLetIn == isRight, "\(role) at \(name)")
            }
        }
        // These fail before there is a key to ask about, and go on trying: nothing of theirs is heard.
        for security in [Security.none, wrongServer] {
            let peer = try Peer(at: cluster.endpoint("jobs"), security: security)
            #expect(throws: Peer.Silence.self) { try peer.waitForConnection(within: .milliseconds(200)) }
        }
        _ = try cluster.producer(producer).status()
    }

    @Test("tenants do not see each other's jobs and results")
    mutating func tenants() throws {
        let (a, b) = (try client("a", "producer,consumer,observer"), try client("b", "producer,consumer,observer"))
        let operating = try client("admin", "operator")
        let farm = try client("farm", "worker")
        let cluster = try cluster(["BROKER_HEARTBEAT_MS": "50"])
        let worker = try cluster.worker("w", security: farm)
        let observer = try Peer(.sub, at: cluster.endpoint("feed"), security: b)
        for prefix in ["", "record/", "record/a/", "heartbeat/a"] { try observer.subscribe(to: prefix) }
        let (alice, bob) = (try cluster.producer(a), try cluster.producer(b))
        let ours = try alice.accept(Job("Alice's."))
        let assign = try worker.assignment()
        // The same id is another job.
        var same = Job(id: ours, "Bob's.")
        #expect(try bob.report(on: ours).state == nil)
        #expect(try bob.cancel([ours]) == [nil])
        #expect(try bob.status().queuedJobs == 0)
        try bob.accept(same)
        try worker.finish(assign)
        try worker.finish(try worker.assignment())
        let consumers = try [a, b].map { try cluster.consumer("c", security: $0) }
        let records = try consumers.map { try $0.record() }
        // From now on it is remembered, attached or not.
        for consumer in consumers { #expect(try consumer.acknowledge(upTo: 1) == 1) }
        #expect(records.map(\.sequence) == [1, 1])
        #expect(records.map { $0.outputs.first?.hypotheses.first?.text } == ["ALICE'S.", "BOB'S."])
        #expect(try bob.status().lastSequence == 1)
        #expect(try bob.status().workers.isEmpty)
        #expect(try bob.status().consumers.count == 1)
        #expect(try cluster.producer(operating).status().workers.count == 1)
        // A dead letter is its tenant's.
        let dead = try alice.accept(Job("Alice's, dead."))
        try worker.fail(try worker.assignment(), Failure("test", "No."), isRetryable: false)
        #expect(try bob.deadLetters(.list(after: 0, limit: 10)).isEmpty)
        #expect(try bob.deadLetters(.retry([dead])).isEmpty)
        #expect(try bob.deadLetters(.drop([dead])).isEmpty)
        #expect(try alice.deadLetters(.list(after: 0, limit: 10)).map(\.job) == [dead])
        // Nor does the feed tell of the other, whatever is subscribed to.
        same.id = .random()
        same.topic = "end"
        try bob.accept(same)
        try worker.finish(try worker.assignment())
        while true {
            let (topic, _) = try observer.publication()
            #expect(topic.hasPrefix("record/b/") || topic == "heartbeat/b/", "\(topic)")
            if topic == "record/b/end" { break }
        }
    }

    @Test("a broker's key is changed without a cut for those who list the old one and the new one")
    mutating func newServerKey() async throws {
        let next = try CurveKeyPair.generate()
        let keys = try CurveKeyPair.generate()
        try allow(keys, "a", "operator")
        let worker = try CurveKeyPair.generate()
        try allow(worker, "farm", "worker")
        try folder.write("worker.key", worker.secretKey.exposedText)
        let cluster = try cluster()
        try cluster.addWorker(
            "w",
            [
                "ACCESS_CLIENT_SECRET_KEY_FILE": folder.file("worker.key").path,
                "ACCESS_SERVER_PUBLIC_KEY": "\(next.publicKey),\(server.publicKey)",
            ])
        let producer = try cluster.producer(
            .curveClient(keys, servers: [server.publicKey, next.publicKey]))
        #expect(try producer.status().workers.count == 1)
        try folder.write("server.key", next.secretKey.exposedText)
        cluster.broker.signal(SIGTERM)
        #expect(await cluster.broker.waitForExit() == 0)
        try cluster.startBroker()
        try cluster.broker.waitForLog("worker welcomed instance=w ")
        #expect(try producer.status().workers.count == 1)
    }

    @Test("SIGHUP lets in whom the list has since")
    mutating func reload() throws {
        let first = try client("a", "producer")
        let cluster = try cluster()
        _ = try cluster.producer(first).status()
        let second = try client("a", "producer")
        #expect(try !cluster.producer(second).waitForConnection())
        cluster.broker.signal(SIGHUP)
        try cluster.broker.waitForLog("configuration read again")
        _ = try cluster.producer(second).status()
        _ = try cluster.producer(first).status()
    }
}
