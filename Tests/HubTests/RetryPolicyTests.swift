import Foundation
import Hub
import Testing

@Suite struct RetryPolicyTests {
    @Test func `waits grow, and end`() {
        var retries = Retries(RetryPolicy())
        let waits = (0..<7).map { _ in retries.wait(asked: nil, received: 0) }
        #expect(waits == [.seconds(1), .seconds(2), .seconds(4), .seconds(8), .seconds(16), nil, nil])
    }

    @Test func `as long as a file gets on, it is fetched`() {
        var retries = Retries(RetryPolicy())
        for _ in 0..<100 { #expect(retries.wait(asked: nil, received: 1 << 20) == .seconds(1)) }
        for _ in 0..<4 { #expect(retries.wait(asked: nil, received: 1000) != nil) }
        #expect(retries.wait(asked: nil, received: 1000) == nil)
    }

    @Test func `a server's wish is granted within reason`() {
        var retries = Retries(RetryPolicy())
        #expect(retries.wait(asked: .seconds(120), received: 0) == .seconds(120))
        #expect(retries.wait(asked: .zero, received: 0) == .seconds(2))
        #expect(retries.wait(asked: .seconds(3600), received: 0) == nil)
    }

    @Test(
        arguments: [
            (429, ["retry-after": "7"], .seconds(7)),
            (503, ["retry-after": "Wed, 21 Oct 2015 07:28:10 GMT"], .seconds(10)),
            (503, ["retry-after": "Wed, 21 Oct 2015 07:27:00 GMT"], .seconds(0)), (503, ["retry-after": "soon"], nil),
            (503, ["retry-after": "-1"], nil), (503, [:], nil),
            (429, ["ratelimit": #""api";r=0;t=55"#], .seconds(55)), (200, ["ratelimit": #""api";r=0;t=55"#], nil),
        ] as [(Int, [String: String], Duration?)])
    func `a server says when to ask again`(status: Int, fields: [String: String], expected: Duration?) {
        let now = Date(timeIntervalSince1970: 1_445_412_480)
        #expect(HTTPHead(status: status, fields: fields).retryAfter(now: now) == expected)
    }

    private static func failure(
        _ status: Int, _ fields: [String: String] = [:], hasToken: Bool = false
    ) throws -> HubError {
        let question = Question(repository: try RepositoryName("a/b"), revision: "r1", hasToken: hasToken)
        switch question.failure(HTTPHead(status: status, fields: fields), now: Date()) {
        case .passing(let error, _), .lasting(let error): return error
        }
    }

    @Test func `what the hub refuses is told with what to do`() throws {
        let missing = try Self.failure(401, ["x-error-code": "RepoNotFound"])
        #expect(missing.code == .notFound)
        #expect(missing.message.contains("set HF_TOKEN"))
        #expect(try Self.failure(404, hasToken: true).message.contains("may not see it"))
        let gated = try Self.failure(403, ["x-error-code": "GatedRepo"])
        #expect(gated.code == .forbidden)
        #expect(gated.message.contains("https://huggingface.co/a/b, and set HF_TOKEN"))
        let revision = try Self.failure(404, ["x-error-code": "RevisionNotFound"])
        #expect(revision.message.contains("no such revision: found \"r1\""))
        let token = try Self.failure(
            401, ["x-error-message": "Invalid credentials in Authorization header"], hasToken: true)
        #expect(token.message.contains("does not know the token"))
        #expect(try Self.failure(429).code == .unreachable)
        #expect(try Self.failure(502).code == .unreachable)
        #expect(try Self.failure(451).code == .refused)
        #expect(try Self.failure(206).code == .refused)
    }
}
