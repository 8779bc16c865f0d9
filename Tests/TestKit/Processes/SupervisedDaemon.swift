import Glibc

/// A daemon that is started again at once whenever a signal ends it, as systemd would.
package actor SupervisedDaemon {
    private let name: String
    private let endsWell: Bool
    private let launch: @Sendable () throws -> DaemonProcess
    private var daemon: DaemonProcess
    private var isStopping = false
    /// How its runs ended.
    package private(set) var ends: [DaemonProcess.End] = []

    /// - Parameter endsWell: Whether it may also end with status 0, because it was asked to.
    package init(
        _ name: String, endsWell: Bool = false, _ launch: @escaping @Sendable () throws -> DaemonProcess
    ) throws {
        self.name = name
        self.endsWell = endsWell
        self.launch = launch
        daemon = try launch()
    }

    /// Until it is stopped.
    ///
    /// - Throws: When it ends by itself: nobody has asked it to.
    package func supervise() async throws {
        while true {
            let end = await daemon.end()
            ends.append(end)
            if isStopping { return }
            switch end {
            case .signal: break
            case .status(0) where endsWell: break
            case .status: throw EndedByItself(name: name, end: end)
            }
            daemon = try launch()
        }
    }

    private struct EndedByItself: Error, CustomStringConvertible {
        let name: String
        let end: DaemonProcess.End
        var description: String { "\(name) ended by itself: \(end)" }
    }

    package func send(_ signal: Int32) { daemon.send(signal) }

    /// The run that lives, or is the last.
    package var current: DaemonProcess { daemon }

    package func stop(_ signal: Int32 = SIGKILL) async {
        isStopping = true
        await daemon.stop(signal)
    }
}
