import Foundation
import ModelFormats
import Tensors
import TestKit
import Testing

@Suite struct SafeTensorsFileTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func open(_ bytes: [UInt8]) throws -> SafeTensorsFile {
        try SafeTensorsFile(path: folder.write("model.safetensors", bytes))
    }

    private struct Golden: Decodable {
        var shape: [Int]
        var bits: [UInt32]
    }

    @Test func `every element has the value that the reference library reads`() throws {
        let file = try SafeTensorsFile(path: Fixtures.file("values.safetensors").path)
        let goldens = try JSONDecoder().decode(
            [String: Golden].self, from: Data(contentsOf: Fixtures.file("values.json")))
        #expect(file.names == goldens.keys.sorted())
        #expect(file.metadata == ["made": "by make_fixtures.py"])
        for (name, golden) in goldens {
            let tensor = try file.tensor(name)
            #expect(tensor.shape == golden.shape, "\(name)")
            #expect(tensor.float32Bits == golden.bits, "\(name)")
            #expect(tensor.elementType.rawValue.lowercased() == name.prefix { $0 != "." }, "\(name)")
        }
    }

    @Test func `tensors may come in any order and at odd addresses`() throws {
        var builder = SafeTensorsBuilder()
        builder.add("odd", "U8", [1], [7])
        builder.add("b", [2, 2], [1, -2, 3.5, 0])
        builder.add("a", "BF16", [1], [0x80, 0x3F])
        builder.add("nothing", "F16", [0, 4], [])
        let file = try open(builder.bytes)
        #expect(file.names == ["a", "b", "nothing", "odd"])
        #expect(try file.tensor("b").float32Bits == [1, -2, 3.5, 0].map { Float($0).bitPattern })
        #expect(try file.tensor("b", as: [4]).shape == [4])
        #expect(try file.tensor("a").value(at: 0) == 1)
        #expect(try file.tensor("nothing").elementCount == 0)
        #expect(file.byteCount == builder.bytes.count)
    }

    @Test func `a tensor outlives the file object that it came from`() throws {
        var builder = SafeTensorsBuilder()
        builder.add("a", [3], [1, 2, 3])
        let tensor = try open(builder.bytes).tensor("a")
        #expect(tensor.float32Bits == [1, 2, 3].map { Float($0).bitPattern })
    }

    @Test func `a number format that Dragoman does not compute with is refused by name`() throws {
        var builder = SafeTensorsBuilder()
        builder.add("quantised", "I8", [4], [1, 2, 3, 4])
        let file = try open(builder.bytes)
        let error = #expect(throws: ModelError.self) { try file.tensor("quantised") }
        #expect(error?.code == .unsupported)
        #expect(error?.message.contains("quantised") == true)
        #expect(error?.found == "I8")
    }

    @Test func `a tensor that is not there is named`() throws {
        let file = try open(SafeTensorsBuilder.file(header: "{}"))
        let error = #expect(throws: ModelError.self) { try file.tensor("absent") }
        #expect(error?.code == .missingTensor)
        #expect(error?.tensor == "absent")
    }

    @Test func `names that differ only in their form are two tensors`() throws {
        var builder = SafeTensorsBuilder()
        builder.add("\u{e9}", [1], [1])
        builder.add("e\u{301}", [1], [2])
        let file = try open(builder.bytes)
        #expect(try file.tensor("\u{e9}").value(at: 0) == 1)
        #expect(try file.tensor("e\u{301}").value(at: 0) == 2)
    }

    @Test func `a header may end in spaces`() throws {
        #expect(try open(SafeTensorsBuilder.file(header: "{}      ")).names.isEmpty)
    }

    static let wrongHeaders: [(header: String, data: Int, says: String)] = [
        ("", 0, "does not begin with {"),
        (" {}", 0, "does not begin with {"),
        ("[]", 0, "does not begin with {"),
        ("{", 0, "not valid JSON at byte 9"),
        ("{}}", 0, "something follows"),
        ("{} x", 0, "something follows"),
        (#"{"a":1}"#, 0, "expected {"),
        (#"{"a":{}}"#, 0, "incomplete"),
        (#"{"a":{"dtype":"F32","shape":[1]}}"#, 4, "incomplete"),
        (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0]}}"#, 4, "incomplete"),
        (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4,8]}}"#, 4, "at most 2 numbers"),
        (#"{"a":{"dtype":"F31","shape":[1],"data_offsets":[0,4]}}"#, 4, "number format \"F31\" is unknown"),
        (#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}"#, 4, "8 bytes"),
        (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}"#, 4, "size is wrong"),
        (#"{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}"#, 4, "none negative"),
        (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[-4,0]}}"#, 4, "none negative"),
        (#"{"a":{"dtype":"F32","shape":[1.0],"data_offsets":[0,4]}}"#, 4, "whole number"),
        (#"{"a":{"dtype":"F32","shape":[1e0],"data_offsets":[0,4]}}"#, 4, "whole number"),
        (#"{"a":{"dtype":"F32","shape":[01],"data_offsets":[0,4]}}"#, 4, "not valid JSON"),
        (#"{"a":{"dtype":"F32","shape":[99999999999999999999],"data_offsets":[0,4]}}"#, 4, "whole number"),
        (#"{"a":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,0]}}"#, 0, "too large"),
        (#"{"a":{"dtype":"F4","shape":[3],"data_offsets":[0,1]}}"#, 1, "whole number of bytes"),
        (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4],"x":1}}"#, 4, "no key \"x\""),
        (#"{"a":{"dtype":"F32","dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#, 4, "appears twice"),
        (#"{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"\u0061":{}}"#, 1, "appears twice"),
        (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#, 5, "follow the last tensor"),
        (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#, 3, "ends inside its tensors"),
        (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}"#, 8, "leaves a hole"),
        (
            #"{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"b":{"dtype":"U8","shape":[2],"data_offsets":[1,3]}}"#,
            3, "overlaps"
        ),
        (
            #"{"a":{"dtype":"U8","shape":[9223372036854775807],"data_offsets":[0,9223372036854775807]}}"#, 1,
            "too large"
        ),
        (#"{"__metadata__":{"a":1}}"#, 0, "expected a string"),
        (#"{"__metadata__":{},"__metadata__":{}}"#, 0, "appears twice"),
    ]

    @Test(arguments: wrongHeaders)
    func `a wrong header is refused for what is wrong with it`(_ wrong: (header: String, data: Int, says: String))
        throws
    {
        let bytes = SafeTensorsBuilder.file(header: wrong.header, data: Array(repeating: 0, count: wrong.data))
        let error = #expect(throws: ModelError.self, "\(wrong.header)") { try open(bytes) }
        #expect(error?.code == .malformedFile)
        #expect(error?.message.contains(wrong.says) == true, "\(error?.message ?? "")")
        #expect(error?.message.contains("model.safetensors") == true)
    }

    @Test(arguments: [UInt64.max, 1 << 63, 100_000_001, 100_000_000, 3])
    func `a header length beyond the limit or the file is refused`(_ length: UInt64) throws {
        let bytes = SafeTensorsBuilder.littleEndian(length) + Array("{}".utf8)
        let error = #expect(throws: ModelError.self) { try open(bytes) }
        #expect(error?.code == .malformedFile)
    }

    @Test func `strings that are not Unicode are refused`() throws {
        for bytes: [UInt8] in [[0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0x00], [0x0A]] {
            let header = Array(#"{"a"#.utf8) + bytes + Array(#"":{}}"#.utf8)
            let file = SafeTensorsBuilder.littleEndian(UInt64(header.count)) + header
            #expect(throws: ModelError.self) { try open(file) }
        }
        for escape in [#"\ud800"#, #"\ud800x"#, #"\udc00"#, #"\ud800\u0041"#, #"\u12g4"#, #"\x"#, #"\"#] {
            #expect(throws: ModelError.self, "\(escape)") {
                try open(SafeTensorsBuilder.file(header: "{\"\(escape)\":{}}"))
            }
        }
    }
}
