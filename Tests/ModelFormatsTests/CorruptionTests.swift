import Foundation
import Inference
import ModelFormats
import Tensors
import TestKit
import Testing

/// Whatever the bytes are, the answer is a model or a `ModelError`. The compiler proves the error's type
/// (`throws(ModelError)`); these tests prove that there is an answer.
@Suite struct CorruptionTests {
    static let files = [
        "config.json", "generation_config.json", "tokenizer_config.json", "vocab.json", "target_vocab.json",
        "model.safetensors",
    ]

    @Test(arguments: files)
    func `random damage gives a model or an error`(_ name: String) throws {
        let folder = try TemporaryFolder(copying: Fixtures.file("separate-tied"))
        let original = try folder.read(name)
        let header = name == "model.safetensors" ? 8 + Int(original[0]) + Int(original[1]) << 8 : original.count
        var damage = Damage(generator: SeededRandom(seed: UInt64(name.utf8.count) << 32 | 5))
        var (models, errors) = (0, 0)
        for _ in 0..<1500 {
            // Nearly always in the header: what is wrong in the numbers themselves is another test's.
            try folder.write(name, damage.applied(to: original, before: header))
            do {
                let bundle = try ModelBundle.load(folder.url)
                _ = try? bundle.weights.tensor(.embedding(.decoder), shape: [13, 12])
                models += 1
            } catch {
                #expect(!error.message.isEmpty)
                errors += 1
            }
        }
        #expect(models > 0, "some damage must be harmless, or the test does not damage what it should")
        #expect(errors > 0)
    }

    @Test func `a safetensors file cut anywhere is refused`() throws {
        let folder = try TemporaryFolder()
        let original = [UInt8](try Data(contentsOf: Fixtures.file("values.safetensors")))
        for count in 0..<original.count {
            let path = try folder.write("cut", original.prefix(count))
            let error = #expect(throws: ModelError.self) { try SafeTensorsFile(path: path) }
            #expect(error?.code == .malformedFile)
        }
    }

    @Test func `every flipped bit of a header length and header gives a file or an error`() throws {
        let folder = try TemporaryFolder()
        var bytes = [UInt8](try Data(contentsOf: Fixtures.file("values.safetensors")))
        let header = 8 + Int(bytes[0]) + Int(bytes[1]) << 8
        for index in 0..<header {
            for bit in 0..<8 {
                bytes[index] ^= 1 << bit
                let file = try? SafeTensorsFile(path: folder.write("flipped", bytes))
                if let file { for name in file.names { _ = try? file.tensor(name).firstNonFinite() } }
                if index < 8 { #expect(file == nil, "bit \(bit) of byte \(index) of the length") }
                bytes[index] ^= 1 << bit
            }
        }
    }

    @Test(arguments: ["config.json", "generation_config.json", "tokenizer_config.json", "vocab.json"])
    func `a JSON file cut anywhere is refused`(_ name: String) throws {
        let folder = try TemporaryFolder(copying: Fixtures.file("shared-tied"))
        let original = try folder.read(name).reversed().drop { $0 == 0x0A }.reversed()
        for count in 0..<original.count {
            try folder.write(name, Array(original).prefix(count))
            let error = #expect(throws: ModelError.self) { try ModelBundle.load(folder.url) }
            #expect(error?.code == .malformedFile)
        }
    }

    @Test(arguments: ["[", "{\"a\":", "[{\"a\":[", "{\"__metadata__\":{\"a\":"])
    func `deep nesting is refused, and soon`(_ opening: String) throws {
        let folder = try TemporaryFolder(copying: Fixtures.file("shared-tied"))
        let nest = String(repeating: opening, count: 3_900_000 / opening.utf8.count)
        for (name, text) in [("config.json", "{\"x\":" + nest), ("vocab.json", nest), ("vocab.json", "{\"x\":" + nest)]
        {
            let good = try folder.read(name)
            try folder.write(name, text)
            let error = #expect(throws: ModelError.self) { try ModelBundle.load(folder.url) }
            #expect(error?.code == .malformedFile)
            try folder.write(name, good)
        }
        try folder.write("model.safetensors", SafeTensorsBuilder.file(header: "{\"x\":" + nest))
        #expect(throws: ModelError.self) { try ModelBundle.load(folder.url) }
    }

    @Test func `numbers of a million digits are refused`() throws {
        let folder = try TemporaryFolder(copying: Fixtures.file("shared-tied"))
        let digits = String(repeating: "9", count: 1_000_000)
        for number in [digits, "-\(digits)", "0.\(digits)", "1e\(digits)", "1e-\(digits)"] {
            try folder.write("generation_config.json", "{\"length_penalty\": \(number)}")
            #expect(throws: ModelError.self) { try ModelBundle.load(folder.url) }
        }
    }
}
