import Foundation
import Systemd
import Testing

@Suite("Notify")
struct NotifyTests {
    @Test(
        "without a socket in the environment nothing is sent and nothing fails",
        arguments: [[:], ["NOTIFY_SOCKET": ""]])
    func silent(environment: [String: String]) throws {
        try Notify(environment: environment).send(.ready)
    }

    @Test("every state is written as sd_notify has it", arguments: [false, true])
    func states(isAbstract: Bool) throws {
        let receiver = try DatagramReceiver(isAbstract: isAbstract)
        let notify = try Notify(environment: ["NOTIFY_SOCKET": receiver.address])
        let expected: [(Notify.State, String)] = [
            (.ready, "READY=1"),
            (.status("3 jobs"), "STATUS=3 jobs"),
            (.reloading(monotonicMicroseconds: 12_345), "RELOADING=1\nMONOTONIC_USEC=12345"),
            (.stopping, "STOPPING=1"),
            (.watchdog, "WATCHDOG=1"),
            (.extendTimeout(microseconds: 5_000_000), "EXTEND_TIMEOUT_USEC=5000000"),
        ]
        for (state, text) in expected {
            try notify.send(state)
            #expect(try receiver.nextText() == text)
        }
    }

    @Test("states sent together are one message")
    func together() throws {
        let receiver = try DatagramReceiver()
        try Notify(environment: ["NOTIFY_SOCKET": receiver.address]).send(.stopping, .status("draining"))
        #expect(try receiver.nextText() == "STOPPING=1\nSTATUS=draining")
        #expect(try receiver.next() == nil)
    }

    @Test("a status cannot smuggle in another assignment, and is not longer than anyone would read")
    func status() throws {
        let receiver = try DatagramReceiver()
        let notify = try Notify(environment: ["NOTIFY_SOCKET": receiver.address])
        try notify.send(.status("bad\nREADY=1\u{0}"))
        #expect(try receiver.nextText() == "STATUS=bad READY=1 ")
        try notify.send(.status(String(repeating: "é", count: 300)))
        #expect(try receiver.nextText() == "STATUS=" + String(repeating: "é", count: 256) + "… (88 bytes more)")
    }

    @Test(
        "an address that is none is an error that names the variable",
        arguments: ["run/notify", "vsock:2:1234", "@", "/", "/" + String(repeating: "a", count: 107)])
    func badAddress(address: String) throws {
        let error = #expect(throws: SystemdError.self) { try Notify(environment: ["NOTIFY_SOCKET": address]) }
        #expect(try #require(error).description.contains("$NOTIFY_SOCKET is '\(address)'"))
    }

    @Test("a service manager that has gone is an error that names its socket")
    func unreachable() throws {
        var receiver: DatagramReceiver? = try DatagramReceiver()
        let address = try #require(receiver?.address)
        receiver = nil
        let notify = try Notify(environment: ["NOTIFY_SOCKET": address])
        #expect(throws: SystemdError.call("sendto", subject: address, code: ENOENT)) { try notify.send(.ready) }
    }

    @Test("systemd-notify writes the same", .enabled(if: FileManager.default.isExecutableFile(atPath: program)))
    func asSystemdNotify() throws {
        let receiver = try DatagramReceiver(isAbstract: true)
        let process = Process()
        process.executableURL = URL(filePath: Self.program)
        process.arguments = ["--no-block", "--ready", "--status=two words", "WATCHDOG=1"]
        process.environment = ["NOTIFY_SOCKET": receiver.address]
        try process.run()
        process.waitUntilExit()
        let theirs = try #require(try receiver.nextText())
        try Notify(environment: ["NOTIFY_SOCKET": receiver.address]).send(.ready, .status("two words"), .watchdog)
        let ours = try #require(try receiver.nextText())
        #expect(theirs.split(separator: "\n") == ours.split(separator: "\n"))
    }

    private static let program = "/usr/bin/systemd-notify"
}
