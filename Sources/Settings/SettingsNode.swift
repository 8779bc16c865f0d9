import Yams

/// A key of the file as it stands there, before anyone asks what it means.
struct SettingsNode: Sendable {
    enum Content: Sendable {
        /// `key:` with nothing after it, or `~`.
        case nothing
        case scalar(String)
        case list([String])
        case mapping([SettingsNode])
        /// A list of lists or of mappings, or an alias: no key takes one.
        case other
    }

    let name: String
    let line: Int
    let content: Content

    /// The keys of a mapping. A key that is not a scalar is named by nothing that is known.
    static func keys(of mapping: Node.Mapping) -> [SettingsNode] {
        mapping.map { key, value in
            SettingsNode(
                name: key.scalar?.string ?? "?", line: key.mark?.line ?? 1,
                content: key.scalar == nil ? .other : Content(value))
        }
    }

    /// Whether swift-configuration can read it: it refuses a whole file for one such list or key.
    var isReadable: Bool {
        switch content {
        case .nothing, .scalar, .list: true
        case .mapping(let nodes): nodes.allSatisfy(\.isReadable)
        case .other: false
        }
    }

    /// Whether it is what a key may have; anything else is reported by the file itself.
    var isValue: Bool {
        switch content {
        case .scalar, .list: true
        case .nothing, .mapping, .other: false
        }
    }

    /// What is there, for a message.
    var text: String {
        switch content {
        case .nothing: "empty"
        case .scalar(let text): "\"\(text)\""
        case .list(let items): "[\(items.joined(separator: ", "))]"
        case .mapping: "a mapping"
        case .other: "a list of more than plain values"
        }
    }
}

extension SettingsNode.Content {
    init(_ node: Node) {
        switch node {
        case .scalar(let scalar):
            self = node.null == nil ? .scalar(scalar.string) : .nothing
        case .sequence(let sequence):
            let items = sequence.compactMap(\.scalar?.string)
            self = items.count == sequence.count ? .list(items) : .other
        case .mapping(let mapping): self = .mapping(SettingsNode.keys(of: mapping))
        case .alias: self = .other
        }
    }
}
