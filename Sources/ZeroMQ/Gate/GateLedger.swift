/// What is in memory of all connections' messages, against one limit.
///
/// A frame is counted as a whole when its header has come, and until the broker has read its message. What the broker has
/// read and not yet dealt with (`held`) counts too.
package struct GateLedger {
    package enum Answer: Equatable {
        case admitted
        /// All connections together have too much.
        case full
        /// This one does; others may go on.
        case ownShareUsed
    }

    /// Of one connection.
    package struct Account {
        /// Frames that libzmq has, and the broker has not read.
        package fileprivate(set) var unread = 0
        /// The frame that is coming.
        package fileprivate(set) var coming = 0
        /// Frames that count for nothing since the broker last read of this connection.
        fileprivate var tinyFrames = 0

        package init() {}
    }

    /// What a frame costs beside its bytes.
    package static let frameOverhead = 128
    /// ZMTP's heartbeats are as small as this when they are encrypted. They are never read by the broker, so they cannot be
    /// counted; nor need they be, for libzmq forgets them at once.
    private static let tinyFrameBytes = 64
    private static let tinyFramesMaximum = 1 << 16
    /// Up to this size, frames find room that larger ones leave free. So those who ask for little are served while others
    /// send as much as they can.
    static let smallFrameBytes = 64 << 10

    package var limit: Int
    package var held = 0
    package private(set) var total = 0

    package init(limit: Int) { self.limit = limit }

    static func weight(ofFrame bytes: Int) -> Int { bytes + frameOverhead }

    /// - Parameter share: What one connection may have unread.
    package mutating func admit(frame bytes: Int, share: Int, to account: inout Account) -> Answer {
        if bytes <= Self.tinyFrameBytes {
            guard account.tinyFrames < Self.tinyFramesMaximum else { return .ownShareUsed }
            account.tinyFrames += 1
            account.coming = 0
            return .admitted
        }
        let weight = Self.weight(ofFrame: bytes)
        guard account.unread == 0 || account.unread + weight <= share else { return .ownShareUsed }
        guard hasRoom(frame: bytes) else { return .full }
        total += weight
        account.coming = weight
        return .admitted
    }

    /// Large frames leave an eighth of the limit to small ones, and fill half of it while they wait to be read: what comes
    /// behind them in libzmq's queues is not to wait for long. Of anything at all there is always room for one, so that no
    /// limit stops a large frame for good.
    func hasRoom(frame bytes: Int) -> Bool {
        let weight = Self.weight(ofFrame: bytes)
        if total + held == 0 { return true }
        if bytes <= Self.smallFrameBytes { return total + held + weight <= limit }
        return total + held + weight <= limit - limit / 8 && (total == 0 || total + weight <= limit / 2)
    }

    package func ended(_ account: inout Account) {
        account.unread += account.coming
        account.coming = 0
    }

    /// The broker has read messages of this connection.
    ///
    /// - Parameter weight: Of their frames. Encryption makes those a little larger than the broker sees them.
    package mutating func read(_ weight: Int, of account: inout Account) {
        account.tinyFrames = 0
        let freed = min(weight, account.unread)
        account.unread -= freed
        total -= freed
    }

    /// The connection has ended, and with it the frame that was coming.
    ///
    /// - Returns: What the broker has still to read, to be given to `release` when that can be no more.
    package mutating func close(_ account: Account) -> Int {
        total -= account.coming
        return account.unread
    }

    package mutating func release(_ weight: Int) { total -= weight }
}
