import Addresses
public import JobModel

/// Records of a result log, in order, for one consumer.
///
/// Every record comes at least once: again, to the next `Results` of the same name, when it was not acknowledged. To one
/// `Results` it comes once. So that a slow reader is not buried, no more records are under way than the window holds:
/// whoever never acknowledges gets only so many.
///
/// For one task to iterate over, once.
public final class Results: AsyncSequence, Sendable {
    public struct Options: Sendable {
        /// The most that may be delivered and not acknowledged. (After the broker was lost it may be twice as much.)
        public var window = Window()
        /// Whether acknowledgements move the consumer's place in the log. Without, they only make room for more.
        public var movesCursor = true
        /// Which log the consumer's place, or `from`, belongs to, from an earlier `Position`: another is refused with
        /// `.otherLog`. nil: whichever is there. As long as the reader lives, it makes sure of that by itself.
        public var log: LogID?
        /// How long nobody may answer; nil: for ever.
        public var patience: Duration?
        /// Called, on a thread of the client's, with the numbers of records that were asked for and are kept no more.
        public var onDropped: @Sendable (ClosedRange<UInt64>) -> Void = { _ in }

        public init() {}
    }

    public struct Window: Sendable, Hashable {
        public var records = 1024
        public var bytes: UInt64 = 16 << 20

        public init() {}
    }

    /// Where in the log a reader stands.
    public struct Position: Sendable, Hashable {
        /// The first record that will come, or came.
        public var first: UInt64
        /// The newest record that was there when the reader attached; 0: none.
        public var last: UInt64
        /// Which log it is. Who keeps a record's number keeps this with it: see `Options.log`. nil: the broker is of a
        /// version that does not say.
        public var log: LogID?

        package init(first: UInt64, last: UInt64, log: LogID? = nil) {
            self.first = first
            self.last = last
            self.log = log
        }
    }

    private let feed: ResultFeed
    private let loop: ClientLoop
    /// Whoever has only the results still needs the client's connections.
    private let client: Client

    init(
        _ session: ConsumerSession.Settings, of broker: BrokerAddresses,
        onDropped: @escaping @Sendable (ClosedRange<UInt64>) -> Void, client: Client,
        loop: ClientLoop
    ) {
        feed = ResultFeed(onDropped: onDropped)
        self.loop = loop
        self.client = client
        loop.post(.consume(session, broker, feed))
    }

    deinit { loop.post(.leave(feed)) }

    /// Everything up to this record has been dealt with, and need not be sent again.
    ///
    /// Returns at once. An acknowledgement that is lost on the way is made good as long as the connection is there;
    /// otherwise the records come again to the next reader of the name.
    public func acknowledge(upTo sequence: UInt64) {
        if feed.acknowledge(upTo: sequence) { loop.post(.acknowledged(feed)) }
    }

    /// Where the reader stands, as soon as the broker has answered.
    ///
    /// - Throws: What iterating throws.
    public func position() async throws(ClientError) -> Position { try await feed.position().get() }

    /// The newest record that is known to be in the log; 0: none.
    public var lastSequence: UInt64 { feed.lastSequence }

    /// Leaves, when the broker has confirmed the last acknowledgement, or has not answered for `answerTimeout`.
    public func close() async {
        loop.post(.leave(feed))
        await feed.ended()
    }

    public func makeAsyncIterator() -> Iterator {
        Iterator(base: feed.records.makeAsyncIterator(), results: self)
    }

    public struct Iterator: AsyncIteratorProtocol {
        var base: AsyncThrowingStream<Record, any Error>.Iterator
        /// The consumer leaves when nobody has its results any more.
        let results: Results

        /// - Returns: nil after `close()`.
        /// - Throws: `.noAnswer`, `.accessDenied`, `.replaced`, `.fault`, `.brokenLog`, `.otherLog`, `.cancelled`.
        public mutating func next() async throws(ClientError) -> Record? {
            try await next(isolation: nil)
        }

        public mutating func next(
            isolation actor: isolated (any Actor)?
        ) async throws(ClientError) -> Record? {
            do {
                let record = try await base.next(isolation: actor)
                if record == nil, Task.isCancelled { throw ClientError.cancelled }
                return record
            } catch let error as ClientError {
                throw error
            } catch {
                throw .cancelled
            }
        }
    }
}
