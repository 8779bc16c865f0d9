import Foundation

/// What SIGHUP means to a daemon.
///
/// To a service it is the order to read the configuration again (daemon(7)). To a process with a terminal it says that
/// the terminal is gone, and the user with it, unless the process was told to outlive it (`nohup`): then SIGHUP was
/// ignored when it began.
package enum Hangup: Sendable, Hashable {
    case reload
    case stop

    package init(hasTerminal: Bool, isIgnored: Bool) { self = hasTerminal && !isIgnored ? .stop : .reload }

    /// To this process, as long as nothing has changed what it does about signals.
    static var inherited: Hangup { Hangup(hasTerminal: hasTerminal, isIgnored: Interrupt.isIgnored(SIGHUP)) }

    /// tty(4): only a process that has a controlling terminal can open it by this name.
    private static var hasTerminal: Bool {
        let descriptor = open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC)
        guard descriptor >= 0 else { return false }
        close(descriptor)
        return true
    }
}
