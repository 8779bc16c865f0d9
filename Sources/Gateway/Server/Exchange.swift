internal import Clocks
internal import HTTPTypes
internal import HummingbirdCore
internal import Logging
internal import NIOCore

/// One request and its answer on a connection.
struct Exchange: Sendable {
    let settings: GatewayServer.Settings
    let ledger: ConnectionLedger
    let logger: Logger
    let answer: GatewayServer.Answer

    @Sendable func respond(_ request: Request, _ writer: consuming ResponseWriter, _ channel: any Channel) async throws
    {
        let began = SystemClock.monotonic
        let connection = try await channel.pipeline.handler(type: ConnectionGate.self).map(\.connection).get()
        connection.beginRequest()
        if request.headers[.expect]?.lowercased() == "100-continue" {
            try await writer.writeInformationalHead(HTTPResponse(status: .continue))
        }
        var body: [UInt8] = []
        defer { ledger.release(body.count) }
        let web: WebRequest
        var response: WebResponse
        do throws(GatewayError) {
            body = try await collect(request)
            var whole = WebRequest(request, body: body, peer: channel.remoteAddress?.ipAddress ?? "")
            whole.isSecure = settings.tls != nil
            web = whole
            // What was cut off is not to be taken for a request.
            guard connection.isRequestComplete else { return }
            response = await answered(web, connection)
        } catch {
            web = WebRequest(request, body: [], peer: channel.remoteAddress?.ipAddress ?? "")
            response = Gateway.failure(error, for: web)
            response.closes = true
            // Of one that was cut off there is no answer, or the gate has given it.
            if error.kind != .cancelled { settings.onRefusal(response.status) }
        }
        log(web, response, body.count, began)
        if case .events(let stream) = response.body { connection.whenHungUp(stream.stop) }
        defer {
            if case .events(let stream) = response.body {
                connection.whenHungUp(nil)
                stream.stop()
            }
        }
        try await write(response, to: writer, isHead: request.method == .head, channel)
        guard response.closes else { return }
        // The rest of a body that is too large is read for a moment, so that the client comes to read the answer.
        channel.eventLoop.scheduleTask(in: .seconds(2)) { channel.close(promise: nil) }
    }

    /// The answer; when the client hangs up before, its task is cancelled.
    private func answered(_ request: WebRequest, _ connection: Connection) async -> WebResponse {
        let task = Task { await answer(request) }
        connection.whenHungUp { task.cancel() }
        defer { connection.whenHungUp(nil) }
        // Over TLS the end of a server is not seen as that of its clients.
        return await withTaskCancellationHandler {
            await task.value
        } onCancel: {
            task.cancel()
        }
    }

    private func collect(_ request: Request) async throws(GatewayError) -> [UInt8] {
        let tooLarge = GatewayError(
            .tooLarge,
            "the request's body is larger than \(settings.bodyBytes) bytes"
                + (settings.bodyBytesName.map { " (\($0))" } ?? ""))
        if let length = request.headers[.contentLength].flatMap({ Int($0) }), length > settings.bodyBytes {
            throw tooLarge
        }
        var body: [UInt8] = []
        do {
            for try await buffer in request.body {
                let count = buffer.readableBytes
                guard body.count + count <= settings.bodyBytes else { throw tooLarge }
                guard ledger.hold(count) else {
                    ledger.release(count)
                    throw GatewayError(.unavailable, "there is no room for more requests; try again later")
                }
                body.append(contentsOf: buffer.readableBytesView)
            }
            return body
        } catch {
            ledger.release(body.count)
            throw error as? GatewayError ?? GatewayError(.cancelled, "the request was cut off")
        }
    }

    private func write(
        _ response: WebResponse, to writer: consuming ResponseWriter, isHead: Bool, _ channel: any Channel
    ) async throws {
        var fields = HTTPFields()
        for (name, value) in response.headers {
            if let name = HTTPField.Name(name) { fields.append(HTTPField(name: name, value: value)) }
        }
        if response.closes { fields[.connection] = "close" }
        let status = HTTPResponse.Status(code: response.status)
        switch response.body {
        case .bytes(let bytes):
            // These have no body, and would say that what they stand for has none (RFC 9110, 8.6).
            if ![204, 304].contains(response.status) { fields[.contentLength] = String(bytes.count) }
            let head = HTTPResponse(status: status, headerFields: fields)
            let limit = deliveryLimit(channel)
            defer { limit.cancel() }
            if isHead || bytes.isEmpty {
                try await writer.writeResponse(head)
            } else {
                try await writer.write(response: head, body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
            }
        case .events(let stream):
            fields[.transferEncoding] = "chunked"
            var body = try await writer.writeHead(HTTPResponse(status: status, headerFields: fields))
            for await event in stream.events {
                let limit = deliveryLimit(channel)
                defer { limit.cancel() }
                try await body.write(ByteBuffer(bytes: event))
            }
            try await body.finish(nil)
        }
    }

    /// A client that does not read loses its connection.
    private func deliveryLimit(_ channel: any Channel) -> Scheduled<Void> {
        channel.eventLoop.scheduleTask(in: TimeAmount(settings.delivery)) { channel.close(promise: nil) }
    }

    /// Without a query or a field, which may hold texts and keys.
    private func log(_ request: WebRequest, _ response: WebResponse, _ bytes: Int, _ began: UInt64) {
        logger.log(
            level: settings.logLevel, "\(request.method) \(request.path.prefix(200))",
            metadata: [
                "status": "\(response.status)",
                "milliseconds": "\((SystemClock.monotonic - began) / 1_000_000)",
                "request_bytes": "\(bytes)",
                "response_bytes": "\(response.bytes.count)",
                "address": "\(request.peer)",
                "key": "\(response.caller ?? "none")",
            ])
    }
}

extension WebRequest {
    fileprivate init(_ request: Request, body: [UInt8], peer: String) {
        var headers: [String: String] = [:]
        for field in request.headers {
            headers[field.name.canonicalName] =
                headers[field.name.canonicalName].map { "\($0), \(field.value)" } ?? field.value
        }
        if let authority = request.head.authority { headers["host"] = authority }
        self.init(request.method.rawValue, request.head.path ?? "/", headers: headers, body: body, peer: peer)
    }
}
