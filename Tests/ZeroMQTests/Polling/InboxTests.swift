import Foundation
import TestKit
import Testing
import ZeroMQ

@Suite struct InboxTests {
    @Test func `messages of several threads all arrive, each thread's in order`() throws {
        let inbox = try Inbox<Letter>()
        let counts = [1000, 1500, 500]
        for (sender, count) in counts.enumerated() {
            Thread.detachNewThread {
                for number in 0..<count { inbox.post(Letter(sender: sender, number: number)) }
            }
        }
        var poller = Poller()
        _ = poller.add(inbox.wakeUp)
        var arrived = counts.map { _ in 0 }
        while arrived != counts {
            // One signal may stand for many messages, but none of them stays without one.
            try #require(try poller.wait(until: patience()))
            for letter in inbox.take() {
                #expect(letter.number == arrived[letter.sender])
                arrived[letter.sender] += 1
            }
        }
        #expect(inbox.take().isEmpty)
    }

    private struct Letter: Sendable {
        var sender: Int
        var number: Int
    }
}
