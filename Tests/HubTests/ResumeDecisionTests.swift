import Hub
import Testing

@Suite struct ResumeDecisionTests {
    private static func decide(
        _ status: Int, _ fields: [String: String] = [:], position: Int = 100, tag: String? = "\"a\""
    ) -> ResumeDecision {
        ResumeDecision(HTTPHead(status: status, fields: fields), position: position, byteCount: 1000, tag: tag)
    }

    @Test func `a part goes on where it ends, if the file is still the same`() {
        let headers = ResumeDecision.headers(position: 100, tag: "\"a\"")
        #expect(headers.contains { $0 == ("Range", "bytes=100-") })
        #expect(headers.contains { $0 == ("If-Range", "\"a\"") })
        #expect(Self.decide(206, ["content-range": "bytes 100-999/1000", "etag": "\"a\""]) == .append)
        #expect(Self.decide(206, ["content-range": "bytes 100-999/*"]) == .append)
    }

    @Test(arguments: [nil, "W/\"a\"", "a", "\"a\r\nX: 1\"", ""])
    func `a tag that proves nothing is not sent`(tag: String?) {
        #expect(!ResumeDecision.headers(position: 100, tag: tag).contains { $0.name == "If-Range" })
    }

    @Test func `a file of which nothing is there is asked for as a whole`() {
        #expect(ResumeDecision.headers(position: 0, tag: "\"a\"").map(\.name) == ["Accept-Encoding"])
    }

    @Test func `a changed file, and a server that knows no parts, begin again`() {
        #expect(Self.decide(200, ["content-length": "1000", "etag": "\"b\""]) == .fromStart)
        #expect(Self.decide(200) == .fromStart)
    }

    @Test(
        arguments: [
            ["content-range": "bytes 100-999/1000", "etag": "\"b\""], ["content-range": "bytes 99-999/1000"],
            ["content-range": "bytes 100-1999/2000"], ["content-range": "items 100-999/1000"],
            ["content-range": "bytes 100-999"], ["content-range": "bytes -/x"], [:],
        ])
    func `a part that does not fit is not taken`(fields: [String: String]) {
        #expect(Self.decide(206, fields) == .askForAll)
    }

    @Test func `a part that was not asked for is a fault`() {
        #expect(Self.decide(206, ["content-range": "bytes 0-999/1000"], position: 0) == .fault)
        #expect(Self.decide(416, position: 0) == .fault)
    }

    @Test func `a place that the file does not have means another file`() {
        #expect(Self.decide(416) == .askForAll)
        #expect(Self.decide(200, ["content-length": "999"]) == .wrongSize(999))
    }

    @Test(arguments: [204, 304, 404, 500]) func `other answers have nothing of use`(status: Int) {
        #expect(Self.decide(status) == .fault)
    }
}
