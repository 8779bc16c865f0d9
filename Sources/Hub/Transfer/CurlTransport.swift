internal import CCurl

/// Requests by libcurl, which honours the proxies of the environment (`https_proxy`, `http_proxy`, `no_proxy`, …), checks
/// certificates, and hands bytes over as they come.
package final class CurlTransport: Transport {
    /// What a request may take.
    package struct Limits: Sendable {
        package var connectMilliseconds = 20_000
        /// A transfer slower than this for so long has stalled.
        package var stallBytesPerSecond = 100
        package var stallSeconds = 60

        package init() {}
    }

    private static let headBytesMax = 64 << 10

    private let curl: OpaquePointer
    private let limits: Limits
    private let userAgent: String
    private let certificates: String?
    private let stop: Stop
    private let onTurn: () -> Void

    /// - Parameters:
    ///   - environment: The process's. Of certificates it says what it does to the program curl: `CURL_CA_BUNDLE`, or
    ///     `SSL_CERT_FILE`.
    ///   - onTurn: Called about once a second while a request lasts.
    /// - Throws: `HubError.Code.missingLibrary`.
    package init(
        limits: Limits = Limits(), userAgent: String, environment: [String: String], stop: Stop,
        onTurn: @escaping () -> Void = {}
    ) throws(HubError) {
        var problem: UnsafePointer<CChar>?
        guard let curl = dragoman_curl_make(&problem) else {
            throw HubError(
                .missingLibrary, "libcurl", problem.map { String(cString: $0) } ?? "it cannot be opened",
                remedy: "install it: sudo apt-get install libcurl4")
        }
        self.curl = curl
        self.limits = limits
        self.userAgent = userAgent
        self.stop = stop
        self.onTurn = onTurn
        certificates = ["CURL_CA_BUNDLE", "SSL_CERT_FILE"].compactMap { environment[$0] }.first { !$0.isEmpty }
    }

    deinit { dragoman_curl_free(curl) }

    package func send(_ request: HTTPRequest, into receiver: any AnswerReceiver) throws -> String? {
        let exchange = Exchange(receiver: receiver, stop: stop, onTurn: onTurn)
        let answer = withCStrings(request.headers.map { "\($0.name): \($0.value)" }) { headers in
            withOptionalCString(certificates) { certificates in
                withPointers(request.address, userAgent, request.body) { address, userAgent, body in
                    var question = dragoman_curl_request()
                    question.url = address
                    question.headers = headers.baseAddress
                    question.header_count = headers.count
                    question.user_agent = userAgent
                    question.body = body
                    question.body_count = request.body?.count ?? 0
                    question.certificates = certificates
                    question.connect_ms_max = limits.connectMilliseconds
                    question.stall_bytes = limits.stallBytesPerSecond
                    question.stall_seconds = limits.stallSeconds
                    question.context = Unmanaged.passUnretained(exchange).toOpaque()
                    question.on_header = { Exchange.of($0).takeLine(UnsafeRawBufferPointer(start: $1, count: $2)) }
                    question.on_body = { Exchange.of($0).takeBody(UnsafeRawBufferPointer(start: $1, count: $2)) }
                    question.on_turn = { Exchange.of($0).turn() }
                    return dragoman_curl_send(curl, &question)
                }
            }
        }
        withExtendedLifetime(exchange) {}
        if let error = exchange.error { throw error }
        if stop.isRequested { throw TransferFailure(.stopped, "interrupted") }
        let problem = withUnsafeBytes(of: answer.problem) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
        switch answer.outcome {
        case dragoman_curl_done: break
        case dragoman_curl_unreachable: throw TransferFailure(.unreachable, problem)
        case dragoman_curl_broken, dragoman_curl_ended: throw TransferFailure(.broken, problem)
        case dragoman_curl_timed_out: throw TransferFailure(.stalled, problem)
        case dragoman_curl_untrusted: throw TransferFailure(.untrusted, problem)
        default: throw TransferFailure(.impossible, problem)
        }
        // An answer may be a head alone.
        try exchange.finish()
        let redirect = String(cString: answer.redirect)
        return redirect.isEmpty ? nil : redirect
    }

    /// A request that is going on. Used by one thread, the one that libcurl calls back on.
    private final class Exchange {
        private let receiver: any AnswerReceiver
        private let stop: Stop
        private let onTurn: () -> Void
        private var head: HTTPHead?
        private var headBytes = 0
        private var hasBegun = false
        private(set) var error: (any Error)?

        init(receiver: any AnswerReceiver, stop: Stop, onTurn: @escaping () -> Void) {
            self.receiver = receiver
            self.stop = stop
            self.onTurn = onTurn
        }

        static func of(_ context: UnsafeMutableRawPointer?) -> Exchange {
            guard let context else { preconditionFailure("libcurl gives back what it was given") }
            return Unmanaged<Exchange>.fromOpaque(context).takeUnretainedValue()
        }

        func turn() -> Bool {
            onTurn()
            return !stop.isRequested
        }

        func takeLine(_ bytes: UnsafeRawBufferPointer) -> Bool {
            // What comes after the body are trailers.
            if hasBegun { return true }
            headBytes += bytes.count
            guard headBytes <= CurlTransport.headBytesMax else {
                error = TransferFailure(
                    .impossible, "the head of the answer is longer than \(CurlTransport.headBytesMax) bytes")
                return false
            }
            var line = Substring(String(decoding: bytes, as: UTF8.self))
            while let last = line.unicodeScalars.last, last == "\r" || last == "\n" { line.unicodeScalars.removeLast() }
            if line.hasPrefix("HTTP/") {
                // Another one may have come before, such as 100 Continue.
                head = HTTPHead(status: line.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0)
            } else if let colon = line.firstIndex(of: ":") {
                let value = line[line.index(after: colon)...].drop { $0 == " " || $0 == "\t" }
                head?.fields[line[..<colon].lowercased()] = String(value)
            }
            return true
        }

        func takeBody(_ bytes: UnsafeRawBufferPointer) -> Bool {
            do {
                try begin()
                try receiver.take(bytes)
                return true
            } catch {
                self.error = error
                return false
            }
        }

        func finish() throws { try begin() }

        private func begin() throws {
            guard !hasBegun else { return }
            guard let head else { throw TransferFailure(.broken, "an answer without a head") }
            hasBegun = true
            try receiver.begin(head)
        }
    }
}

private func withPointers<Result>(
    _ address: String, _ userAgent: String, _ body: [UInt8]?,
    _ use: (UnsafePointer<CChar>, UnsafePointer<CChar>, UnsafeRawPointer?) -> Result
) -> Result {
    address.withCString { address in
        userAgent.withCString { userAgent in
            guard let body else { return use(address, userAgent, nil) }
            return body.withUnsafeBytes { use(address, userAgent, $0.baseAddress) }
        }
    }
}

private func withOptionalCString<Result>(_ text: String?, _ body: (UnsafePointer<CChar>?) -> Result) -> Result {
    guard let text else { return body(nil) }
    return text.withCString(body)
}

private func withCStrings<Result>(
    _ texts: [String], _ body: (UnsafeBufferPointer<UnsafePointer<CChar>?>) -> Result
) -> Result {
    // One text with a zero after each, and where each begins.
    var bytes: [CChar] = []
    var starts: [Int] = []
    for text in texts {
        starts.append(bytes.count)
        bytes += text.utf8CString
    }
    return bytes.withUnsafeBufferPointer { bytes in
        starts.map { start in bytes.baseAddress.map { $0 + start } }.withUnsafeBufferPointer(body)
    }
}
