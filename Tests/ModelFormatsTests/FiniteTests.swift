import ModelFormats
import Tensors
import Testing

@Suite struct FiniteTests {
    private final class Owner {
        let bytes: UnsafeMutableRawBufferPointer
        init(_ contents: [UInt8], misalignedBy shift: Int) {
            bytes = .allocate(byteCount: contents.count + shift, alignment: 64)
            UnsafeMutableRawBufferPointer(rebasing: bytes[shift...]).copyBytes(from: contents)
        }
        deinit { bytes.deallocate() }
    }

    private func tensor(_ type: ElementType, _ patterns: [UInt32], misalignedBy shift: Int = 0) -> StoredTensor {
        let contents = patterns.flatMap { SafeTensorsBuilder.littleEndian($0).prefix(type.byteCount) }
        let owner = Owner(contents, misalignedBy: shift)
        return StoredTensor(
            elementType: type, shape: [patterns.count], bytes: UnsafeRawBufferPointer(rebasing: owner.bytes[shift...]),
            owner: owner)
    }

    static let culprits: [(ElementType, [UInt32], largest: UInt32)] = [
        (.float32, [0x7F80_0000, 0xFF80_0000, 0x7FC0_0000, 0x7F80_0001, 0xFFFF_FFFF], 0x7F7F_FFFF),
        (.float16, [0x7C00, 0xFC00, 0x7E00, 0x7C01, 0xFFFF], 0x7BFF),
        (.bfloat16, [0x7F80, 0xFF80, 0x7FC0, 0x7F81, 0xFFFF], 0x7F7F),
    ]

    @Test(arguments: culprits)
    func `the first number that is none is found wherever it stands`(
        _ culprits: (type: ElementType, patterns: [UInt32], largest: UInt32)
    ) {
        for pattern in culprits.patterns {
            for (count, index) in [(1, 0), (16, 15), (33, 32), (100, 0), (100, 63), (100, 99)] {
                var patterns = Array(repeating: culprits.largest, count: count)
                #expect(tensor(culprits.type, patterns, misalignedBy: 1).firstNonFinite() == nil)
                patterns[index] = pattern
                patterns[count - 1] = pattern
                let tensor = tensor(culprits.type, patterns, misalignedBy: index % 5)
                #expect(tensor.firstNonFinite() == index)
                #expect(!tensor.value(at: index).isFinite)
            }
        }
    }

    @Test func `it is found beyond the elements that are read at a time`() {
        let run = 1 << 20
        for index in [run - 1, run, run + 5, 2 * run] {
            var patterns = [UInt32](repeating: 0x3C00, count: 2 * run + 1)
            patterns[index] = 0x7C00
            #expect(tensor(.float16, patterns).firstNonFinite() == index)
        }
    }

    @Test func `a tensor without elements is finite`() {
        #expect(tensor(.float16, []).firstNonFinite() == nil)
    }
}
