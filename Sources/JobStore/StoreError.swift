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
        /// Any other fault of the disk or the library.
        package static let failed = Code("failed")
    }

    package let code: Code
    /// What was wrong, where, and what to do.
    package let message: String

    package init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    package var description: String { message }
}
