import JobModel
import TestKit
import Testing
import ZeroMQ

@Suite(
    "Observers see a live copy of the results", .ownThread, .timeLimit(.minutes(5)),
    .enabled(if: BuiltProgram.isExpected))
struct FeedTests {
    @Test("whoever subscribes to a topic's prefix gets its records, as consumers do, and no others")
    func topics() throws {
        let cluster = try Cluster(["BROKER_HEARTBEAT_MS": "50"])
        let observer = try Peer(.sub, at: cluster.endpoint("feed"))
        try observer.subscribe(to: "record/default/news/")
        try observer.subscribe(to: "heartbeat/default")
        let worker = try cluster.worker("w")
        let producer = try cluster.producer()
        func finish(topic: String) throws -> JobID {
            var job = Job("A text.")
            job.topic = topic
            try producer.accept(job)
            try worker.finish(try worker.assignment())
            return job.id
        }
        // The first heartbeat shows that the subscription has arrived. It tells of tenants that there are.
        _ = try finish(topic: "news/before")
        while true {
            let (topic, body) = try observer.publication()
            guard case .heartbeat(let epoch, let last) = body else { continue }
            #expect(topic == "heartbeat/default/")
            #expect(epoch == 1)
            if last == 1 { break }
        }
        _ = try finish(topic: "weather")
        let wanted = [try finish(topic: "news/paris"), try finish(topic: "news/")]
        _ = try finish(topic: "new")
        _ = try finish(topic: "")
        let end = try finish(topic: "news/end")
        var seen: [Record] = []
        while seen.last?.job != end {
            let (topic, body) = try observer.publication()
            guard case .record(let record, 1) = body else { continue }
            #expect(topic == "record/default/\(record.topic)")
            seen.append(record)
        }
        // The one before came or not: the subscription was young.
        let kept = seen.filter { $0.sequence > 1 }
        #expect(kept.map(\.job) == wanted + [end])
        #expect(kept.map(\.sequence) == [3, 4, 7])
        let consumer = try cluster.consumer("c", from: 3)
        #expect(Array(kept.prefix(2)) == [try consumer.record(), try consumer.record()])
    }

    @Test("an observer that is connected to a broker and its standby hears whichever is active")
    func standby() async throws {
        let cluster = try Cluster(["BROKER_HEARTBEAT_MS": "50"])
        let observer = try Peer(.sub, at: cluster.endpoint("feed"))
        try observer.connect(to: cluster.endpoint("feed", at: ".b"))
        try observer.subscribe(to: "heartbeat/default")
        func waitForHeartbeat(ofEpoch expected: UInt64) throws {
            while true {
                if case .heartbeat(expected, _) = try observer.publication().body { return }
            }
        }
        let worker = try cluster.worker("w")
        try cluster.producer().accept(Job("A text."))
        try worker.finish(try worker.assignment())
        try waitForHeartbeat(ofEpoch: 1)
        await cluster.broker.kill()
        try cluster.startBroker(at: ".b")
        try waitForHeartbeat(ofEpoch: 2)
    }
}
