internal import Documents
internal import JobModel

/// Files: what a file has become is the result of its last job, and the address of that is the job's id. So plain text is
/// there for as long as results are kept, wherever it is asked for; a document, as long as the gateway has the file.
extension LibreTranslate {
    private struct Translated: Encodable {
        let translatedFileUrl: String
    }

    /// Tells these jobs from others, whose ids may be guessed.
    private static let fileTopic = "http-file"

    func translateFile() async throws(GatewayError) -> WebResponse {
        let fields = visit.fields
        guard let file = fields.files["file"] else { throw GatewayError(.missing("file"), "file is missing") }
        guard let source = try fields.text("source") else {
            throw GatewayError(.missing("source"), "source is missing")
        }
        guard let target = try fields.text("target") else {
            throw GatewayError(.missing("target"), "target is missing")
        }
        let upload = try UploadedFile(file)
        var wanted = Interpreter.Request(upload.texts, from: source == "auto" ? nil : source, to: target)
        wanted.isDocument = true
        wanted.markup = upload.markup
        wanted.topic = Self.fileTopic
        let renderings = try await visit.translate(wanted)
        guard let job = renderings.first?.job else {
            throw GatewayError(.invalid, "the file is in \(target) already")
        }
        visit.gateway.shelf.put(upload, for: job)
        let host = visit.request.headers["host"] ?? "localhost"
        // What stands before the gateway may have done TLS.
        let isSecure = visit.request.isSecure || visit.request.headers["x-forwarded-proto"] == "https"
        let scheme = isSecure ? "https" : "http"
        return WebResponse(
            200,
            json: Translated(
                translatedFileUrl: "\(scheme)://\(host)/download_file/\(job).\(upload.format.extensions[0])")
        ).naming(renderings)
    }

    func download() async throws(GatewayError) -> WebResponse {
        let name = visit.parameters.first ?? ""
        guard let dot = name.lastIndex(of: "."), let format = DocumentFormat(fileName: name),
            let id = JobID(String(name[..<dot]))
        else {
            throw GatewayError(.invalid, "Invalid filename")
        }
        let report = try await visit.gateway.interpreter.report(of: id)
        guard report.state == .done, report.topic == Self.fileTopic else {
            throw GatewayError(.notFound, "there is no such file, or it is kept no more")
        }
        let texts = try await visit.gateway.interpreter.texts(of: report)
        let bytes =
            format == .text
            ? Array((texts.first.flatMap(\.self) ?? "").utf8) : try visit.gateway.shelf.file(for: id).written(texts)
        var response = WebResponse(200, text: bytes, type: format.mediaType)
        response.headers.append(("content-disposition", "attachment; filename=\(name)"))
        return response
    }
}
