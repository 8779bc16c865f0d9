/// Tells the service manager what the service is doing: the protocol of sd_notify(3), without its library.
///
/// Not under systemd, or in a unit of another `Type=`, there is nobody to tell, and nothing is sent.
package struct Notify: Sendable {
    /// One assignment of sd_notify(3).
    package enum State: Sendable, Equatable {
        /// The service serves; after a reload, it serves again.
        case ready
        /// One line for people, shown by `systemctl status`.
        case status(String)
        /// The configuration is being read again; `ready` must follow.
        ///
        /// The time is that of CLOCK_MONOTONIC when the reload began. systemd 252 ignores it; 253 and later, with
        /// `Type=notify-reload`, refuse a reload without it.
        case reloading(monotonicMicroseconds: UInt64)
        /// The service is on its way out.
        case stopping
        /// The loop that does the work is alive.
        case watchdog
        /// The start, the stop or the run that is under way may take this much longer, counted from now.
        ///
        /// systemd gives up when neither its end nor another of these arrives in that time.
        case extendTimeout(microseconds: UInt64)
    }

    /// What `systemctl status` shows of a status; more is of no use there.
    static let statusBytesMaximum = 512

    private let address: DatagramAddress?

    /// - Parameter environment: The process's; systemd sets `NOTIFY_SOCKET`.
    /// - Throws: When `NOTIFY_SOCKET` is neither a path nor an abstract socket: silence would end in a start that times out.
    package init(environment: [String: String]) throws(SystemdError) {
        guard let value = environment["NOTIFY_SOCKET"], !value.isEmpty else {
            address = nil
            return
        }
        guard let address = DatagramAddress(value) else {
            throw .environment(
                variable: "NOTIFY_SOCKET", value: value,
                expected: "an absolute path or '@' and a name, \(DatagramAddress.bytesMaximum) bytes at most")
        }
        self.address = address
    }

    /// Sends all states in one message, so that they take effect together.
    ///
    /// - Throws: `SystemdError.call` when the service manager cannot be reached.
    package func send(_ states: State...) throws(SystemdError) {
        precondition(!states.isEmpty, "a message to the service manager says something")
        guard let address else { return }
        try address.send(Array(states.map(\.assignments).joined(separator: "\n").utf8))
    }
}

extension Notify.State {
    /// As the protocol has it: `KEY=value`, a line each.
    var assignments: String {
        switch self {
        case .ready: "READY=1"
        case .status(let text): "STATUS=\(Self.line(text))"
        case .reloading(let time): "RELOADING=1\nMONOTONIC_USEC=\(time)"
        case .stopping: "STOPPING=1"
        case .watchdog: "WATCHDOG=1"
        case .extendTimeout(let time): "EXTEND_TIMEOUT_USEC=\(time)"
        }
    }

    /// A second line would be an assignment of its own, and might say that the service is ready.
    private static func line(_ text: String) -> String {
        let scalars = text.truncated(toBytes: Notify.statusBytesMaximum).unicodeScalars
        return String(String.UnicodeScalarView(scalars.map { $0.properties.generalCategory == .control ? " " : $0 }))
    }
}
