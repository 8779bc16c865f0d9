import Gateway
import JobModel

extension JobForms {
    /// As `submit --input-format jsonl` reads jobs, and `results --json`, `job --json` and `status --json` write.
    ///
    /// - Parameter endpoint: Where the broker is.
    static func json(endpoint: @escaping @Sendable () -> String) -> JobForms {
        JobForms(
            jobs: { bytes throws(GatewayError) in
                guard !bytes.isEmpty else {
                    throw GatewayError(
                        .invalid, #"the body is empty; send a job as a JSON object, such as {"text": "Hello."}"#)
                }
                do throws(RequestError) {
                    let body: JobsBody = try RequestError.decoding(try StrictUTF8.string(bytes))
                    return (
                        try body.jobs.map { (job) throws(RequestError) in try job.job(template: Job([])) }, body.isList
                    )
                } catch {
                    throw GatewayError(.invalid, error.message)
                }
            },
            record: { record in
                var json = JSONText()
                json.record(record)
                return json.bytes
            },
            report: { report in
                var json = JSONText()
                json.report(report)
                return json.bytes
            },
            status: { report in
                var json = JSONText()
                json.status(report, endpoint: endpoint())
                return json.bytes
            })
    }
}

/// A job, or `{"jobs": […]}`.
private struct JobsBody: Decodable {
    let jobs: [JSONJob]
    let isList: Bool

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: JSONKey.self)
        let key = JSONKey(stringValue: "jobs")
        isList = container.contains(key)
        guard isList else {
            jobs = [try JSONJob(from: decoder)]
            return
        }
        if let other = container.allKeys.map(\.stringValue).filter({ $0 != key.stringValue }).min() {
            throw RequestError(.invalidRequest, "unknown key \"\(other)\" beside \"jobs\"")
        }
        jobs = try container.decode([JSONJob].self, forKey: key)
    }
}
