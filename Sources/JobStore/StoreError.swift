/// What a store could not do.
package struct StoreError: Error, Sendable, Hashable, CustomStringConvertible {
    package struct Code: Sendable, Hashable, CustomStringConvertible {
        package let description: String
        private init(_ description: String) { self.description = description }

        /// No space is left. What was there is safe, and the store goes on when there is space again.
        package static let full = Code("full")
        /// The place cannot be written to.
        package static let readOnly = Code("read_only")
        /// Another broker has it.
        package static let busy = Code("busy")
        /// It was made by a later version, or is no store.
        package static let incompatible = Code("incompatible")
        /// What was asked for is damaged; the rest may be as it was.
        package static let damaged = Code("damaged")
        /// Its files are damaged, and whatever is in them may be.
        package static let corrupt = Code("corrupt")
        /// It would not keep what it is told: settings that durability rests on did not hold.
        package static let notDurable = Code("not_durable")
        /// More is waiting to be written than the queue before the store takes; nothing of this was.
        package static let overloaded = Code("overloaded")
        /// Its files are not where they were: what is written goes nowhere that a next start would find.
        package static let lost = Code("lost")
        /// A write or a sync failed. What can be read may not be on the disk: the store takes nothing more, and its process
        /// must end. The next one that opens it writes it again.
        package static let diskFailed = Code("disk_failed")
        /// The database is on another host, or is another program's, and does not answer. Nothing of what was to be written
        /// has happened.
        package static let unreachable = Code("unreachable")
        /// A commit was sent, and whether it has happened is not known. The store takes nothing more: a broker that recovers
        /// under a new epoch finds out.
        package static let unknownOutcome = Code("unknown_outcome")
        /// Another broker has taken the store over, or may have: this one could not say in time that it lives.
        package static let superseded = Code("superseded")
        /// Any other fault of the disk or the library.
        package static let failed = Code("failed")
    }

    /// Whether the broker's time with this store is over: it must answer nobody more, and begin anew by recovering.
    package var endsEpoch: Bool { [.diskFailed, .unknownOutcome, .superseded].contains(code) }

    /// Whether it would be the same for everything else that is asked of the store now.
    var concernsAll: Bool { endsEpoch || [.readOnly, .busy, .notDurable, .unreachable].contains(code) }

    package let code: Code
    /// What was wrong, where, and what to do.
    package let message: String

    package init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    package var description: String { message }
}
