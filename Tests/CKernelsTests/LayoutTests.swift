import CKernels
import Testing

@Suite struct LayoutTests {
    /// Packed model files name the layout that they were written in: whoever changes the order of weights must change the
    /// name with it, and then the checksums here.
    @Test func `weights are packed in the order that the layout's name stands for`() {
        let depth = 6, columns = 70
        let weights = (0..<depth * columns).map { Float($0 * 37 % 255 - 127) }
        var levels = [Int8](repeating: 0, count: dragoman_int8_panel_bytes(depth, columns))
        var scales = [Float](repeating: 0, count: 80)
        var offsets = [Int32](repeating: 0, count: 80)
        dragoman_pack_int8(weights, depth, columns, 0, columns, &levels, &scales, &offsets)
        var panels = [Float](repeating: 0, count: dragoman_float32_panel_count(depth, columns))
        dragoman_pack_float32(weights, depth, columns, 0, columns, &panels)

        let deep = 136
        var more = [Int8](repeating: 0, count: dragoman_int8_panel_bytes(deep, columns))
        let values = (0..<deep * columns).map { Float($0 * 37 % 255 - 127) }
        dragoman_pack_int8(values, deep, columns, 0, columns, &more, &scales, &offsets)
        var nibbles = [UInt8](repeating: 0, count: more.count / 2)
        var errors = [Float](repeating: 0, count: 80)
        dragoman_pack_screen(more, deep, columns, &nibbles, &errors)

        #expect(DRAGOMAN_LAYOUT == "panels-16x4-3")
        #expect(more.withUnsafeBytes(Self.checksum) == 0xD193236088A1938D)
        #expect(levels.withUnsafeBytes(Self.checksum) == 0x850EA1761032AEA1)
        #expect(panels.withUnsafeBytes(Self.checksum) == 0x17DB72A25946C78A)
        #expect(nibbles.withUnsafeBytes(Self.checksum) == 0x21FDBB10635DD8DF)
        #expect(errors.withUnsafeBytes(Self.checksum) == 0x296DAACB2C554E08)
    }

    /// FNV-1a, 64 bits.
    private static func checksum(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
        bytes.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    }
}
