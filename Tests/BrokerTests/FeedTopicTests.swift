import Broker
import Dispatching
import Testing

@Suite("Topics of the feed")
struct FeedTopicTests {
    private let tenant = Identity(tenant: "one", isOperator: false)

    private func visible(_ prefix: String, to identity: Identity) -> [String] {
        FeedTopic.visible(through: Array(prefix.utf8), to: identity).map { String(decoding: $0, as: UTF8.self) }
    }

    @Test("an operator sees what it asks for")
    func everything() {
        for prefix in ["", "record/two/", "nonsense"] { #expect(visible(prefix, to: .everyone) == [prefix]) }
    }

    @Test(
        "a tenant sees of what it asks for what is its own",
        arguments: [
            ("", ["record/one/", "heartbeat/one/"]), ("record/", ["record/one/"]), ("record/one/a", ["record/one/a"]),
            ("heartbeat/one/", ["heartbeat/one/"]), ("record/two/", []), ("record/one-more/", []), ("nonsense", []),
        ])
    func own(_ prefix: String, _ expected: [String]) { #expect(visible(prefix, to: tenant) == expected) }

    @Test("no tenant's topics begin as those of another whose name begins with its own")
    func prefixes() {
        let others = [
            FeedTopic.record(tenant: "one-more", topic: "a"), FeedTopic.heartbeat(tenant: "one-more"),
        ]
        for own in FeedTopic.visible(through: [], to: tenant) { #expect(!others.contains { $0.starts(with: own) }) }
    }
}
