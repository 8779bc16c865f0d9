import JobModel
import Testing
import Worker

@Suite("A worker's session with a broker")
struct WorkerSessionTests {
    @Test("says HELLO at once, and again with growing pauses until it is welcomed")
    func hello() {
        var driver = SessionDriver()
        var pauses: [UInt64] = []
        for _ in 0..<12 {
            let directives = driver.on(.tick)
            #expect(directives.compactMap(\.hello).map(\.instance) == ["test"])
            let next = driver.session.nextDeadline ?? 0
            pauses.append((next - driver.now) / millisecond)
            driver.now = next
        }
        #expect((75...125).contains(pauses[0]))
        #expect((150...250).contains(pauses[1]))
        #expect(pauses.allSatisfy { $0 <= 12_500 })
        #expect((7500...12_500).contains(pauses[11]))
        _ = driver.on(.tick)
        #expect(driver.welcome() == [.welcomed(epoch: 1)])
        #expect(driver.pass(milliseconds: 900).isEmpty)
    }

    @Test("asks for a new connection when nobody answers for long")
    func reconnect() {
        var driver = SessionDriver()
        let directives = driver.pass(milliseconds: 60_000)
        #expect(directives.contains(.reconnect))
        #expect(!directives.prefix(5).contains(.reconnect))
    }

