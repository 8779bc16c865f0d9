import Foundation
import Inference
import ModelFormats
import Tensors
import TestKit
import Testing

/// What loading a model leaves in memory.
@Suite struct LoadingTests {
    @Test(arguments: [Precision.float32, .int8])
    func `weights that were packed are not in memory twice`(precision: Precision) throws {
        let folder = try TemporaryFolder(copying: Golden("demo-en-fr").model)
        let path = folder.file("model.safetensors").path
        let bundle = try ModelBundle.load(folder.url)
        let transformer = try Transformer(
            configuration: bundle.configuration, precision: precision, from: bundle.weights)
        // What is read after the matrices is small, and a touch brings a huge page at most.
        let resident = try withExtendedLifetime(transformer) { _ in try ResidentMemory.ofFile(path) }
        #expect(resident <= AlignedBuffer<UInt8>.hugePage)
        #expect(try folder.read("model.safetensors").count > 6 * AlignedBuffer<UInt8>.hugePage)
    }
}
