import Broker
import Testing

@Suite struct SubscriptionBytesTests {
    @Test func `who takes the most is closed when all together take too much`() {
        var subscriptions = SubscriptionBytes<String>(maximum: 100)
        #expect(subscriptions.add(30, of: "a") { _ in true } == nil)
        #expect(subscriptions.add(50, of: "b") { _ in true } == nil)
        #expect(subscriptions.add(20, of: "a") { _ in true } == nil)
        #expect(subscriptions.add(10, of: "b") { _ in true } == "b")
        #expect(subscriptions.add(50, of: "b") { _ in true } == nil)
    }

    @Test func `connections that have ended take nothing`() {
        var subscriptions = SubscriptionBytes<Int>(maximum: 100)
        for connection in 0..<1000 {
            #expect(subscriptions.add(60, of: connection) { $0 == connection } == nil)
        }
    }
}
