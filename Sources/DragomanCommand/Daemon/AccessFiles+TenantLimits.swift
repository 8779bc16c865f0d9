package import Dispatching
import JobModel
import Settings
import ZeroMQ

/// The allow file's lines on tenants: `tenant NAME key=value …`. Limits are a tenant's, whichever of its keys is used.
extension AccessFiles {
    /// What such a line begins with; no key has so few characters.
    static let tenantWord = "tenant"

    package func tenantLimits() throws(CommandError) -> [String: TenantLimits] {
        guard settings.serverSecretKeyFile != nil, let file = settings.allowFile else { return [:] }
        var limits: [String: TenantLimits] = [:]
        for (index, line) in try Self.text(file).split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let words = Self.words(of: line)
            guard words.first == Self.tenantWord else { continue }
            let place = "\(file):\(index + 1)"
            guard words.count >= 3 else {
                throw CommandError(
                    .badConfiguration,
                    "\(place): a line on a tenant is: tenant NAME KEY=VALUE …, with keys such as weight")
            }
            let tenant = words[1]
            do {
                _ = try AllowList.Grant(tenant: tenant, roles: [])
            } catch {
                throw CommandError(.badConfiguration, "\(place): \(error)")
            }
            guard limits[tenant] == nil else {
                throw CommandError(
                    .badConfiguration, "\(place): there is a line on \(tenant) already; give it all its limits at once")
            }
            limits[tenant] = try Self.limits(words[2...], place)
        }
        return limits
    }

    private static func limits(_ words: ArraySlice<String>, _ place: String) throws(CommandError) -> TenantLimits {
        var limits = TenantLimits()
        var seen: Set<String> = []
        for word in words {
            let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            guard let limit = tenantLimitTable.first(where: { $0.key == parts[0] }) else {
                let known = tenantLimitTable.map(\.key).joined(separator: ", ")
                throw CommandError(.badConfiguration, "\(place): a tenant has no \"\(parts[0])\", but \(known)")
            }
            guard seen.insert(limit.key).inserted else {
                throw CommandError(.badConfiguration, "\(place): \(limit.key) is there twice")
            }
            guard parts.count == 2, let value = Int(parts[1]), limit.bounds.contains(value) else {
                throw CommandError(
                    .badConfiguration,
                    "\(place): \(limit.key) must be a whole number from \(limit.bounds.lowerBound) to "
                        + "\(limit.bounds.upperBound): \(limit.key)=\(limit.bounds.lowerBound)")
            }
            limit.set(&limits, value)
        }
        return limits
    }

    private typealias TenantLimit = (
        key: String, bounds: ClosedRange<Int>, set: @Sendable (inout TenantLimits, Int) -> Void
    )

    private static let tenantLimitTable: [TenantLimit] = [
        ("weight", 1...1000, { $0.weight = $1 }),
        ("priority_max", Job.priorities, { $0.priorityMaximum = $1 }),
        ("queued_jobs_max", 1...1_000_000_000, { $0.queuedJobs = $1 }),
        ("queued_bytes_max", (1 << 10)...(1 << 50), { $0.queuedBytes = $1 }),
        ("jobs_per_second_max", 1...1_000_000, { $0.jobsPerSecond = $1 }),
        ("texts_per_second_max", 1...1_000_000_000, { $0.textsPerSecond = $1 }),
        ("connections_max", 1...1_000_000, { $0.connections = $1 }),
    ]
}
