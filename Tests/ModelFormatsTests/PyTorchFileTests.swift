import Foundation
import ModelFormats
import Tensors
import TestKit
import Testing

/// `make_fixtures.py` wrote the files with PyTorch itself, and what it reads back.
@Suite struct PyTorchFileTests {
    private struct Golden: Decodable {
        var shape: [Int]
        var bits: [UInt32]
    }

    static let formats = ["zip", "legacy"]

    private func values(_ format: String) throws -> PyTorchFile {
        try PyTorchFile(path: Fixtures.file("pytorch/values.\(format).bin").path)
    }

    @Test(arguments: formats)
    func `a file of either format has the numbers that torch reads from it`(_ format: String) throws {
        let file = try values(format)
        let golden = try JSONDecoder().decode(
            [String: Golden].self, from: Data(contentsOf: Fixtures.file("pytorch/values.json")))
        #expect(file.names == golden.keys.sorted())
        for (name, expected) in golden {
            #expect(file.shape(of: name) == expected.shape, "\(name)")
            if ["i64", "transposed"].contains(name) { continue }
            #expect(try file.tensor(name).float32Bits == expected.bits, "\(name)")
        }
        #expect(try file.format(of: "f64") == "float64")
        #expect(try file.format(of: "bf16") == "bfloat16")
        #expect(try file.format(of: "i8") == "int8")
    }

    @Test(arguments: formats)
    func `what the engine cannot compute with is refused by its name`(_ format: String) throws {
        let file = try values(format)
        let integers = #expect(throws: ModelError.self) { try file.format(of: "i64") }
        #expect(integers?.code == .unsupported)
        #expect(integers?.tensor == "i64")
        #expect(integers?.found == "int64")
        let strided = #expect(throws: ModelError.self) { try file.tensor("transposed") }
        #expect(strided?.code == .unsupported)
        #expect(strided?.tensor == "transposed")
        let absent = #expect(throws: ModelError.self) { try file.tensor("absent") }
        #expect(absent?.code == .missingTensor)
    }

    @Test func `no object but a dictionary of tensors is built, and none is run`() throws {
        let object = #expect(throws: ModelError.self) {
            try PyTorchFile(path: Fixtures.file("pytorch/object.bin").path)
        }
        #expect(object?.code == .unsupported)
        #expect(object?.problem.contains("MarianConfig") == true)
        let checkpoint = #expect(throws: ModelError.self) {
            try PyTorchFile(path: Fixtures.file("pytorch/checkpoint.bin").path)
        }
        #expect(checkpoint?.code == .unsupported)
        #expect(checkpoint?.tensor == "model")

        // `cos\nsystem\n(S'…'\ntR.`, as exploits have it, behind the older format's head.
        let folder = try TemporaryFolder()
        let head = Array(try Data(contentsOf: Fixtures.file("pytorch/values.legacy.bin"))[..<15])
        let canary = folder.file("canary").path
        var pickle: [UInt8] = [0x80, 2] + Array("cposix\nsystem\n".utf8) + [0x58]
        let command = "touch \(canary)"
        pickle += [UInt8(command.utf8.count), 0, 0, 0] + Array(command.utf8) + [0x85, 0x52, 0x2E]
        let hostile = #expect(throws: ModelError.self) {
            try PyTorchFile(path: folder.write("hostile.bin", head + [0x80, 2, 0x4D, 0xE9, 3, 0x2E] + pickle))
        }
        #expect(hostile?.code == .unsupported)
        #expect(hostile?.problem.contains("posix.system") == true)
        #expect(!FileManager.default.fileExists(atPath: canary))
    }

    @Test(arguments: formats)
    func `a file cut anywhere is refused`(_ format: String) throws {
        let folder = try TemporaryFolder()
        let original = [UInt8](try Data(contentsOf: Fixtures.file("pytorch/values.\(format).bin")))
        for count in 0..<original.count {
            let path = try folder.write("cut", original.prefix(count))
            #expect(throws: ModelError.self, "\(count) bytes") { try PyTorchFile(path: path) }
        }
    }

    @Test(arguments: formats)
    func `random damage gives tensors or an error`(_ format: String) throws {
        let folder = try TemporaryFolder()
        let original = [UInt8](try Data(contentsOf: Fixtures.file("pytorch/values.\(format).bin")))
        var damage = Damage(generator: SeededRandom(seed: 41))
        var (files, errors) = (0, 0)
        for _ in 0..<Fixtures.mutations {
            let path = try folder.write("damaged", damage.applied(to: original, before: original.count))
            do {
                let file = try PyTorchFile(path: path)
                for name in file.names {
                    guard let tensor = try? file.tensor(name) else { continue }
                    _ = tensor.firstNonFinite()
                }
                files += 1
            } catch {
                #expect(!error.message.isEmpty)
                errors += 1
            }
        }
        #expect(files > 0 && errors > 0)
    }

    @Test func `nesting without an end costs nothing`() throws {
        let folder = try TemporaryFolder()
        let head = Array(try Data(contentsOf: Fixtures.file("pytorch/values.legacy.bin"))[..<15])
        let start = head + [0x80, 2, 0x4D, 0xE9, 3, 0x2E, 0x80, 2]
        let nests: [[UInt8]] = [
            [0x29] + Array(repeating: 0x85, count: 1 << 20) + [0x2E],
            Array(repeating: 0x5D, count: 1 << 20) + Array(repeating: 0x61, count: (1 << 20) - 1) + [0x2E],
            Array(repeating: 0x28, count: 1 << 20) + [0x2E],
            // A list that holds itself.
            [0x5D, 0x71, 0, 0x68, 0, 0x61, 0x2E],
        ]
        for nest in nests {
            #expect(throws: ModelError.self) { try PyTorchFile(path: folder.write("nest", start + nest)) }
        }
    }
}
