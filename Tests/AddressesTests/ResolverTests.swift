import Addresses
import Testing

@Suite("Names are looked up away from the thread that asks")
struct ResolverTests {
    private func answer(of resolver: Resolver, to endpoints: [String]) async -> [String: [String]] {
        await withCheckedContinuation { continuation in
            resolver.lookUp(endpoints) { continuation.resume(returning: $0) }
        }
    }

    @Test("each name has its addresses, and what is no name is left out")
    func names() async {
        let resolver = Resolver { $0 == "brokers" ? ["10.0.0.1", "fe80::1"] : [] }
        let found = await answer(of: resolver, to: ["tcp://brokers:7411", "tcp://unknown:1", "tcp://10.0.0.9:1"])
        #expect(
            found == ["tcp://brokers:7411": ["tcp://10.0.0.1:7411", "tcp://[fe80::1]:7411"], "tcp://unknown:1": []])
    }

    @Test("the system knows this host")
    func system() async throws {
        let found = await answer(of: .system, to: ["tcp://localhost:7411"])
        let addresses = try #require(found["tcp://localhost:7411"])
        #expect(addresses.contains("tcp://127.0.0.1:7411") || addresses.contains("tcp://[::1]:7411"), "\(addresses)")
        #expect(Set(addresses).count == addresses.count)
    }
}
