import Gateway
import JobModel
import TestKit
import Testing

@Suite("Dead jobs over HTTP")
struct DeadJobsTests {
    private let ids = (0..<3).map { _ in JobID.random() }

    private var asking: Asking { Asking(TestGateway.make(TestDesk(dead: ids))) }

    private func report(_ id: JobID) -> String { #"{"report":"\#(id)"}"# }

    @Test("they are listed in the order of their death, from a record on, and only so many")
    func list() async {
        let asking = asking
        let all = #"{"jobs":[\#(ids.map(report).joined(separator: ","))]}"#
        #expect(await asking.ask("GET", "/v1/dead") == (200, all))
        #expect(await asking.ask("GET", "/v1/dead?after=1&limit=1") == (200, #"{"jobs":[\#(report(ids[1]))]}"#))
        #expect(await asking.ask("GET", "/v1/dead?after=3") == (200, #"{"jobs":[]}"#))
        for query in ["after=-1", "after=x", "limit=0", "limit=1001", "limit=x", "limit=", "after="] {
            #expect(await asking.ask("GET", "/v1/dead?\(query)").status == 400, "\(query)")
        }
    }

    @Test("one that is tried again is another job, and names the one it repeats")
    func retry() async throws {
        let asking = asking
        let answer = await asking.ask(
            "POST", "/v1/dead/retry", json: #"{"job_ids": ["\#(ids[0])", "\#(JobID.random())"]}"#)
        #expect(answer.status == 200)
        #expect(answer.body.hasSuffix(#","retry_of":"\#(ids[0])"}]}"#))
        #expect(await asking.ask("GET", "/v1/dead?limit=1").body.contains("\(ids[1])"))
    }

    @Test("what is dropped is named, and not on the list any more")
    func drop() async {
        let asking = asking
        let json = #"{"job_ids": ["\#(ids[0])"]}"#
        #expect(await asking.ask("POST", "/v1/dead/drop", json: json) == (200, #"{"jobs":[{"job_id":"\#(ids[0])"}]}"#))
        #expect(await asking.ask("POST", "/v1/dead/drop", json: json) == (200, #"{"jobs":[]}"#))
    }

    @Test("what does not say which jobs changes nothing, and neither does a form, which any page could send")
    func faults() async {
        let asking = asking
        for verb in ["retry", "drop"] {
            for json in [
                "{}", "[]", #"{"job_ids": []}"#, #"{"job_ids": "\#(ids[0])"}"#, #"{"job_ids": ["x"]}"#,
                #"{"job_ids": [1]}"#, #"{"job_ids": ["\#(ids[0])"], "all": true}"#,
            ] {
                #expect(await asking.ask("POST", "/v1/dead/\(verb)", json: json).status == 400, "\(json)")
            }
            #expect(await asking.ask("POST", "/v1/dead/\(verb)", form: "job_ids=\(ids[0])").status == 400)
            #expect(await asking.ask("GET", "/v1/dead/\(verb)").status == 405)
        }
        #expect(await asking.ask("GET", "/v1/dead").body.contains("\(ids[0])"))
    }

    @Test("pages of other origins and names that lead here may not touch them")
    func origins() async {
        let asking = asking
        for headers in [
            ["sec-fetch-site": "cross-site"], ["origin": "http://evil.example", "host": "127.0.0.1:5000"],
            ["host": "evil.example:5000"],
        ] {
            let json = #"{"job_ids": ["\#(ids[0])"]}"#
            #expect(await asking.ask("POST", "/v1/dead/drop", json: json, headers: headers).status == 403)
            #expect(await asking.ask("GET", "/v1/dead", headers: headers).status == 403)
        }
    }

    @Test("a key needs the role for dead jobs")
    func roles() async throws {
        let folder = try TemporaryFolder()
        let keys = [("observer", "status"), ("operator", "dead"), ("producer", "jobs")]
        let file = try folder.write(
            "keys", keys.map { "\(KeyRing.digest(of: $0.0)) \($0.0) \($0.1)\n" }.joined())
        let asking = Asking(
            TestGateway.make(TestDesk(dead: ids), access: try Access(file: file)), folder: folder)
        for (key, status) in [("observer", 403), ("producer", 403), ("operator", 200)] {
            let headers = ["authorization": "Bearer \(key)"]
            #expect(await asking.ask("GET", "/v1/dead", headers: headers).status == status)
            let json = #"{"job_ids": ["\#(JobID.random())"]}"#
            #expect(await asking.ask("POST", "/v1/dead/retry", json: json, headers: headers).status == status)
            #expect(await asking.ask("POST", "/v1/dead/drop", json: json, headers: headers).status == status)
        }
    }
}
