import Foundation
import Inference
import ModelFormats
import Tensors
import TestKit
import Testing

/// Weights as the hub's repositories have them, and what people have in their place.
@Suite struct HubWeightsTests {
    /// Of every tensor that the fixture's model has.
    private func bits(_ folder: URL) throws -> [[UInt32]] {
        let bundle = try ModelBundle.load(folder)
        let width = bundle.configuration.width
        var names: [(TensorName, [Int])] = [(.embedding(.encoder), [11, width]), (.output(.weight), [11, width])]
        for side in [TensorName.Side.encoder, .decoder] {
            let stack = side == .encoder ? bundle.configuration.encoder : bundle.configuration.decoder
            for layer in 0..<stack.layers {
                names.append((.attention(side, layer: layer, .selfAttention, .query, .weight), [width, width]))
                names.append((.feedForward(side, layer: layer, .down, .bias), [width]))
            }
        }
        return try names.map { try bundle.weights.tensor($0.0, shape: $0.1).float32Bits }
    }

    private func folder(_ format: String) throws -> TemporaryFolder {
        let folder = try TemporaryFolder(copying: Fixtures.file("shared-tied"))
        try folder.remove("model.safetensors")
        let weights = [UInt8](try Data(contentsOf: Fixtures.file("pytorch/marian.\(format).bin")))
        try folder.write("pytorch_model.bin", weights)
        return folder
    }

    @Test(arguments: PyTorchFileTests.formats)
    func `a folder with pytorch_model.bin is the same model`(_ format: String) throws {
        let folder = try folder(format)
        #expect(try bits(folder.url) == bits(Fixtures.file("shared-tied")))
        #expect(try ModelBundle.load(folder.url).storedPrecision == "float32")
    }

    @Test(arguments: ["safetensors", "bin"])
    func `a folder with weights in several files is the same model`(_ kind: String) throws {
        let folder = try TemporaryFolder(copying: Fixtures.file("shared-tied"))
        let whole = try SafeTensorsBuilder(folder.read("model.safetensors"))
        try folder.remove("model.safetensors")
        var map: [String: String] = [:]
        if kind == "bin" {
            let weights = [UInt8](try Data(contentsOf: Fixtures.file("pytorch/marian.zip.bin")))
            for number in 1...2 { try folder.write("part-\(number).bin", weights) }
            let names = try PyTorchFile(path: folder.file("part-1.bin").path).names
            for (index, name) in names.enumerated() { map[name] = "part-\(index % 2 + 1).bin" }
        } else {
            for number in 0..<3 {
                var part = SafeTensorsBuilder()
                part.tensors = whole.tensors.enumerated().filter { $0.offset % 3 == number }.map(\.element)
                let name = "model-0000\(number + 1)-of-00003.safetensors"
                try folder.write(name, part.bytes)
                for tensor in part.tensors { map[tensor.name] = name }
            }
        }
        let index = kind == "bin" ? "pytorch_model.bin.index.json" : "model.safetensors.index.json"
        try folder.write(
            index, JSONSerialization.data(withJSONObject: ["metadata": ["total_size": 1], "weight_map": map]))
        #expect(try bits(folder.url) == bits(Fixtures.file("shared-tied")))

        // Each mistake of an index names what is wrong.
        let first = try #require(map.keys.sorted().first), file = try #require(map[first])
        func error(_ map: [String: Any]) throws -> ModelError? {
            try folder.write(index, JSONSerialization.data(withJSONObject: ["weight_map": map]))
            return #expect(throws: ModelError.self) { try ModelBundle.load(folder.url) }
        }
        #expect(try error([:])?.code == .invalidValue)
        #expect(try error([first: 3])?.tensor == first)
        #expect(try error([first: "../\(file)"])?.code == .invalidValue)
        #expect(try error([first: "absent.bin"])?.code == .missingFile)
        let wrong = try error(["no.such.tensor": file])
        #expect(wrong?.code == .missingTensor)
        #expect(wrong?.file.hasSuffix(file) == true)
    }

    static let foreign: [(files: [String], word: String)] = [
        (["adapter_config.json", "adapter_model.safetensors"], "adapter"),
        (["model.fp16.safetensors"], "variant"),
        (["pytorch_model.fp16.bin"], "variant"),
        (["model-00001-of-00002.safetensors"], "index"),
        (["onnx"], "ONNX"),
        (["decoder_model.onnx"], "ONNX"),
        (["model.q4.gguf"], "GGUF"),
        (["tf_model.h5"], "TensorFlow"),
        (["rust_model.ot"], "Rust"),
    ]

    @Test(arguments: foreign)
    func `a folder with other weights only is told what they are`(_ case: (files: [String], word: String)) throws {
        let folder = try TemporaryFolder(copying: Fixtures.file("shared-tied"))
        try folder.remove("model.safetensors")
        for file in `case`.files { try folder.write(file, "") }
        for isBare in [false, true] {
            if isBare { try folder.remove("config.json") }
            let error = #expect(throws: ModelError.self) { try ModelBundle.load(folder.url) }
            #expect(error?.code == .unsupported)
            #expect(error?.problem.contains(`case`.word) == true, "\(error?.message ?? "")")
            #expect(error?.remedy != nil)
        }
    }

    @Test(arguments: ["model.safetensors", "config.json", "vocab.json"])
    func `what a failed download leaves in a file's place is named`(_ name: String) throws {
        let pointer = """
            version https://git-lfs.github.com/spec/v1
            oid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393
            size 301234567

            """
        for (contents, word) in [(pointer, "LFS"), ("\n <!DOCTYPE html>\n<html>", "HTML"), ("<html lang=en>", "HTML")] {
            let folder = try TemporaryFolder(copying: Fixtures.file("shared-tied"))
            try folder.write(name, contents)
            let error = #expect(throws: ModelError.self) { try ModelBundle.load(folder.url) }
            #expect(error?.code == .malformedFile)
            #expect(error?.problem.contains(word) == true, "\(error?.message ?? "")")
            if word == "LFS" { #expect(error?.expected == "301234567 bytes") }
        }
    }

    @Test func `a repository's place in the hub's cache stands for its snapshot`() throws {
        let cache = try TemporaryFolder()
        let place = cache.file("models--Helsinki-NLP--opus-mt-en-fr")
        func add(_ revision: String) throws {
            let snapshot = place.appendingPathComponent("snapshots/\(revision)")
            try FileManager.default.createDirectory(
                at: snapshot.deletingLastPathComponent(), withIntermediateDirectories: true)
            try FileManager.default.copyItem(at: Fixtures.file("shared-tied"), to: snapshot)
        }
        try add("0a")
        let only = try ModelBundle.load(place)
        #expect(only.file.contains("/snapshots/0a/"))
        try add("1b")
        let error = #expect(throws: ModelError.self) { try ModelBundle.load(place) }
        #expect(error?.found == "0a, 1b")
        try FileManager.default.createDirectory(
            at: place.appendingPathComponent("refs"), withIntermediateDirectories: true)
        try Data("1b\n".utf8).write(to: place.appendingPathComponent("refs/main"))
        #expect(try ModelBundle.load(place).file.contains("/snapshots/1b/"))
    }
}
