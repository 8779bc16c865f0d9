import Systemd
import TestKit
import Testing

@Suite("Watchdog")
struct WatchdogTests {
    private func watchdog(_ environment: [String: String], now: Duration = .zero) throws -> Watchdog? {
        try Watchdog(environment: environment, processIdentifier: 42, now: now)
    }

    @Test("feeding is due at half of the time that systemd allows")
    func interval() throws {
        let watchdog = try #require(
            try watchdog(["WATCHDOG_USEC": "30000000", "WATCHDOG_PID": "42"], now: .seconds(100)))
        #expect(watchdog.interval == .seconds(15))
        #expect(watchdog.feedBy == .seconds(115))
    }

    @Test(
        "nobody watches this process without WATCHDOG_USEC, or when WATCHDOG_PID is another's",
        arguments: [[:], ["WATCHDOG_PID": "42"], ["WATCHDOG_USEC": "30000000", "WATCHDOG_PID": "41"]])
    func unwatched(environment: [String: String]) throws {
        #expect(try watchdog(environment) == nil)
    }

    @Test("a time without a process is for whoever reads it")
    func anyProcess() throws {
        #expect(try watchdog(["WATCHDOG_USEC": "2"])?.interval == .microseconds(1))
    }

    @Test(
        "what is no number is an error that names the variable",
        arguments: [
            ["WATCHDOG_USEC": "30s"], ["WATCHDOG_USEC": "0"], ["WATCHDOG_USEC": "-1"], ["WATCHDOG_USEC": ""],
            ["WATCHDOG_USEC": "30000000", "WATCHDOG_PID": "me"],
        ])
    func malformed(environment: [String: String]) throws {
        let error = #expect(throws: SystemdError.self) { try watchdog(environment) }
        #expect(try #require(error).description.hasPrefix("$WATCHDOG_"))
    }

    @Test("a turn before it is due feeds nothing; the first one after does, once")
    func onProgress() {
        var watchdog = Watchdog(interval: .seconds(15), now: .zero)
        // However late, one feeding is enough.
        let fed = [14, 15, 15, 100, 114, 115].filter { watchdog.onProgress(at: .seconds($0)) }
        #expect(fed == [15, 100, 115])
    }

    @Test("a loop that turns twice in the time allowed is always fed in time, and not more often than needed")
    func alwaysInTime() {
        var random = SeededRandom(seed: 1)
        let allowed = Duration.milliseconds(2_000)
        var watchdog = Watchdog(interval: allowed / 2, now: .zero)
        var now = Duration.zero
        var fed = Duration.zero
        for _ in 0..<10_000 {
            now += .milliseconds(random.integer(0...999))
            if watchdog.onProgress(at: now) {
                #expect(now - fed < allowed)
                #expect(now - fed >= watchdog.interval)
                fed = now
            }
            #expect(watchdog.feedBy > now)
        }
    }
}
