internal import Checksums
internal import JobModel

/// Documents: each is one job, whose id is the document's, so that it outlives the gateway. The digest of the document's
/// key is the job's topic.
extension DeepL {
    private struct Document: Encodable {
        let documentId: String
        let documentKey: String
    }

    private struct State: Encodable {
        let documentId: String
        let status: String
        let secondsRemaining: Int?
        let billedCharacters: Int?
        let errorMessage: String?
    }

    func upload() async throws(GatewayError) -> WebResponse {
        let fields = visit.fields
        guard let file = fields.files["file"] else { throw GatewayError(.missing("file"), "file is missing") }
        try DeepLRequest.refuseUnsupported(fields)
        let text = try TextFile.text(file, named: try fields.text("filename"))
        let (source, target) = try DeepLRequest.languages(fields)
        let key = JobID.random().description + JobID.random().description
        let characters = try visit.charge([text])
        do throws(GatewayError) {
            var wanted = Interpreter.Request([text], from: source, to: target)
            wanted.topic = Self.topic(key)
            let id = try await visit.gateway.interpreter.submitDocument(wanted)
            return WebResponse(200, snakeJSON: Document(documentId: id.description, documentKey: key))
        } catch {
            if error.isCertain { visit.giveBack(characters) }
            throw error
        }
    }

    func documentState() async throws(GatewayError) -> WebResponse {
        let report = try await report()
        let status: String
        switch report.state {
        case .queued?: status = "queued"
        case .running?: status = "translating"
        case .done?: status = "done"
        default: status = "error"
        }
        return WebResponse(
            200,
            snakeJSON: State(
                documentId: report.job.description, status: status,
                // A guess that has clients ask again soon.
                secondsRemaining: status == "translating" ? 1 : nil, billedCharacters: nil,
                errorMessage: status == "error" ? report.failure?.message ?? "the translation has ended" : nil))
    }

    func documentResult() async throws(GatewayError) -> WebResponse {
        let report = try await report()
        guard report.state?.isTerminal == true else {
            throw GatewayError(.unavailable, "the document is not ready")
        }
        let text = try await visit.gateway.interpreter.text(of: report)
        return WebResponse(200, text: Array(text.utf8), type: "text/plain; charset=utf-8")
    }

    private func report() async throws(GatewayError) -> JobReport {
        let missing = GatewayError(.notFound, "there is no such document, or its key is another")
        guard let id = visit.parameters.first.flatMap({ JobID($0) }) else { throw missing }
        guard let key = try visit.fields.text("document_key") else {
            throw GatewayError(.missing("document_key"), "document_key is missing")
        }
        let report = try await visit.gateway.interpreter.report(of: id)
        guard report.state != nil, report.topic == Self.topic(key) else { throw missing }
        return report
    }

    private static func topic(_ key: String) -> String {
        var digest = SecureDigest(.sha256)
        digest.add(key)
        return "document-\(digest.text.prefix(32))"
    }
}
