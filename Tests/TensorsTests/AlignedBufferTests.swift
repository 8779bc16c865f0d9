import Tensors
import Testing

@Suite("Buffers are aligned, and zero at first")
struct AlignedBufferTests {
    @Test("small and large ones", arguments: [0, 1, 1000, 1 << 19, (1 << 21) + 1])
    func zeroed(count: Int) {
        let buffer = AlignedBuffer<Float>(count: count)
        #expect(buffer.count == count)
        #expect(buffer.byteCount == 4 * count)
        #expect(UInt(bitPattern: buffer.pointer) % 64 == 0)
        #expect((0..<count).allSatisfy { buffer.pointer[$0] == 0 })
        for index in 0..<count { buffer.pointer[index] = Float(index) }
        #expect(count == 0 || buffer.pointer[count - 1] == Float(count - 1))
    }
}
