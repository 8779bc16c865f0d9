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
        try writeSecret("server.key", server)
    }

    private func writeSecret(_ name: String, _ keys: CurveKeyPair) throws {
        chmod(try folder.write(name, keys.secretKey.exposedText + "\n"), 0o600)
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

    private var access: [String: String] {
        [
            "ACCESS_SERVER_SECRET_KEY_FILE": folder.file("server.key").path,
            "ACCESS_ALLOW_FILE": folder.file("allow").path,
        ]
    }

    private func cluster(_ settings: [String: String] = [:]) throws -> Cluster {
        try Cluster(access.merging(settings) { $1 }, folder: folder)
    }

    @Test("with the right keys everything works, with a real worker too")
    mutating func rightKeys() throws {
        let worker = try CurveKeyPair.generate()
        try allow(worker, "farm", "worker")
        try writeSecret("worker.key", worker)
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
        #expect(try bob.status().workerCount == 1)
        // A dead letter is its tenant's.
        let dead = try alice.accept(Job("Alice's, dead."))
        try worker.fail(try worker.assignment(), Failure("test", "No."), isRetryable: false)
        #expect(try bob.deadLetters(.list(after: 0, limit: 10)).isEmpty)
        #expect(try bob.deadLetters(.retry([dead])).isEmpty)
        #expect(try bob.deadLetters(.drop([dead])).isEmpty)
        #expect(try alice.deadLetters(.list(after: 0, limit: 10)).map(\.job) == [dead])
        #expect(try bob.list().jobs.allSatisfy { $0.tenant == "b" })
        #expect(try bob.list().jobs.map(\.job) == [ours])
        #expect(try alice.list().jobs.map(\.job) == [ours, dead])
        let forbidden = try bob.ask(.jobListRequest(JobListRequest(), scope: .tenant("a")))
        guard case .fault(let fault) = forbidden else { throw Peer.Silence(description: "\(forbidden)") }
        #expect(fault.code == .forbidden)
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

    @Test("cancel --all of an operator ends its own tenant's jobs, unless another one or all are named")
    mutating func cancelAll() async throws {
        let (a, b, farm) = (try client("a", "producer"), try client("b", "producer"), try client("farm", "worker"))
        let (keys, ofA) = (try CurveKeyPair.generate(), try CurveKeyPair.generate())
        try allow(keys, "admin", "operator")
        try allow(ofA, "a", "producer")
        try writeSecret("operator.key", keys)
        try writeSecret("a.key", ofA)
        let cluster = try cluster()
        let worker = try cluster.worker("w", window: 0, security: farm)
        let peers = try [a, b, security(keys)].map { try cluster.producer($0) }
        for peer in peers { for _ in 0..<2 { try peer.accept(Job("A text.")) } }
        func cancel(_ key: String, _ arguments: String...) async throws -> (status: Int32, log: String) {
            let command = try Daemon(
                ["cancel", "--all", "--yes", "--jobs-endpoint", cluster.endpoint("jobs")] + arguments,
                environment: [
                    "DRAGOMAN_ACCESS_CLIENT_SECRET_KEY_FILE": folder.file(key).path,
                    "DRAGOMAN_ACCESS_SERVER_PUBLIC_KEY": "\(server.publicKey)",
                ], in: folder.url)
            return (await command.waitForExit(), command.log)
        }
        // Of each tenant, how many have not ended.
        func left() throws -> [Int] {
            try peers.map { try $0.list().jobs.count { $0.state == .queued } }
        }
        #expect(try await cancel("operator.key") == (0, "2 jobs cancelled\n"))
        #expect(try left() == [2, 2, 0])
        for scope in [["--tenant", "b"], ["--all-tenants"]] {
            let command = try await scope.count == 2 ? cancel("a.key", scope[0], scope[1]) : cancel("a.key", scope[0])
            #expect(command.status == 77, "\(command.log)")
        }
        #expect(try left() == [2, 2, 0])
        #expect(try await cancel("operator.key", "--tenant", "b") == (0, "2 jobs cancelled\n"))
        #expect(try left() == [2, 0, 0])
        try peers[1].accept(Job("A text."))
        #expect(try await cancel("operator.key", "--all-tenants") == (0, "3 jobs cancelled\n"))
        #expect(try left() == [0, 0, 0])
        withExtendedLifetime(worker) {}
    }

    @Test("a broker's key is changed without a cut for those who list the old one and the new one")
    mutating func newServerKey() async throws {
        let next = try CurveKeyPair.generate()
        let keys = try CurveKeyPair.generate()
        try allow(keys, "a", "operator")
        let worker = try CurveKeyPair.generate()
        try allow(worker, "farm", "worker")
        try writeSecret("worker.key", worker)
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
        try writeSecret("server.key", next)
        cluster.broker.signal(SIGTERM)
        #expect(await cluster.broker.waitForExit() == 0)
        try cluster.startBroker()
        try cluster.broker.waitForLog("worker welcomed instance=w ")
        #expect(try producer.status().workers.count == 1)
    }

    @Test("a broker and its standby may have keys of their own, when both are listed", arguments: [true, false])
    mutating func keysOfStandbys(areListed: Bool) async throws {
        let next = try CurveKeyPair.generate()
        let worker = try CurveKeyPair.generate()
        try allow(worker, "farm", "worker,operator")
        try writeSecret("worker.key", worker)
        // Where several keys are listed, that a broker is gone is known by its silence alone.
        let cluster = try cluster(["BROKER_WORKER_DEAD_AFTER_MS": "5000"])
        let settings = [
            "ACCESS_CLIENT_SECRET_KEY_FILE": folder.file("worker.key").path,
            "ACCESS_SERVER_PUBLIC_KEY": areListed ? "\(server.publicKey),\(next.publicKey)" : "\(server.publicKey)",
            "WORKER_WORK_ENDPOINT": "\(cluster.endpoint("work")),\(cluster.endpoint("work", at: ".b"))",
        ]
        try cluster.addWorker("w", settings)
        try writeSecret("server.key", next)
        await cluster.broker.kill()
        try cluster.startBroker(at: ".b")
        if areListed {
            try cluster.broker.waitForLog("worker welcomed instance=w ")
        } else {
            // It says so, and goes on asking.
            try cluster.workers[0].waitForLog("access.server_public_key is not the key of the broker")
            #expect(cluster.workers[0].isRunning)
        }
    }

    @Test("a tenant's limits are those of its line, and of no other tenant; SIGHUP takes up others")
    mutating func tenantLimits() throws {
        let alice = try client("a", "producer")
        let bob = try client("b", "producer")
        let farm = try client("farm", "worker")
        let list = allowed
        allowed += "tenant a priority_max=1 jobs_per_second_max=1\n"
        try folder.write("allow", allowed)
        let cluster = try cluster()
        let worker = try cluster.worker("w", security: farm)
        let (first, second) = (try cluster.producer(alice), try cluster.producer(bob))
        var urgent = Job("A text.")
        urgent.priority = 2
        #expect(try first.rejection(of: urgent).code == .invalid)
        try second.accept(urgent)
        let outcomes = try first.submit([Job("One."), Job("Two."), Job("Three.")]).map(\.outcome)
        #expect(outcomes.first == .accepted(duplicate: false))
        for case .accepted in outcomes.dropFirst() { Issue.record("a job is accepted too soon") }
        try folder.write("allow", list)
        cluster.broker.signal(SIGHUP)
        try cluster.broker.waitForLog("configuration read again")
        try first.accept(urgent)
        _ = try worker.assignment()
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

    @Test("a tenant has no more connections than the allow-list lets it, and another when one has ended")
    mutating func tenantConnections() throws {
        allowed = "tenant a connections_max=1\n"
        let (alice, bob) = (try client("a", "producer"), try client("b", "producer"))
        let cluster = try cluster()
        var first: Peer? = try cluster.producer(alice)
        _ = try first?.status()
        let second = try cluster.producer(alice)
        try second.waitForConnection()
        try second.send(.statusQuery())
        #expect(try second.fault().code == .unavailable)
        // Its connection was closed after that, so it connects again.
        #expect(try second.waitForConnection())
        try cluster.broker.waitForLog("the tenant has 1 connections")
        _ = try first?.status()
        _ = try cluster.producer(bob).status()
        first = nil
        // The broker learns of the end soon, but not at once; each refused attempt is an answer, not a wait.
        let isServed = try (1...1000).contains { _ in
            let third = try cluster.producer(alice)
            try third.send(.statusQuery())
            if case .statusReport = try third.receive().body { return true }
            return false
        }
        #expect(isServed)
    }

    @Test("who is taken off the list is cut off at once, and a worker's chunks go to another")
    mutating func revoked() throws {
        let (first, second) = (try CurveKeyPair.generate(), try CurveKeyPair.generate())
        let operating = try client("admin", "operator")
        let producer = try client("a", "producer")
        let kept = allowed
        try allow(first, "farm", "worker")
        try allow(second, "farm", "worker")
        let cluster = try cluster()
        let doomed = try cluster.worker("doomed", security: security(first))
        let alice = try cluster.producer(producer)
        try alice.accept(Job("Hello."))
        let lease = try doomed.assignment()
        allowed = kept
        try allow(second, "farm", "worker")
        cluster.broker.signal(SIGHUP)
        try cluster.broker.waitForLog("audit=revoked")
        let other = try cluster.worker("other", security: security(second))
        let again = try other.assignment()
        #expect(again.lease.chunk == lease.lease.chunk && again.attempt == lease.attempt)
        #expect(try cluster.producer(operating).status().workers.map(\.instance) == ["other"])
        #expect(try !Peer(at: cluster.endpoint("work"), security: security(first)).waitForConnection())
        // Everyone else has noticed nothing.
        _ = try alice.status()
        #expect(cluster.broker.log.contains("audit=connected"))
        #expect(cluster.broker.log.contains("audit=reloaded"))
        #expect(!cluster.broker.log.contains("Hello."))
    }

    @Test("a list that cannot be read keeps the one that is in force, and an empty one refuses everyone")
    mutating func brokenList() throws {
        let producer = try client("a", "producer")
        let cluster = try cluster()
        let alice = try cluster.producer(producer)
        _ = try alice.status()
        try folder.write("allow", "no key at all\n")
        cluster.broker.signal(SIGHUP)
        try cluster.broker.waitForLog("configuration not read again")
        _ = try alice.status()
        try folder.write("allow", "")
        cluster.broker.signal(SIGHUP)
        try cluster.broker.waitForLog("everyone is refused")
        #expect(try !cluster.producer(producer).waitForConnection())
    }

    @Test("a secret key that others may read, and a list that is not there, stop the start")
    mutating func unsafeFiles() async throws {
        _ = try client("a", "producer")
        chmod(folder.file("server.key").path, 0o640)
        let readable = try Cluster(access, folder: folder, isToStart: false)
        #expect(await readable.broker.waitForExit() == 78)
        #expect(readable.broker.log.contains("chmod 600"))
        chmod(folder.file("server.key").path, 0o600)
        try folder.remove("allow")
        let missing = try Cluster(access, folder: folder, isToStart: false)
        #expect(await missing.broker.waitForExit() == 78)
    }

    @Test(
        "commands say what is wrong with the key, with status 77, at one address and at one of several",
        arguments: ["unknown", "role", "none", "server"], [false, true])
    mutating func told(_ what: String, hasStandby: Bool) async throws {
        let known = try CurveKeyPair.generate()
        try allow(known, "a", what == "role" ? "observer" : "producer")
        let keys = what == "unknown" ? try CurveKeyPair.generate() : known
        try writeSecret("client.key", keys)
        let cluster = try cluster()
        let broker = what == "server" ? try CurveKeyPair.generate().publicKey : server.publicKey
        var environment = [
            "DRAGOMAN_ACCESS_CLIENT_SECRET_KEY_FILE": folder.file("client.key").path,
            "DRAGOMAN_ACCESS_SERVER_PUBLIC_KEY": "\(broker)",
        ]
        if what == "none" { environment = [:] }
        let standby = hasStandby ? "\(cluster.endpoint("jobs", at: ".b"))," : ""
        let status = try Daemon(
            ["status", "--jobs-endpoint", standby + cluster.endpoint("jobs"), "--timeout", "100"],
            environment: environment, in: folder.url)
        #expect(await status.waitForExit() == 77)
        let said = [
            "unknown": "does not admit this key as producer", "role": "does not admit this key as producer",
            "none": "asks for a key, and none is set", "server": "is not the key of the broker",
        ]
        #expect(status.log.contains(said[what] ?? "?"), "\(status.log)")
    }

    @Test("a command with a key is told that the broker uses none")
    mutating func brokerWithoutKeys() async throws {
        try writeSecret("client.key", try .generate())
        let cluster = try Cluster()
        let status = try Daemon(
            ["status", "--jobs-endpoint", cluster.endpoint("jobs")],
            environment: [
                "DRAGOMAN_ACCESS_CLIENT_SECRET_KEY_FILE": folder.file("client.key").path,
                "DRAGOMAN_ACCESS_SERVER_PUBLIC_KEY": "\(server.publicKey)",
            ], in: folder.url)
        #expect(await status.waitForExit() == 77)
        // Which end finds it out first is chance; if the broker does, the connection just ends.
        #expect(status.log.contains("uses no keys"), "\(status.log)")
    }
}
