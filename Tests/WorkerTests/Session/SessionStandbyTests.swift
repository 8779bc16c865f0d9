import JobModel
import Testing
import Worker

@Suite("A worker's session with a broker that has standbys")
struct SessionStandbyTests {
    /// One that was welcomed at an address.
    private func connected() -> SessionDriver {
        var driver = SessionDriver()
        _ = driver.on(.disconnected)
        _ = driver.on(.connected)
        _ = driver.welcome()
        _ = driver.on(.progress)
        return driver
    }

    @Test("says nothing while there is no connection, and HELLO as soon as there is one")
    func hello() {
        var driver = SessionDriver()
        #expect(driver.on(.disconnected).isEmpty)
        #expect(driver.pass(milliseconds: 60_000).isEmpty)
        #expect(driver.on(.connected).compactMap(\.hello).count == 1)
        #expect(driver.welcome() == [.welcomed(epoch: 1)])
    }

    @Test("names what it holds at the next address, as to a broker that was started anew")
    func leases() {
        var driver = connected()
        driver.assign(Assign(1), Assign(2), Assign(3))
        _ = (driver.begin(), driver.begin())
        #expect(driver.finish(1).compactMap(\.done).count == 1)
        #expect(driver.on(.disconnected).isEmpty)
        #expect(!driver.session.isWelcomed)
        // What ends meanwhile is kept.
        #expect(driver.finish(2).isEmpty)
        driver.now += 1000 * millisecond
        let hello = driver.on(.connected).compactMap(\.hello)
        #expect(hello.map(\.leases) == [(1...3).map { LeaseName($0) }])
        let welcomed = driver.welcome(leases: [LeaseName(1), LeaseName(2)], epoch: 2)
        #expect(welcomed.compactMap(\.done).map(\.lease) == [LeaseName(1), LeaseName(2)])
        #expect(driver.session.leases == [LeaseName(1), LeaseName(2)])
    }

    @Test("asks for the next address when nobody answers here, at first soon, then later")
    func mute() {
        var driver = SessionDriver()
        _ = driver.on(.disconnected)
        var waits: [UInt64] = []
        for _ in 0..<4 {
            let began = driver.now
            _ = driver.on(.connected)
            while let next = driver.session.nextDeadline, next < .max {
                driver.now = max(driver.now, next)
                if driver.on(.tick).contains(.reconnect) { break }
            }
            waits.append((driver.now - began) / millisecond)
            _ = driver.on(.disconnected)
        }
        #expect((1000...2000).contains(waits[0]), "\(waits)")
        #expect(waits[3] > waits[0] && waits[3] <= 16_000, "\(waits)")
    }

    @Test("what the last broker asked for is no matter of the next one's, and what the operator wants is")
    func brokersDrain() {
        for isOperator in [false, true] {
            var driver = connected()
            driver.assign(Assign(1))
            _ = driver.begin()
            _ = driver.receive(.brokerBeat(BrokerBeat(epoch: 1, isDraining: true)))
            if isOperator { _ = driver.on(.drain) }
            _ = driver.on(.disconnected)
            driver.now += 1000 * millisecond
            let hello = driver.on(.connected).compactMap(\.hello)
            #expect(hello.map(\.window) == [isOperator ? 0 : 100])
            #expect(hello.map(\.leases) == [[LeaseName(1)]])
            _ = driver.welcome(leases: [LeaseName(1)], epoch: 2)
            driver.assign(Assign(2))
            #expect(driver.session.leases == (isOperator ? [LeaseName(1)] : [LeaseName(1), LeaseName(2)]))
        }
    }

    @Test("a silent broker is lost, and the worker leaves at once when it is told to while it looks for the next")
    func drain() {
        var driver = connected()
        #expect(driver.pass(milliseconds: 5000).contains(.lost(.silence)))
        _ = driver.on(.disconnected)
        #expect(driver.on(.drain).last == .left)
    }
}
