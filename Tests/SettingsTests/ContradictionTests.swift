import Settings
import Testing

@Suite("Keys that contradict each other")
struct ContradictionTests {
    @Test(
        "are reported with both, and with what to do",
        arguments: [
            (
                "broker: {heartbeat_ms: 3000}", "worker_dead_after_ms (5000 ms) is less than two heartbeats",
                "6000 or more"
            ),
            ("broker: {lease_ms: 1500}", "lease_ms (1500 ms) is less than two heartbeats", "2000 or more"),
            ("broker: {backoff_max_ms: 500}", "backoff_base_ms (1000 ms) is more than", "500 or less"),
            (
                "limits: {inflight_bytes_max: 2097152}", "less than the largest message (4194304 bytes)",
                "4194304 or more"
            ),
            ("worker: {window_tokens: 100}", "less than worker.batch_tokens (1024)", "1024 or more, or 0"),
            ("broker: {feed_endpoint: 'tcp://127.0.0.1:7411'}", "are the same place", "give each its own"),
            ("broker: {jobs_endpoint: 'tcp://0.0.0.0:7411'}", "can be reached from other hosts", "insecure_remote"),
            ("broker: {jobs_endpoint: 'tcp://*:7411'}", "can be reached from other hosts", "127.0.0.1"),
            ("broker: {work_endpoint: 'tcp://mt.example.org:1'}", "can be reached from other hosts", "127.0.0.1"),
            ("broker: {metrics_address: '0.0.0.0:9464'}", "and there is no secret", "access.metrics_token_file"),
            ("worker: {metrics_address: '[::]:9464'}", "worker.metrics_address", "127.0.0.1:9464"),
            ("gateway: {metrics_address: 'mt.example.org:9464'}", "can be reached from other hosts", "insecure_remote"),
            ("access: {server_secret_key_file: /k}", "access.allow_file is not: without the list", "set both"),
            ("access: {allow_file: /k}", "access.server_secret_key_file is not", "set both or neither"),
            ("access: {client_secret_key_file: /k}", "access.server_public_key is not", "set both or neither"),
            (
                "client: {jobs_endpoint: 'tcp://a:1', jobs_endpoints: ['tcp://b:1']}",
                "client.jobs_endpoint and client.jobs_endpoints are both set",
                "the addresses of one broker in client.jobs_endpoint"
            ),
            (
                "worker: {work_endpoint: ['tcp://a:1', 'tcp://b:1'], work_endpoints: ['tcp://c:1']}",
                "worker.work_endpoint and worker.work_endpoints are both set",
                "several brokers in worker.work_endpoints"
            ),
            (
                "store: {url: 'postgresql://a@b/c', directory: /d}", "in PostgreSQL and in a directory",
                "leave one of the two empty"
            ),
            ("store: {password_file: /p}", "no database that would ask for it", "set store.url"),
            (
                "store: {url: 'postgresql://a@b/c', database_bytes_max: 16777216}", "bounds a SQLite database",
                "leave it 0"
            ),
            ("models: {a: {preload: true}}", "models.a.directory is not set", "folder of the model's files"),
        ])
    func contradictions(text: String, what: String, remedy: String) throws {
        let report = try read(text)
        let problem = try #require(report.problems.first)
        #expect(report.problems.count == 1)
        #expect(problem.what.contains(what))
        #expect(problem.remedy.contains(remedy))
        #expect(problem.line == 1, "\(problem)")
    }

    @Test(
        "are none when they agree",
        arguments: [
            "broker: {metrics_address: '127.0.0.1:9464'}\nworker: {metrics_address: '[::1]:9464'}",
            "broker: {metrics_address: '0.0.0.0:9464'}\naccess: {metrics_token_file: /t}",
            "broker: {jobs_endpoint: 'tcp://0.0.0.0:7411'}\naccess: {server_secret_key_file: /k, allow_file: /a}",
            "broker: {jobs_endpoint: 'tcp://0.0.0.0:7411'}\naccess: {insecure_remote: true}",
            "broker: {jobs_endpoint: 'ipc:///run/d/jobs', work_endpoint: 'tcp://127.9.9.9:7411'}",
            "broker: {jobs_endpoint: 'tcp://[::1]:7411', work_endpoint: 'tcp://localhost:7411'}",
            "broker: {heartbeat_ms: 3000, worker_dead_after_ms: 6000, lease_ms: 6000}",
            "access: {client_secret_key_file: /k, server_public_key: 'rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf7'}",
        ])
    func agreement(text: String) throws {
        #expect(try read(text).problems == [])
    }

    @Test("a key that has a problem of its own is not compared")
    func faultyKeys() throws {
        let report = try read("broker:\n  heartbeat_ms: 9000\n  worker_dead_after_ms: x\n  lease_ms: y\n")
        #expect(report.problems.map(\.line) == [3, 4])
    }

    @Test("a name that begins like a loopback address is remote")
    func loopback() {
        #expect(Endpoint("tcp://127.example.org:1")?.isRemote == true)
        #expect(Endpoint("tcp://127.0.0.1.example.org:1")?.isRemote == true)
        #expect(Endpoint("tcp://127.0.0.999:1")?.isRemote == true)
        #expect(Endpoint("tcp://127.0.0.1:1")?.isRemote == false)
        #expect(Endpoint("ipc:///run/x")?.isRemote == false)
    }

    @Test(
        "texts that are no endpoints",
        arguments: [
            "", "tcp://", "tcp://:1", "tcp://a", "tcp://a:", "tcp://a:0", "tcp://a:65536", "tcp://a:-1", "tcp://a:+1",
            "tcp://a b:1", "tcp://[zz]:1", "tcp://::1:1", "ipc://", "inproc://x", "udp://a:1", "TCP://a:1",
            "tcp://a:1/",
            "ipc://" + String(repeating: "x", count: 108),
        ])
    func badEndpoints(text: String) {
        #expect(Endpoint(text) == nil)
    }
}
