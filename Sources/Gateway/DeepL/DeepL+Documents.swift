internal import Checksums
internal import Documents
internal import JobModel

/// Documents: each is one job, whose id is the document's, so that it outlives the gateway. The digest of the document's
/// key is the job's topic. Of what is not plain text, the result needs the file, which this gateway keeps for an hour.
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
        let upload = try UploadedFile(file, named: try fields.text("filename"))
        try Self.refuseConversion(fields, to: upload.format)
        let (source, target) = try DeepLRequest.languages(fields)
        let key = JobID.random().description + JobID.random().description
        let glossary = try await glossaryName(from: source, to: target)
        let characters = try visit.charge(upload.texts, isDocument: true)
        do throws(GatewayError) {
            var wanted = Interpreter.Request(upload.texts, from: source, to: target)
            wanted.isDocument = true
            wanted.glossary = glossary
            wanted.markup = upload.markup
            wanted.topic = Self.topic(key, upload.format)
            let id = try await visit.gateway.interpreter.submitDocument(wanted)
            visit.gateway.shelf.put(upload, for: id)
            return WebResponse(200, snakeJSON: Document(documentId: id.description, documentKey: key))
        } catch {
            if error.isCertain { visit.giveBack(characters) }
            throw error
        }
    }

    func documentState() async throws(GatewayError) -> WebResponse {
        let (report, _) = try await report()
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
        let (report, format) = try await report()
        guard report.state?.isTerminal == true else {
            throw GatewayError(.unavailable, "the document is not ready")
        }
        let texts = try await visit.gateway.interpreter.texts(of: report)
        let bytes =
            format == .text
            ? Array((texts.first.flatMap(\.self) ?? "").utf8)
            : try visit.gateway.shelf.file(for: report.job).written(texts)
        return WebResponse(200, text: bytes, type: format.mediaType)
    }

    /// Documents come back in the format in which they came.
    private static func refuseConversion(_ fields: Fields, to format: DocumentFormat) throws(GatewayError) {
        guard let wanted = try fields.text("output_format"), !format.extensions.contains(wanted.lowercased()) else {
            return
        }
        throw GatewayError(.invalid, "Value for 'output_format' not supported: \(wanted); it must be the file's own")
    }

    private func report() async throws(GatewayError) -> (JobReport, DocumentFormat) {
        let missing = GatewayError(.notFound, "there is no such document, or its key is another")
        guard let id = visit.parameters.first.flatMap({ JobID($0) }) else { throw missing }
        guard let key = try visit.fields.text("document_key") else {
            throw GatewayError(.missing("document_key"), "document_key is missing")
        }
        let report = try await visit.gateway.interpreter.report(of: id)
        guard report.state != nil,
            let format = DocumentFormat.allCases.first(where: { report.topic == Self.topic(key, $0) })
        else { throw missing }
        return (report, format)
    }

    /// - Parameter format: Nothing is added for plain text, so that its older jobs are known too.
    private static func topic(_ key: String, _ format: DocumentFormat) -> String {
        var digest = SecureDigest(.sha256)
        digest.add(key)
        return "document-\(digest.text.prefix(32))" + (format == .text ? "" : "-\(format.rawValue)")
    }
}
