import DragomanEngine
import Foundation
import TestKit
import Testing

/// Whatever a packed file holds, the answer is a model or a typed error.
@Suite struct PackedDamageTests {
    /// A packed model without text, and its file.
    private static func packed(_ name: String = "marian-separate") throws -> (folder: TemporaryFolder, file: URL) {
        let folder = try TemporaryFolder()
        try PackedFolder.write(try EngineModel(name).folder, to: folder.url, precision: .int8)
        return (folder, folder.file(PackedModel.fileName))
    }

    @Test func `a file cut anywhere is refused`() throws {
        let (folder, _) = try Self.packed()
        let whole = try folder.read(PackedModel.fileName)
        for count in stride(from: 0, to: whole.count, by: max(1, whole.count / 300)) {
            try folder.write(PackedModel.fileName, whole.prefix(count))
            let error = #expect(throws: ModelError.self) { try Translator(model: folder.url) }
            #expect(error?.code == .malformedFile)
        }
    }

    @Test func `a changed bit of the header is found when the model is loaded`() throws {
        let (folder, _) = try Self.packed()
        var bytes = try folder.read(PackedModel.fileName)
        let header = 8 + bytes[0..<8].reversed().reduce(0) { $0 << 8 | Int($1) }
        let text = bytes[..<header].lastIndex(of: UInt8(ascii: "}")) ?? 0
        for index in stride(from: 0, through: text, by: 7) {
            let bit: UInt8 = 1 << (index % 7)
            bytes[index] ^= bit
            try folder.write(PackedModel.fileName, bytes)
            #expect(throws: ModelError.self, "byte \(index)") { try Translator(model: folder.url) }
            bytes[index] ^= bit
        }
    }

    @Test func `a changed bit of the data is found when the model is checked`() throws {
        let (folder, _) = try Self.packed()
        try PackedFolder.check(folder.url)
        var bytes = try folder.read(PackedModel.fileName)
        bytes[bytes.count - 1000] ^= 8
        try folder.write(PackedModel.fileName, bytes)
        let error = #expect(throws: ModelError.self) { try PackedFolder.check(folder.url) }
        #expect(error?.code == .checksumMismatch)
    }

    @Test func `a file whose data is not aligned is refused`() throws {
        let (folder, _) = try Self.packed()
        var bytes = try folder.read(PackedModel.fileName)
        let header = 8 + bytes[0..<8].reversed().reduce(0) { $0 << 8 | Int($1) }
        bytes.insert(UInt8(ascii: " "), at: header)
        for byte in 0..<8 { bytes[byte] = UInt8(truncatingIfNeeded: (header - 7) >> (8 * byte)) }
        try folder.write(PackedModel.fileName, bytes)
        let error = #expect(throws: ModelError.self) { try Translator(model: folder.url) }
        #expect(error?.code == .malformedFile)
        #expect(error?.message.contains("is not aligned") == true)
    }

    struct Lie: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var code: ModelError.Code
        var tell: @Sendable (inout PackedParts) throws -> Void

