import Spans
import Testing

@Suite("A traceparent")
struct TraceParentTests {
    private static let valid = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"

    @Test("has a trace, a span, and whether it is sampled")
    func parts() throws {
        let parent = try #require(TraceParent(Self.valid))
        #expect(parent.trace.prefix(3) == [0x4b, 0xf9, 0x2f] && parent.trace.count == 16)
        #expect(parent.span == [0x00, 0xf0, 0x67, 0xaa, 0x0b, 0xa9, 0x02, 0xb7])
        #expect(parent.isSampled)
        #expect(TraceParent(Self.valid.dropLast() + "2")?.isSampled == false)
        #expect(TraceParent(Self.valid.dropLast() + "3")?.isSampled == true)
    }

    @Test("of a later version may go on")
    func later() {
        #expect(TraceParent("cc" + Self.valid.dropFirst(2)) != nil)
        #expect(TraceParent("cc" + Self.valid.dropFirst(2) + "-what-comes") != nil)
        #expect(TraceParent("cc" + Self.valid.dropFirst(2) + ".what") == nil)
        #expect(TraceParent("ff" + Self.valid.dropFirst(2)) == nil)
    }

    /// Too short, with more than there is, in large letters, of zeros, with other signs.
    @Test(
        "is nothing else",
        arguments: [
            "", "00", String(valid.dropLast(3)), valid + "-", valid.uppercased(),
            "00-" + String(repeating: "0", count: 32) + valid.dropFirst(35), valid.prefix(36) + "0000000000000000-01",
            valid.replacing("-", with: "_"), valid.replacing("4736", with: "473g"), valid.dropLast(2) + "é",
        ])
    func others(text: String) { #expect(TraceParent(text) == nil) }
}
