import Gateway
import JobModel
import Testing

@Suite("Jobs over HTTP")
struct JobsTests {
    private let desk = TestDesk()

    private var asking: Asking { Asking(TestGateway.make(desk)) }

    @Test("one job is accepted, several are answered one by one")
    func submit() async {
        let one = await asking.ask("POST", "/v1/jobs", json: "one")
        #expect(one.status == 202)
        #expect(one.body.contains(#""accepted":true"#))
        let two = await asking.ask("POST", "/v1/jobs", json: "two")
        #expect(two.status == 200)
        #expect(two.body.hasPrefix(#"{"jobs":[{"#))
        #expect(desk.jobs.count == 3)
    }

    @Test("what is no job, or no JSON, is refused with a reason in our own shape")
    func faults() async {
        let wrong = await asking.ask("POST", "/v1/jobs", json: "wrong")
        #expect(wrong == (400, #"{"error":{"code":"invalid","message":"this is no job"}}"#))
        #expect(await asking.ask("POST", "/v1/jobs", form: "text=a").status == 400)
        #expect(await asking.ask("GET", "/v1/jobs/x").status == 400)
        #expect(await asking.ask("GET", "/v1/jobs/\(JobID.random())").status == 404)
        #expect(await asking.ask("DELETE", "/v1/jobs/\(JobID.random())").status == 404)
        #expect(await asking.ask("PUT", "/v1/jobs").status == 405)
        #expect(await asking.ask("GET", "/v1/nothing").body.contains(#""code":"not_found""#))
    }

    @Test("a job that has ended has its result with it")
    func job() async throws {
        _ = await asking.ask("POST", "/v1/jobs", json: "one")
        let id = try #require(desk.jobs.first?.id)
        let answer = await asking.ask("GET", "/v1/jobs/\(id)")
        #expect(answer == (200, #"{"report":"\#(id)","result":{"record":1}}"#))
        #expect(await asking.ask("DELETE", "/v1/jobs/\(id)") == (200, #"{"job_id":"\#(id)","state":"done"}"#))
    }

    @Test("the largest number of a record is a number as any other")
    func lastEvent() async {
        let request = WebRequest("GET", "/v1/results?consumer=me", headers: ["last-event-id": "\(UInt64.max)"])
        let response = await TestGateway.make(desk).answer(request)
        #expect(response.status == 200)
        if case .events(let stream) = response.body { stream.stop() }
    }

    @Test("without keys, a name that a page's server has made lead here is of no use")
    func rebinding() async {
        for (host, status) in [
            ("evil.example:5000", 403), ("127.0.0.1:5000", 200), ("[::1]:5000", 200), ("localhost", 200),
            ("10.0.0.7", 200),
        ] {
            let answer = await asking.ask("GET", "/v1/status", headers: ["host": host])
            #expect(answer.status == status, "\(host)")
        }
    }

    @Test("results are events with their numbers, and are acknowledged while they are read")
    func results() async throws {
        _ = await asking.ask("POST", "/v1/jobs", json: "two")
        let gateway = TestGateway.make(desk)
        let response = await gateway.answer(WebRequest("GET", "/v1/results?consumer=me"))
        #expect(response.status == 200)
        guard case .events(let stream) = response.body else { throw GatewayError(.invalid, "there are no events") }
        var iterator = stream.events.makeAsyncIterator()
        func next() async -> String? { await iterator.next().map { String(decoding: $0, as: UTF8.self) } }
        #expect(await next()?.hasPrefix(": from ") == true)
        #expect(await next() == "id: 1\nevent: record\ndata: {\"record\":1}\n\n")
        #expect(await next() == "id: 2\nevent: record\ndata: {\"record\":2}\n\n")
        let asking = Asking(gateway)
        #expect(await asking.ask("POST", "/v1/results?consumer=me", json: #"{"acknowledge": 2}"#).status == 204)
        #expect(desk.acknowledged == 2)
        // It has not been sent.
        #expect(await asking.ask("POST", "/v1/results?consumer=me", json: #"{"acknowledge": 3}"#).status == 409)
        #expect(desk.acknowledged == 2)
        #expect(await asking.ask("POST", "/v1/results?consumer=you", json: #"{"acknowledge": 2}"#).status == 409)
        #expect(await asking.ask("POST", "/v1/results?consumer=me", json: #"{"acknowledge": 0}"#).status == 400)
        stream.stop()
        #expect(await asking.ask("POST", "/v1/results?consumer=me", json: #"{"acknowledge": 2}"#).status == 409)
    }

    @Test("to ask for the head of results takes them from no reader")
    func head() async {
        let response = await TestGateway.make(desk).answer(WebRequest("HEAD", "/v1/results?consumer=me"))
        #expect(response.status == 200)
        if case .events = response.body { Issue.record("a head must have no events") }
    }

    @Test("a stream ends when the gateway drains")
    func drain() async throws {
        let gateway = TestGateway.make(desk)
        let response = await gateway.answer(WebRequest("GET", "/v1/results?consumer=me"))
        guard case .events(let stream) = response.body else { throw GatewayError(.invalid, "there are no events") }
        gateway.drain()
        for await _ in stream.events {}
    }

    @Test("a consumer must have a name, and a beginning be a number")
    func queries() async {
        for query in [
            "", "?consumer=", "?consumer=me&from=0", "?consumer=me&from=x",
            "?consumer=\(String(repeating: "a", count: 129))",
        ] {
            #expect(await asking.ask("GET", "/v1/results\(query)").status == 400)
        }
    }

    @Test("pages of other origins may not touch jobs")
    func origins() async {
        let gateway = TestGateway.make(desk)
        for site in ["cross-site", "same-site"] {
            let response = await gateway.answer(WebRequest("GET", "/v1/status", headers: ["sec-fetch-site": site]))
            #expect(response.status == 403)
        }
        for path in ["/v1/jobs", "/v1/dead/retry", "/v1/dead/drop", "/%761/dead/drop"] {
            let response = await gateway.answer(WebRequest("OPTIONS", path))
            #expect(!response.headers.contains { $0.name.hasPrefix("access-control") })
        }
    }

    @Test("where a browser does not say what site a page is of, the page's origin must be the gateway's")
    func namedOrigins() async {
        for (origin, status) in [
            ("http://10.0.0.7:5000", 200), ("https://10.0.0.7:5000", 200), ("http://10.0.0.7", 403),
            ("http://evil.example", 403), ("null", 403),
        ] {
            let headers = ["host": "10.0.0.7:5000", "origin": origin]
            #expect(await asking.ask("GET", "/v1/status", headers: headers).status == status, "\(origin)")
        }
        // A server before the gateway may have changed the host; the browser's own word counts.
        let proxied = ["host": "10.0.0.7", "origin": "https://translate.example", "sec-fetch-site": "same-origin"]
        #expect(await asking.ask("GET", "/v1/status", headers: proxied).status == 200)
    }

    @Test("every path of the specification is served, and every served path specified")
    func specification() async throws {
        let text = await asking.ask("GET", "/v1/openapi.json")
        guard case .object(let members) = try JSONValue(Array(text.body.utf8)),
            case .object(let paths)? = members["paths"]
        else { throw GatewayError(.invalid, "the specification has no paths") }
        #expect(members["openapi"] == .string("3.1.0"))
        var specified: Set<String> = []
        for (path, value) in paths {
            guard case .object(let methods) = value else { continue }
            for method in methods.keys where method != "parameters" {
                specified.insert("\(method.uppercased()) \(path.replacing("{id}", with: "*"))")
            }
        }
        #expect(specified == Set(Gateway.jobRoutes))
    }
}
