import Foundation
import Inference
import ModelFormats
import Tensors
import TestKit
import Testing

/// What loading a model leaves in memory.
@Suite struct LoadingTests {
    private func resident(_ folder: TemporaryFolder, _ precision: Precision) throws -> Int {
        let bundle = try ModelBundle.load(folder.url)
        let transformer = try Transformer(
            configuration: bundle.configuration, precision: precision, from: bundle.weights)
        return try withExtendedLifetime(transformer) { _ in
            try ResidentMemory.ofFile(folder.file("model.safetensors").path)
        }
    }

    // What is read after the matrices is small, and a touch brings a huge page at most.

    @Test(arguments: [Precision.float32, .int8])
    func `weights that were packed are not in memory twice`(precision: Precision) throws {
        let folder = try TemporaryFolder(copying: Fixtures.demoModel)
        #expect(try folder.read("model.safetensors").count > 6 * AlignedBuffer<UInt8>.hugePage)
        let resident = try resident(folder, precision)
        #expect(resident <= AlignedBuffer<UInt8>.hugePage)
    }

    @Test func `nor are copies of a table that is tied`() throws {
        let folder = try TemporaryFolder(copying: Fixtures.demoModel)
        try folder.rewriteWeights { builder in
            for table in builder.tensors where table.name == "model.shared.weight" {
                builder.add("lm_head.weight", table.dtype, table.shape, table.data)
            }
        }
        let resident = try resident(folder, .int8)
        #expect(resident <= AlignedBuffer<UInt8>.hugePage)
    }
}
