import Foundation
import Gateway
import TestKit
import Testing

@Suite("The page")
struct PageTests {
    private let gateway = TestGateway.make()

    private func get(
        _ path: String, _ method: String = "GET", headers: [String: String] = [:]
    ) async -> (response: WebResponse, headers: [String: String]) {
        let response = await gateway.answer(WebRequest(method, path, headers: headers))
        return (response, Dictionary(response.headers) { "\($0), \($1)" })
    }

    private static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "Sources/Gateway/Page/Files")

    private static let files = (try? FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()) ?? []

    @Test("every file is in the program, as it is", arguments: files)
    func content(file: String) async throws {
        let (response, headers) = await get("/page/\(file)")
        #expect(response.status == 200)
        #expect(response.bytes == Array(try Data(contentsOf: Self.folder.appending(path: file))))
        #expect(headers["content-security-policy"]?.hasPrefix("default-src 'none'; script-src 'self'; ") == true)
        #expect(headers["x-content-type-options"] == "nosniff")
        #expect(headers["access-control-allow-origin"] == nil)
    }

    @Test("pages and what they are made of have their types")
    func types() async {
        for (path, type) in [
            ("/", "text/html; charset=utf-8"), ("/operate", "text/html; charset=utf-8"),
            ("/page/base.css", "text/css; charset=utf-8"), ("/page/api.js", "text/javascript; charset=utf-8"),
            ("/page/icon.svg", "image/svg+xml"),
        ] {
            #expect(await get(path).headers["content-type"] == type)
            let head = await get(path, "HEAD")
            #expect(head.response.status == 200 && head.headers["content-type"] == type)
        }
    }

    @Test("a browser that has a file is told so, and has not that of another release")
    func tags() async throws {
        let first = await get("/")
        let tag = try #require(first.headers["etag"])
        #expect(first.headers["cache-control"] == "no-cache")
        for condition in [tag, "W/\(tag)", "\"x\", \(tag)", "*"] {
            let (response, headers) = await get("/", headers: ["if-none-match": condition])
            #expect(response.status == 304 && response.bytes.isEmpty && headers["etag"] == tag)
            #expect(headers["content-type"] == nil)
        }
        #expect(await get("/", headers: ["if-none-match": "\"x\""]).response.status == 200)
        #expect(await get("/operate").headers["etag"] != tag)
    }

    @Test("there is nothing else, and nothing to change")
    func nothing() async {
        for path in ["/page/none.js", "/page/..", "/page/%2e%2e%2fPage.swift", "/page", "/operate/x", "/page/a/b"] {
            #expect(await get(path).response.status == 404, "\(path)")
        }
        let post = await get("/", "POST")
        #expect(post.response.status == 405 && post.headers["allow"] == "GET, OPTIONS")
    }

    @Test("no key is needed to see it, as it asks for one")
    func keys() async throws {
        let folder = try TemporaryFolder()
        let gateway = TestGateway.make(access: try Access(file: try folder.write("keys", "# none\n")))
        #expect(await gateway.answer(WebRequest("GET", "/operate")).status == 200)
    }

    @Test("it can be switched off")
    func off() async {
        var settings = Gateway.Settings()
        settings.servesPage = false
        let gateway = TestGateway.make(TestDesk(), settings)
        for path in ["/", "/operate", "/page/base.css"] {
            #expect(await gateway.answer(WebRequest("GET", path)).status == 404)
        }
    }

    @Test("nothing in it is inline, or of another origin", arguments: files)
    func origins(file: String) throws {
        let text = try String(contentsOf: Self.folder.appending(path: file), encoding: .utf8)
        for wrong in [" style=", "<style", " onclick=", "javascript:", "innerHTML", "eval(", "@import", "url("] {
            #expect(!text.contains(wrong), "\(wrong)")
        }
        let addresses = text.matches(of: /https?:\/\/[^"'\s)]+/).map { String($0.output) }
        // The name of SVG's elements is written as an address, and fetched from nowhere.
        #expect(Set(addresses).isSubset(of: ["http://www.w3.org/2000/svg"]))
    }
}
