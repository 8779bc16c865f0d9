import Gateway
import JobModel
import TestKit

/// Asks a gateway without a socket.
struct Asking {
    let gateway: Gateway
    /// What the gateway's files are in.
    let folder: TemporaryFolder?

    init(_ gateway: Gateway, folder: TemporaryFolder? = nil) {
        self.gateway = gateway
        self.folder = folder
    }

    func ask(
        _ method: String = "POST", _ path: String, json: String? = nil, form: String? = nil,
        headers: [String: String] = [:]
    ) async -> (status: Int, body: String) {
        var headers = headers
        if json != nil { headers["content-type"] = "application/json; charset=utf-8" }
        if form != nil { headers["content-type"] = "application/x-www-form-urlencoded" }
        let body = Array((json ?? form ?? "").utf8)
        let response = await gateway.answer(WebRequest(method, path, headers: headers, body: body))
        return (response.status, String(decoding: response.bytes, as: UTF8.self))
    }
}

enum TestGateway {
    static func make(
        _ desk: TestDesk = TestDesk(), access: Access? = nil, _ settings: Gateway.Settings = Gateway.Settings()
    ) -> Gateway {
        Gateway(Interpreter(desk), forms: forms, access: access, settings: settings)
    }

    /// Words in place of jobs' JSON, which is the commands' to test.
    private static let forms = JobForms(
        jobs: { bytes throws(GatewayError) in
            switch String(decoding: bytes, as: UTF8.self) {
            case "one": return ([job], false)
            case "two": return ([job, job], true)
            default: throw GatewayError(.invalid, "this is no job")
            }
        },
        record: { Array(#"{"record":\#($0.sequence)}"#.utf8) }, report: { Array(#"{"report":"\#($0.job)"}"#.utf8) },
        status: { _ in Array("{}".utf8) })

    private static var job: Job {
        var job = Job([.text("a")])
        job.model = .named("en-fr")
        return job
    }
}
