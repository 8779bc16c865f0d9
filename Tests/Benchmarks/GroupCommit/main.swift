import Foundation
import JobModel
import JobStore
import PostgresJobStore
import SQLiteJobStore

// How many jobs a second become durable, by how many share a commit, and what the queue of a busy broker costs.
//
//     swift run -c release GroupCommitBenchmark [FOLDER [URL]]
//
// FOLDER: where the store is made; it should be on the disk that the broker will use.
// URL: a PostgreSQL database with the store's tables (`dragoman store init`), measured beside SQLite; it loses what it holds.

let parent = CommandLine.arguments.dropFirst().first ?? "."
let folder = URL(fileURLWithPath: parent).appending(path: "group-commit-\(UUID().uuidString)")
defer { try? FileManager.default.removeItem(at: folder) }

func job() -> StoredJob {
    StoredJob(
        tenant: "default", job: Job([.text("Where is the train station? I have been looking for it for an hour.")]),
        digest: JobID.random().bytes, model: "opus-mt-en-fr", maximumAttempts: 5,
        chunks: [ChunkPlan(pieces: [Piece(source: 0)], cost: 17)], acceptedAt: 1_700_000_000_000)
}

func finish(_ key: JobKey) -> Write {
    let text = "Où est la gare ? Je la cherche depuis une heure."
    let output = Output(hypotheses: [.init(text: text, score: -0.5)])
    return .finish(key, chunk: 0, ChunkResult(outputs: [output], attempts: 1, finishedAt: 1_700_000_001_000))
}

func milliseconds(_ duration: Duration) -> Double {
    Double(duration.components.attoseconds) / 1e15 + Double(duration.components.seconds) * 1e3
}

/// Commits groups of writes and prints how it went.
func measure(_ name: String, _ store: any JobStore, _ writes: [Write], group: Int) throws {
    var times: [Double] = []
    let clock = ContinuousClock()
    let total = try clock.measure {
        for start in stride(from: 0, to: writes.count, by: group) {
            let part = Array(writes[start..<min(start + group, writes.count)])
            times.append(milliseconds(try clock.measure { _ = try store.commit(part) }))
        }
    }
    times.sort()
    print(
        name.padding(toLength: 10, withPad: " ", startingAt: 0),
        "\(group)".padding(toLength: 5, withPad: " ", startingAt: 0),
        String(
            format: "%9.0f jobs/s   commit p50 %6.2f ms   p99 %7.2f ms",
            Double(writes.count) * 1000 / milliseconds(total),
            times[times.count / 2], times[times.count * 99 / 100]))
}

/// The stores to be measured, each empty and a broker's.
func stores(_ name: String) throws -> [(name: String, store: any JobStore)] {
    var stores: [(String, any JobStore)] = [("SQLite", try SQLiteJobStore(in: folder.appending(path: name).path))]
    if let shared = try shared() { stores.append(("PostgreSQL", shared)) }
    return stores
}

func shared() throws -> PostgresJobStore? {
    guard let url = CommandLine.arguments.dropFirst(2).first else { return nil }
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = [
        "psql", "-q", "-c", "TRUNCATE dragoman.job, dragoman.content, dragoman.chunk, dragoman.log, dragoman.record",
        url,
    ]
    try process.run()
    process.waitUntilExit()
    let store = try PostgresJobStore(PostgresJobStore.Settings(url: url))
    while try store.acquire() != .acquired { usleep(100_000) }
    return store
}

for group in [1, 8, 64, 512] {
    for (name, store) in try stores("\(group)") {
        _ = try store.recover()
        print(name)
        let jobs = (0..<min(group * 400, 60_000)).map { _ in job() }
        let keys = jobs.map { JobKey(tenant: $0.tenant, id: $0.job.id) }
        try measure("insert", store, jobs.map { .insert($0) }, group: group)
        try measure(
            "lease", store, keys.map { .lease($0, chunk: 0, LeaseMark(token: 1, attempt: 1, instance: "w")) },
            group: group)
        try measure("finish", store, keys.map(finish), group: group)
        try store.close()
    }
}

for (name, store) in try stores("large") {
    _ = try store.recover()
    print(name)
    try measure("100,000", store, (0..<100_000).map { _ in .insert(job()) }, group: 512)
    var recovery: Recovery?
    let time = try ContinuousClock().measure { recovery = try store.recover() }
    print("\(recovery?.jobs.count ?? 0) queued jobs recovered in \(Int(milliseconds(time))) ms")
    try store.close()
}
let file = folder.appending(path: "large").path + "/jobs.sqlite"
let size = try FileManager.default.attributesOfItem(atPath: file)[.size] as? Int ?? 0
print("100,000 queued jobs: \(size >> 20) MiB of SQLite's file")
