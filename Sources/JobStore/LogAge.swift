/// How old a log's records are, by the time for which brokers have run.
///
/// The wall clock may jump, and a machine may be off for a month: neither may remove results that a consumer has had no
/// time to read. So a store has an age, which is how long brokers have run on it, in milliseconds, and each purge marks
/// how far each log goes at that age. A record counts as having come with the first mark that includes it, so it is kept
/// a little longer than promised, and never shorter.
package struct LogAge: Sendable {
    struct Mark: Sendable {
        /// The store's.
        var age: UInt64
        /// The log's last record then.
        var sequence: UInt64
    }

    /// In order.
    private(set) var marks: [Mark] = []

    /// A mark replaces those of the same ten minutes, so that they are few.
    private static let resolution: UInt64 = 600_000

    init() {}

    /// The lowest age of the marks that one at `age` replaces.
    package static func start(ofMarksReplacedAt age: UInt64) -> UInt64 { age / resolution * resolution }

    mutating func mark(age: UInt64, last sequence: UInt64) {
        guard sequence > marks.last?.sequence ?? 0 else { return }
        let start = Self.start(ofMarksReplacedAt: age)
        while let last = marks.last, last.age >= start { marks.removeLast() }
        marks.append(Mark(age: age, sequence: sequence))
    }

    /// The last record that has been there for so many milliseconds when the store has this age; 0: none has.
    func lastRecord(keptFor retention: UInt64, at age: UInt64) -> UInt64 {
        guard age >= retention else { return 0 }
        return marks.last { $0.age <= age - retention }?.sequence ?? 0
    }

    /// Forgets the marks before the one that ends with this record.
    mutating func forget(before sequence: UInt64) { marks.removeAll { $0.sequence < sequence } }
}
