/// The most that may be on the way to a consumer unacknowledged.
package struct ResultCredit: Sendable, Hashable {
    package var records: UInt32
    package var bytes: UInt64

    package init(records: UInt32, bytes: UInt64) {
        self.records = records
        self.bytes = bytes
    }
}

package struct Attached: Sendable, Hashable {
    package var epoch: UInt64
    /// Of the first record that will come; larger than asked for where older ones are kept no more.
    package var nextSequence: UInt64
    /// Of the newest record there is; 0: none.
    package var lastSequence: UInt64
    package var heartbeatMilliseconds: UInt32
    /// nil: the broker is of a version that does not say.
    package var logID: LogID?

    package init(
        epoch: UInt64, nextSequence: UInt64, lastSequence: UInt64, heartbeatMilliseconds: UInt32, logID: LogID? = nil
    ) {
        self.epoch = epoch
        self.nextSequence = nextSequence
        self.lastSequence = lastSequence
        self.heartbeatMilliseconds = heartbeatMilliseconds
        self.logID = logID
    }
}
