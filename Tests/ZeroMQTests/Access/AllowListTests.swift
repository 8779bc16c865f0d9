import Testing
import ZeroMQ

@Suite struct AllowListTests {
    @Test(arguments: AccessDomain.allCases, Role.allCases)
    func `a role opens its own domain, and an operator's all but the worker's`(_ domain: AccessDomain, _ role: Role)
        throws
    {
        let key = try CurveKeyPair.generate().publicKey
        let list = AllowList([key: try AllowList.Grant(tenant: "acme", roles: [role])])
        let isOpen = role.rawValue == domain.rawValue || role == .operator && domain != .worker
        let expected: Result<PeerIdentity, Refusal.Reason> =
            isOpen ? .success(PeerIdentity(tenant: "acme", role: role)) : .failure(.wrongRole)
        #expect(list.decide(key, domain: domain) == expected)
    }

    @Test func `with several roles, the one that the domain is for counts`() throws {
        let key = try CurveKeyPair.generate().publicKey
        let list = AllowList([key: try AllowList.Grant(tenant: "acme", roles: [.producer, .consumer, .operator])])
        #expect(list.decide(key, domain: .producer) == .success(PeerIdentity(tenant: "acme", role: .producer)))
        #expect(list.decide(key, domain: .consumer) == .success(PeerIdentity(tenant: "acme", role: .consumer)))
        #expect(list.decide(key, domain: .observer) == .success(PeerIdentity(tenant: "acme", role: .operator)))
    }

    @Test func `an empty list lets nobody in`() throws {
        let key = try CurveKeyPair.generate().publicKey
        #expect(AllowList().decide(key, domain: .producer) == .failure(.unknownKey))
    }

    @Test(arguments: ["", "a/b", "a b", "a\u{0}b", "acmé", String(repeating: "a", count: 65)])
    func `a tenant's name is plain`(_ name: String) {
        let error = #expect(throws: AllowList.TenantNameError.self) { try AllowList.Grant(tenant: name, roles: []) }
        #expect(error?.description.contains("use 1 to 64 printable ASCII characters") == true)
    }
}
