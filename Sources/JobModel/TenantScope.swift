/// Which tenants a request is about.
public enum TenantScope: Sendable, Hashable {
    /// All that the key may see: with an operator's key all tenants, with any other its own.
    case visible
    /// All tenants; only an operator's key may ask so.
    case all
    /// One tenant; another than the key's own only an operator's key may name.
    case tenant(String)
}
