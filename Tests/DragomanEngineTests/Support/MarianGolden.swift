import DragomanEngine
import Foundation

/// A model in Marian's own files, and what Marian translates with it: see `Tests/Goldens/marian`.
struct MarianGolden: Sendable {
    static let floats = ["attention", "ssru", "ssru-tied"]
    static let smallLevels = ["attention-int8-small", "ssru-int8-small"]
    static let levels = ["attention-int8", "ssru-int8"] + smallLevels

    struct Case: Sendable {
        var text: String
        var maximumLength: Int
        /// By how Marian computed them: `float32`, `int8shift`, `alphas`, and each with `-beam4`.
        var outputs: [String: String]
    }

    let folder: URL
    let cases: [Case]

    init(_ name: String) throws {
        folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "Goldens/marian/\(name)")
        let data = try Data(contentsOf: folder.appending(path: "cases.json"))
        let file = try JSONSerialization.jsonObject(with: data) as? [String: Any]
        guard let cases = file?["cases"] as? [[String: Any]] else { throw CocoaError(.fileReadCorruptFile) }
        self.cases = try cases.map { row in
            guard let text = row["text"] as? String, let length = row["max_length"] as? Int else {
                throw CocoaError(.fileReadCorruptFile)
            }
            return Case(
                text: text, maximumLength: length,
                outputs: row.compactMapValues { $0 as? String }.filter { $0.key != "text" })
        }
    }

    func translator(_ precision: Precision, model: URL? = nil, instructionSet: String? = nil) throws -> Translator {
        var settings = Translator.Settings()
        settings.precision = precision
        settings.instructionSet = instructionSet
        return try Translator(model: model ?? folder, settings: settings)
    }

    func requests(beamSize: Int = 1) -> [TranslationRequest] {
        cases.map { row in
            var request = TranslationRequest(.text(row.text))
            request.options.beamSize = beamSize
            // What untrained models write looks wrong.
            request.options.secondPass = false
            request.options.maximumLength = row.maximumLength
            return request
        }
    }
}
