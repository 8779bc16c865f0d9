package import JobStore

/// Where a broker kills itself: `before:finish:12` is before the 12th commit of its run that has a finish in it.
package struct CrashPoint: Sendable, Hashable, LosslessStringConvertible {
    package enum Moment: String, Sendable, CaseIterable {
        /// Nothing of the commit is on disk.
        case before
        /// All of it is, and nobody has been told.
        case after
    }

    package enum Kind: String, Sendable, CaseIterable {
        case any, insert, lease, requeue, finish, acknowledge
    }

    package let moment: Moment
    package let kind: Kind
    /// 1 for the first.
    package let count: Int

    package init(_ moment: Moment, _ kind: Kind, _ count: Int) {
        self.moment = moment
        self.kind = kind
        self.count = count
    }

    package init?(_ description: String) {
        let parts = description.split(separator: ":").map(String.init)
        guard parts.count == 3, let moment = Moment(rawValue: parts[0]), let kind = Kind(rawValue: parts[1]),
            let count = Int(parts[2]), count > 0
        else { return nil }
        self.init(moment, kind, count)
    }

    package var description: String { "\(moment.rawValue):\(kind.rawValue):\(count)" }

    package func concerns(_ writes: [Write]) -> Bool {
        writes.contains { write in
            switch (kind, write) {
            case (.any, _), (.insert, .insert), (.lease, .lease), (.requeue, .requeue), (.finish, .finish),
                (.acknowledge, .acknowledge):
                true
            default: false
            }
        }
    }
}
