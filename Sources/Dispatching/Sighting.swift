/// When something was last there, by the store's age.
struct Sighting: Sendable, Hashable {
    var at: UInt64
    /// What the store has; 0: nothing.
    var noted: UInt64 = 0

    /// How much older the store's note may be, in milliseconds: what is always there is written down this often.
    static let notePeriod: UInt64 = 600_000

    /// Whether the store is to be told.
    var isNoteDue: Bool { noted == 0 || at > noted && at - noted >= Self.notePeriod }

    func absence(at age: UInt64) -> UInt64 { age > at ? age - at : 0 }
}
