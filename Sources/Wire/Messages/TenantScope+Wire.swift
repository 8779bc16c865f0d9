import CWire
import JobModel

extension TenantScope: WireMessage {
    init(_ message: Wire__Scope) throws(Flaw) {
        let tenant = try message.tenant.text("tenant", atMost: Limit.tenant)
        switch (message.all_tenants != 0, tenant.isEmpty) {
        case (false, true): self = .visible
        case (true, true): self = .all
        case (false, false): self = .tenant(tenant)
        case (true, false): throw Flaw("tenant", "is given beside all_tenants; give one of them")
        }
    }

    func write(to writer: inout MessageWriter) {
        switch self {
        case .visible: break
        case .all: writer.flag(1, true)
        case .tenant(let tenant): writer.text(2, tenant)
        }
    }
}
