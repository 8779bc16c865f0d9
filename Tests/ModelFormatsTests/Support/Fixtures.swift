import Foundation
import ModelFormats
import Tensors

/// Files that the tests read in place.
enum Fixtures {
    private static let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()

    /// `values.safetensors`, and the folders that `make_fixtures.py` wrote.
    static func file(_ name: String) -> URL { tests.appendingPathComponent("Fixtures/\(name)") }

    /// How many damaged files each test of damage reads; `DRAGOMAN_MUTATIONS` asks for more.
    static let mutations = ProcessInfo.processInfo.environment["DRAGOMAN_MUTATIONS"].flatMap { Int($0) } ?? 3000

    static let demoModel = tests.deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("Sources/DragomanEngine/Resources/demo-en-fr")
}

extension StoredTensor {
    /// The elements as the bits of float32 numbers.
    var float32Bits: [UInt32] { (0..<elementCount).map { value(at: $0).bitPattern } }
}
