import Inference
import TestKit
import Testing

@Suite struct KeyValueRowsTests {
    /// Takes rows of two leases by turns, more than a slab holds, writes all of each, and looks whether another one was
    /// written over it.
    @Test(arguments: Precision.allCases)
    func `rows lie apart, on cache lines, and those given back are taken again`(precision: Precision) throws {
        let configuration = try TestModel(Golden("demo-en-fr").model).configuration
        let decoder = configuration.decoder
        let format = KeyValueFormat(configuration: configuration, precision: precision)
        let bytes = format.byteCount(decoder.layers * 2 * decoder.attentionWidth)
        #expect(format.isPaired == (precision == .int8))
        let rows = KeyValueRows(configuration: configuration, format: format)
        var leases = [KeyValueRows.Lease(reserving: 0), KeyValueRows.Lease(reserving: 0)]
        let count = 3 * (2 << 20) / bytes
        func takeAll() -> [UnsafeMutableRawPointer] {
            let taken = (0..<count).map { rows.take(for: &leases[$0 % 2]) }
            for (index, row) in taken.enumerated() {
                row.initializeMemory(as: UInt8.self, repeating: UInt8(index % 251), count: bytes)
            }
            for (index, row) in taken.enumerated() {
                let values = UnsafeRawBufferPointer(start: row, count: bytes)
                #expect(values.allSatisfy { $0 == UInt8(index % 251) })
                #expect(Int(bitPattern: row) % 64 == 0)
            }
            return taken
        }
        let first = Set(takeAll())
        #expect(first.count == count)
        let size = rows.byteCount
        #expect(size >= count * bytes && size < count * (bytes + 64) + 2 * KeyValueRows.pageRows * (bytes + 64))
        for index in leases.indices { rows.giveBack(&leases[index]) }
        #expect(Set(takeAll()).subtracting(first).count < 2 * KeyValueRows.pageRows)
        #expect(rows.byteCount == size)
    }
}
