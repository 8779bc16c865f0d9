/// A question of libzmq's to the authenticator, RFC 27 of ZeroMQ: version, request id, domain, address, routing id,
/// mechanism, credentials.
struct ZAPRequest {
    let id: [UInt8]
    let domain: String
    let address: String
    /// Nil unless the mechanism is CURVE.
    let key: CurvePublicKey?

    /// Nil for what no libzmq sends.
    init?(frames: [[UInt8]]) {
        guard frames.count >= 6, frames[0] == Self.version else { return nil }
        id = frames[1]
        domain = String(decoding: frames[2], as: UTF8.self)
        address = plainAddress(String(decoding: frames[3], as: UTF8.self))
        let isCurve = frames[5] == Array("CURVE".utf8) && frames.count == 7
        key = isCurve ? CurvePublicKey(bytes: frames[6]) : nil
    }

    func decide(by list: AllowList) -> Result<PeerCredentials, Refusal.Reason> {
        guard let key else { return .failure(.noKey) }
        guard let domain = AccessDomain(rawValue: domain) else { return .failure(.unknownDomain) }
        return list.decide(key, domain: domain).map { PeerCredentials(identity: $0, key: key) }
    }

    /// Version, request id, status code, status text, user id, metadata. The peer learns no more than the code.
    func reply(_ decision: Result<PeerCredentials, Refusal.Reason>) -> [[UInt8]] {
        switch decision {
        case .success(let credentials):
            [Self.version, id, Array("200".utf8), Array("OK".utf8), Array(credentials.userID.utf8), []]
        case .failure: Self.refusal(id: id)
        }
    }

    static func refusal(id: [UInt8]) -> [[UInt8]] {
        [version, id, Array("400".utf8), Array("No access".utf8), [], []]
    }

    private static let version = Array("1.0".utf8)
}
