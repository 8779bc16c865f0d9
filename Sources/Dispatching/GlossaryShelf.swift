import JobModel
import JobStore

/// The glossaries of all tenants, with their terms: a job that names one is accepted without a look at the disk. How much
/// memory that takes is bounded for each tenant.
struct GlossaryShelf: Sendable {
    /// Those that are durable.
    private var kept: [String: [String: NamedGlossary]] = [:]
    /// Those on their way to the disk.
    private var writing: [String: [String: Pending]] = [:]
    /// How many removals of each are on their way to the disk.
    private var removing: [GlossaryKey: Int] = [:]
    /// How many are on their way to the disk, and what they take.
    private(set) var writingCount = 0
    private(set) var writingCost = 0

    /// Glossaries of one name, in order.
    private struct Pending {
        var glossaries: [NamedGlossary] = []
        var cost = 0
    }

    init() {}

    mutating func restore(_ glossary: NamedGlossary, tenant: String) {
        kept[tenant, default: [:]][glossary.name] = glossary
    }

    func find(_ name: String, tenant: String) -> NamedGlossary? { kept[tenant]?[name] }

    /// By their names.
    func all(tenant: String) -> [NamedGlossary] { kept[tenant, default: [:]].values.sorted { $0.name < $1.name } }

    func has(_ name: String, tenant: String) -> Bool {
        find(name, tenant: tenant) != nil || isWriting(name, tenant: tenant)
    }

    /// Whether what is kept under a name is about to be something else, or nothing.
    func isChanging(_ name: String, tenant: String) -> Bool {
        isWriting(name, tenant: tenant) || removing[GlossaryKey(tenant: tenant, name: name)] != nil
    }

    private func isWriting(_ name: String, tenant: String) -> Bool {
        writing[tenant]?[name] != nil
    }

    /// What a tenant has with another glossary: how many names, what they take in the end, and what they take until all
    /// are on the disk.
    struct Usage {
        var count: Int
        var cost: Int
        var passingCost: Int
    }

    func usage(of tenant: String, with glossary: NamedGlossary) -> Usage {
        let pending = writing[tenant, default: [:]]
        var costs = kept[tenant, default: [:]].mapValues(\.cost)
        for (name, others) in pending {
            // One that takes another's place may not come to be.
            costs[name] = max(costs[name] ?? 0, others.glossaries.last?.cost ?? 0)
        }
        costs[glossary.name] = glossary.cost
        let passing = costs.reduce(0) { sum, item in
            let sums = pending[item.key]?.cost ?? 0
            return sum + (item.key == glossary.name ? sums + item.value : max(sums, item.value))
        }
        return Usage(count: costs.count, cost: costs.values.reduce(0, +), passingCost: passing)
    }

    /// - Returns: The glossary with its version, which is on its way to the disk now.
    mutating func begin(_ glossary: NamedGlossary, tenant: String, at time: UInt64) -> NamedGlossary {
        let last = writing[tenant]?[glossary.name]?.glossaries.last ?? find(glossary.name, tenant: tenant)
        var glossary = glossary
        glossary.version = (last?.version ?? 0) + 1
        glossary.createdAt = time
        writing[tenant, default: [:]][glossary.name, default: Pending()].glossaries.append(glossary)
        writing[tenant]?[glossary.name]?.cost += glossary.cost
        writingCount += 1
        writingCost += glossary.cost
        return glossary
    }

    /// It is there, or has been given up.
    mutating func settle(_ glossary: NamedGlossary, tenant: String, isKept: Bool) {
        if let place = writing[tenant]?[glossary.name]?.glossaries.firstIndex(of: glossary) {
            writing[tenant]?[glossary.name]?.glossaries.remove(at: place)
            writing[tenant]?[glossary.name]?.cost -= glossary.cost
            if writing[tenant]?[glossary.name]?.glossaries.isEmpty == true { writing[tenant]?[glossary.name] = nil }
            if writing[tenant]?.isEmpty == true { writing[tenant] = nil }
            writingCount -= 1
            writingCost -= glossary.cost
        }
        if isKept { kept[tenant, default: [:]][glossary.name] = glossary }
    }

    mutating func beginRemoval(_ key: GlossaryKey) { removing[key, default: 0] += 1 }

    /// It is gone, or stays.
    mutating func settleRemoval(_ key: GlossaryKey, isGone: Bool) {
        if let count = removing[key] { removing[key] = count > 1 ? count - 1 : nil }
        if isGone { kept[key.tenant]?[key.name] = nil }
    }
}

extension NamedGlossary {
    /// What it takes in memory: its terms, and what is kept beside each of them.
    var cost: Int { byteCount + Self.termCost * termCount }

    static let termCost = 64
}