    @Test("beats with all its leases as often as the broker asked")
    func beats() {
        var driver = SessionDriver.welcomed()
        driver.assign(Assign(1), Assign(2))
        _ = driver.begin()
        _ = driver.on(.loadedModels(["demo"]))
        let beats = driver.pass(milliseconds: 3000).compactMap(\.beat)
        #expect(
            beats
                == Array(
                    repeating: WorkerBeat(leases: [LeaseName(1), LeaseName(2)], loadedModels: ["demo"]), count: 3))
    }

    @Test("does not beat while the engine is stuck, and beats at once when it moves again")
    func stuck() {
        var driver = SessionDriver.welcomed()
        driver.assign(Assign(1))
        _ = driver.begin()
        #expect(driver.pass(milliseconds: 1000).compactMap(\.beat).count == 1)
        #expect(driver.pass(milliseconds: 3500, progress: false).compactMap(\.beat).isEmpty)
        #expect(driver.on(.progress).compactMap(\.beat).count == 1)
        #expect(driver.on(.progress).isEmpty)
    }

    @Test("a stuck worker does not say HELLO with its leases either")
    func stuckHello() {
        var driver = SessionDriver.welcomed()
        driver.assign(Assign(1))
        _ = driver.pass(milliseconds: 1000)
        let directives = driver.pass(milliseconds: 20_000, progress: false)
        #expect(directives.contains(.lost(.silence)))
        #expect(directives.compactMap(\.hello).isEmpty)
        #expect(driver.on(.progress).compactMap(\.hello).map(\.leases) == [[LeaseName(1)]])
    }

    @Test("begins chunks by priority and arrival, when the shell says so")
    func order() {
        var driver = SessionDriver.welcomed()
        driver.assign(Assign(1), Assign(2, priority: 3), Assign(3), Assign(4, priority: 3))
        #expect((0..<5).compactMap { _ in driver.begin().first?.translated?.token } == [2, 4, 1, 3])
    }

    @Test("a chunk of low priority does not wait for ever")
    func ageing() {
        var driver = SessionDriver.welcomed()
        driver.assign(Assign(0))
        var begun: [UInt64] = []
        for number in 1...5000 {
            driver.assign(Assign(UInt64(number), priority: 3))
            let lease = driver.begin().first?.translated
            begun.append(lease?.token ?? 0)
            if let lease {
                _ = driver.on(.finished(lease, .sample))
                _ = driver.receive(.settled([lease]))
            }
        }
        #expect(begun.firstIndex(of: 0).map { $0 > 1000 && $0 < 4000 } == true)
    }

    @Test("an assignment that comes twice is done once")
    func duplicate() {
        var driver = SessionDriver.welcomed()
        driver.assign(Assign(1), Assign(1))
        #expect(driver.begin().count == 1)
        driver.assign(Assign(1))
        #expect(driver.begin().isEmpty)
        #expect(driver.finish(1).compactMap(\.done).count == 1)
        #expect(driver.finish(1).isEmpty)
        driver.assign(Assign(1))
        #expect(driver.begin().isEmpty)
    }

    @Test("a result is said again at every beat until the broker has settled it")
    func resend() {
        var driver = SessionDriver.welcomed()
        driver.assign(Assign(1))
        _ = driver.begin()
        let first = driver.finish(1).compactMap(\.done)
        #expect(first.map(\.lease) == [LeaseName(1)])
        #expect(driver.pass(milliseconds: 3500).compactMap(\.done).count == 3)
        #expect(driver.session.leases == [LeaseName(1)])
        _ = driver.receive(.settled([LeaseName(1)]))
        #expect(driver.pass(milliseconds: 3500).compactMap(\.done).isEmpty)
        #expect(driver.session.leases.isEmpty)
    }

    @Test("a broker that is silent is asked again, with all leases, and says which it still wants")
    func silence() {
        var driver = SessionDriver.welcomed()
        driver.assign(Assign(1), Assign(2), Assign(3), Assign(4))
        _ = (driver.begin(), driver.begin(), driver.begin())
        _ = (driver.finish(1), driver.finish(2))
        let directives = driver.pass(milliseconds: 5000)
        #expect(directives.filter { $0 == .lost(.silence) }.count == 1)
        #expect(directives.compactMap(\.hello).map(\.leases) == [(1...4).map { LeaseName($0) }])
        let welcomed = driver.welcome(leases: [LeaseName(1), LeaseName(4)], epoch: 2)
        #expect(welcomed.compactMap(\.cancelled) == [LeaseName(3)])
        #expect(welcomed.compactMap(\.done).map(\.lease) == [LeaseName(1)])
        #expect(driver.session.leases == [LeaseName(1), LeaseName(4)])
        #expect(driver.begin().first?.translated == LeaseName(4))
    }

    @Test("the answer to an older HELLO, or a second one, changes nothing")
    func staleWelcome() {
        var driver = SessionDriver()
        _ = driver.on(.tick)
        let old = driver.correlation
        _ = driver.pass(milliseconds: 200)
        #expect(driver.welcome(correlation: old).isEmpty)
        #expect(driver.welcome() == [.welcomed(epoch: 1)])
        driver.assign(Assign(1))
        #expect(driver.welcome().isEmpty)
        #expect(driver.session.leases == [LeaseName(1)])
    }

    @Test("a broker that does not know the worker, or was started anew, is greeted, but not as fast as the wire allows")
    func unknownPeer() {
        var driver = SessionDriver.welcomed()
        driver.now += 500 * millisecond
        #expect(driver.receive(.fault(Fault(.unknownPeer, "say HELLO"))) == [.lost(.unknown)])
        #expect(driver.on(.tick).compactMap(\.hello).count == 1)
        _ = driver.welcome()
        #expect(driver.receive(.fault(Fault(.unknownPeer, "say HELLO"))) == [.lost(.unknown)])
        #expect(driver.on(.tick).isEmpty)
        #expect(driver.pass(milliseconds: 100).compactMap(\.hello).count == 1)
        _ = driver.welcome()
        driver.now += 500 * millisecond
        #expect(driver.receive(.brokerBeat(BrokerBeat(epoch: 2))) == [.lost(.restart)])
        #expect(driver.on(.tick).compactMap(\.hello).count == 1)
    }

    @Test("what the broker cancels is stopped, and nothing is said of it")
    func cancel() {
        var driver = SessionDriver.welcomed()
        driver.assign(Assign(1), Assign(2), Assign(3))
        _ = (driver.begin(), driver.begin())
        _ = driver.finish(1)
        let directives = driver.receive(.brokerBeat(BrokerBeat(epoch: 1, cancelled: (1...3).map { LeaseName($0) })))
        #expect(directives == [.cancel(LeaseName(2))])
        #expect(driver.session.leases.isEmpty)
        #expect(driver.finish(2).isEmpty)
        #expect(driver.begin().isEmpty)
    }

    @Test("a chunk whose deadline passes is stopped, and the broker is told")
    func deadline() {
        var driver = SessionDriver.welcomed()
        driver.assign(Assign(1, deadline: 200), Assign(2, deadline: 300), Assign(3), Assign(4, deadline: .max))
        _ = driver.begin()
        let directives = driver.pass(milliseconds: 400)
        #expect(directives.compactMap(\.cancelled) == [LeaseName(1)])
        #expect(directives.compactMap(\.fail).map(\.lease) == [LeaseName(1), LeaseName(2)])
        #expect(directives.compactMap(\.fail).allSatisfy { $0.failure.code == "expired" && $0.isRetryable })
        #expect(driver.begin().first?.translated == LeaseName(3))
    }

    @Test("to leave, it hands back what it has not begun, finishes the rest, and says GOODBYE")
    func drain() {
        var driver = SessionDriver.welcomed()
        driver.assign(Assign(1), Assign(2), Assign(3))
        _ = driver.begin()
        let directives = driver.on(.drain)
        #expect(
            directives.compactMap(\.sent).prefix(2) == [
                .workCredit(window: 0), .goodbye(unstarted: [LeaseName(2), LeaseName(3)]),
            ])
        driver.assign(Assign(4))
        #expect(driver.pass(milliseconds: 1000).compactMap(\.goodbye).map(\.count) == [3])
        #expect(driver.answerGoodbye([LeaseName(2), LeaseName(3)]).isEmpty)
        #expect(driver.begin().isEmpty)
        #expect(driver.finish(1).compactMap(\.done).count == 1)
        let last = driver.receive(.settled([LeaseName(1)]))
        #expect(last.compactMap(\.goodbye) == [[LeaseName(4)]])
        #expect(last.last == .left)
        #expect(driver.session.nextDeadline == nil)
        #expect(driver.on(.tick).isEmpty)
    }

    @Test("what takes longer than the drain time is abandoned")
    func drainTime() {
        var driver = SessionDriver.welcomed()
        driver.assign(Assign(1))
        _ = driver.begin()
        _ = driver.receive(.brokerBeat(BrokerBeat(epoch: 1, isDraining: true)))
        #expect(driver.session.isDraining)
        #expect(!driver.pass(milliseconds: 2900).contains(.left))
        let directives = driver.pass(milliseconds: 200)
        #expect(directives.contains(.cancel(LeaseName(1))))
        #expect(directives.last == .left)
    }

    @Test("with nothing to do, it leaves when the broker has answered, for until then more may be on its way")
    func drainIdle() {
        var driver = SessionDriver.welcomed()
        #expect(driver.on(.drain).compactMap(\.goodbye) == [[]])
        driver.assign(Assign(1))
        _ = driver.receive(.settled([]))
        let answered = driver.answerGoodbye([])
        #expect(answered.compactMap(\.goodbye) == [[LeaseName(1)]])
        #expect(answered.last == .left)

        var unanswered = SessionDriver.welcomed()
        _ = unanswered.on(.drain)
        #expect(!unanswered.pass(milliseconds: 1999).contains(.left))
        #expect(unanswered.pass(milliseconds: 1).contains(.left))
    }

    @Test("a worker that has said HELLO says GOODBYE too; one that has not leaves silently")
    func drainUnwelcomed() {
        var driver = SessionDriver()
        #expect(driver.on(.drain) == [.left])
        var greeting = SessionDriver()
        _ = greeting.on(.tick)
        let directives = greeting.on(.drain)
        #expect(directives.compactMap(\.goodbye) == [[]])
        #expect(directives.last == .left)
    }

    @Test("a result that the broker refuses becomes a failure, and is not said for ever")
    func refusedResult() {
        var driver = SessionDriver.welcomed()
        driver.assign(Assign(1))
        _ = driver.begin()
        guard case .send(let envelope)? = driver.finish(1).first else {
            Issue.record("nothing was sent")
            return
        }
        let fault = Fault(.tooLarge, "the frame has 5,000,000 bytes, the most is 4,194,304")
        let directives = driver.on(.received(Envelope(.fault(fault), correlation: envelope.correlation)))
        #expect(directives.first == .refused(fault))
        #expect(directives.compactMap(\.fail).map(\.isRetryable) == [false])
        _ = driver.receive(.settled([LeaseName(1)]))
        #expect(driver.session.leases.isEmpty)
    }

    @Test("a new window is said at once, other models with a new HELLO")
    func reconfigured() {
        var driver = SessionDriver.welcomed()
        var settings = SessionSettings.sample
        settings.windowTokens = 7
        #expect(driver.on(.reconfigured(settings)).compactMap(\.sent) == [.workCredit(window: 7)])
        settings.models.append(ModelOffer(name: "other"))
        // The broker is not lost by that.
        #expect(driver.on(.reconfigured(settings)).isEmpty)
        #expect(driver.pass(milliseconds: 200).compactMap(\.hello).first?.models.count == 2)
        _ = driver.welcome()
        settings.models.removeLast()
        settings.unavailableModels = [UnavailableModel(name: "other", reason: "there is no such folder")]
        #expect(driver.on(.reconfigured(settings)).isEmpty)
        let hello = driver.pass(milliseconds: 200).compactMap(\.hello).first
        #expect(hello?.models.count == 1 && hello?.unavailableModels == settings.unavailableModels)
    }

    @Test("a name that is taken is spoken of at the fourth HELLO, the eighth and so on, and what it had is dropped")
    func nameTaken() {
        var driver = SessionDriver()
        driver.assign(Assign(1), Assign(2))
        _ = driver.begin()
        var told: [Int] = []
        var hellos = 0
        while hellos < 40 {
            let said = driver.pass(milliseconds: 50).compactMap(\.hello)
            guard let hello = said.first else { continue }
            #expect(said.count == 1 && hello.incarnation == 7)
            hellos += 1
            #expect(hello.leases.isEmpty == (hellos > 1))
            let fault = Envelope(.fault(Fault(.nameTaken, "taken")), correlation: driver.correlation)
            let directives = driver.on(.received(fault))
            if directives.contains(.refused(Fault(.nameTaken, "taken"))) { told.append(hellos) }
            if hellos == 1 { #expect(directives == [.cancel(LeaseName(1))]) }
        }
        #expect(told == [4, 8, 16, 32])
        // One that comes late says nothing of the HELLO that was welcome.
        _ = driver.pass(milliseconds: 15_000)
        let last = driver.correlation
        _ = driver.welcome()
        driver.assign(Assign(3))
        #expect(driver.on(.received(Envelope(.fault(Fault(.nameTaken, "taken")), correlation: last))).isEmpty)
        #expect(driver.session.leases == [LeaseName(3)])
    }
}
