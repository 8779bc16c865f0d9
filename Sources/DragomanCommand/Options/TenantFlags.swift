import ArgumentParser
package import JobModel

/// Which tenants are meant.
package struct TenantFlags: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Only this tenant; another than your own with an operator's key. (default: all that the key may see)",
            valueName: "name"))
    var tenant: String?

    @Flag(help: "All tenants; with an operator's key.")
    var allTenants = false

    package init() {}

    package func validate() throws { try Self.check(tenant, allTenants) }

    package var scope: TenantScope { Self.scope(tenant, allTenants) ?? .visible }

    fileprivate static func check(_ tenant: String?, _ allTenants: Bool) throws {
        if tenant != nil && allTenants { throw ValidationError("give --tenant or --all-tenants, not both") }
        if let tenant, !(1...64).contains(tenant.utf8.count) {
            throw ValidationError("--tenant must have 1 to 64 bytes, not \(tenant.utf8.count)")
        }
    }

    /// nil: neither is given.
    fileprivate static func scope(_ tenant: String?, _ allTenants: Bool) -> TenantScope? {
        allTenants ? .all : tenant.map(TenantScope.tenant)
    }
}

/// Whose jobs are cancelled.
package struct CancellationTenantFlags: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            """
            Only this tenant; another than your own with an operator's key. (default: your own; with ids, all that the \
            key may see)
            """, valueName: "name"))
    var tenant: String?

    @Flag(help: "All tenants; with an operator's key.")
    var allTenants = false

    package init() {}

    package func validate() throws { try TenantFlags.check(tenant, allTenants) }

    /// nil: none is given.
    package var scope: TenantScope? { TenantFlags.scope(tenant, allTenants) }
}
