import DragomanCommand
import Foundation
import Testing

/// One at a time, as in a process.
@Suite(.serialized, .timeLimit(.minutes(5)))
struct SignalThreadTests {
    @Test func `signals are told in order, and only those that are asked for`() async throws {
        let (told, post) = AsyncStream<Int32>.makeStream()
        let signals = try SignalThread([SIGUSR1, SIGUSR2]) { post.yield($0) }
        var next = told.makeAsyncIterator()
        for signal in [SIGUSR1, SIGUSR2, SIGUSR1] {
            kill(getpid(), signal)
            #expect(await next.next() == signal)
        }
        signals.stop()
    }

    @Test func `after its end, signals do what they did before`() async throws {
        let before = signal(SIGUSR1, SIG_IGN)
        defer { signal(SIGUSR1, before) }
        for _ in 0..<2 {
            let (told, post) = AsyncStream<Int32>.makeStream()
            let signals = try SignalThread([SIGUSR1]) { post.yield($0) }
            #expect(!isIgnored(SIGUSR1))
            kill(getpid(), SIGUSR1)
            var next = told.makeAsyncIterator()
            #expect(await next.next() == SIGUSR1)
            signals.stop()
            #expect(isIgnored(SIGUSR1))
        }
    }

    @Test func `a call that a signal interrupts goes on`() async throws {
        let (told, post) = AsyncStream<Int32>.makeStream()
        let signals = try SignalThread([SIGUSR2]) { post.yield($0) }
        var ends: [Int32] = [0, 0]
        try #require(pipe(&ends) == 0)
        defer { for end in ends { close(end) } }
        let (input, output) = (ends[0], ends[1])
        let (threads, announce) = AsyncStream<pthread_t>.makeStream()
        async let count = onBlockingThread(named: "reader") {
            // A thread inherits what is blocked in the one that made it, and those of the pool block all.
            var all = sigset_t()
            sigfillset(&all)
            pthread_sigmask(SIG_UNBLOCK, &all, nil)
            announce.yield(pthread_self())
            var byte: UInt8 = 0
            return read(input, &byte, 1)
        }
        var first = threads.makeAsyncIterator()
        let reader = try #require(await first.next())
        var next = told.makeAsyncIterator()
        for _ in 0..<10 {
            pthread_kill(reader, SIGUSR2)
            #expect(await next.next() == SIGUSR2)
        }
        var byte: UInt8 = 1
        #expect(write(output, &byte, 1) == 1)
        #expect(try await count == 1)
        signals.stop()
    }

    private func isIgnored(_ signal: Int32) -> Bool {
        var action = sigaction()
        sigaction(signal, nil, &action)
        let handler = unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self)
        return handler == unsafeBitCast(SIG_IGN, to: Int.self)
    }
}
