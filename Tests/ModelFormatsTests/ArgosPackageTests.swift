import Foundation
import Inference
import ModelFormats
import TestKit
import Testing

/// Packages of Argos Translate: what texts they give is another test's, in `DragomanEngineTests`.
@Suite struct ArgosPackageTests {
    private static let archive = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("Goldens/argos/translate-en_eo-1_5.argosmodel")

    /// The package as a folder.
    private func unpacked() throws -> TemporaryFolder {
        let bundle = try ModelBundle.load(Self.archive)
        return try withExtendedLifetime(bundle) {
            try TemporaryFolder(copying: #require(bundle.unpacked).url)
        }
    }

    @Test func `a package is a model, as an archive and as a folder`() throws {
        let folder = try unpacked()
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: folder.url.path).sorted() == [
                "metadata.json", "model", "sentencepiece.model",
            ])
        for bundle in [try ModelBundle.load(Self.archive), try ModelBundle.load(folder.url)] {
            #expect(bundle.languages == ModelLanguages(source: "en", target: "eo"))
            #expect(bundle.tokenizer.hasPieces)
            #expect(bundle.defaults.beamSize == 4)
            #expect(bundle.defaults.lengthPenalty == 0.2)
            #expect(bundle.storedPrecision == "int8, float32")
            #expect(bundle.configuration.framing.sourceSuffix.isEmpty)
        }
    }

    @Test func `the files of an archive go with the bundle`() throws {
        var bundle: ModelBundle? = try ModelBundle.load(Self.archive)
        let url = try #require(bundle?.unpacked?.url)
        #expect(FileManager.default.fileExists(atPath: url.path))
        bundle = nil
        #expect(!FileManager.default.fileExists(atPath: url.path))
    }

    @Test func `metadata that asks for something else is refused`() throws {
        func error(_ key: String, _ value: String) throws -> ModelError? {
            let folder = try unpacked()
            try folder.set("metadata.json", key, value)
            return #expect(throws: ModelError.self) { try ModelBundle.load(folder.url) }
        }
        #expect(try error("type", "\"sbd\"")?.code == .unsupported)
        #expect(try error("from_code", "3")?.code == .invalidValue)
        #expect(try error("target_prefix", "\"__no_such__\"")?.message.contains("__no_such__") == true)
    }

    @Test func `a package with codes of Moses and subword-nmt takes tokens`() throws {
        let folder = try unpacked()
        try folder.remove("sentencepiece.model")
        try folder.write("bpe.model", "#version: 0.2\nt h\n")
        let bundle = try ModelBundle.load(folder.url)
        #expect(!bundle.tokenizer.hasPieces)
        #expect(bundle.languages.target.first?.code == "eo")
    }

    @Test func `an archive of something else is told so`() throws {
        let folder = try TemporaryFolder()
        var bytes = [UInt8](try Data(contentsOf: Self.archive))
        // "metadata.json" in both places of its name.
        let name = Array("metadata.json".utf8)
        for start in 0..<bytes.count - name.count
        where bytes[start] == name[0] && bytes[start..<start + name.count].elementsEqual(name) {
            bytes[start] = UInt8(ascii: "M")
        }
        let path = try folder.write("other.zip", bytes)
        let error = #expect(throws: ModelError.self) { try ModelBundle.load(URL(fileURLWithPath: path)) }
        #expect(error?.code == .unsupported)
        #expect(error?.message.contains("metadata.json") == true)
    }

    @Test func `an archive cut anywhere is refused`() throws {
        let folder = try TemporaryFolder()
        let original = [UInt8](try Data(contentsOf: Self.archive))
        for count in Array(0..<200) + Array(stride(from: 200, to: original.count, by: 97)) {
            let path = try folder.write("cut.argosmodel", original.prefix(count))
            #expect(throws: ModelError.self) { try ModelBundle.load(URL(fileURLWithPath: path)) }
        }
    }

    @Test func `a damaged archive gives a model or an error, and leaves nothing behind`() throws {
        let folder = try TemporaryFolder()
        let original = [UInt8](try Data(contentsOf: Self.archive))
        var damage = Damage(generator: SeededRandom(seed: 78))
        var errors = 0
        for _ in 0..<Fixtures.mutations / 30 {
            let path = try folder.write("damaged.argosmodel", damage.applied(to: original, before: original.count))
            do { _ = try ModelBundle.load(URL(fileURLWithPath: path)) } catch { errors += 1 }
        }
        #expect(errors > 0)
    }
}