        init(_ name: String, _ code: ModelError.Code, _ tell: @escaping @Sendable (inout PackedParts) throws -> Void) {
            testDescription = name
            self.code = code
            self.tell = tell
        }
    }

    static let lies = [
        Lie("another format", .unsupported) { $0.metadata["format"] = "other" },
        Lie("another version", .unsupported) { $0.metadata["version"] = "2" },
        Lie("another layout", .unsupported) { $0.metadata["layout"] = "panels-32x8-1" },
        Lie("no description", .malformedFile) { $0.metadata["model"] = nil },
        Lie("a description that is no JSON", .malformedFile) { $0.metadata["model"] = "{" },
        Lie("deep nesting", .malformedFile) { $0.metadata["model"] = String(repeating: "[", count: 1 << 20) },
        Lie("a word for a number", .malformedFile) { try $0.replace("\"width\":24", by: "\"width\":\"x\"") },
        Lie("a number too large", .malformedFile) { try $0.replace("\"width\":24", by: "\"width\":1e99") },
        Lie("no layers", .invalidValue) { try $0.replace("\"layers\":3", by: "\"layers\":0") },
        Lie("another width", .wrongShape) { try $0.replace("\"width\":24", by: "\"width\":48") },
        Lie("a width beyond all", .invalidValue) {
            try $0.replace("\"width\":24", by: "\"width\":9223372036854775807")
        },
        Lie("a token beyond the vocabulary", .invalidValue) {
            try $0.replace("\"endOfSentence\":0", by: "\"endOfSentence\":4096")
        },
        Lie("a beam beyond all", .invalidValue) { try $0.replace("\"beamSize\":", by: "\"beamSize\":90") },
        Lie("a tensor too few", .missingTensor) { $0.tensors["output.levels"] = nil },
        Lie("a tensor of another format", .wrongShape) { $0.tensors["output.scales"]?.dtype = "I32" },
        Lie("a tensor of another shape", .wrongShape) { $0.tensors["output.scales"]?.shape.append(1) },
        Lie("an embedding too short", .wrongShape) { try $0.removeRow("encoder.embedding") },
        Lie("a slot that is no token's", .malformedFile) { $0.set("source.tokens.slots", at: 1, to: 1 << 20) },
        Lie("an id beyond the embedding", .malformedFile) { $0.set("source.tokens.ids", at: 60, to: 1 << 20) },
        Lie("ids that fall", .malformedFile) { $0.set("source.tokens.ids", at: 1, to: -5) },
        Lie("tokens that end before they begin", .malformedFile) { $0.set("source.tokens.ends", at: 0, to: 1 << 20) },
        Lie("fewer ends than tokens", .wrongShape) { try $0.removeRow("source.tokens.ends") },
    ]

    @Test(arguments: lies)
    func `a file that lies is refused, though its checksums are right`(lie: Lie) throws {
        let (folder, file) = try Self.packed()
        var parts = try PackedParts(file)
        try lie.tell(&parts)
        try parts.write(to: file)
        let error = #expect(throws: ModelError.self) { try Translator(model: folder.url) }
        #expect(error?.code == lie.code, "\(error?.message ?? "no error")")
    }

    @Test func `SentencePiece models that cannot be read are told when text comes, and when the model is checked`()
        async throws
    {
        let (folder, file) = try Self.packed("demo-en-fr")
        var parts = try PackedParts(file)
        parts.tensors["source.pieces.model"]?.bytes.removeLast()
        parts.tensors["source.pieces.model"]?.shape[0] -= 1
        try parts.write(to: file)
        let translator = try Translator(model: folder.url)
        let error = await #expect(throws: TranslationError.self) { try await translator.translate("Hello.") }
        #expect(error?.code == .untokenizable)
        let checked = #expect(throws: ModelError.self) { try PackedFolder.check(folder.url) }
        #expect(checked?.code == .malformedFile)
    }

    @Test func `random contents with right checksums give a model or an error`() async throws {
        let (folder, file) = try Self.packed()
        let original = try PackedParts(file)
        var random = SeededRandom(seed: 11)
        var (models, errors) = (0, 0)
        for _ in 0..<300 {
            var parts = original
            for _ in 0..<Int.random(in: 1...3, using: &random) { Self.damage(&parts, &random) }
            try parts.write(to: file)
            do {
                let translator = try Translator(model: folder.url)
                var request = TranslationRequest(.tokens(["a", "b"]))
                request.options.maximumLength = 4
                _ = try? await translator.translate(request)
                models += 1
            } catch {
                #expect(error is ModelError)
                errors += 1
            }
        }
        #expect(models > 0)
        #expect(errors > 0)
    }

    /// Changes random bytes of a tensor, or digits of the description.
    private static func damage(_ parts: inout PackedParts, _ random: inout SeededRandom) {
        if Bool.random(using: &random), let model = parts.metadata["model"] {
            var text = Array(model.utf8)
            let digits = text.indices.filter { (0x30...0x39).contains(text[$0]) }
            if let digit = digits.randomElement(using: &random) {
                text[digit] = UInt8.random(in: 0x30...0x39, using: &random)
            }
            parts.metadata["model"] = String(decoding: text, as: UTF8.self)
        } else if let name = parts.tensors.keys.sorted().randomElement(using: &random),
            var tensor = parts.tensors[name]
        {
            for _ in 0..<4 {
                let index = Int.random(in: 0..<tensor.bytes.count, using: &random)
                tensor.bytes[index] = UInt8.random(in: 0...255, using: &random)
            }
            parts.tensors[name] = tensor
        }
    }
}
