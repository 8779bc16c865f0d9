import Gateway
import Testing

@Suite("Forms in several parts")
struct MultipartTests {
    private let gateway = TestGateway.make()

    private func post(_ body: String, boundary: String = "XX") async -> (status: Int, body: String) {
        let headers = ["content-type": "multipart/form-data; boundary=\(boundary)"]
        let response = await gateway.answer(
            WebRequest("POST", "/translate", headers: headers, body: Array(body.utf8)))
        return (response.status, String(decoding: response.bytes, as: UTF8.self))
    }

    private func part(_ name: String, _ value: String) -> String {
        "--XX\r\nContent-Disposition: form-data; name=\"\(name)\"\r\n\r\n\(value)\r\n"
    }

    @Test("fields are read, line breaks and all")
    func fields() async {
        let body = part("q", "a\r\nb") + part("source", "en") + part("target", "fr") + "--XX--\r\n"
        #expect(await post(body) == (200, #"{"translatedText":"en-fr: a\nb"}"#))
    }

    @Test("what is cut off, or has no boundary or name, is refused")
    func faults() async {
        let whole = part("q", "a") + part("source", "en") + part("target", "fr")
        #expect(await post(whole).status == 400)
        #expect(await post("").status == 400)
        #expect(await post(whole + "--XX--", boundary: "").status == 400)
        #expect(await post("--XX\r\nContent-Type: text/plain\r\n\r\na\r\n--XX--").status == 400)
        let many = String(repeating: part("a", "b"), count: 100) + "--XX--"
        #expect(await post(many).status == 400)
    }

    @Test("a part with a head of a megabyte is refused")
    func longHead() async {
        for mark in [";", "a;", "=;"] {
            let head = "Content-Disposition: form-data" + String(repeating: mark, count: 400_000)
            #expect(await post("--XX\r\n\(head)=\r\n\r\na\r\n--XX--").status == 400)
        }
    }

    @Test("a body that ends anywhere never crashes")
    func prefixes() async {
        let whole = Array((part("q", "a") + part("source", "en") + part("target", "fr") + "--XX--\r\n").utf8)
        for count in 0..<whole.count {
            _ = await post(String(decoding: whole.prefix(count), as: UTF8.self))
        }
    }
}
