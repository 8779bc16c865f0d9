import DragomanEngine
import Foundation
import TestKit
import Testing

@Suite struct PackedFolderTests {
    @Test(arguments: EngineModel.tiny + ["demo-en-fr"], Precision.allCases)
    func `a packed model translates as its original, to the bit, on every instruction set`(
        name: String, precision: Precision
    ) async throws {
        let model = try EngineModel(name)
        let folder = try TemporaryFolder()
        try PackedFolder.write(model.folder, to: folder.url, precision: precision)
        let isDemo = name == "demo-en-fr"
        let inputs: [Source] =
            isDemo
            ? [.text("Where is the train station? I have lost my umbrella."), .text("Ünknown wörds: 漢字 </s>.")]
            : [.tokens(Array(model.source.dropFirst(2).prefix(5)))]
        for instructionSet in Translator.instructionSets {
            var settings = Translator.Settings()
            settings.precision = precision
            settings.instructionSet = instructionSet
            let original = try Translator(model: model.folder, settings: settings)
            let packed = try Translator(model: folder.url, settings: settings)
            for input in inputs {
                var request = TranslationRequest(input)
                request.options.beamSize = 2
                request.options.nBest = 2
                request.options.alignments = true
                if isDemo { request.options.prefix = .text("Je") }
                let (expected, found) = (try await original.translate(request), try await packed.translate(request))
                #expect(found == expected, "\(name), \(instructionSet)")
            }
        }
    }

    @Test(arguments: EngineModel.tiny + ["demo-en-fr"])
    func `a packed model is described as its original`(name: String) throws {
        let original = try EngineModel(name).folder
        let folder = try TemporaryFolder()
        try PackedFolder.write(original, to: folder.url, precision: .int8)
        let (expected, found) = (try ModelDescription(model: original), try ModelDescription(model: folder.url))
        #expect(found.configuration == expected.configuration)
        #expect(found.defaults == expected.defaults)
        #expect(found.parameterCount == expected.parameterCount)
        #expect(found.languages == expected.languages)
        #expect(found.hasTokenizer == expected.hasTokenizer)
        #expect(found.storedPrecision == "int8, packed")
    }

    @Test func `a model is imported again over an older one, which stays usable where it is loaded`() async throws {
        let model = try EngineModel("marian-shared"), folder = try TemporaryFolder()
        try PackedFolder.write(model.folder, to: folder.url, precision: .int8)
        let translator = try Translator(model: folder.url)
        let request = TranslationRequest(.tokens([model.source[3]]))
        let before = try await translator.translate(request)
        try PackedFolder.write(model.folder, to: folder.url, precision: .float32)
        #expect(try await translator.translate(request) == before)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path) == [PackedModel.fileName])
        let error = #expect(throws: ModelError.self) { try Translator(model: folder.url) }
        #expect(error?.code == .contradiction)
        #expect(error?.message.contains("expected int8, found float32; ask for float32, or import") == true)
    }

    @Test func `a model that fails its check when it is packed leaves the older one as it is`() throws {
        let model = try EngineModel("marian-shared"), folder = try TemporaryFolder()
        try PackedFolder.write(model.folder, to: folder.url, precision: .int8)
        let before = try folder.read(PackedModel.fileName)
        // No folder's reader lets this pass, so only what was written shows it.
        var bundle = try ModelBundle.load(model.folder)
        bundle.defaults.beamSize = .max
        let error = #expect(throws: ModelError.self) {
            try PackedFolder.write(bundle, to: folder.url, precision: .int8)
        }
        #expect(error?.code == .invalidValue)
        #expect(error?.file == folder.file(PackedModel.fileName).path)
        #expect(error?.message.contains("not written, for what would be in it fails its check") == true)
        #expect(try folder.read(PackedModel.fileName) == before)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path) == [PackedModel.fileName])
        try PackedFolder.check(folder.url)
        // The same without the mistake takes its place.
        bundle.defaults.beamSize = 3
        try PackedFolder.write(bundle, to: folder.url, precision: .int8)
        #expect(try ModelDescription(model: folder.url).defaults.beamSize == 3)
    }

    @Test func `what cannot be imported, or not to there, is refused`() throws {
        let model = try EngineModel("marian-shared").folder, folder = try TemporaryFolder()
        try PackedFolder.write(model, to: folder.url, precision: .int8)
        let other = try TemporaryFolder()
        let packed = #expect(throws: ModelError.self) {
            try PackedFolder.write(folder.url, to: other.url, precision: .int8)
        }
        #expect(packed?.code == .unsupported)
        let copy = try TemporaryFolder(copying: model)
        let occupied = #expect(throws: ModelError.self) {
            try PackedFolder.write(model, to: copy.url, precision: .int8)
        }
        #expect(occupied?.code == .contradiction)
        try other.write("file", "")
        let file = other.url.appending(path: "file/folder")
        let unwritable = #expect(throws: ModelError.self) { try PackedFolder.write(model, to: file, precision: .int8) }
        #expect(unwritable?.code == .unwritableFile)
        let unchecked = #expect(throws: ModelError.self) { try PackedFolder.check(model) }
        #expect(unchecked?.code == .missingFile)
    }
}
