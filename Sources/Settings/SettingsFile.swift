import Configuration
import Foundation
import Yams

/// A configuration file that was read and parsed, not yet understood.
struct SettingsFile: Sendable {
    let path: String
    let sections: [SettingsNode]
    /// nil where no value can be read: an empty file, or one with a list of more than plain values, which
    /// swift-configuration refuses as a whole and `keyProblems` reports.
    private let snapshot: YAMLSnapshot?

    /// Larger files are no configuration: a limit on everything.
    static let bytesMax = 1 << 20

    /// - Throws: `InvalidSettings` when nothing in the file can be used: unreadable, or no YAML.
    init(path: String) throws(InvalidSettings) {
        self.path = path
        let text = try Self.text(of: path)
        let root: Node?
        do {
            root = try Yams.compose(yaml: text)
        } catch {
            throw Self.invalid(path, error)
        }
        guard let root, root.null == nil else {
            (sections, snapshot) = ([], nil)
            return
        }
        guard let mapping = root.mapping else {
            throw Self.invalid(path, line: root.mark?.line, "is not a mapping of sections", "write a section as NAME:")
        }
        sections = SettingsNode.keys(of: mapping)
        guard sections.allSatisfy(\.isReadable) else {
            snapshot = nil
            return
        }
        do {
            snapshot = try YAMLSnapshot(
                data: [UInt8](text.utf8).span.bytes, providerName: path, parsingOptions: .default)
        } catch {
            throw Self.invalid(path, error)
        }
    }

    /// The node of a key, if the file has it and its values can be read.
    func node(at key: SettingsKey) -> SettingsNode? {
        guard snapshot != nil else { return nil }
        var nodes = sections
        var found: SettingsNode?
        for name in key.components {
            guard let node = nodes.first(where: { $0.name == name }) else { return nil }
            found = node
            if case .mapping(let keys) = node.content { nodes = keys } else { nodes = [] }
        }
        return found
    }

    /// The value of a key that the file has, or nil if it is not of the type.
    func value(at key: SettingsKey, _ type: ConfigType) -> ConfigContent? {
        // One item need not be written as a list.
        if type == .stringArray, case .scalar(let item)? = node(at: key)?.content {
            return .stringArray(item.isEmpty ? [] : [item])
        }
        // Nor need several always be.
        if type == .string, case .list? = node(at: key)?.content {
            return try? snapshot?.value(forKey: key.absolute, type: .stringArray).value?.content
        }
        // What swift-configuration says of a value that does not convert names neither place nor bounds.
        return try? snapshot?.value(forKey: key.absolute, type: type).value?.content
    }
}
