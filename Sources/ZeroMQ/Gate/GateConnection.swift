internal import Glibc

/// A peer's connection, and the one to libzmq that its bytes go through. It belongs to the gate's thread.
final class GateConnection {
    /// What it waits for before more is read from the peer.
    enum Obstacle { case room, ownMessages }

    let token: UInt64
    let entry: Int
    /// The peer's network address; `uid 1000` where sockets are files.
    let address: String
    let outer: CInt
    let inner: CInt
    var reader: FrameReader
    var account = GateLedger.Account()
    var obstacle: Obstacle?
    /// The frame that waits for room.
    var wanted = 0
    /// Read from the peer and not passed on: the first `cleared` bytes wait for libzmq, the others are the beginning of a
    /// frame that is not admitted.
    var held: [UInt8] = []
    var cleared = 0
    /// Read from libzmq and not taken by the peer yet.
    var unsent: [UInt8] = []
    var peerHasEnded = false
    /// When a message began that is not complete, or an obstacle came in its way.
    var beganAt: UInt64 = 0
    /// When it last got on by `progressBytes`.
    var progressedAt: UInt64 = 0
    var bytesSinceProgress = 0
    /// How often the broker had read everything when the obstacle came.
    var drainsAtObstacle: UInt64 = 0
    /// Whether a message has come completely: such peers go before new ones when there is little room.
    var isProven = false
    /// Interests as the kernel has them; nil: not watched any more.
    var outerMask: UInt32? = 0
    var innerMask: UInt32? = 0
    var isClosed = false
    /// When it is closed at the latest, for it is to be told something before; nil: it stays.
    var leavesBy: UInt64?
    /// When something was last passed on to the peer.
    var toldAt: UInt64 = 0

    /// Less in half a second is standing still.
    static let progressBytes = 16 << 10

    init(token: UInt64, entry: Int, address: String, outer: CInt, inner: CInt, frameBytesMaximum: Int) {
        self.token = token
        self.entry = entry
        self.address = address
        self.outer = outer
        self.inner = inner
        reader = FrameReader(frameBytesMaximum: frameBytesMaximum)
    }

    /// How much to read: the rest of a large frame, and little where frames begin, so that little is held for those that
    /// are not admitted.
    func readSize(most: Int) -> Int { reader.left > Self.smallRead ? min(reader.left, most) : Self.smallRead }

    static let smallRead = 16 << 10

    func advance(by count: Int, at now: UInt64) {
        bytesSinceProgress += count
        guard bytesSinceProgress >= Self.progressBytes else { return }
        bytesSinceProgress = 0
        progressedAt = now
    }

    /// A frame begins.
    func begin(at now: UInt64) {
        beganAt = now
        progressedAt = now
        bytesSinceProgress = 0
    }
}
