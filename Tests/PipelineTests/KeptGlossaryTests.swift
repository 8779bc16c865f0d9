import Foundation
import JobModel
import TestKit
import Testing

@Suite(
    "Glossaries that a broker keeps", .ownThread, .timeLimit(.minutes(30)), .enabled(if: BuiltProgram.isExpected))
struct KeptGlossaryTests {
    private func run(_ script: String, _ cluster: Cluster) async throws -> (status: Int32, log: String) {
        let endpoints = [
            "DRAGOMAN_CLIENT_JOBS_ENDPOINTS": cluster.endpoint("jobs"),
            "DRAGOMAN_CLIENT_RESULTS_ENDPOINT": cluster.endpoint("results"),
        ]
        let command = try Daemon(shell: script, environment: endpoints, in: cluster.folder.url)
        return (await command.waitForExit(), command.log)
    }

    @Test("are in the translations of jobs that name them, and outlive a broker that is killed")
    func life() async throws {
        let cluster = try Cluster(workers: 1)
        let terms = try cluster.folder.write("terms.tsv", "car\tbagnole\nstation\thalte\n")
        let text = try cluster.folder.write("text.txt", "My car is here.\n")
        let add = "dragoman glossary add \(terms) --name shop --source-language en --target-language fr"
        let table = "glossary  version  languages  terms  bytes\nshop      1        en → fr    2      22\n"
        #expect(try await run(add, cluster) == (0, table))
        let submit = "dragoman submit --wait --glossary-name shop \(text)"
        #expect(try await run(submit, cluster) == (0, "Ma bagnole est ici.\n"))
        await cluster.broker.kill()
        try cluster.startBroker()
        #expect(try await run("dragoman glossary list", cluster) == (0, table))
        #expect(try await run("dragoman glossary show shop", cluster) == (0, "car\tbagnole\nstation\thalte\n"))
        #expect(try await run(submit, cluster) == (0, "Ma bagnole est ici.\n"))
        let job = #"{"text": "My car is here.", "glossary_name": "shop"}"#
        let json = try cluster.folder.write("job.jsonl", job + "\n")
        let record = try await run("dragoman submit --wait --input-format jsonl \(json)", cluster)
        #expect(record.status == 0 && record.log.contains(#""glossary_hits":1"#))
        #expect(try await run("dragoman glossary remove shop", cluster) == (0, "shop  removed\n"))
        let missing = "dragoman: there is no glossary shop; dragoman glossary list lists what there is\n"
        for command in [submit, "dragoman glossary show shop", "dragoman glossary remove shop"] {
            #expect(try await run(command, cluster) == (1, missing))
        }
        let refused = try await run("dragoman submit --wait --input-format jsonl \(json)", cluster)
        #expect(refused.status == 1 && refused.log.contains("this tenant has no glossary"))
    }

    @Test("are as many and as large as the settings say")
    func limits() async throws {
        let cluster = try Cluster(["LIMITS_TENANT_GLOSSARIES_MAX": "1"])
        let terms = try cluster.folder.write("terms.tsv", "car\tbagnole\n")
        #expect(try await run("dragoman glossary add \(terms) --name a --json", cluster).status == 0)
        let second = try await run("dragoman glossary add \(terms) --name b", cluster)
        #expect(second.status == 76 && second.log.contains("this tenant may have 1 glossary "), "\(second.log)")
        let wrong = try await run("printf 'a\\tb\\na\\tc\\n' | dragoman glossary add - --name a", cluster)
        #expect(wrong.status == 65 && wrong.log.contains("has two targets"))
    }
}
