import Foundation
import Synchronization
import TestKit
import Testing
import ZeroMQ

@Suite struct PollerTests {
    @Test func `another thread wakes a poller that waits without a limit`() throws {
        let wakeUp = try WakeUp()
        var poller = Poller()
        let slot = poller.add(wakeUp)
        Thread.detachNewThread { wakeUp.signal() }
        #expect(try poller.wait(until: nil))
        #expect(poller.readiness(of: slot) == .readable)
    }

    @Test func `signals before a wait wake it once`() throws {
        let wakeUp = try WakeUp()
        var poller = Poller()
        let slot = poller.add(wakeUp)
        for _ in 0..<3 { wakeUp.signal() }
        #expect(try poller.wait(until: nil))
        #expect(try poller.wait(until: .now) == false)
        #expect(poller.readiness(of: slot) == [])
    }

    @Test func `no signal is lost between two threads`() throws {
        let wakeUp = try WakeUp()
        let posted = Atomic(0)
        let count = 2000
        Thread.detachNewThread { [count] in
            for _ in 0..<count {
                posted.wrappingAdd(1, ordering: .releasing)
                wakeUp.signal()
            }
        }
        var poller = Poller()
        _ = poller.add(wakeUp)
        while posted.load(ordering: .acquiring) < count {
            try #require(try poller.wait(until: patience()))
        }
    }

    @Test func `a deadline that has passed does not hide what is ready`() throws {
        let wakeUp = try WakeUp()
        var poller = Poller()
        _ = poller.add(wakeUp)
        #expect(try poller.wait(until: .now - .seconds(1)) == false)
        wakeUp.signal()
        #expect(try poller.wait(until: .now - .seconds(1)))
    }

    @Test func `a wait never ends before its deadline`() throws {
        var poller = Poller()
        _ = poller.add(try WakeUp())
        let deadline = ContinuousClock.now + .microseconds(2500)
        #expect(try poller.wait(until: deadline) == false)
        #expect(ContinuousClock.now >= deadline)
    }

    @Test func `what is not received stays ready, and what is not watched does not wake`() throws {
        let context = try Context()
        let router = try Socket(.router, in: context)
        let dealer = try Socket(.dealer, in: context)
        try dealer.connect(try router.bind("tcp://127.0.0.1:*"))
        try dealer.sendWhenConnected("waits")

        var poller = Poller()
        let slot = poller.add(router)
        for _ in 0..<3 {
            #expect(try poller.wait(until: patience()))
            #expect(poller.readiness(of: slot) == .readable)
        }
        poller.watch(slot, for: [])
        #expect(try poller.wait(until: .now) == false)
        poller.watch(slot, for: .readable)
        #expect(try poller.wait(until: .now))
        let message = try router.awaitMessageFromPeer()
        #expect(message.body.text == "waits")
        #expect(try poller.wait(until: .now) == false)
    }

    @Test func `slots stay what they are when others are removed`() throws {
        let wakeUps = try (0..<3).map { _ in try WakeUp() }
        var poller = Poller()
        let slots = wakeUps.map { poller.add($0) }
        poller.remove(slots[0])
        wakeUps[0].signal()
        #expect(try poller.wait(until: .now) == false)
        wakeUps[2].signal()
        #expect(try poller.wait(until: patience()))
        #expect(poller.readiness(of: slots[1]) == [])
        #expect(poller.readiness(of: slots[2]) == .readable)
        // A freed place is used again.
        let replacement = poller.add(wakeUps[0])
        #expect(replacement == slots[0])
        #expect(try poller.wait(until: patience()))
        #expect(poller.readiness(of: replacement) == .readable)
    }

    @Test func `signals to the process do not end a wait`() throws {
        let wakeUp = try WakeUp()
        let thread = Mutex<pthread_t?>(nil)
        let result = Mutex<Bool?>(nil)
        let ended = DispatchSemaphore(value: 0)
        let started = DispatchSemaphore(value: 0)
        // Without SA_RESTART, so that calls are interrupted; poll(2) is in any case.
        var action = sigaction()
        action.__sigaction_handler.sa_handler = { _ in interruptions.wrappingAdd(1, ordering: .relaxed) }
        try #require(sigaction(SIGUSR2, &action, nil) == 0)
        Thread.detachNewThread {
            // It is started from one of libdispatch's threads, which let no signal through.
            var signals = sigset_t()
            sigaddset(&signals, SIGUSR2)
            pthread_sigmask(SIG_UNBLOCK, &signals, nil)
            thread.withLock { $0 = pthread_self() }
            started.signal()
            var poller = Poller()
            let slot = poller.add(wakeUp)
            let isReady = try? poller.wait(until: nil)
            result.withLock { $0 = isReady == true && poller.readiness(of: slot) == .readable }
            ended.signal()
        }
        started.wait()
        let poller = try #require(thread.withLock { $0 })
        for count in 1...200 {
            pthread_kill(poller, SIGUSR2)
            // Each is handled, in the wait or on the way there, before the next is sent.
            while interruptions.load(ordering: .relaxed) < count { sched_yield() }
        }
        #expect(result.withLock { $0 } == nil)
        wakeUp.signal()
        ended.wait()
        #expect(result.withLock { $0 } == true)
    }
}

private let interruptions = Atomic(0)
