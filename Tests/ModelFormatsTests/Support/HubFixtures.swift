import Foundation
import ModelFormats
import TestKit
import Text

/// The tokenizers of Tests/Goldens/tokenizers, and what the references say of some lines.
enum HubFixtures {
    private static let goldens = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("Goldens/tokenizers")
    private static let environment = ProcessInfo.processInfo.environment
    private static let expectations =
        environment["DRAGOMAN_TOKENIZER_EXPECTATIONS"].map { URL(fileURLWithPath: $0) } ?? goldens

    /// How many damaged forms of each file are read; `DRAGOMAN_MUTATIONS` asks for more.
    static let mutations = environment["DRAGOMAN_MUTATIONS"].flatMap { Int($0) } ?? 40

    struct Kind: Decodable {
        var files: [String: String]
        var model: [String: Value]
        var settings: [String: Value]

        enum CodingKeys: String, CodingKey {
            case files
            case model = "config.json"
            case settings = "tokenizer_config.json"
        }
    }

    enum Value: Codable {
        case string(String)
        case integer(Int)
        case strings([String])

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let integer = try? container.decode(Int.self) {
                self = .integer(integer)
            } else if let strings = try? container.decode([String].self) {
                self = .strings(strings)
            } else {
                self = .string(try container.decode(String.self))
            }
        }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.singleValueContainer()
            switch self {
            case .string(let value): try container.encode(value)
            case .integer(let value): try container.encode(value)
            case .strings(let value): try container.encode(value)
            }
        }
    }

    private static let all: [String: Kind] = {
        let data = try? Data(contentsOf: goldens.appendingPathComponent("kinds.json"))
        return data.flatMap { try? JSONDecoder().decode([String: Kind].self, from: $0) } ?? [:]
    }()

    static let kinds: [String] =
        environment["DRAGOMAN_TOKENIZER_KINDS"]?.split(separator: ",").map(String.init) ?? all.keys.sorted()

    /// The kind's folder, as the hub has it.
    static func folder(_ name: String) throws -> TemporaryFolder {
        guard let kind = all[name] else { throw CocoaError(.fileNoSuchFile) }
        let folder = try TemporaryFolder()
        for (name, here) in kind.files {
            try folder.write(name, Data(contentsOf: goldens.appendingPathComponent(here)))
        }
        try folder.write("config.json", JSONEncoder().encode(kind.model))
        try folder.write("tokenizer_config.json", JSONEncoder().encode(kind.settings))
        return folder
    }

    static func recipe(_ kind: String) throws -> TokenizerRecipe {
        let folder = try folder(kind)
        let recipe = try withExtendedLifetime(folder) { try HubTokenizer.read(folder.url, size: 100_000) }
        guard let recipe else { throw CocoaError(.fileReadUnknown) }
        return recipe
    }

    static func lines() throws -> [String] {
        try JSONDecoder().decode(
            [String].self, from: Data(contentsOf: expectations.appendingPathComponent("lines.json")))
    }

    /// A digest of each line's ids and texts.
    static func expected(_ kind: String) throws -> [String] {
        let text = try String(contentsOf: expectations.appendingPathComponent("\(kind).txt"), encoding: .utf8)
        return text.split(separator: "\n").map(String.init)
    }

    private struct Details: Decodable {
        var ids: [Int]
        var decoded: String
        var turned: String
    }

    /// Each line's ids and texts, when they are there.
    static func details(_ kind: String) throws -> [String]? {
        let file = expectations.appendingPathComponent("\(kind).full.json")
        guard let data = try? Data(contentsOf: file) else { return nil }
        return try JSONDecoder().decode([Details].self, from: data).map {
            "\($0.ids) \($0.decoded.debugDescription) \($0.turned.debugDescription)"
        }
    }

    /// FNV-1a, folded to 32 bits.
    static func digest(_ text: String) -> String {
        var value: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in text.utf8 { value = (value ^ UInt64(byte)) &* 0x100_0000_01B3 }
        let digits = String(UInt32(truncatingIfNeeded: value ^ value >> 32), radix: 16)
        return String(repeating: "0", count: 8 - digits.count) + digits
    }
}
