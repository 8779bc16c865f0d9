/// Tenants by a small number each; keys name them, so they are few.
struct Tenants: Sendable {
    private(set) var names: [String] = []
    private var indices: [String: Int] = [:]
    /// Of each tenant's log.
    private(set) var lastSequences: [UInt64] = []

    func find(_ name: String) -> Int? { indices[name] }

    mutating func index(of name: String) -> Int {
        if let index = indices[name] { return index }
        indices[name] = names.count
        names.append(name)
        lastSequences.append(0)
        return names.count - 1
    }

    mutating func logged(_ sequence: UInt64, tenant: Int) {
        lastSequences[tenant] = max(lastSequences[tenant], sequence)
    }

    /// Of those with a log.
    var lastSequencesByName: [String: UInt64] {
        Dictionary(uniqueKeysWithValues: zip(names, lastSequences).filter { $0.1 > 0 })
    }
}
