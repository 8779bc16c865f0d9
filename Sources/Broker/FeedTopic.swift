package import Dispatching

/// The topics of the feed, and who may see which.
package enum FeedTopic {
    /// A subscription: the names of a tenant and a topic, and room for what CURVE says of a connection.
    package static let frameBytesMaximum = 2048

    package static func record(tenant: String, topic: String) -> [UInt8] { Array("record/\(tenant)/\(topic)".utf8) }

    /// The slash at the end keeps it from being the beginning of another tenant's.
    package static func heartbeat(tenant: String) -> [UInt8] { Array("heartbeat/\(tenant)/".utf8) }

    /// What of the topics with a prefix someone may see, as prefixes: an operator all, a tenant its own.
    package static func visible(through prefix: [UInt8], to identity: Identity) -> [[UInt8]] {
        if identity.isOperator { return [prefix] }
        return [record(tenant: identity.tenant, topic: ""), heartbeat(tenant: identity.tenant)].compactMap { own in
            if own.starts(with: prefix) { return own }
            return prefix.starts(with: own) ? prefix : nil
        }
    }
}
