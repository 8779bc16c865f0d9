import DragomanEngine
import Foundation
import TestKit
import Testing

/// Weights that are finite themselves can still make numbers that are not. What would follow is chance, not translation.
@Suite("A model whose numbers overflow is refused, request by request")
struct OverflowTests {
    @Test("in the encoder and in the decoder, int8 and float32", arguments: ["encoder", "decoder"], Precision.allCases)
    func overflow(side: String, precision: Precision) async throws {
        let model = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "Goldens/marian-separate")
        let folder = try TemporaryFolder(copying: model)
        try enlarge("model.\(side).layers.0.fc2.weight", in: folder)
        var settings = Translator.Settings()
        settings.precision = precision
        let translator = try Translator(model: folder.url, settings: settings)
        for beamSize in [1, 4] {
            var request = TranslationRequest(.tokens(["w5", "w6"]))
            request.options.beamSize = beamSize
            let sent = request
            let error = await #expect(throws: TranslationError.self) { try await translator.translate(sent) }
            #expect(error?.message.contains("not finite") == true)
        }
    }

    /// Sets every element of a float32 tensor to 3e38, which is finite.
    private func enlarge(_ tensor: String, in folder: TemporaryFolder) throws {
        var bytes = try folder.read("model.safetensors")
        let length = (0..<8).reduce(0) { $0 | Int(bytes[$1]) << (8 * $1) }
        let header = try #require(
            JSONSerialization.jsonObject(with: Data(bytes[8..<8 + length])) as? [String: [String: Any]])
        let offsets = try #require(header[tensor]?["data_offsets"] as? [Int])
        let pattern = withUnsafeBytes(of: Float(3e38)) { Array($0) }
        for at in stride(from: 8 + length + offsets[0], to: 8 + length + offsets[1], by: 4) {
            bytes.replaceSubrange(at..<at + 4, with: pattern)
        }
        try folder.write("model.safetensors", bytes)
    }
}
